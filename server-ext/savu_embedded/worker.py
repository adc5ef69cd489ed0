"""What a worker process does: one task computes while the next is read and the last is written."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import signal
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.connection import Connection, wait
from queue import Queue
from typing import Any, Protocol

from savu_embedded.errors import EngineError

#: Told the number of a step and the fraction of the task that is done of it.
Report = Callable[[int, float], None]
#: Does something beside the rest of the task, or at once; in the order in which it is told.
Later = Callable[[Callable[[], None]], None]


class Job(Protocol):
    """What the tasks have in common; it is sent to every worker once."""

    def read(self, task: Any) -> Any:
        """Return what the task needs, in a thread beside another task."""

    def run(self, task: Any, read: Any, report: Report, later: Later) -> Callable[[], Any]:
        """Do one task, and return what ends it, and returns its result, after all told `later`."""


def work(connection: Connection, job: Job) -> None:
    """Do tasks until the parent is gone."""
    # Ctrl-C reaches the whole group; the parent ends its workers itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with contextlib.suppress(EOFError, OSError):
        _Worker(connection, job).serve()


class _Worker:
    """Three threads in a row: reading, computing (this one) and writing."""

    def __init__(self, connection: Connection, job: Job) -> None:
        self._connection = connection
        self._sending = threading.Lock()
        self._job = job
        self._ready: Queue[tuple[int, Any, Any] | Exception] = Queue(maxsize=1)
        self._writer = ThreadPoolExecutor(1)
        self._written: Future[None] | None = None

    def serve(self) -> None:
        threading.Thread(target=self._read, daemon=True).start()
        self._send("ready")
        while True:
            next_one = self._ready.get()
            try:
                if isinstance(next_one, Exception):
                    raise next_one
                self._run(*next_one)
            except EOFError:
                raise
            except Exception as error:
                self._send("failed", _portable(error), traceback.format_exc())
                return

    def _read(self) -> None:
        """Read what tasks need as they come, at most one ahead."""
        while True:
            try:
                number, task = self._connection.recv()
                self._ready.put((number, task, self._job.read(task)))
            except Exception as error:
                self._ready.put(error)
                return

    def _run(self, number: int, task: Any, read: Any) -> None:
        writing: list[Future[None]] = []

        def report(step: int, done: float) -> None:
            self._send("progress", number, step, done)

        def later(act: Callable[[], None]) -> None:
            writing.append(self._writer.submit(act))

        end = self._job.run(task, read, report, later)

        def finish() -> None:
            for act in writing:
                act.result()
            self._send("done", number, end())

        # One task is written at a time: what waits for that takes memory.
        if self._written is not None:
            self._written.result()
        self._written = self._writer.submit(self._told, finish)

    def _told(self, act: Callable[[], None]) -> None:
        """Do `act`, and tell the parent if it fails."""
        try:
            act()
        except Exception as error:
            self._send("failed", _portable(error), traceback.format_exc())

    def _send(self, *message: Any) -> None:
        with self._sending:
            self._connection.send(message)


def _end_with_parent() -> None:
    """End this process, whatever it is doing, when its parent was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _portable(error: Exception) -> Exception:
    """Return an error that can be sent to the parent."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301
    except Exception:
        return EngineError(f"{type(error).__name__}: {error}")
    return error
