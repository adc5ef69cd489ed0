"""How jobs are looked after, with a back end that counts what it is asked."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from job_records import make_job
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from jupyterlab_savu.jobs import store
from jupyterlab_savu.jobs.backends.base import Availability, Observation, Phase, Task, Unreachable
from jupyterlab_savu.jobs.ledger import Ledger
from jupyterlab_savu.jobs.model import FINAL, Job, Reason, State
from jupyterlab_savu.jobs.store import JobStore
from jupyterlab_savu.jobs.watcher import Watcher

RUN = {"state": "running", "fraction": 0.5, "steps": [], "message": None, "result": None}


class Counting:
    """A scheduler whose answers the test decides."""

    name = "far"
    schedules = True
    intervals = (0.05, 0.2)

    def __init__(self) -> None:
        self.questions: list[tuple[float, int]] = []
        self.attempts = 0
        self.submitted: list[str] = []
        self.ended: list[str] = []
        self.found: dict[str, str] = {}
        self.answers = True
        self.takes = 0.0
        self.seen = Observation(Phase.WAITING)

    def _ask(self) -> None:
        if not self.answers:
            raise Unreachable("nobody answers")

    def script(self, task: Task) -> str | None:
        return None

    async def submit(self, task: Task) -> str:
        await asyncio.sleep(self.takes)
        self.attempts += 1
        self._ask()
        self.submitted.append(task.id)
        return f"number of {task.id}"

    async def find(self, task: Task, tried: float) -> str | None:
        self._ask()
        return self.found.get(task.id)

    async def observe(self, tasks: Sequence[Task]) -> dict[str, Observation]:
        self._ask()
        self.questions.append((time.monotonic(), len(tasks)))
        return {task.id: self.seen for task in tasks}

    async def end(self, task: Task, force: bool) -> None:
        self.ended.append(task.id)

    async def availability(self) -> dict[str, Availability]:
        return {}

    async def close(self) -> None:
        pass


class Place:
    """A store with a watcher, as a server has them."""

    def __init__(self, folder: Path, backend: Counting, queues: Sequence[str] = ("full",)) -> None:
        self.backend = backend
        self.store = JobStore(f"sqlite:///{folder / 'jobs.sqlite'}", "me")
        self.ledger = Ledger(
            self.store,
            taken=lambda: self.watcher.take_over(),
            changed=lambda: self.watcher.wake(),
        )
        self.told: list[tuple[str, Job | None]] = []
        self.watcher = Watcher(
            self.store,
            self.ledger,
            {backend.name: backend},
            dict.fromkeys(queues, 1),
            call=lambda *_, places: [RUN] * len(places),
            tell=self._tell,
            search=lambda _: [],
        )

    async def _tell(self, job_id: str, job: Job | None) -> None:
        self.told.append((job_id, job))
        await asyncio.sleep(0)

    def start(self) -> None:
        self.ledger.start()
        self.watcher.start()

    def close(self) -> None:
        self.watcher.close()
        self.ledger.close()
        self.store.close()

    def insert(self, **changes: Any) -> Job:
        return self.ledger.insert(make_job(backend="far", **changes))

    def until(self, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 20
        while not holds():
            assert time.monotonic() < deadline, self.store.page(None, 10, None)
            time.sleep(0.02)

    def state(self, job: Job) -> State:
        stored = self.store.get(job.id)
        assert stored is not None
        return stored.state


@pytest.fixture
def backend() -> Counting:
    return Counting()


@pytest.fixture
def place(tmp_path: Path, backend: Counting) -> Iterator[Place]:
    made = Place(tmp_path, backend)
    made.start()
    yield made
    made.close()


def test_all_jobs_are_asked_for_in_one_question(place: Place, backend: Counting) -> None:
    jobs = [place.insert() for _ in range(30)]
    place.until(lambda: len(backend.submitted) == len(jobs))
    backend.questions.clear()
    threads = [
        threading.Thread(target=lambda: [place.store.active() for _ in range(20)]) for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    place.until(lambda: len(backend.questions) >= 4)
    for thread in threads:
        thread.join()
    asked = list(backend.questions)
    assert {number for _, number in asked} == {len(jobs)}
    gaps = [after[0] - before[0] for before, after in pairwise(asked)]
    assert min(gaps) >= backend.intervals[0]
    assert sorted(backend.submitted) == [job.id for job in jobs]


def test_a_silent_back_end_changes_no_state(place: Place, backend: Counting) -> None:
    backend.seen = Observation(Phase.RUNNING)
    job = place.insert()
    place.until(lambda: place.state(job) is State.RUNNING)
    backend.answers = False
    place.until(lambda: bool((place.store.get(job.id) or job).stale_since))
    late = place.insert()
    place.until(lambda: bool((place.store.get(late.id) or late).stale_since))
    assert (place.state(job), place.state(late)) == (State.RUNNING, State.CREATED)
    backend.answers = True
    place.until(lambda: place.state(late) is State.RUNNING)
    assert all(told.stale_since is None for told in place.store.active())
    assert backend.submitted.count(late.id) == 1


def test_jobs_that_run_do_not_wait_for_those_to_be_handed_over(
    place: Place, backend: Counting
) -> None:
    backend.seen = Observation(Phase.RUNNING)
    first = place.insert()
    place.until(lambda: place.state(first) is State.RUNNING)
    # a command takes a while
    backend.takes = 0.1
    jobs = [place.insert() for _ in range(10)]
    place.until(lambda: len(backend.submitted) > 3)
    backend.seen = Observation(Phase.ENDED, exit_code=1)
    place.until(lambda: place.state(first) is State.FAILED)
    assert len(backend.submitted) < len(jobs)
    place.until(lambda: len(backend.submitted) == 1 + len(jobs))


def test_a_silent_back_end_is_tried_once_a_look(place: Place, backend: Counting) -> None:
    backend.answers = False
    jobs = [place.insert() for _ in range(30)]
    place.until(lambda: all(job.stale_since for job in place.store.active()))
    assert backend.attempts < len(jobs)
    assert {place.state(job) for job in jobs} == {State.CREATED}
    backend.answers = True
    place.until(lambda: all(place.state(job) is State.QUEUED for job in jobs))
    assert sorted(backend.submitted) == [job.id for job in jobs]


def test_a_job_that_has_arrived_is_not_submitted_twice(tmp_path: Path, backend: Counting) -> None:
    place = Place(tmp_path, backend)
    place.store.prepare()
    lost = place.store.insert(make_job(backend="far").with_status(tried=time.time()))
    backend.found[lost.id] = "number 7"
    place.start()
    place.until(lambda: place.state(lost) is State.QUEUED)
    assert backend.submitted == []
    place.close()


def test_nothing_is_told_while_nothing_changes(place: Place, backend: Counting) -> None:
    backend.seen = Observation(Phase.RUNNING)
    job = place.insert()
    place.until(lambda: place.state(job) is State.RUNNING)
    place.until(lambda: len(backend.questions) > 3)
    told, asked = len(place.told), len(backend.questions)
    place.until(lambda: len(backend.questions) > asked + 3)
    assert len(place.told) == told
    # and it is asked less often than at first
    gaps = [after[0] - before[0] for before, after in pairwise(backend.questions)]
    assert gaps[-1] > 2 * backend.intervals[0]


def test_a_job_that_waits_is_withdrawn(place: Place, backend: Counting) -> None:
    job = place.insert()
    place.until(lambda: place.state(job) is State.QUEUED)
    place.ledger.ask_end(job.id)
    place.until(lambda: backend.ended == [job.id])
    backend.seen = Observation(Phase.ENDED, reason=Reason.CANCELLED_BY_USER)
    place.until(lambda: place.state(job) is State.CANCELLED)
    ended = place.store.get(job.id)
    assert ended is not None
    assert ended.reason is Reason.CANCELLED_BY_USER


#: What SQLite does whenever it opens a database; the listener stands while threads connect.
at_connecting: list[str] = []


@event.listens_for(Engine, "connect")
def prepare_connection(connection: Any, _: object) -> None:
    for command in at_connecting:
        connection.execute(command)


@contextmanager
def each_connection(command: str) -> Iterator[None]:
    """Let SQLite do `command` whenever it opens a database."""
    at_connecting.append(command)
    try:
        yield
    finally:
        at_connecting.remove(command)


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Let another process keep the database, for longer than is waited for it."""
    with closing(sqlite3.connect(file)) as other, pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "_PATIENCE", 50)
        other.execute("BEGIN EXCLUSIVE")
        yield


TROUBLES: dict[str, Callable[[Path], AbstractContextManager[None]]] = {
    "locked": locked,
    "read-only": lambda _: each_connection("PRAGMA query_only = ON"),
    # smaller than it is, which is what SQLite takes for a full disk
    "full": lambda _: each_connection("PRAGMA max_page_count = 1"),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_database_that_cannot_be_written_delays_and_loses_nothing(
    trouble: str, tmp_path: Path, backend: Counting
) -> None:
    place = Place(tmp_path, backend)
    place.start()
    backend.seen = Observation(Phase.RUNNING)
    jobs = [place.insert() for _ in range(40)]
    place.until(lambda: all(place.state(job) is State.RUNNING for job in jobs))
    with TROUBLES[trouble](tmp_path / "jobs.sqlite"):
        backend.seen = Observation(Phase.ENDED, exit_code=1, message="m" * 4000)
        asked = len(backend.questions)
        # where not even the jobs can be read, nothing is asked
        place.until(lambda: trouble == "locked" or len(backend.questions) > asked)
        with pytest.raises(OperationalError):
            place.insert()
    place.until(lambda: all(place.state(job) is State.FAILED for job in jobs))
    late = place.insert()
    place.until(lambda: late.id in backend.submitted)
    assert sorted(backend.submitted) == [job.id for job in [*jobs, late]]
    place.close()
    # it was not taken for damaged
    assert not list(tmp_path.glob("*damaged*"))


def test_a_database_that_is_not_ready_at_the_start_is_waited_for(
    tmp_path: Path, backend: Counting
) -> None:
    place = Place(tmp_path, backend)
    place.store.prepare()
    waiting = place.store.insert(make_job(backend="far"))
    with locked(tmp_path / "jobs.sqlite"):
        place.start()
        assert place.ledger.is_writer
    place.until(lambda: place.state(waiting) is State.QUEUED)
    place.close()


def test_a_removed_job_is_told(place: Place) -> None:
    job = place.insert()
    place.until(lambda: place.state(job) is State.QUEUED)
    place.ledger.update_all(
        {job.id: lambda stored: stored.moved(State.CANCELLED, reason=Reason.CANCELLED_BY_USER)}
    )
    place.ledger.remove(job.id)
    place.until(lambda: place.told[-1] == (job.id, None))


def test_jobs_without_a_place_end_or_are_marked(tmp_path: Path, backend: Counting) -> None:
    place = Place(tmp_path, backend)
    place.store.prepare()
    store = place.store
    unbegun = store.insert(make_job(backend="gone"))
    begun = store.insert(make_job(backend="gone").with_status(handle="5"))
    elsewhere = store.insert(make_job(backend="far", queue="removed"))
    place.start()
    place.until(lambda: len(store.active()) == 1)
    (left,) = store.active()
    assert (left.id, left.state) == (begun.id, State.CREATED)
    place.until(lambda: bool((store.get(begun.id) or left).stale_since))
    for job in (unbegun, elsewhere):
        ended = store.get(job.id)
        assert ended is not None
        assert (ended.state, ended.reason) == (State.FAILED, Reason.REFUSED)
        assert "no queue" in (ended.message or "")
    place.close()
    assert all(job is None or job.state in FINAL or job.stale_since for _, job in place.told)
