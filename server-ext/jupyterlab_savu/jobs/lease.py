"""Which server of a user looks after the jobs: one at a time.

A lease is renewed by changing its number of beats, and lapses when an observer has not seen it
change for `LAPSE` seconds of its own clock, so that clocks need not agree. A holder on the same
machine whose process is gone loses it at once.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

import psutil
from sqlalchemy.exc import SQLAlchemyError

from jupyterlab_savu.jobs import processes
from jupyterlab_savu.jobs.store import JobStore

log = logging.getLogger(__name__)

#: Seconds without a beat after which another one takes the lease.
LAPSE = 12.0
BEAT = 2.0


class Lease(Protocol):
    """`hold` takes or renews it; whether this process then has it."""

    def hold(self) -> bool: ...

    def release(self) -> None: ...


class _Candidate:
    """This process as one that would hold a lease, and what it has seen of another's."""

    def __init__(self) -> None:
        self._me = {
            "holder": secrets.token_hex(8),
            "machine": processes.machine(),
            "process": processes.told(psutil.Process()),
        }
        self._beats = 0
        self._seen: tuple[Any, Any] | None = None
        self._since = 0.0

    def beat(self) -> dict[str, Any]:
        self._beats += 1
        return {**self._me, "beats": self._beats}

    def is_mine(self, told: dict[str, Any] | None) -> bool:
        return told is not None and told.get("holder") == self._me["holder"]

    def has_lapsed(self, told: dict[str, Any] | None) -> bool:
        """Whether nobody alive holds what was told; None could not be read."""
        told = told or {}
        if told.get("machine") == self._me["machine"] and "process" in told:
            return not processes.is_alive(told["process"])
        seen = (told.get("holder"), told.get("beats"))
        if seen != self._seen:
            self._seen, self._since = seen, time.monotonic()
        return time.monotonic() - self._since > LAPSE


class FileLease:
    """A lease in files ``NAME-1``, ``NAME-2`` …, of which the last one counts.

    Whoever takes over makes the next one; that two make the same one is excluded by a hard link,
    which is atomic also on network disks, where locks are not to be trusted.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._candidate = _Candidate()

    def hold(self) -> bool:
        number, told = self._newest()
        mine = self._candidate.is_mine(told)
        if mine:
            self._draft().replace(self._file(number))
        elif number == 0 or self._candidate.has_lapsed(told):
            self._take(number + 1)
        # somebody else may have taken the next one meanwhile
        return self._candidate.is_mine(self._newest()[1])

    def release(self) -> None:
        number, told = self._newest()
        if self._candidate.is_mine(told):
            self._file(number).unlink(missing_ok=True)

    def _take(self, number: int) -> None:
        draft = self._draft()
        try:
            os.link(draft, self._file(number))
        except FileExistsError:
            return
        except OSError:
            # a disk without hard links
            with suppress(FileExistsError), self._file(number).open("x") as file:
                file.write(draft.read_text())
        finally:
            draft.unlink()
        for older in self._numbers():
            if older < number:
                self._file(older).unlink(missing_ok=True)

    def _draft(self) -> Path:
        draft = self._path.with_name(f".{self._path.name}.{secrets.token_hex(8)}")
        draft.write_text(json.dumps(self._candidate.beat()))
        return draft

    def _newest(self) -> tuple[int, dict[str, Any] | None]:
        number = max(self._numbers(), default=0)
        try:
            told = json.loads(self._file(number).read_bytes())
        except (OSError, ValueError):
            return number, None
        return number, told if isinstance(told, dict) else None

    def _numbers(self) -> list[int]:
        start = f"{self._path.name}-"
        names = [entry.name for entry in os.scandir(self._path.parent)]
        ends = [name.removeprefix(start) for name in names if name.startswith(start)]
        return [int(end) for end in ends if end.isdecimal()]

    def _file(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}-{number}")


class TableLease:
    """A lease in a row of a database whose transactions can be trusted."""

    def __init__(self, store: JobStore) -> None:
        self._store = store
        self._candidate = _Candidate()
        self._prepared = False

    def hold(self) -> bool:
        if not self._prepared:
            self._store.prepare()
            self._prepared = True

        def change(told: dict[str, Any] | None) -> dict[str, Any] | None:
            free = not told or self._candidate.has_lapsed(told)
            return self._candidate.beat() if free or self._candidate.is_mine(told) else None

        return self._candidate.is_mine(self._store.swap_lease(change))

    def release(self) -> None:
        self._store.swap_lease(lambda told: {} if self._candidate.is_mine(told) else None)


class Keeper:
    """Keeps trying for a lease in a thread of its own, and tells `taken` when it has got it."""

    def __init__(self, lease: Lease, taken: Callable[[], None]) -> None:
        self._lease = lease
        self._taken = taken
        self._held_at: float | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="savu-lease", daemon=True)

    @property
    def holds(self) -> bool:
        """Whether this process has the lease and can still be sure of it."""
        held_at = self._held_at
        return held_at is not None and time.monotonic() - held_at < LAPSE - BEAT

    def start(self) -> None:
        """Try once before returning."""
        self._try()
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        if self._held_at is not None:
            self._held_at = None
            with suppress(OSError, SQLAlchemyError):
                self._lease.release()

    def _run(self) -> None:
        while not self._stop.wait(BEAT):
            self._try()

    def _try(self) -> None:
        asked_at = time.monotonic()
        before = self.holds
        try:
            held = self._lease.hold()
        except (OSError, SQLAlchemyError) as error:
            # what is held stays so until it would lapse for others
            log.warning("the lease of the jobs cannot be renewed: %s", error)
            return
        self._held_at = asked_at if held else None
        if held and not before:
            self._taken()
