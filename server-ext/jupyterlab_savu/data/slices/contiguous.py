"""Planes of a dataset that lies in one run."""

from __future__ import annotations

import os
import threading
from concurrent.futures import Executor
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jupyterlab_savu.data.slices.arrays import copy_last_axis_first
from jupyterlab_savu.data.slices.layout import Changed, Contiguous
from jupyterlab_savu.data.slices.planes import Plane, Window
from jupyterlab_savu.data.slices.slabs import Cancelled, Piece

#: Rows of a slab that one piece fills, and reading threads for one plane.
_ROWS = 32
_READERS = 4


class ContiguousPlanes:
    """The planes of one walk through a contiguous dataset; `plane` is any of them."""

    def __init__(self, layout: Contiguous, plane: Plane) -> None:
        self._layout = layout
        self._plane = plane
        self._last = len(plane.at) - 1

    @property
    def interleaved(self) -> bool:
        """Whether neighbouring planes of the walk share each line of the processor's cache."""
        return self._plane.walk == self._last

    def pieces(self, start: int, stop: int) -> list[Piece]:
        """What fills a slab of the planes from `start` to `stop` of interleaved planes."""
        where = tuple(
            slice(start, stop) if k == self._last else slice(None) if i is None else i
            for k, i in enumerate(self._plane.at)
        )
        values = self._layout.values[where]
        return [
            partial(_turn, values=values, start=first) for first in range(0, len(values), _ROWS)
        ]

    def copy(
        self,
        window: Window,
        target: NDArray[Any],
        threads: Executor,
        cancelled: threading.Event,
    ) -> None:
        """Copy a window of the plane to `target`, which has its shape."""
        rows, columns = self._plane.shown
        values = self._layout.values[tuple(slice(None) if i is None else i for i in self._plane.at)]
        values = values[window.cut]
        if columns != self._last or target.dtype != self._layout.facts.dtype:
            self._gather(target, values, threads, cancelled)
            return
        lines = range(*window.rows, window.step)
        whole = window.columns == (0, self._layout.facts.shape[columns])
        if rows == columns - 1 and whole and window.step == 1:
            self._read(target.reshape(-1), self._address(lines[0], 0))
            return

        first = self._address(lines[0], window.columns[0])
        between = self._address(1, 0) - self._address(0, 0) if len(lines) > 1 else 0
        between *= window.step
        if self._is_at_hand(range(first, first + len(lines) * between, max(1, 32 * between))):
            np.copyto(target, values)
            return

        # read, not mapped: faulting a cold mapping in costs a hundred times as much
        def read(part: range) -> None:
            line = np.empty(window.columns[1] - window.columns[0], target.dtype)
            rest = line.view(np.uint8).data
            bytes_ = target.reshape(-1).view(np.uint8).data
            width = rest.nbytes
            for k in part:
                if cancelled.is_set():
                    raise Cancelled
                row = bytes_[k * width : (k + 1) * width] if window.step == 1 else rest
                if os.preadv(self._layout.file, [row], first + k * between) != width:
                    raise Changed("shorter than it was")
                if window.step > 1:
                    target[k] = line[:: window.step]

        parts = [range(len(lines))[part] for part in _parts(len(lines))]
        list(threads.map(read, parts))

    def _gather(
        self,
        target: NDArray[Any],
        values: NDArray[Any],
        threads: Executor,
        cancelled: threading.Event,
    ) -> None:
        """Copy values that lie far apart: what takes the time is waiting for the memory."""

        def copy(part: slice) -> None:
            for start in range(part.start, part.stop, _ROWS):
                if cancelled.is_set():
                    raise Cancelled
                rows = slice(start, min(start + _ROWS, part.stop))
                np.copyto(target[rows], values[rows])

        list(threads.map(copy, _parts(len(values))))

    def _is_at_hand(self, addresses: range) -> bool:
        """Whether the system has the bytes at all of the addresses in memory."""
        if not hasattr(os, "RWF_NOWAIT"):
            return False
        byte = bytearray(1)
        try:
            return all(
                os.preadv(self._layout.file, [byte], address, os.RWF_NOWAIT) == 1
                for address in addresses
            )
        except OSError:
            # also of file systems that cannot tell
            return False

    def _address(self, row: int, column: int) -> int:
        rows, columns = self._plane.shown
        at = [0 if i is None else i for i in self._plane.at]
        at[rows], at[columns] = row, column
        position = int(np.ravel_multi_index(at, self._layout.facts.shape))
        return self._layout.offset + position * self._layout.facts.dtype.itemsize

    def _read(self, target: NDArray[Any], address: int) -> None:
        if os.preadv(self._layout.file, [target.view(np.uint8).data], address) != target.nbytes:
            raise Changed("shorter than it was")


def _parts(length: int) -> list[slice]:
    """Equal shares of so many rows, one for each reading thread."""
    share = -(-length // _READERS)
    return [slice(k, min(k + share, length)) for k in range(0, length, share)]


def _turn(planes: NDArray[Any], *, values: NDArray[Any], start: int) -> None:
    """Fill rows from `start` on of a slab from `values` of shape (rows, columns, planes)."""
    # a few rows at a time, so that what is gathered and what is written stay in the cache
    size = planes.shape[0] * values.shape[1] * values.itemsize
    rows = max(1, (1 << 19) // size)
    stop = min(start + _ROWS, len(values))
    for first in range(start, stop, rows):
        last = min(first + rows, stop)
        copy_last_axis_first(planes[:, first:last], values[first:last])
