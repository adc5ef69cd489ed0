"""Memory that the server shares with the processes it starts."""

from __future__ import annotations

import mmap
import os
import tempfile
from contextlib import suppress
from pathlib import Path

_FOLDER = Path("/dev/shm")  # noqa: S108 - the file in it is made by mkstemp


class SharedMemory:
    """`size` bytes, seen by processes that get `argument` and inherit `descriptors`.

    Where a file may lose its name while it is open, it does so at once: nothing is left behind
    when the server is killed.
    """

    def __init__(self, size: int) -> None:
        folder = _FOLDER if os.access(_FOLDER, os.W_OK) else None
        self._descriptor, name = tempfile.mkstemp(prefix="jupyterlab-savu-", dir=folder)
        os.truncate(self._descriptor, size)
        self.view = memoryview(mmap.mmap(self._descriptor, size))
        self._path: Path | None = Path(name)
        self.descriptors: tuple[int, ...] = ()
        self.argument = name
        if os.name == "posix":
            self._path.unlink()
            self._path = None
            self.descriptors = (self._descriptor,)
            self.argument = f"descriptor {self._descriptor}"

    def close(self) -> None:
        os.close(self._descriptor)
        if self._path is not None:
            # Windows keeps the name of a file that is still mapped
            with suppress(OSError):
                self._path.unlink()


def attach(argument: str, size: int) -> mmap.mmap:
    """The memory behind `argument`, in a process that inherited it."""
    if argument.startswith("descriptor "):
        return mmap.mmap(int(argument.removeprefix("descriptor ")), size)
    with Path(argument).open("r+b") as file:
        return mmap.mmap(file.fileno(), size)
