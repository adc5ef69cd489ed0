"""Running tasks in this process or in several, with progress, a stop, and no silent deaths."""

from __future__ import annotations

import _thread
import contextlib
import multiprocessing
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from savu_embedded.errors import EngineError, SignalError
from savu_embedded.worker import Job, work

# The parent looks for a request to stop so often, in seconds.
_POLL = 0.2


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
            worker: BaseProcess = context.Process(target=work, args=(theirs, job), daemon=True)
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
        return job.run(task, job.read(task), report, lambda act: act())()


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
    todo = deque(range(len(tasks)))
    given = dict.fromkeys(workers, 0)

    def hand_out(connection: Connection) -> None:
        """Give a worker what to do, and, while there is much, what to read beside that."""
        while todo and given[connection] < (2 if len(todo) > len(workers) else 1):
            number = todo.popleft()
            given[connection] += 1
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
                given[connection] -= 1
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
