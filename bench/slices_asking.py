"""Asking a server for slices as a browser does, and others that ask it at the same time."""

from __future__ import annotations

import http.client
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

from slices_files import Server

_PAUSE = 0.01


class Asker:
    """One connection that is kept open."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=300)
        self._memory = bytearray(1 << 23)

    def slice(self, layout: str, axis: int, index: int) -> float:
        """Seconds until all values of a slice are there."""
        return self.seconds(self.server.path(f"{layout}.h5", axis, index))

    def seconds(self, path: str) -> float:
        """Seconds until an answer is there."""
        began = time.perf_counter()
        self._connection.request("GET", path, headers=self.server.headers)
        answer = self._connection.getresponse()
        view, got = memoryview(self._memory), 0
        while count := answer.readinto(view[got:]):
            got += count
        taken = time.perf_counter() - began
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {bytes(view[:200])!r}")
        return taken


@contextmanager
def pinging(server: Server) -> Iterator[list[float]]:
    """Ask for /api/status all the time, from another process; the seconds are there at the end."""
    told, telling = multiprocessing.Pipe(duplex=False)
    stop = multiprocessing.Event()
    process = multiprocessing.Process(target=_ping, args=(server, telling, stop), daemon=True)
    process.start()
    told.recv()
    found: list[float] = []
    try:
        yield found
    finally:
        stop.set()
        found += told.recv()
        process.join()


def _ping(server: Server, telling: Connection, stop: multiprocessing.synchronize.Event) -> None:
    asker = Asker(server)
    times = [asker.seconds("/api/status") for _ in range(5)]
    telling.send("ready")
    times.clear()
    while not stop.is_set():
        times.append(asker.seconds("/api/status"))
        time.sleep(_PAUSE)
    telling.send(times)


@contextmanager
def repeating(server: Server, layout: str, axis: int, length: int) -> Iterator[None]:
    """Have another process ask for slices far apart, one after the other."""
    stop = multiprocessing.Event()
    process = multiprocessing.Process(
        target=_repeat, args=(server, layout, axis, length, stop), daemon=True
    )
    process.start()
    try:
        yield
    finally:
        stop.set()
        process.join()


def _repeat(
    server: Server,
    layout: str,
    axis: int,
    length: int,
    stop: multiprocessing.synchronize.Event,
) -> None:
    asker = Asker(server)
    for k in range(1, 100_000):
        if stop.is_set():
            return
        asker.slice(layout, axis, k * 37 % length)
