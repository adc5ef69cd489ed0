"""Opening HDF5 files that others may be writing, and saying what is wrong with those that fail."""

from __future__ import annotations

import os
import stat
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import h5py
import numpy as np
from numpy.typing import NDArray

#: How far the search for damage goes: as deep as plugins are in a list.
_LEVELS = 3
_MEMBERS = 30

SIGNATURE = b"\x89HDF\r\n\x1a\n"


def open_for_reading(path: str | os.PathLike[str]) -> h5py.File:
    """Open without HDF5's own lock: a running job may hold the file open for writing.

    Raises:
        OSError: also when it is not HDF5.
    """
    try:
        return h5py.File(os.fspath(path), "r", locking=False)
    except (OSError, MemoryError):
        raise
    # h5py raises nearly anything for a damaged file
    except Exception as error:
        raise OSError(f"damaged: {error}") from error


class Tree(Protocol):
    """What can be asked for an object by its path; None, or an error of HDF5, without one."""

    def get(self, path: str, /) -> Any: ...


class Readable(Tree, Protocol):
    """A file of which the values can be read, too; a context manager that closes it."""

    def __enter__(self) -> Readable: ...

    def __exit__(self, *_: object) -> None: ...

    def values(self, path: str) -> NDArray[Any]: ...


class PlainFile:
    """A file whose links are followed wherever they lead.

    Raises:
        OSError: when it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._file = open_for_reading(path)

    def __enter__(self) -> PlainFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def get(self, path: str, /) -> Any:
        return self._file.get(path)

    def values(self, path: str) -> NDArray[Any]:
        """All values of the dataset at `path`."""
        return np.asarray(self._file[path][()])


def has_signature(path: str | os.PathLike[str]) -> bool:
    """Whether a regular file begins as HDF5 does: at byte 0 or after a user block.

    Raises:
        OSError: when it cannot be read.
    """
    target = Path(path)
    if not stat.S_ISREG(target.stat().st_mode):
        return False
    with target.open("rb") as file:
        for offset in (0, 512, 1024, 2048):
            file.seek(offset)
            if file.read(len(SIGNATURE)) == SIGNATURE:
                return True
    return False


def why_not_hdf5(path: str | os.PathLike[str]) -> str:
    """What a file is that HDF5 cannot open, as a phrase: "not an HDF5 file (27 bytes of text)"."""
    target = Path(path)
    mode = target.stat().st_mode
    if stat.S_ISDIR(mode):
        return "a folder"
    if not stat.S_ISREG(mode):
        return "not a regular file"
    size = target.stat().st_size
    if size == 0:
        return "an empty file"
    if not has_signature(target):
        with target.open("rb") as file:
            kind = "text" if _is_text(file.read(512)) else "other content"
        return f"not an HDF5 file ({size} bytes of {kind})"
    try:
        open_for_reading(target).close()
    except OSError as error:
        if "truncated" in str(error):
            return f"a truncated HDF5 file ({size} bytes are left)"
    return "a damaged HDF5 file"


def what_is_wrong(path: str | os.PathLike[str]) -> str | None:
    """Why a file cannot be read, as `why_not_hdf5` says it, or None.

    Only some objects near the root are looked at.
    """
    try:
        with open_for_reading(path) as file:
            _open_members(file, _LEVELS)
    # h5py raises nearly anything for a damaged file
    except Exception:
        return why_not_hdf5(path)
    return None


def _open_members(group: h5py.Group, levels: int) -> None:
    for name in islice(group, _MEMBERS):
        if isinstance(group.get(name, getlink=True), h5py.HardLink):
            item = group[name]
            if levels > 1 and isinstance(item, h5py.Group):
                _open_members(item, levels - 1)


def text_of(value: object) -> str:
    """The text of a string as h5py returns it from datasets and attributes of any string type."""
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    return str(value)


def _is_text(head: bytes) -> bool:
    try:
        # the first block may end within a character
        text = head.decode("utf-8", errors="strict" if len(head) < 512 else "ignore")
    except UnicodeDecodeError:
        return False
    return all(char.isprintable() or char in "\t\r\n\f" for char in text)
