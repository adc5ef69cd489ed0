"""Planes of a dataset in chunks."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jupyterlab_savu.data.slices.arrays import copy_last_axis_first, runs
from jupyterlab_savu.data.slices.layout import Chunked
from jupyterlab_savu.data.slices.marks import MAX_RECTANGLES, Rectangle
from jupyterlab_savu.data.slices.planes import Plane, Window
from jupyterlab_savu.data.slices.slabs import Cancelled, Piece


class ChunkedPlanes:
    """The planes of one walk through a chunked dataset; `plane` is any of them."""

    def __init__(self, layout: Chunked, plane: Plane) -> None:
        self._layout = layout
        self._plane = plane
        self._shown = plane.shown
        self._axes = [k for k in range(len(plane.at)) if k in (*self._shown, plane.walk)]

    def pieces(self, start: int, stop: int) -> list[Piece]:
        """What fills a slab of the planes from `start` to `stop`, all in one layer of chunks."""
        return [
            partial(self._fill, place=place, span=(start, stop)) for place in self._places(start)
        ]

    def copy(
        self,
        window: Window,
        target: NDArray[Any],
        threads: Executor,
        cancelled: threading.Event,
    ) -> None:
        """Copy a window of the plane to `target`, which has its shape."""
        index = self._plane.index

        def copy_one(place: tuple[int, ...]) -> None:
            if cancelled.is_set():
                raise Cancelled
            self._copy(place, index, window, target, threads if len(places) == 1 else None)

        places = list(self._places(index, window))
        if self._layout.mapping is not None or len(places) == 1:
            for place in places:
                copy_one(place)
        else:
            list(threads.map(copy_one, places))

    def missing(self) -> list[Rectangle]:
        """Rectangles of the plane (row from and to, column from and to) never written."""
        rows, columns = self._shown
        height, width = (self._layout.chunks[axis] for axis in self._shown)
        shape = self._layout.facts.shape
        where: list[Any] = list(self._place(self._plane.index))
        where[rows] = where[columns] = slice(None)
        absent = self._layout.addresses[tuple(where)] < 0
        if not absent.any():
            return []
        if absent.all():
            return [(0, shape[rows], 0, shape[columns])]
        found: list[Rectangle] = []
        for row, line in enumerate(absent):
            for start, stop in runs(line):
                top, bottom = row * height, min((row + 1) * height, shape[rows])
                left, right = start * width, min(stop * width, shape[columns])
                above = found[-1] if found else None
                if above and above[1] == top and above[2:] == (left, right):
                    found[-1] = (above[0], bottom, left, right)
                else:
                    found.append((top, bottom, left, right))
        return found[:MAX_RECTANGLES]

    def _place(self, index: int) -> tuple[int, ...]:
        """The place in the grid of the first chunk with the plane `index`."""
        at = [0 if i is None else i for i in self._plane.at]
        if self._plane.walk is not None:
            at[self._plane.walk] = index
        return tuple(i // c for i, c in zip(at, self._layout.chunks, strict=True))

    def _places(self, index: int, window: Window | None = None) -> Iterator[tuple[int, ...]]:
        """The chunks with the plane `index`, or with a window of it, as places in the grid."""
        rows, columns = self._shown
        place = list(self._place(index))
        spans: list[Sequence[int]] = [range(self._layout.grid[axis]) for axis in self._shown]
        if window is not None:
            sizes = (self._layout.chunks[axis] for axis in self._shown)
            spans = [
                sorted({index // size for index in range(*span, window.step)})
                for span, size in zip((window.rows, window.columns), sizes, strict=True)
            ]
        for place[rows], place[columns] in itertools.product(*spans):
            yield tuple(place)

    def _read(
        self,
        place: tuple[int, ...],
        cut: list[slice],
        target: NDArray[Any],
        helper: Executor | None = None,
    ) -> NDArray[Any] | None:
        """`cut` of a chunk, with the axes of the walk and the plane, in their order."""
        whole = [slice(0, size) for size in self._layout.chunks]
        # a chunk that is one plane can be decoded where it is wanted
        flat = all(size == 1 for k, size in enumerate(self._layout.chunks) if k not in self._shown)
        into = target if flat and cut == whole else None
        values = self._layout.part(place, tuple(cut), into, helper)
        if values is None:
            return None
        others = tuple(k for k in range(values.ndim) if k not in self._axes)
        return values.squeeze(others) if others else values

    def _cut(self, place: tuple[int, ...]) -> list[slice]:
        """One value of a chunk along each axis with an index, and all inside along the others."""
        cut = []
        for axis, number in enumerate(place):
            index, size = self._plane.at[axis], self._layout.chunks[axis]
            inside = min(size, self._layout.facts.shape[axis] - number * size)
            cut.append(slice(0, inside) if index is None else slice(index % size, index % size + 1))
        return cut

    def _fill(self, planes: NDArray[Any], *, place: tuple[int, ...], span: tuple[int, int]) -> None:
        """Fill in what one chunk has of the planes of a slab."""
        walk, chunks = self._plane.walk, self._layout.chunks
        cut = self._cut(place)
        if walk is not None:
            first = place[walk] * chunks[walk]
            cut[walk] = slice(span[0] - first, span[1] - first)
        rows, columns = self._shown
        top, left = place[rows] * chunks[rows], place[columns] * chunks[columns]
        target = planes[:, top : top + cut[rows].stop, left : left + cut[columns].stop]
        values = self._read(place, cut, target)
        if values is None:
            target[...] = self._layout.facts.fill
        elif np.may_share_memory(values, target):
            return
        elif walk is None:
            target[0] = values
        elif self._axes.index(walk) == 2:
            copy_last_axis_first(target, values)
        else:
            np.copyto(target, np.moveaxis(values, self._axes.index(walk), 0))

    def _copy(
        self,
        place: tuple[int, ...],
        index: int,
        window: Window,
        target: NDArray[Any],
        helper: Executor | None,
    ) -> None:
        """Copy what one chunk has of a window of the plane `index`."""
        cut = self._cut(place)
        if self._plane.walk is not None:
            inside = index % self._layout.chunks[self._plane.walk]
            cut[self._plane.walk] = slice(inside, inside + 1)
        into = []
        for axis, span in zip(self._shown, (window.rows, window.columns), strict=True):
            first = place[axis] * self._layout.chunks[axis]
            start = max(span[0], first)
            # the next value of the window at or after the chunk's first one
            start += (span[0] - start) % window.step
            stop = min(span[1], first + cut[axis].stop)
            if start >= stop:
                return
            cut[axis] = slice(start - first, stop - first, window.step)
            begin = (start - span[0]) // window.step
            into.append(slice(begin, begin + len(range(start, stop, window.step))))
        values = self._read(place, cut, target[tuple(into)], helper)
        if values is None:
            target[tuple(into)] = self._layout.facts.fill
        elif np.may_share_memory(values, target):
            return
        elif self._plane.walk is None:
            target[tuple(into)] = values
        else:
            target[tuple(into)] = values.squeeze(self._axes.index(self._plane.walk))
