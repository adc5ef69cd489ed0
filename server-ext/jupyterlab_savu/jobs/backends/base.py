"""What the jobs need of a place where they run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Observation:
    """What a back end knows of a job's process.

    `started` is whether there has been one, `alive` whether there still is; `exit_code` is that
    of a shell (128 + n after signal n), None while it runs and when it is not known.
    `message` says why a process could not start.
    """

    started: bool
    alive: bool
    exit_code: int | None = None
    message: str | None = None


class Backend(Protocol):
    """A place where jobs run. All methods may block; none is called on an event loop."""

    name: str

    def start(self, folder: Path, command: Sequence[str]) -> None:
        """Run `command` for the run in `folder`, once, however often this is called.

        Raises:
            OSError: when that is not possible.
        """

    def observe(self, folder: Path) -> Observation:
        """How the process of the run in `folder` is."""

    def end(self, folder: Path, force: bool) -> None:
        """Ask the processes of the run to end, or with `force` end them."""
