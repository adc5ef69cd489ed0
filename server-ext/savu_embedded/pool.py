"""Running tasks in this process or in several, with progress, a stop, and no silent deaths."""

from __future__ import annotations

import _thread
import contextlib
import multiprocessing
import os
import pickle
import signal
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Protocol

from savu_embedded.errors import EngineError, SignalError

# The parent looks for a request to stop so often, in seconds.
_POLL = 0.2

#: Told the number of a step and the fraction of the task that is done of it.
Report = Callable[[int, float], None]


class Job(Protocol):
    """What the tasks have in common; it is sent to every worker once."""

    def run(self, task: Any, report: Report) -> Any:
        """Do one task and return its result."""


class _WorkerError(Exception):
    """The traceback of an error in a worker, as the cause of that error here."""

    def __str__(self) -> str:
        return f"\n{self.args[0]}"


def run_tasks(
    job: Job,
    tasks: Sequence[Any],
    processes: int,
    on_progress: Callable[[int, int, float], None],
    poll: Callable[[], None],
) -> list[Any]:
    """Return the results of all `tasks`, in their order.

    With no `processes` the work is done here, and stops only between reports of its progress.
    `on_progress` is told task, step and fraction; `poll` is called all the while and stops
    everything by raising. The first error of a task ends the others.

    Raises:
        EngineError: a worker died.
    """
    if not processes:
        return [
            _run_here(job, number, tasks[number], on_progress, poll) for number in range(len(tasks))
        ]
    context = multiprocessing.get_context("spawn")
    workers: dict[Connection, BaseProcess] = {}
    try:
        for _ in range(min(processes, len(tasks))):
            ours, theirs = context.Pipe()
            worker: BaseProcess = context.Process(target=_work, args=(theirs, job), daemon=True)
            worker.start()
            theirs.close()
            workers[ours] = worker
        return _serve(workers, tasks, on_progress, poll)
    finally:
        for worker in workers.values():
            worker.kill()
        for connection, worker in workers.items():
            worker.join()
            connection.close()


def _run_here(
    job: Job,
    number: int,
    task: Any,
    on_progress: Callable[[int, int, float], None],
    poll: Callable[[], None],
) -> Any:
    def report(step: int, fraction: float) -> None:
        on_progress(number, step, fraction)
        poll()

    poll()
    with _interrupted_by(poll):
        return job.run(task, report)


@contextlib.contextmanager
def _interrupted_by(poll: Callable[[], None]) -> Iterator[None]:
    """Interrupt what goes on here as soon as `poll` raises, and raise that."""
    done = threading.Event()
    raised: list[EngineError] = []

    def watch() -> None:
        while not done.wait(_POLL):
            try:
                poll()
            except EngineError as error:
                raised.append(error)
                # Only a signal gets through to work that does not look up.
                _thread.interrupt_main()
                return

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    except SignalError:
        if raised:
            raise raised[0] from None
        raise
    finally:
        done.set()


def _serve(
    workers: dict[Connection, BaseProcess],
    tasks: Sequence[Any],
    on_progress: Callable[[int, int, float], None],
    poll: Callable[[], None],
) -> list[Any]:
    """Hand out tasks and gather results until all are there."""
    results: dict[int, Any] = {}
    todo = iter(range(len(tasks)))

    def hand_out(connection: Connection) -> None:
        number = next(todo, None)
        if number is not None:
            connection.send((number, tasks[number]))

    while len(results) < len(tasks):
        poll()
        for connection in wait(list(workers), _POLL):
            if not isinstance(connection, Connection):
                continue
            try:
                kind, *content = connection.recv()
            except (EOFError, ConnectionResetError):
                raise _death_of(workers[connection]) from None
            if kind == "progress":
                on_progress(*content)
            elif kind == "ready":
                hand_out(connection)
            elif kind == "done":
                results[content[0]] = content[1]
                hand_out(connection)
            else:
                error, trace = content
                raise error from _WorkerError(trace)
    return [results[number] for number in range(len(tasks))]


def _death_of(worker: BaseProcess) -> EngineError:
    worker.join(timeout=5)
    code = worker.exitcode
    if code is not None and code < 0:
        name = signal.Signals(-code).name
        hint = ": often the memory ran out" if name == "SIGKILL" else ""
        return EngineError(f"A worker process was ended by {name}{hint}. The run is not complete.")
    return EngineError(f"A worker process ended with exit code {code}. The run is not complete.")


def _work(connection: Connection, job: Job) -> None:
    """Do tasks until the parent is gone."""
    # Ctrl-C reaches the whole group; the parent ends its workers itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with contextlib.suppress(EOFError, OSError):
        connection.send(("ready",))
        while True:
            number, task = connection.recv()
            try:
                result = job.run(task, partial(_report, connection, number))
            except Exception as error:
                connection.send(("failed", _portable(error), traceback.format_exc()))
                return
            connection.send(("done", number, result))


def _end_with_parent() -> None:
    """End this process, whatever it is doing, when its parent was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _report(connection: Connection, number: int, step: int, done: float) -> None:
    connection.send(("progress", number, step, done))


def _portable(error: Exception) -> Exception:
    """Return an error that can be sent to the parent."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301
    except Exception:
        return EngineError(f"{type(error).__name__}: {error}")
    return error
