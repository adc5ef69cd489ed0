"""Runs of neighbouring planes, made in pieces by several threads, and the memory they may take."""

from __future__ import annotations

import heapq
import itertools
import os
import sys
import threading
from collections.abc import Callable, Hashable
from contextlib import suppress
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

Piece = Callable[[NDArray[Any]], None]

#: Priorities of work: a request, and what will probably be asked for next.
WANTED, AHEAD = 0, 1
_NICE = 4


class Cancelled(Exception):  # noqa: N818 - says what happened
    """Nobody waits for the answer any more."""


class Threads:
    """Threads that do the pieces of many requests, so that none of them starves.

    The first pieces of each request go before the second ones of any: a short request does not
    wait behind a long one. One thread more than `count` does first pieces only, so that one is
    free for a short request while all others are within a long piece.
    """

    def __init__(self, count: int) -> None:
        self._waiting: list[tuple[int, int, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        for k in range(count + 1):
            threading.Thread(target=self._run, args=(k == count,), daemon=True).start()

    def put(self, priority: int, turn: int, work: Callable[[], None]) -> None:
        """Queue `work`, the piece number `turn` of its request."""
        with self._changed:
            heapq.heappush(self._waiting, (priority, turn, next(self._order), work))
            self._changed.notify_all()

    def _run(self, only_first: bool) -> None:
        _step_back()
        while True:
            with self._changed:
                while not self._waiting or (only_first and self._waiting[0][:2] > (WANTED, 1)):
                    self._changed.wait()
                work = heapq.heappop(self._waiting)[-1]
            work()


def _step_back() -> None:
    """Let this thread wait for those that answer others, here and in the server."""
    if sys.platform == "linux":
        # where a thread has a priority of its own
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), os.nice(0) + _NICE)


class Slab:
    """The planes from `start` to `stop` of a walk, each in one run of memory.

    Its `key` says of which walk. `pieces` fill the array of shape (planes, rows, columns).
    """

    def __init__(
        self,
        key: Hashable,
        span: tuple[int, int],
        plane: tuple[int, int],
        dtype: np.dtype[Any],
        pieces: list[Piece],
    ) -> None:
        self.key = key
        self.start, self.stop = span
        self.planes: NDArray[Any] = np.empty((self.stop - self.start, *plane), dtype)
        self.ahead = False
        self.cancelled = False
        self.users = 0
        self.error: Exception | None = None
        self._ready = threading.Event()
        self._lock = threading.Lock()
        self._pieces = dict(enumerate(pieces))
        self._left = len(pieces)

    @property
    def ready(self) -> bool:
        return self._ready.is_set()

    def queue(self, threads: Threads, priority: int) -> None:
        """Have the pieces done that nobody has begun."""
        for turn in list(self._pieces):
            threads.put(priority, turn, partial(self._do, turn))

    def wait(self, cancelled: threading.Event) -> None:
        """Wait for all pieces.

        Raises:
            Cancelled: when `cancelled` is set.
            Exception: what a piece raised.
        """
        while not self._ready.wait(0.02):
            if cancelled.is_set():
                raise Cancelled
        if self.error is not None:
            raise self.error

    def _do(self, turn: int) -> None:
        with self._lock:
            # a piece may be queued twice, when what was fetched ahead is asked for
            piece = None if self.cancelled else self._pieces.pop(turn, None)
        if piece is None:
            return
        try:
            if self.error is None:
                piece(self.planes)
        except Exception as error:
            self.error = error
        with self._lock:
            self._left -= 1
            if self._left == 0:
                self._ready.set()


class SlabStore:
    """Slabs, as many as fit into `size` bytes; the one used last goes last."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._slabs: dict[int, Slab] = {}
        self._used = 0
        self._lock = threading.RLock()

    def find(self, key: Hashable, index: int) -> Slab | None:
        """A slab with the plane `index`, kept until it is released."""
        with self._lock:
            for name, slab in reversed(self._slabs.items()):
                if slab.key == key and slab.start <= index < slab.stop and slab.error is None:
                    self._slabs[name] = self._slabs.pop(name)
                    slab.users += 1
                    return slab
        return None

    def covers(self, key: Hashable, index: int) -> bool:
        with self._lock:
            return any(s.key == key and s.start <= index < s.stop for s in self._slabs.values())

    def make_room(self, size: int, ahead: bool) -> bool:
        """Let go of slabs until `size` bytes are free; False when too many are in use."""
        with self._lock:
            for slab in list(self._slabs.values()):
                if self._used + size <= self.size:
                    return True
                if slab.ready and slab.users == 0:
                    self._drop(slab)
            if not ahead:
                self.drop_ahead()
            return self._used + size <= self.size

    def add(self, slab: Slab) -> None:
        with self._lock:
            self._slabs[id(slab)] = slab
            self._used += slab.planes.nbytes

    def release(self, slab: Slab) -> None:
        """Give back what `find` or `add` kept; what nobody waits for is not finished."""
        with self._lock:
            slab.users -= 1
            if slab.users == 0 and (slab.error or not (slab.ready or slab.ahead)):
                self._drop(slab)

    def drop_ahead(self, key: Hashable = None) -> None:
        """Stop what is being fetched ahead, of one walk or of all."""
        with self._lock:
            for slab in list(self._slabs.values()):
                if slab.ahead and not slab.ready and slab.users == 0 and key in (None, slab.key):
                    self._drop(slab)

    def drop_all(self, wanted: Callable[[Hashable], bool]) -> None:
        """Let go of all slabs whose key is `wanted`."""
        with self._lock:
            for slab in list(self._slabs.values()):
                if wanted(slab.key):
                    self._drop(slab)

    def _drop(self, slab: Slab) -> None:
        if self._slabs.pop(id(slab), None) is not None:
            self._used -= slab.planes.nbytes
            slab.cancelled = slab.users == 0
