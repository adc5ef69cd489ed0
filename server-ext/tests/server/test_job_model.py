"""States, store, names and logs of jobs, without a server."""

from __future__ import annotations

import json
import shutil
import sys
from collections import namedtuple
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from job_records import make_job

from jupyterlab_savu.jobs import folders, logs
from jupyterlab_savu.jobs.backends import supervisor
from jupyterlab_savu.jobs.backends.base import Observation, Phase
from jupyterlab_savu.jobs.ids import new_id
from jupyterlab_savu.jobs.model import FINAL, NEXT, IllegalTransition, Reason, State
from jupyterlab_savu.jobs.transitions import advance, request_end

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


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("MemoryError", Reason.OUT_OF_MEMORY),
        (
            "numpy._core._exceptions._ArrayMemoryError: Unable to allocate 9 GiB",
            Reason.OUT_OF_MEMORY,
        ),
        ("The memory is not enough: use fewer --processes.", Reason.OUT_OF_MEMORY),
        ("OSError: [Errno 12] Cannot allocate memory", Reason.OUT_OF_MEMORY),
        ("ValueError: the centre lies outside", Reason.EXIT_CODE),
    ],
)
def test_an_engine_that_gets_no_memory_is_out_of_memory(words: str, reason: Reason) -> None:
    job = make_job().moved(State.QUEUED).moved(State.STARTING).moved(State.RUNNING)
    run = {"state": "failed", "fraction": 0, "steps": [], "message": words, "result": None}
    ended = advance(job, Observation(Phase.ENDED, 1), run)
    assert (ended.state, ended.reason, ended.message) == (State.FAILED, reason, words)


def test_the_end_of_a_run_is_noted_in_room_that_was_taken_before(tmp_path: Path) -> None:
    supervisor.reserve(tmp_path)
    taken = {file.stat().st_ino: file.stat().st_size for file in tmp_path.iterdir()}
    supervisor.main([str(tmp_path), "0", "0", sys.executable, "-c", "raise SystemExit(7)"])
    noted = [tmp_path / supervisor.PROCESSES, tmp_path / supervisor.EXIT]
    assert {file.stat().st_ino: file.stat().st_size for file in noted} == taken
    assert json.loads(noted[1].read_bytes())["exit_code"] == 7
    supervisor.reserve(tmp_path)
    assert json.loads(noted[1].read_bytes())["exit_code"] == 7


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
