"""States, store, names and logs of jobs, without a server."""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
import threading
from collections import namedtuple
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyterlab_savu.jobs import folders, logs
from jupyterlab_savu.jobs.backends import supervisor
from jupyterlab_savu.jobs.backends.base import Observation, Phase
from jupyterlab_savu.jobs.ids import new_id
from jupyterlab_savu.jobs.model import FINAL, NEXT, IllegalTransition, Job, Reason, Record, State
from jupyterlab_savu.jobs.store import DuplicateKey, JobStore
from jupyterlab_savu.jobs.watcher import advance, request_end


def make_job(**changes: Any) -> Job:
    record: dict[str, Any] = {
        "id": new_id(),
        "name": "steps.nxs",
        "queue": "full",
        "backend": "local",
        "engine": "embedded",
        "engine_version": "1",
        "host": "here",
        "list": {"root": "jupyter", "path": "steps.nxs", "hash": "0" * 64},
        "data": {"root": "jupyter", "path": "scan.nxs", "size": 1, "modified": "now"},
        "folder": {"root": "jupyter", "path": "savu-runs/x"},
        "run_folder": "/nowhere/savu-runs/x",
        "command": ("engine", "a b"),
        "submitted": "now",
    }
    return Job(Record(**{**record, **changes}))


TABLE = {
    "created": "queued failed cancelled",
    "queued": "starting running cancelled failed",
    "starting": "running failed cancelled",
    "running": "finishing succeeded failed cancelled",
    "finishing": "succeeded failed",
}


def test_the_states_are_those_of_the_table() -> None:
    told = {str(s.value): {n.value for n in following} for s, following in NEXT.items()}
    assert told == {s.value: set(TABLE.get(s.value, "").split()) for s in State}


@given(st.lists(st.sampled_from(State), max_size=12))
def test_a_final_state_is_never_left(states: list[State]) -> None:
    job = make_job()
    for state in states:
        try:
            moved = job.moved(state, reason=Reason.REFUSED if state in FINAL else None)
        except IllegalTransition:
            assert state not in NEXT[job.state]
            continue
        assert job.state not in FINAL
        job = moved
    assert (job.ended is not None) == (job.state in FINAL)


def test_a_waiting_job_fails_for_few_reasons() -> None:
    waiting = make_job().moved(State.QUEUED)
    with pytest.raises(IllegalTransition):
        waiting.moved(State.FAILED, reason=Reason.EXIT_CODE)
    with pytest.raises(IllegalTransition):
        waiting.moved(State.STARTING).moved(State.FAILED)


OBSERVATIONS = st.builds(
    Observation,
    st.sampled_from(Phase),
    exit_code=st.sampled_from([None, 0, 1, 137]),
)
RUNS = st.sampled_from(["starting", "running", "succeeded", "failed", "killed"])


@given(st.lists(st.tuples(OBSERVATIONS, RUNS), max_size=8), st.booleans())
def test_whatever_is_observed_moves_a_job_legally(
    seen: list[tuple[Observation, str]], cancelled: bool
) -> None:
    job = make_job().moved(State.QUEUED).moved(State.STARTING)
    if cancelled:
        job = request_end(job)
    for observed, state in seen:
        result = {"file": "x", "dataset": None} if state == "succeeded" else None
        run = {"state": state, "fraction": 0.5, "steps": [], "message": None, "result": result}
        after = advance(job, observed, run)
        if job.state in FINAL:
            assert after == job
        # a run is over when its process is, not before
        assert (after.state in FINAL) == (job.state in FINAL or not observed.alive)
        if after.state is State.SUCCEEDED:
            assert state == "succeeded" or job.state is State.SUCCEEDED
        job = after


def test_a_failure_without_words_is_explained_by_a_full_disk(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    job = make_job().moved(State.QUEUED).moved(State.STARTING)
    run = {"state": "failed", "fraction": 0, "steps": [], "message": None, "result": None}
    room = namedtuple("room", "free")
    for code in (1, None):
        monkeypatch.setattr(shutil, "disk_usage", lambda _: room(4096))
        failed = advance(job.moved(State.RUNNING), Observation(Phase.ENDED, code), run)
        assert "the disk of its folder is full" in (failed.message or "")
        monkeypatch.setattr(shutil, "disk_usage", lambda _: room(2**30))
        failed = advance(job.moved(State.RUNNING), Observation(Phase.ENDED, code), run)
        assert "disk" not in (failed.message or "")


def test_the_end_of_a_run_is_noted_in_room_that_was_taken_before(tmp_path: Path) -> None:
    supervisor.reserve(tmp_path)
    taken = {file.stat().st_ino: file.stat().st_size for file in tmp_path.iterdir()}
    supervisor.main([str(tmp_path), sys.executable, "-c", "raise SystemExit(7)"])
    noted = [tmp_path / supervisor.PROCESSES, tmp_path / supervisor.EXIT]
    assert {file.stat().st_ino: file.stat().st_size for file in noted} == taken
    assert json.loads(noted[1].read_bytes())["exit_code"] == 7
    supervisor.reserve(tmp_path)
    assert json.loads(noted[1].read_bytes())["exit_code"] == 7


def test_the_store_keeps_jobs(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'deep' / 'jobs.sqlite'}"
    store = JobStore(url)
    job = store.insert(make_job(key="word").moved(State.QUEUED))
    with pytest.raises(DuplicateKey):
        store.insert(make_job(key="word"))
    store.update(job.id, lambda stored: stored.moved(State.STARTING))
    seen = store.revision()
    store.update(job.id, lambda stored: stored)
    assert store.changed_since(seen) == []
    store.close()
    again = JobStore(url)
    stored = again.get(job.id)
    assert stored is not None
    assert (stored.record, stored.state) == (job.record, State.STARTING)
    assert again.by_key("word") == stored
    assert again.changed_since(seen - 1) == [stored]
    with pytest.raises(KeyError):
        again.update("nothing", lambda stored: stored)


def test_changes_from_many_threads_are_all_kept(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'jobs.sqlite'}"
    stores = [JobStore(url), JobStore(url)]
    job = stores[0].insert(make_job())

    def count(store: JobStore) -> None:
        for _ in range(25):
            store.update(
                job.id, lambda stored: stored.with_status(exit_code=(stored.exit_code or 0) + 1)
            )

    threads = [threading.Thread(target=count, args=(stores[i % 2],)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    after = stores[0].get(job.id)
    assert after is not None
    assert after.exit_code == 100
    assert sqlite3.connect(tmp_path / "jobs.sqlite").execute("select count(*) from jobs").fetchone()


def test_ids_sort_by_time() -> None:
    ids = [new_id() for _ in range(1000)]
    assert ids == sorted(set(ids))


@given(st.text(max_size=300), st.text(max_size=300))
def test_folder_names_are_safe(listed: str, scan: str) -> None:
    when = datetime(2026, 1, 31, 23, 59, 59, tzinfo=timezone.utc)
    name = folders.folder_name(listed, scan, when, "20260131T235959-1a2b3c4d")
    assert name.endswith("_20260131-235959_1a2b3c4d")
    assert len(name) < 120
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._")
    assert name[0] not in "-."


@given(st.text(max_size=60), st.integers(1, 20))
def test_parts_of_a_log_join_to_the_whole(tmp_path_factory: Any, text: str, length: int) -> None:
    path = tmp_path_factory.mktemp("log") / "user.log"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    whole = path.read_bytes().decode("utf-8", "replace")
    joined, offset = "", 0
    while offset < path.stat().st_size:
        part = logs.read_part(path, offset, length, growing=False)
        assert part.offset == offset
        assert part.next > offset
        joined, offset = joined + part.text, part.next
    assert joined == whole


@given(st.binary(max_size=60), st.integers(-80, 80), st.integers(1, 20), st.booleans())
def test_any_part_of_anything_can_be_asked_for(
    tmp_path_factory: Any, content: bytes, offset: int, length: int, growing: bool
) -> None:
    path = tmp_path_factory.mktemp("log") / "user.log"
    path.write_bytes(content)
    part = logs.read_part(path, offset, length, growing)
    assert 0 <= part.offset <= part.next <= part.size == len(content)


def test_a_log_that_is_not_there_is_empty(tmp_path: Path) -> None:
    part = logs.read_part(tmp_path / "user.log", 5, 10, growing=True)
    assert part == logs.LogPart("", 0, 0, 0)
