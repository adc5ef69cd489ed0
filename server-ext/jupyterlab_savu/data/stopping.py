"""Telling a worker process that nobody waits for its answer any more."""

from __future__ import annotations

import secrets
import threading
from pathlib import Path
from tempfile import gettempdir


class Stop:
    """A context manager around a call; the process that answers it looks whether `path` exists.

    A worker reads nothing while it works, and ending it would cost what it remembers.
    """

    def __init__(self) -> None:
        self.path = Path(gettempdir(), f"savu-stop-{secrets.token_hex(8)}")
        self._lock = threading.Lock()
        self._over = False

    def __enter__(self) -> Stop:
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._over = True
            self.path.unlink(missing_ok=True)

    def set(self) -> None:
        """Ask for the end of the call, from any thread."""
        with self._lock:
            if not self._over:
                self.path.touch()
