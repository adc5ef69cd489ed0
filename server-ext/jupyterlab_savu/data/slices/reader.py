"""Planes of any dataset whose bytes can be found, with those beside them kept and fetched ahead."""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jupyterlab_savu.data.roots import Roots
from jupyterlab_savu.data.slices.chunked import ChunkedPlanes
from jupyterlab_savu.data.slices.contiguous import ContiguousPlanes
from jupyterlab_savu.data.slices.filters import NotReadable
from jupyterlab_savu.data.slices.layout import Changed, Chunked, Layout, read_layout
from jupyterlab_savu.data.slices.marks import Rectangle, missing_in, written_in
from jupyterlab_savu.data.slices.planes import Plane, Window
from jupyterlab_savu.data.slices.slabs import AHEAD, WANTED, Slab, SlabStore, Threads
from jupyterlab_savu.faults import too_large

_LAYOUTS = 64
#: Planes of a slab when nobody walks yet; a step of up to so many planes is a walk.
_FIRST = 8
_STEP = 4
#: Planes that are fetched ahead at least.
_SOON = 3
_CACHE_LINE = 64
#: Seconds after which a walk needs no room any more.
_LATE = 10.0


@dataclass
class Request:
    """A window of a plane of the dataset `name`; `cancelled` may be set by another thread."""

    path: Path
    name: str
    plane: Plane
    region: tuple[int, int, int, int] | None = None
    step: int = 1
    cancelled: threading.Event = field(default_factory=threading.Event)


@dataclass
class Values:
    """Values of shape (rows, columns), in the memory that was offered.

    `missing` are rectangles of the whole plane (row from and to, column from and to) in which
    nothing was ever written.
    """

    values: NDArray[Any]
    missing: list[Rectangle]
    window: Window

    @property
    def written(self) -> NDArray[np.bool_] | None:
        """Which of the values were ever written; None when all were."""
        return written_in(self.missing, self.window, self.values.shape)


def shape_of(request: Request, shape: tuple[int, ...]) -> Window:
    """The window that a request asks for of a dataset with this shape."""
    request.plane.check(shape)
    rows, columns = request.plane.shown
    return Window.within((shape[rows], shape[columns]), request.region, request.step)


def offered(memory: NDArray[np.uint8], window: Window, dtype: np.dtype[Any]) -> NDArray[Any]:
    """As much of `memory` as the window needs, little-endian.

    Raises:
        Fault: 413, when it does not fit.
    """
    size = int(np.prod(window.shape)) * dtype.itemsize
    if size > memory.nbytes:
        raise too_large(
            f"This slice has {size / 2**20:.0f} MiB; at most {memory.nbytes / 2**20:.0f} MiB are "
            "answered at once. Ask for every second value, or for a region."
        )
    return memory[:size].view(dtype.newbyteorder("<")).reshape(window.shape)


class SliceReader:
    """Reads planes for several threads; `size` bytes are kept of what was read."""

    def __init__(self, roots: Roots, size: int) -> None:
        self._roots = roots
        self._store = SlabStore(size)
        self._layouts: OrderedDict[tuple[Path, str], Layout] = OrderedDict()
        # index of the last plane by walk, to tell where it leads, and when it was asked for
        self._walks: OrderedDict[Hashable, tuple[int, float]] = OrderedDict()
        self._lock = threading.Lock()
        count = os.cpu_count() or 2
        self._threads = Threads(count)
        self._readers = ThreadPoolExecutor(2 * count, "read")

    def read(self, request: Request, memory: NDArray[np.uint8]) -> Values:
        """Read into `memory`.

        Raises:
            NotReadable: when only HDF5 can read it.
            Cancelled: when `request.cancelled` was set.
            Fault: when there is no such plane, or it does not fit.
            KeyError, OSError: when there is no such dataset or file.
        """
        for last_try in (False, True):
            layout = self._layout(request.path, request.name)
            try:
                values = self._read(layout, request, memory)
                if not layout.facts.hold() and not (last_try and self._follows(layout, request)):
                    raise Changed("while it was read")
                return values
            except (Changed, ValueError, OSError) as error:
                self._forget(layout)
                if last_try:
                    # HDF5 has words for what is damaged
                    raise NotReadable(str(error)) from None
        raise AssertionError

    def state(self, request: Request) -> str | None:
        """A word that changes when the dataset does; None while it is being written."""
        facts = self._layout(request.path, request.name).facts
        return repr(facts.stamps) if facts.settled else None

    def _follows(self, layout: Layout, request: Request) -> bool:
        """Whether a file that does not come to rest has only got more."""
        return read_layout(request.path, request.name, self._roots).follows(layout)

    def _read(self, layout: Layout, request: Request, memory: NDArray[np.uint8]) -> Values:
        facts, plane = layout.facts, request.plane
        window = shape_of(request, facts.shape)
        target = offered(memory, window, facts.dtype)
        rows, columns = (facts.shape[axis] for axis in plane.shown)
        size = rows * columns * facts.dtype.itemsize
        written = None if facts.marks is None else facts.marks.read(layout.file)
        key = (layout, plane.walk, plane.elsewhere)
        step = self._step(key, plane)
        # a slab pays where its planes are passed one after the other, or come with one of them
        walked = 0 < abs(step) <= _STEP or self._store.covers(key, plane.index)
        if isinstance(layout, Chunked):
            chunked = ChunkedPlanes(layout, plane)
            planes: ChunkedPlanes | ContiguousPlanes = chunked
            missing = chunked.missing()
            alone = plane.walk is None or layout.chunks[plane.walk] == 1
            if layout.mapping is not None:
                # the values lie ready, unless neighbours share the lines of a cache
                directly = alone or plane.walk != len(facts.shape) - 1 or not walked
            else:
                directly = alone and not walked
        else:
            planes, missing = ContiguousPlanes(layout, plane), []
            directly = not planes.interleaved or not walked
        if directly or size > self._room:
            planes.copy(window, target, self._readers, request.cancelled)
        else:
            np.copyto(target, self._from_slab(key, planes, request, size, step)[window.cut])
        if facts.marks is not None and written is not None:
            missing = missing_in(written, facts.marks.axis, plane, facts.shape)
        return Values(target, missing, window)

    def _step(self, key: Hashable, plane: Plane) -> int:
        """How far the plane is from the last one of its walk, after which it is the last one."""
        with self._lock:
            last, _ = self._walks.pop(key, (plane.index, 0.0))
            self._walks[key] = plane.index, time.monotonic()
            if len(self._walks) > 4 * _LAYOUTS:
                self._walks.popitem(last=False)
        return plane.index - last

    @property
    def _room(self) -> int:
        """Bytes of one slab: each walk of late has room for the slab it is in and the next one."""
        since = time.monotonic() - _LATE
        with self._lock:
            walks = sum(asked >= since for _, asked in self._walks.values())
        return self._store.size // (2 * max(1, walks))

    def _from_slab(
        self,
        key: tuple[Layout, Hashable, Hashable],
        planes: ChunkedPlanes | ContiguousPlanes,
        request: Request,
        size: int,
        step: int,
    ) -> NDArray[Any]:
        """The whole plane, out of a slab that is there or is made."""
        layout, plane = key[0], request.plane
        walking = 0 < abs(step) <= _STEP
        slab = self._store.find(key, plane.index)
        if slab is None:
            span = self._span(layout, plane, size, walking)
            slab = self._start(key, layout, planes, plane, span, ahead=False)
        elif slab.ahead and not slab.ready:
            slab.ahead = False
            slab.queue(self._threads, WANTED)
        try:
            if walking:
                self._look_ahead(key, planes, plane, slab, step)
            elif step:
                self._store.drop_ahead(key)
            slab.wait(request.cancelled)
            return slab.planes[plane.index - slab.start]
        finally:
            self._store.release(slab)

    def _span(self, layout: Layout, plane: Plane, size: int, walking: bool) -> tuple[int, int]:
        """Which planes are read together with one: those that cost little more than it alone."""
        if plane.walk is None:
            return 0, 1
        length, index = layout.facts.shape[plane.walk], plane.index
        line = max(1, _CACHE_LINE // layout.facts.dtype.itemsize)
        if isinstance(layout, Chunked):
            depth = layout.chunks[plane.walk]
            few = line if layout.mapping is not None else depth if walking else _FIRST
        else:
            depth, few = length, line
        low = index - index % depth
        high = min(low + depth, length)
        count = max(1, min(high - low, few, self._room // size))
        start = low + (index - low) // count * count
        return start, min(start + count, high)

    def _start(
        self,
        key: Hashable,
        layout: Layout,
        planes: ChunkedPlanes | ContiguousPlanes,
        plane: Plane,
        span: tuple[int, int],
        *,
        ahead: bool,
    ) -> Slab:
        rows, columns = (layout.facts.shape[axis] for axis in plane.shown)
        dtype = layout.facts.dtype.newbyteorder("<")
        size = (span[1] - span[0]) * rows * columns * dtype.itemsize
        if not self._store.make_room(size, ahead) and not ahead:
            # everything is in use; one plane alone is made beside what is kept
            span = (plane.index, plane.index + 1)
        slab = Slab(key, span, (rows, columns), dtype, planes.pieces(*span))
        slab.ahead = ahead
        slab.users = 0 if ahead else 1
        self._store.add(slab)
        slab.queue(self._threads, AHEAD if ahead else WANTED)
        return slab

    def _look_ahead(
        self,
        key: tuple[Layout, Hashable, Hashable],
        planes: ChunkedPlanes | ContiguousPlanes,
        plane: Plane,
        slab: Slab,
        step: int,
    ) -> None:
        """Fetch what a walk comes to next: some planes, or as many as most of a slab."""
        if plane.walk is None:
            return
        layout = key[0]
        rows, columns = (layout.facts.shape[axis] for axis in plane.shown)
        size = rows * columns * layout.facts.dtype.itemsize
        most = (slab.stop - slab.start) * 3 // 4
        for k in range(1, max(_SOON, most // abs(step)) + 1):
            index = plane.index + k * step
            if not 0 <= index < layout.facts.shape[plane.walk]:
                return
            if self._store.covers(key, index):
                continue
            at = tuple(index if axis == plane.walk else i for axis, i in enumerate(plane.at))
            span = self._span(layout, Plane(at, plane.walk), size, walking=True)
            span = (index, span[1]) if step > 0 else (span[0], index + 1)
            if not self._store.make_room((span[1] - span[0]) * size, ahead=True):
                return
            self._start(key, layout, planes, plane, span, ahead=True)

    def _layout(self, path: Path, name: str) -> Layout:
        with self._lock:
            known = self._layouts.get((path, name))
        if known is not None:
            if known.facts.settled and known.facts.hold():
                return known
            self._forget(known)
        layout = read_layout(path, name, self._roots)
        with self._lock:
            self._layouts[path, name] = layout
            if len(self._layouts) > _LAYOUTS:
                self._layouts.popitem(last=False)
        return layout

    def _forget(self, layout: Layout) -> None:
        with self._lock:
            for place in [place for place, known in self._layouts.items() if known is layout]:
                del self._layouts[place]
            for walk in [walk for walk in self._walks if _belongs(walk, layout)]:
                del self._walks[walk]
        self._store.drop_all(lambda key: _belongs(key, layout))


def _belongs(key: Hashable, layout: Layout) -> bool:
    return isinstance(key, tuple) and key[0] is layout
