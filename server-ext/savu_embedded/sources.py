"""What a run reads: the datasets that loaders find, block by block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import h5py
import numpy as np

from savu_core.hdf5 import open_for_reading
from savu_embedded.arrays import Array
from savu_embedded.datasets import Dataset, Family, TunedAxis


class Source(Protocol):
    """A dataset as a loader found it; a copy is sent to every worker process."""

    @property
    def data(self) -> Dataset:
        """What is known of the dataset."""

    @property
    def chunk_rows(self) -> int:
        """Rows that one read of the file brings at least, because they are stored together."""

    @property
    def scans(self) -> Family[Source]:
        """The datasets of several scans, of which this is the first, or of this one alone."""

    def link(self) -> tuple[Path, str] | None:
        """Return the HDF5 file and the path in it that results name as their input, if any."""

    def read(self, first: int, last: int) -> Array:
        """Return loaded rows `first` to `last` (not included) as (rows, dimension 0, columns)."""

    def read_frames(self, first: int, last: int) -> Array:
        """Return loaded frames `first` to `last` (not included) as (frames, rows, columns)."""


class OneScan:
    """What a source is that holds one scan."""

    @property
    def scans(self: Source) -> Family[Source]:
        return Family((), (self,))


@dataclass
class Hdf5Source(OneScan):
    """A part of an HDF5 dataset (frames, rows, columns): the indices of what was loaded."""

    path: Path
    data_path: str
    frames: Array
    rows: Array
    columns: Array
    data: Dataset
    chunk_rows: int = 1

    def link(self) -> tuple[Path, str]:
        return self.path, self.data_path

    def read(self, first: int, last: int) -> Array:
        block = self._selected(self.frames, self.rows[first:last])
        return np.ascontiguousarray(block.swapaxes(0, 1))

    def read_frames(self, first: int, last: int) -> Array:
        return self._selected(self.frames[first:last], self.rows)

    def _selected(self, frames: Array, rows: Array) -> Array:
        with open_for_reading(self.path) as file:
            return read_selection(file[self.data_path], frames, rows, self.columns)


@dataclass
class ScanSeries:
    """Scans that follow each other, with their numbers: a dimension after those of the data."""

    members: Sequence[Source]
    numbers: Sequence[int]

    #: Rows are not stored anew for several scans.
    chunk_rows: int = 1

    @property
    def data(self) -> Dataset:
        return self.members[0].data

    @property
    def scans(self) -> Family[Source]:
        axis = TunedAxis((-1, "scan"), "scan", tuple(self.numbers), "number")
        return Family((axis,), tuple(self.members))

    def link(self) -> tuple[Path, str] | None:
        return self.members[0].link()

    def read(self, first: int, last: int) -> Array:
        return self.members[0].read(first, last)

    def read_frames(self, first: int, last: int) -> Array:
        return self.members[0].read_frames(first, last)


def read_selection(data: h5py.Dataset, *selection: Array) -> Array:
    """Return the values at the index arrays, one for each dimension.

    A regular selection is read as such. In any other one, the range around it is read.
    """
    slices, rest = [], []
    for index in selection:
        steps = np.diff(index)
        # HDF5 reads a stride row by row, so small ones are taken from the range in memory.
        step = int(steps[0]) if len(steps) and (steps == steps[0]).all() and steps[0] > 8 else 1
        slices.append(slice(int(index[0]), int(index[-1]) + 1, step))
        rest.append((index - index[0]) // step)
    block = data[tuple(slices)]
    for axis, index in enumerate(rest):
        if len(index) != block.shape[axis]:
            block = np.take(block, index, axis=axis)
    return np.asarray(block)
