"""Result files: written by several processes at once, and told what of them was written."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np
from numpy.typing import DTypeLike

from savu_core.marks import AXIS, WRITTEN
from savu_embedded.arrays import Array
from savu_embedded.datasets import Cut
from savu_embedded.errors import EngineError

_STORED = "combinations"


@dataclass(frozen=True)
class ResultFile:
    """A dataset at `offset` in `path`, for rows (dimension 1) in any order.

    The dataset is contiguous and allocated when the file is made, so that processes write their
    rows straight into the file, with no HDF5 library and no lock between them. Of all rows, those
    from `first` on are stored; rows are counted among all, and those not stored are not written.
    Marks of what was written begin at `marks`, for the rows or frames that `cut` says.
    """

    path: Path
    group: str
    shape: tuple[int, int, int]
    offset: int
    marks: int
    first: int = 0
    cut: Cut = "rows"
    dtype: str = "float32"

    def read(self, first: int, last: int) -> Array:
        """Return rows `first` to `last` (not included) as (rows, dimension 0, dimension 2)."""
        block = np.empty((self.shape[0], last - first, self.shape[2]), self.dtype)
        file = os.open(self.path, os.O_RDONLY)
        try:
            for i, line in enumerate(block):
                _read_at(file, line, self._position(i, first))
        finally:
            os.close(file)
        return np.ascontiguousarray(block.swapaxes(0, 1))

    def read_frames(self, first: int, last: int) -> Array:
        """Return frames `first` to `last` (not included), along dimension 0."""
        block = np.empty((last - first, *self.shape[1:]), self.dtype)
        file = os.open(self.path, os.O_RDONLY)
        try:
            _read_at(file, block, self._position(first, self.first))
        finally:
            os.close(file)
        return block

    def write(self, first_row: int, block: Array) -> None:
        """Write (rows, dimension 0, dimension 2) at row `first_row`, as far as it is stored."""
        start = max(0, self.first - first_row)
        block = block[start : self.first + self.shape[1] - first_row]
        if not len(block):
            return
        lines = np.ascontiguousarray(block.swapaxes(0, 1), dtype=self.dtype)
        file = os.open(self.path, os.O_WRONLY)
        try:
            if len(block) == self.shape[1]:
                _write_at(file, lines, self.offset)
                return
            for i, line in enumerate(lines):
                _write_at(file, line, self._position(i, first_row + start))
        finally:
            os.close(file)

    def write_frames(self, first: int, block: Array) -> None:
        """Write (frames, dimension 1, dimension 2) at frame `first`."""
        file = os.open(self.path, os.O_WRONLY)
        try:
            _write_at(
                file, np.ascontiguousarray(block, self.dtype), self._position(first, self.first)
            )
        finally:
            os.close(file)

    def mark(self, first: int, last: int, durable: bool = False) -> None:
        """Note that rows, or frames, `first` to `last` (not included) are written.

        With `durable`, they are on the disk before.
        """
        first, last = self._stored(first, last)
        if last > first:
            file = os.open(self.path, os.O_WRONLY)
            try:
                if durable:
                    os.fsync(file)
                os.pwrite(file, b"\1" * (last - first), self.marks + first)
            finally:
                os.close(file)

    def is_written(self, first: int, last: int) -> bool:
        """Return whether rows, or frames, `first` to `last` are marked, if it stores them."""
        first, last = self._stored(first, last)
        with self.path.open("rb") as file:
            file.seek(self.marks + first)
            return all(file.read(max(0, last - first)))

    def _stored(self, first: int, last: int) -> tuple[int, int]:
        """Return what of some rows, or frames, of all is stored, counted from the first stored."""
        start, length = (self.first, self.shape[1]) if self.cut == "rows" else (0, self.shape[0])
        return max(first - start, 0), min(last - start, length)

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)

    def _position(self, frame: int, row: int) -> int:
        line = frame * self.shape[1] + row - self.first
        return self.offset + line * self.shape[2] * np.dtype(self.dtype).itemsize


@dataclass(frozen=True)
class JoinedFile:
    """A dataset whose rows are in several files, as one."""

    parts: Sequence[ResultFile]

    def read(self, first: int, last: int) -> Array:
        """Return rows `first` to `last` (not included) as (rows, dimension 0, dimension 2)."""
        found = []
        for part in self.parts:
            start, stop = max(first, part.first), min(last, part.first + part.shape[1])
            if start < stop:
                found.append(part.read(start, stop))
                first = stop
        return np.concatenate(found)

    def read_frames(self, first: int, last: int) -> Array:
        """Return frames `first` to `last` (not included), along dimension 0."""
        found, row = [], 0
        for part in self.parts:
            found.append(part.read_frames(first, last)[:, row - part.first :])
            row = part.first + part.shape[1]
        return np.concatenate(found, axis=1)

    def remove(self) -> None:
        for part in self.parts:
            part.remove()


def create_result(
    path: Path,
    group: str,
    shape: tuple[int, int, int],
    first: int = 0,
    cut: Cut = "rows",
    tuned: tuple[int, ...] = (),
    dtype: str = "float32",
    describe: Callable[[h5py.Group], None] | None = None,
) -> tuple[ResultFile, ...]:
    """Make the file `path` with the dataset /`group`/data, of rows from `first` on.

    `describe` adds to the group what others must know to show the data.

    With `tuned`, the lengths of the dimensions that a tuning adds, there is one for each
    combination of tuned values, the last value changing first. They are stored one after the
    other, and `data` is a view of them in which those dimensions come last.

    Raises:
        EngineError: the disk has no room for it.
    """
    copies = math.prod(tuned)
    size = math.prod(shape) * np.dtype(dtype).itemsize
    disk = os.statvfs(path.parent)
    free = disk.f_bavail * disk.f_frsize
    if copies * size > free:
        raise EngineError(
            f"The disk of {path.parent} has {free / 1e9:.2f} GB free, and the result needs "
            f"{copies * size / 1e9:.2f} GB: make room, or choose another output folder."
        )
    name, stored = (_STORED, (copies, *shape)) if tuned else ("data", shape)
    with _plain_errors(), h5py.File(path, "x", locking=False) as file:
        parent = file.create_group(group)
        length = shape[1 if cut == "rows" else 0]
        marks = _allocate(parent, WRITTEN, np.uint8, (length,), filled=True)
        parent[WRITTEN].attrs[AXIS] = 1 if cut == "rows" else 0
        if describe is not None:
            # before the data: HDF5 crashes where it may not write what lies beyond them
            describe(parent)
        offset = _allocate(parent, name, dtype, stored)
        if tuned:
            _map(parent, (*shape, *tuned), [(Path(), 0, shape[1], 0, shape)], dtype)
    return tuple(
        ResultFile(path, group, shape, offset + copy * size, marks, first, cut, dtype)
        for copy in range(copies)
    )


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Raise what HDF5 says of the disk as what it is, also when a file cannot be closed."""
    try:
        yield
    except RuntimeError as error:
        raise OSError(str(error)) from error


def join_results(
    path: Path,
    group: str,
    length: int,
    parts: Sequence[tuple[ResultFile, int, int]],
    tuned: tuple[int, ...],
) -> None:
    """Make the file `path` whose /`group`/data are the rows of `parts`, of `length` rows.

    A part is a file with the first and the last row (not included) to take from it. Rows of no
    part read as NaN. Files are looked for relative to this one, so that a folder can be moved.
    """
    frames, _, columns = parts[0][0].shape
    dtype = parts[0][0].dtype
    sources = [
        (
            Path(os.path.relpath(file.path, path.parent)),
            first,
            last,
            first - file.first,
            file.shape,
        )
        for file, first, last in parts
    ]
    with h5py.File(path, "w", locking=False) as file:
        _map(file.create_group(group), (frames, length, columns, *tuned), sources, dtype)


#: A file, the first and last row of all (not included), where they begin in it, and its shape.
_Source = tuple[Path, int, int, int, tuple[int, int, int]]


def _map(
    parent: h5py.Group, shape: tuple[int, ...], sources: Sequence[_Source], dtype: str
) -> None:
    """Make `data` in `parent` a view of rows that are stored elsewhere."""
    tuned = shape[3:]
    layout = h5py.VirtualLayout(shape, dtype)
    for path, first, last, start, stored in sources:
        rows = slice(start, start + last - first)
        if not tuned:
            source = h5py.VirtualSource(str(path), f"{parent.name}/data", stored)
            layout[:, first:last] = source[:, rows]
            continue
        place = f"{parent.name}/{_STORED}"
        source = h5py.VirtualSource(str(path), place, (math.prod(tuned), *stored))
        for copy, indices in enumerate(np.ndindex(*tuned)):
            place_of_copy = (slice(None), slice(first, last), slice(None), *indices)
            layout[place_of_copy] = source[copy, :, rows]
    fill = np.nan if np.dtype(dtype).kind == "f" else 0
    parent.create_virtual_dataset("data", layout, fillvalue=fill)


def _allocate(
    parent: h5py.Group,
    name: str,
    dtype: DTypeLike,
    shape: tuple[int, ...],
    filled: bool = False,
) -> int:
    """Make a contiguous dataset, `filled` with zeros or not, and return where it begins."""
    layout = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    layout.set_layout(h5py.h5d.CONTIGUOUS)
    layout.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    layout.set_fill_time(h5py.h5d.FILL_TIME_ALLOC if filled else h5py.h5d.FILL_TIME_NEVER)
    space = h5py.h5s.create_simple(shape)
    kind = h5py.h5t.py_create(np.dtype(dtype))
    return int(h5py.h5d.create(parent.id, name.encode(), kind, space, layout).get_offset())


def write_small(path: Path, group: str, values: Array) -> None:
    """Write `values`, as float32, to /`group`/data in the file `path`, which is made anew."""
    with h5py.File(path, "w", locking=False) as file:
        file.create_group(group)["data"] = np.asarray(values, np.float32)


def _write_at(file: int, values: Array, offset: int) -> None:
    left = memoryview(values.data).cast("B")
    while left:
        written = os.pwrite(file, left, offset)
        left, offset = left[written:], offset + written


def _read_at(file: int, values: Array, offset: int) -> None:
    left = memoryview(values.data).cast("B")
    while left:
        count = os.preadv(file, [left], offset)
        if not count:
            raise EngineError("An intermediate result is shorter than it was written.")
        left, offset = left[count:], offset + count
