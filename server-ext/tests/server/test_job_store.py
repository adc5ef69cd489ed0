"""The database of jobs: in a file, and in a PostgreSQL that the test starts."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from job_records import make_job
from postgresql import postgresql_server

from jupyterlab_savu.jobs.model import Job, Reason, State
from jupyterlab_savu.jobs.store import DuplicateKey, JobStore

Open = Callable[[str], JobStore]


@pytest.fixture(scope="module")
def postgresql_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with postgresql_server(tmp_path_factory.mktemp("postgresql")) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens the same empty database, for the jobs of a user."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'deep' / 'jobs.sqlite'}"
    else:
        url = request.getfixturevalue("postgresql_url")
    opened: list[JobStore] = []

    def open_one(scope: str) -> JobStore:
        opened.append(JobStore(url, scope))
        opened[-1].prepare()
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        for table in ("job", "lease"):
            connection.execute(sa.text(f"drop table {table}"))
    engine.dispose()


def test_jobs_are_kept(open_store: Open) -> None:
    store = open_store("me")
    job = store.insert(make_job(key="word").moved(State.QUEUED))
    with pytest.raises(DuplicateKey):
        store.insert(make_job(key="word"))
    # a request that is repeated after a crash does no harm
    assert store.insert(job) == job
    store.update(job.id, lambda stored: stored.moved(State.STARTING))
    seen = store.revision()
    store.update(job.id, lambda stored: stored)
    assert store.changed_since(seen) == []
    store.close()
    again = open_store("me")
    stored = again.get(job.id)
    assert stored is not None
    assert (stored.record, stored.state) == (job.record, State.STARTING)
    assert again.by_key("word") == stored
    assert again.changed_since(seen - 1) == [(job.id, stored, seen)]
    assert again.active() == again.page(None, 10, None) == [stored]
    with pytest.raises(KeyError):
        again.update("nothing", lambda stored: stored)


def test_a_removed_job_is_told_of_once_and_frees_its_key(open_store: Open) -> None:
    store = open_store("me")
    job = store.insert(make_job(key="word"))
    seen = store.revision()
    store.remove(job.id)
    assert store.changed_since(seen) == [(job.id, None, seen + 1)]
    assert store.get(job.id) is store.by_key("word") is None
    assert store.page(None, 10, None) == store.active() == []
    store.insert(make_job(key="word"))


def test_jobs_of_others_are_not_seen(open_store: Open) -> None:
    mine, theirs = open_store("me"), open_store("them")
    job = mine.insert(make_job(key="word", run_folder="/runs/a"))
    other = theirs.insert(make_job(key="word", run_folder="/runs/b"))
    assert mine.page(None, 10, None) == [job]
    assert theirs.get(job.id) is None
    assert mine.run_folders() == {"a"}
    theirs.update(other.id, lambda stored: stored.moved(State.QUEUED))
    assert [change[0] for change in mine.changed_since(0)] == [job.id]
    theirs.remove(job.id)
    assert mine.get(job.id) == job


def test_a_group_is_found(open_store: Open) -> None:
    store = open_store("me")
    jobs = [store.insert(make_job(group="20260101T000000-00000000")) for _ in range(2)]
    store.insert(make_job())
    assert store.page(None, 10, None, "20260101T000000-00000000") == jobs[::-1]


def test_active_jobs_are_counted_by_queue_and_state(open_store: Open) -> None:
    store, other = open_store("me"), open_store("you")
    assert store.active_by_queue() == {}
    job = make_job()
    for number, queue in enumerate(("fast", "fast", "fast", "slow")):
        record = dataclasses.replace(job.record, id=f"{job.id}{number}", queue=queue)
        store.insert(dataclasses.replace(job, record=record).moved(State.QUEUED))
    other.insert(make_job().moved(State.QUEUED))
    store.update(f"{job.id}0", lambda stored: stored.moved(State.STARTING))
    store.update(
        f"{job.id}1", lambda stored: stored.moved(State.CANCELLED, reason=Reason.CANCELLED_BY_USER)
    )
    assert store.active_by_queue() == {
        "fast": {State.QUEUED: 1, State.STARTING: 1},
        "slow": {State.QUEUED: 1},
    }


def test_what_was_found_in_folders_is_added_once(open_store: Open) -> None:
    store = open_store("me")
    job = store.insert(make_job(key="word"))
    found = make_job(key="word")
    store.adopt([job, found])
    store.adopt([found])
    assert [j.id for j in store.page(None, 10, None)] == [found.id, job.id]
    assert store.by_key("word") == job


def test_changes_from_many_threads_are_all_kept(open_store: Open) -> None:
    stores = [open_store("me"), open_store("me")]
    job = stores[0].insert(make_job())
    seen: list[int] = []

    def counted(stored: Job) -> Job:
        return stored.with_status(exit_code=(stored.exit_code or 0) + 1)

    def count(store: JobStore) -> None:
        seen.extend(store.update(job.id, counted).revision for _ in range(10))

    threads = [threading.Thread(target=partial(count, stores[i % 2])) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    after = stores[0].get(job.id)
    assert after is not None
    assert after.exit_code == 40
    assert len(set(seen)) == 40


@pytest.mark.parametrize("damage", ["header", "middle", "empty"])
def test_a_damaged_file_is_kept_aside(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "jobs.sqlite"
    store = JobStore(f"sqlite:///{file}", "me")
    store.prepare()
    for _ in range(30):
        store.insert(make_job())
    before = store.revision()
    raw = bytearray(file.read_bytes())
    if damage == "header":
        raw[:100] = b"x" * 100
    elif damage == "middle":
        raw[4096:] = b"\xff" * (len(raw) - 4096)
    else:
        raw = bytearray()
    file.write_bytes(raw)
    store.prepare()
    assert store.page(None, 10, None) == []
    aside = list(tmp_path.glob("jobs.sqlite.damaged-*"))
    assert [path.read_bytes() for path in aside] == ([] if damage == "empty" else [raw])
    # those who saw the old one take note of what is in the new one
    assert store.insert(make_job()).revision > before


def test_the_log_of_sqlite_works_on_network_disks(tmp_path: Path) -> None:
    file = tmp_path / "jobs.sqlite"
    store = JobStore(f"sqlite:///{file}", "me")
    store.prepare()
    store.insert(make_job())
    with sa.create_engine(f"sqlite:///{file}").connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "delete"
    # nobody keeps it open, so that one who deletes it is noticed
    file.unlink()
    with pytest.raises(sa.exc.OperationalError):
        store.active()
