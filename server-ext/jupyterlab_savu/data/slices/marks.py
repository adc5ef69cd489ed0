"""What of a plane was never written, by the marks that an engine sets beside its data."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from jupyterlab_savu.data.slices.arrays import runs
from jupyterlab_savu.data.slices.planes import Plane, Window
from savu_core.marks import find_marks

#: Parts of a plane that were never written are told one by one up to this many.
MAX_RECTANGLES = 500

#: Row from and to, column from and to; the last ones are not included.
Rectangle = tuple[int, int, int, int]


@dataclass(frozen=True)
class Marks:
    """Where in its file the marks of a dataset begin: one byte for each index along `axis`."""

    offset: int
    length: int
    axis: int

    @classmethod
    def of(cls, dataset: h5py.Dataset) -> Marks | None:
        """The marks of a dataset; None where nobody keeps any that can be read at a place."""
        found = find_marks(dataset)
        if found is None or (offset := found[0].id.get_offset()) is None:
            return None
        marks, axis = found
        return cls(offset, marks.shape[0], axis)

    def read(self, file: int) -> NDArray[np.bool_]:
        """Whether all was written, for each index along the axis, by the descriptor of the file.

        Ask before the values are read: what is marked by then does not change any more.
        """
        found = np.frombuffer(os.pread(file, self.length, self.offset), np.uint8)
        # what a shorter file does not hold was not written
        return np.pad(found > 0, (0, self.length - len(found)))


def missing_in(
    written: NDArray[np.bool_], axis: int, plane: Plane, shape: tuple[int, ...]
) -> list[Rectangle]:
    """Rectangles of a plane of a dataset that were not written, by marks along an axis."""
    rows, columns = plane.shown
    height, width = shape[rows], shape[columns]
    index = plane.at[axis]
    if index is not None:
        return [] if written[index] else [(0, height, 0, width)]
    found = list(runs(~written))[:MAX_RECTANGLES]
    if axis == rows:
        return [(start, stop, 0, width) for start, stop in found]
    return [(0, height, start, stop) for start, stop in found]


def written_in(
    missing: list[Rectangle], window: Window, shape: tuple[int, ...]
) -> NDArray[np.bool_] | None:
    """Which values of a window with this `shape` were written; None when all were."""
    if not missing:
        return None
    whole: NDArray[Any] = np.ones(shape, np.bool_)
    for top, bottom, left, right in missing:
        rows = _inside(top, bottom, window.rows[0], window.step)
        columns = _inside(left, right, window.columns[0], window.step)
        whole[rows, columns] = False
    return None if whole.all() else whole


def _inside(start: int, stop: int, first: int, step: int) -> slice:
    """What of every `step`-th index from `first` on lies from `start` to `stop`."""
    return slice(max(0, -(-(start - first) // step)), max(0, -(-(stop - first) // step)))
