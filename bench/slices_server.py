"""How fast slices come from the server, beside jupyterlab-h5web on the same files.

    python bench/slices_server.py [FOLDER] [--quick]

Makes the files in FOLDER (10 GB; below the folder for temporary files by default) unless they are
there, and an environment with the other viewer, starts both servers and asks them in turns, so
that other work on the machine is the same for both. "Of memmap" compares with reading the plane
from a mapped file and sending as many bytes from memory. Ends with 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil
from slices_asking import Asker, pinging, repeating
from slices_files import (
    CUBES,
    FRAMES,
    FULL,
    LAYOUTS,
    QUICK,
    Server,
    chunks_of,
    default_folder,
    make_files,
    peer_python,
    running,
)

WALK = 64
#: Seconds that samples of one figure may take, and how many there are at least and at most.
_SECONDS, _LEAST, _MOST = 2.0, 2, 7
_MB = 1e6


@dataclass
class Table:
    """Lines of figures, each with the goal that it holds or misses."""

    missed: list[str] = field(default_factory=list)

    def line(self, what: str, figures: str, ratio: float, goal: float, at_most: bool) -> None:
        """`ratio` should be at least the goal, or at most."""
        holds = ratio <= goal if at_most else ratio >= goal
        sign = "≤" if at_most else "≥"
        word = "holds" if holds else "misses"
        print(f"{what:36}{figures:>50}  {ratio:8.2f} {sign} {goal:<7g} {word}", flush=True)
        if not holds:
            self.missed.append(what)

    def note(self, what: str, figures: str) -> None:
        print(f"{what:36}{figures:>50}", flush=True)


class Bench:
    """Both servers on the same files."""

    def __init__(
        self, files: Path, shape: tuple[int, int, int], ours: Server, peer: Server, table: Table
    ) -> None:
        self.files = files
        self.shape = shape
        self.ours = Asker(ours)
        self.peer = Asker(peer)
        self.table = table
        self.random = random.Random(7)
        self._ages = itertools.count(1)

    def forget(self, layout: str) -> None:
        """Make our server take the file for another one, so that it knows nothing of it."""
        changed = time.time() - 3600 - next(self._ages)
        os.utime(self.files / f"{layout}.h5", (changed, changed))

    def warm(self, layout: str) -> None:
        with (self.files / f"{layout}.h5").open("rb", buffering=0) as file:
            buffer = bytearray(1 << 24)
            while file.readinto(buffer):
                pass

    def cool(self, layout: str) -> None:
        """Have the system forget the file's bytes, of which none may be mapped."""
        self.forget(layout)
        self.ours.seconds(f"{self.ours.server.path(f'{layout}.h5', 0, 0)}&region=0,1,0,1")
        with (self.files / f"{layout}.h5").open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        self.forget(layout)

    def index(self, axis: int) -> int:
        return self.random.randrange(self.shape[axis])

    def start_of_walk(self, axis: int) -> int:
        return self.random.randrange(self.shape[axis] - WALK)

    def contiguous(self) -> None:
        """Jumps and a walk against memmap and sending, and against the peer."""
        layout = "contiguous"
        self.warm(layout)
        offset = (self.files / f"{layout}.h5").stat().st_size - 4 * int(np.prod(self.shape))
        mapped = np.memmap(self.files / f"{layout}.h5", "<f4", "r", offset, self.shape)

        def floor(axis: int) -> float:
            plane = tuple(self.index(axis) if k == axis else slice(None) for k in range(3))
            began = time.perf_counter()
            size = np.array(mapped[plane], order="C").nbytes
            read = time.perf_counter() - began
            return read + self.ours.seconds(f"/bare?size={size}")

        for axis in range(3):
            floor(axis)
            self.ours.slice(layout, axis, self.index(axis))
            time.sleep(0.3)
            times = in_turns(
                lambda axis=axis: floor(axis),
                lambda axis=axis: self.ours.slice(layout, axis, self.index(axis)),
                lambda axis=axis: self.peer.slice(layout, axis, self.index(axis)),
                most=15,
            )
            bare, ours, peer = map(statistics.median, times)
            name = f"contiguous, axis {axis}"
            told = f"memmap+sending {ms(bare)}, ours {ms(ours)}, peer {ms(peer)}"
            self.table.line(f"{name}: of memmap", told, ours / bare, 3 if axis == 2 else 1.5, True)
            if axis:
                self.table.line(f"{name}: of the peer", "", peer / ours, 4, False)
            else:
                self.table.line(f"{name}: of the peer", "", peer / ours, 1, False)
            walk, steps = self.walk(layout, axis)
            goal = 1 if axis == 2 else 1.5
            told = f"mean {ms(walk)}, peer {ms(statistics.median(steps))}"
            self.table.line(f"{name}: walk of memmap", told, walk / bare, goal, True)

    def chunked(self, layout: str) -> None:
        """First slices of a file that nobody has looked at, and walks, against the peer."""
        self.warm(layout)
        for axis in range(3):
            first, peer = map(statistics.median, self.firsts(layout, axis, self.forget))
            packed = "_" in layout
            if layout.startswith(CUBES):
                goal = {"gzip": 3.0, "bslz4": 1.5}.get(layout.rpartition("_")[2], 1.0)
                walking = 10.0 if packed else 1.0
            else:
                goal = (1.3 if axis == 0 else 3.0) if packed else 1.0
                walking = 2.0 if packed else 1.0
            told = f"ours {ms(first)}, peer {ms(peer)}"
            name = f"{layout}, axis {axis}"
            self.table.line(f"{name}: first slice", told, peer / first, goal, False)
            walk, steps = self.walk(layout, axis)
            told = f"mean {ms(walk)}, peer {ms(statistics.median(steps))}"
            ratio = statistics.median(steps) / walk
            self.table.line(f"{name}: walk of {WALK}", told, ratio, walking, False)

    def firsts(self, layout: str, axis: int, before: Callable[[str], None]) -> list[list[float]]:
        def ask(asker: Asker) -> float:
            before(layout)
            return asker.slice(layout, axis, self.index(axis))

        return in_turns(lambda: ask(self.ours), lambda: ask(self.peer))

    def walk(self, layout: str, axis: int) -> tuple[float, list[float]]:
        """Seconds of a slice of a walk in the mean, and of some of the peer's on the way."""
        start = self.start_of_walk(axis)
        self.forget(layout)
        times, peer = [], []
        for k in range(WALK):
            times.append(self.ours.slice(layout, axis, start + k))
            if k % 8 == 0 and sum(peer) < _SECONDS:
                peer.append(self.peer.slice(layout, axis, start + k))
        return statistics.mean(times), peer

    def cold(self) -> None:
        """First slices when the system has to read the file from the disk."""
        if not hasattr(os, "posix_fadvise"):
            self.table.note("cold cache", "cannot be had on this system")
            return
        for layout in ("contiguous", f"{FRAMES}_gzip", f"{CUBES}_gzip", f"{CUBES}_bslz4"):
            for axis in (0, 1, 2):
                if layout.startswith(FRAMES) and axis:
                    continue
                found = self.firsts(layout, axis, self.cool)
                ours, peer = map(statistics.median, found)
                told = f"ours {ms(ours)}, peer {ms(peer)}"
                self.table.line(f"{layout}, axis {axis}: cold", told, peer / ours, 1, False)
        self.warm("contiguous")

    def stalls(self) -> None:
        """How long others wait for /api/status during the two slowest slices at once."""
        slowest = [(f"{FRAMES}_gzip", 1), (f"{FRAMES}_gzip", 2)]
        with pinging(self.ours.server) as idle:
            time.sleep(3)
        told = f"median {ms(statistics.median(idle))}, worst {1000 * max(idle):.0f}"
        self.table.note("/api/status beside nothing, ms", told)
        for asker, name in ((self.ours, "ours"), (self.peer, "peer")):
            waits = []
            for _ in range(3 if asker is self.ours else 1):
                self.forget(slowest[0][0])
                with pinging(asker.server) as found, ThreadPoolExecutor(2) as threads:
                    time.sleep(0.3)
                    list(
                        threads.map(
                            lambda one, a=asker: Asker(a.server).slice(*one, self.index(one[1])),
                            slowest,
                        )
                    )
                waits.append(found)
            longest = [max(one) for one in waits]
            told = f"median {ms(statistics.median(itertools.chain(*waits)))}, worst of each round"
            told += " " + ", ".join(f"{1000 * one:.0f}" for one in longest)
            if asker is self.ours:
                most = 1000 * max(longest)
                self.table.line("/api/status beside two slow, ms", told, most, 50, True)
            else:
                self.table.note(f"the same, {name}", told)

    def fast_beside_slow(self) -> None:
        """What a slow file costs those who look at a fast one."""
        for asker, name in ((self.ours, "ours"), (self.peer, "peer")):

            def fast(asker: Asker = asker) -> list[float]:
                return [asker.slice("contiguous", 0, self.index(0)) for _ in range(15)]

            fast()
            alone = statistics.median(fast())
            with repeating(asker.server, f"{CUBES}_gzip", 2, self.shape[2]):
                time.sleep(0.5)
                beside = statistics.median(
                    fast() if name == "ours" else [asker.slice("contiguous", 0, 3)] * 3
                )
            told = f"alone {ms(alone)}, beside {ms(beside)}"
            if name == "ours":
                self.table.line("fast file beside a slow one", told, beside / alone, 3, True)
            else:
                self.table.note(f"the same, {name}", f"{told}, {beside / alone:.0f} times")


def crowd(server: Server, shape: tuple[int, int, int], table: Table) -> None:
    """The memory that a server and its processes need for 24 slow slices at once."""
    kinds = [(f"{CUBES}_gzip", 1), (f"{CUBES}_gzip", 2), (f"{FRAMES}_bslz4", 1)]
    asked = [(*kinds[k % 3], k * 41 % shape[kinds[k % 3][1]]) for k in range(24)]
    peak, stop = [0.0], threading.Event()

    def watch() -> None:
        while not stop.wait(0.1):
            peak[0] = max(peak[0], memory_of(server.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    with ThreadPoolExecutor(24) as threads:
        times = list(threads.map(lambda one: Asker(server).slice(*one), asked))
    stop.set()
    watcher.join()
    table.line("24 slow at once, MB", f"longest {max(times):.1f} s", peak[0] / _MB, 600, True)


def memory_of(pid: int) -> float:
    """Bytes of a process and its children, where what they share counts once."""
    total = 0.0
    process = psutil.Process(pid)
    for one in (process, *process.children(recursive=True)):
        try:
            total += one.memory_full_info().pss
        except psutil.Error:
            continue
    return total


def in_turns(*works: Callable[[], float], most: int = _MOST) -> list[list[float]]:
    """What each work returns, several times, in turns, within some seconds."""
    found: list[list[float]] = [[] for _ in works]
    began = time.perf_counter()
    for turn in range(most):
        spent = time.perf_counter() - began
        if spent > _SECONDS and (turn >= _LEAST or spent > 2 * _SECONDS):
            break
        for times, work in zip(found, works, strict=True):
            times.append(work())
    return found


def ms(seconds: float) -> str:
    return f"{1000 * seconds:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def servers(stack: ExitStack, folder: Path, files: Path) -> Iterator[Server]:
    home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="savu-slices-")))
    for name, python in (("ours", Path(sys.executable)), ("peer", peer_python(folder))):
        yield stack.enter_context(running(name, python, files, home / name, lab=False))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--quick", action="store_true", help="small files, to try it out")
    parser.add_argument("--only", nargs="*", help="parts of it: names of layouts, cold, crowd, …")
    options = parser.parse_args()
    folder = options.folder or default_folder()
    shape = QUICK if options.quick else FULL
    files = folder / ("quick" if options.quick else "files")
    make_files(files, shape)
    table = Table()
    began = time.perf_counter()

    def wanted(part: str) -> bool:
        return not options.only or part in options.only

    with ExitStack() as stack:
        ours, peer = servers(stack, folder, files)
        if wanted("crowd"):
            crowd(ours, shape, table)
        bench = Bench(files, shape, ours, peer, table)
        if wanted("stalls"):
            bench.stalls()
        if wanted("contiguous"):
            bench.contiguous()
        if wanted("fast"):
            bench.fast_beside_slow()
        for layout in LAYOUTS:
            if chunks_of(layout, shape) is not None and wanted(layout):
                bench.chunked(layout)
        if wanted("cold"):
            bench.cold()
    told = f"{len(table.missed)} goals missed" if table.missed else "all goals are met"
    print(f"{told}, in {time.perf_counter() - began:.0f} s")
    return bool(table.missed)


if __name__ == "__main__":
    sys.exit(main())
