"""The life of jobs, on the real engine; stand-ins only misbehave or wait (see engine.py)."""

from __future__ import annotations

import json
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h5py
import httpx
import numpy as np
import psutil
import pytest
from conftest import Folder, client_of
from jupyter import TOKEN, Jupyter

from savu_core.files import file_hash, read_process_list
from savu_core.model import ProcessList

Job = dict[str, Any]

SCAN_OF_48_ROWS = Path(__file__).parents[1] / "data" / "phantom_tomo_a.nxs"


def submission(folder: Folder, queue: str = "preview", **more: Any) -> dict[str, Any]:
    plist = {"path": folder.at("steps.nxs")}
    return {"queue": queue, "list": plist, "data": {"path": folder.at("scan.nxs")}, **more}


def submit(api: httpx.Client, folder: Folder, queue: str = "preview", **more: Any) -> Job:
    answer = api.post("jobs", json=submission(folder, queue, **more))
    assert answer.status_code == 201, answer.text
    job: Job = answer.json()
    return job


def until(api: httpx.Client, job: Job, *states: str, seconds: float = 60) -> Job:
    """The job once it is in one of `states`, or has ended."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        told: Job = api.get(f"jobs/{job['id']}").json()
        if told["state"] in (states or ("succeeded", "failed", "cancelled")):
            return told
        time.sleep(0.1)
    raise AssertionError(f"still {told['state']}, not {states}")


def run_folder(server: Jupyter, job: Job) -> Path:
    return server.root / job["folder"]["path"]


def engine_process(server: Jupyter, job: Job) -> psutil.Process:
    told = run_folder(server, job) / "job" / "processes.json"
    deadline = time.monotonic() + 30
    while not told.exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return psutil.Process(json.loads(told.read_text())["engine"]["pid"])


def test_a_preview_runs_the_middle_rows_of_a_copy(
    api: httpx.Client, jupyter: Jupyter, folder: Folder
) -> None:
    shutil.copy(SCAN_OF_48_ROWS, folder / "scan.nxs")
    before = file_hash(folder / "steps.nxs")
    job = submit(api, folder)
    assert (job["state"], job["reason"]) == ("queued", None)
    job = until(api, job)
    assert (job["state"], job["reason"], job["progress"]) == ("succeeded", "COMPLETED", 1.0)
    assert [step["state"] for step in job["steps"]] == ["done"] * 3
    query = {"file": job["result"]["path"], "path": job["result"]["dataset"]}
    shape = api.get("data/meta/", params=query).json()["shape"]
    assert shape[1] == 8
    assert file_hash(folder / "steps.nxs") == before
    (copy,) = (run_folder(jupyter, job) / "job").glob("*.nxs")
    assert file_hash(copy) == job["list"]["hash"]
    assert read_process_list(copy)[0].plugins[0].parameters["preview"] == [":", "20:28", ":"]
    assert job["folder"]["path"].startswith("savu-runs/steps_scan_")
    assert job["submitted"] <= job["started"] <= job["ended"]


def test_the_full_queue_runs_the_list_as_it_is(api: httpx.Client, folder: Folder) -> None:
    job = until(api, submit(api, folder, "full"))
    assert job["state"] == "succeeded"
    with h5py.File(folder / "scan.nxs") as file:
        rows = file["entry1/tomo_entry/data/data"].shape[1]
    query = {"file": job["result"]["path"], "path": job["result"]["dataset"]}
    assert rows in api.get("data/meta/", params=query).json()["shape"]


def test_unsaved_content_runs_instead_of_the_file(
    api: httpx.Client, jupyter: Jupyter, folder: Folder
) -> None:
    request = submission(folder)
    stored = api.get("process-lists/content", params=request["list"]).json()
    stored["list"]["plugins"][2]["parameters"]["FBP_filter"] = '"hann"'
    request["list"]["content"] = stored["list"]
    job = api.post("jobs", json=request).json()
    (copy,) = (run_folder(jupyter, job) / "job").glob("*.nxs")
    assert read_process_list(copy)[0].plugins[2].parameters["FBP_filter"] == "hann"
    assert file_hash(folder / "steps.nxs") == stored["hash"]
    assert until(api, job)["state"] == "succeeded"


@pytest.mark.parametrize("name", ["a b & c; $(touch canary) 'x'.nxs", "-rf.nxs", "ümläut 测试.nxs"])
def test_names_never_reach_a_shell(
    api: httpx.Client, jupyter: Jupyter, folder: Folder, name: str
) -> None:
    (folder / "steps.nxs").rename(folder / name)
    (folder / "scan.nxs").rename(folder / f"scan {name}")
    request = submission(folder)
    request["list"]["path"] = folder.at(name)
    request["data"]["path"] = folder.at(f"scan {name}")
    job = until(api, api.post("jobs", json=request).json())
    assert job["state"] == "succeeded", job["message"]
    assert job["name"] == name
    assert not list(jupyter.home.rglob("canary"))
    last = job["folder"]["path"].rsplit("/", 1)[1]
    assert last.isascii() and " " not in last and not last.startswith("-")


def _without_loader(plist: dict[str, Any]) -> None:
    plist["plugins"][0]["active"] = False


def _unknown(plist: dict[str, Any]) -> None:
    plist["plugins"][1]["name"] = "NoSuchPlugin"


def _value(plist: dict[str, Any]) -> None:
    plist["plugins"][2]["parameters"]["algorithm"] = '"SART"'


def _path(plist: dict[str, Any]) -> None:
    plist["plugins"][0]["parameters"]["data_path"] = '"entry/nothing"'


def _preview(plist: dict[str, Any]) -> None:
    plist["plugins"][0]["parameters"]["preview"] = '[":", "5:99999", ":"]'


@pytest.mark.parametrize(
    ("spoil", "place", "word"),
    [
        (_without_loader, "/list/content", "loader"),
        (_unknown, "/list/content/plugins/1", "NoSuchPlugin"),
        (_value, "/list/content/plugins/2/parameters/algorithm", "SART"),
        (_path, "/list/content/plugins/0/parameters/data_path", "entry/nothing"),
        (_preview, "/list/content/plugins/0/parameters/preview", "99999"),
    ],
)
def test_a_list_that_cannot_run_is_refused_before_it_does(
    api: httpx.Client,
    jupyter: Jupyter,
    folder: Folder,
    spoil: Callable[[dict[str, Any]], None],
    place: str,
    word: str,
) -> None:
    runs = set((jupyter.root / "savu-runs").glob("*"))
    request = submission(folder)
    plist = api.get("process-lists/content", params=request["list"]).json()["list"]
    spoil(plist)
    request["list"]["content"] = plist
    answer = api.post("jobs", json=request)
    assert (answer.status_code, answer.json()["place"]) == (422, place)
    assert word in answer.json()["message"]
    assert set((jupyter.root / "savu-runs").glob("*")) == runs


def test_what_is_missing_is_told(api: httpx.Client, folder: Folder) -> None:
    for key in ("list", "data"):
        request = submission(folder)
        request[key] = {"path": folder.at("gone.nxs")}
        answer = api.post("jobs", json=request)
        assert answer.status_code == 404
        assert "gone.nxs" in answer.json()["message"]
    request = {**submission(folder), "data": {"path": folder.at("steps.nxs")}}
    answer = api.post("jobs", json=request)
    assert (answer.status_code, answer.json()["place"]) == (422, "/data")
    answer = api.post("jobs", json=submission(folder, "nowhere"))
    assert (answer.status_code, answer.json()["place"]) == (422, "/queue")
    answer = api.post("jobs", json=submission(folder, "absent"))
    assert (answer.status_code, answer.json()["reason"]) == (503, "engine")
    assert api.get("jobs/20260101T000000-00000000").status_code == 404


def test_the_same_key_makes_one_job(api: httpx.Client, folder: Folder) -> None:
    key = f"double click on {folder.at('')}"
    first = submit(api, folder, key=key)
    again = api.post("jobs", json=submission(folder, key=key))
    assert (again.status_code, again.json()["id"]) == (200, first["id"])
    until(api, first)


@contextmanager
def held(api: httpx.Client, server: Jupyter, folder: Folder) -> Iterator[Job]:
    """A job that waits in its engine until it is let go at the end."""
    go = server.root / "savu-runs" / "go"
    go.unlink(missing_ok=True)
    job = submit(api, folder, "held")
    engine_process(server, job)
    try:
        yield job
    finally:
        go.touch()
        until(api, job)
        go.unlink()


def test_jobs_wait_for_a_slot(api: httpx.Client, jupyter: Jupyter, folder: Folder) -> None:
    with held(api, jupyter, folder):
        second = submit(api, folder, "held")
        third = submit(api, folder, "held")
        queue = next(q for q in api.get("queues").json()["items"] if q["name"] == "held")
        assert (queue["running"], queue["waiting"]) == (1, 2)
        assert api.post(f"jobs/{third['id']}/cancel").json()["state"] == "cancelled"
        assert api.get(f"jobs/{second['id']}").json()["state"] == "queued"
        active = api.get("jobs", params={"active": "true"}).json()["items"]
        assert active[0]["id"] == second["id"]
    # the slot is free again, whether or not the file that lets go is still there
    (jupyter.root / "savu-runs" / "go").touch()
    assert until(api, second)["state"] == "succeeded"
    (jupyter.root / "savu-runs" / "go").unlink()


def test_a_job_ends_on_request(api: httpx.Client, jupyter: Jupyter, folder: Folder) -> None:
    job = submit(api, folder, "held")
    process = engine_process(jupyter, job)
    answer = api.post(f"jobs/{job['id']}/cancel")
    assert answer.status_code == 202
    job = until(api, job)
    assert (job["state"], job["reason"]) == ("cancelled", "CANCELLED_BY_USER")
    assert (run_folder(jupyter, job) / "killsignal").exists()
    assert not process.is_running()
    # and again, without effect
    assert api.post(f"jobs/{job['id']}/cancel").json() == job


def test_a_deaf_job_is_ended_by_force(api: httpx.Client, jupyter: Jupyter, folder: Folder) -> None:
    job = submit(api, folder, "deaf")
    process = engine_process(jupyter, job)
    api.post(f"jobs/{job['id']}/cancel")
    job = until(api, job)
    assert (job["state"], job["exit_code"]) == ("cancelled", 137)
    assert not process.is_running()


@pytest.mark.parametrize(
    ("queue", "code", "words"),
    [
        ("crashing", 1, "the detector was upside down"),
        ("killed", 137, "memory"),
        ("silent", 0, "without a result"),
    ],
)
def test_a_failure_is_told(
    api: httpx.Client, folder: Folder, queue: str, code: int, words: str
) -> None:
    job = until(api, submit(api, folder, queue))
    assert (job["state"], job["reason"], job["exit_code"]) == ("failed", "EXIT_CODE", code)
    assert words in job["message"]
    assert job["result"] is None


def test_a_full_disk_fails_the_job_and_says_so(api: httpx.Client, folder: Folder) -> None:
    job = until(api, submit(api, folder, "full-disk"))
    assert job["state"] == "failed"
    assert "space" in job["message"].lower() or "large" in job["message"].lower(), job["message"]


def test_an_engine_killed_while_it_runs_is_told(
    api: httpx.Client, jupyter: Jupyter, folder: Folder
) -> None:
    job = submit(api, folder, "deaf")
    engine_process(jupyter, job).kill()
    job = until(api, job)
    assert (job["state"], job["exit_code"]) == ("failed", 137)
    assert "signal 9" in job["message"]


def test_a_run_without_a_trace_is_lost(api: httpx.Client, jupyter: Jupyter, folder: Folder) -> None:
    job = submit(api, folder, "deaf")
    engine = engine_process(jupyter, job)
    told = json.loads((run_folder(jupyter, job) / "job" / "processes.json").read_text())
    psutil.Process(told["supervisor"]["pid"]).kill()
    engine.kill()
    job = until(api, job)
    assert (job["state"], job["reason"]) == ("failed", "LOST")


def test_logs_are_read_in_parts(api: httpx.Client, jupyter: Jupyter, folder: Folder) -> None:
    job = until(api, submit(api, folder))
    whole = (run_folder(jupyter, job) / "run_log" / "user.log").read_text()
    text, offset, parts = "", 0, 0
    while True:
        part = api.get(f"jobs/{job['id']}/log", params={"offset": offset, "length": 100}).json()
        text += part["text"]
        offset, parts = part["next"], parts + 1
        if part["complete"]:
            break
    assert text == whole
    assert parts >= len(whole) // 100
    tail = api.get(f"jobs/{job['id']}/log", params={"offset": -10}).json()
    assert tail["text"] == whole[-10:]
    printed = api.get(f"jobs/{job['id']}/log", params={"log": "full"}).json()
    assert printed["complete"]
    assert TOKEN not in printed["text"]


def test_jobs_are_listed_newest_first_in_pages(api: httpx.Client, folder: Folder) -> None:
    made = [submit(api, folder, "silent")["id"] for _ in range(3)]
    page = api.get("jobs", params={"limit": 2}).json()
    assert len(page["items"]) == 2
    rest = api.get("jobs", params={"cursor": page["next"], "limit": 1000}).json()
    ids = [job["id"] for job in [*page["items"], *rest["items"]]]
    assert ids == sorted(ids, reverse=True)
    assert set(made) <= set(ids)
    for job_id in made:
        until(api, {"id": job_id})
    ended = api.get("jobs", params={"active": "false", "limit": 1000}).json()["items"]
    assert set(made) <= {job["id"] for job in ended}


def test_jobs_outlive_the_server(
    start: Callable[..., Jupyter], phantom: Path, plist: ProcessList
) -> None:
    server = start()
    folder = Folder(server.root / "x", server)
    folder.fill(phantom, plist)
    with client_of(server) as api:
        first = submit(api, folder, "held")
        waiting = submit(api, folder, "held")
        crashing = submit(api, folder, "deaf")
        until(api, first, "starting", "running")
        engine_process(server, first)
        ended_meanwhile = engine_process(server, crashing)
    server.stop(signal.SIGKILL)
    ended_meanwhile.kill()
    (server.root / "savu-runs" / "go").touch()
    server.start()
    with client_of(server) as api:
        assert len(api.get("jobs").json()["items"]) == 3
        first, waiting, crashing = (until(api, job) for job in (first, waiting, crashing))
    assert first["state"] == waiting["state"] == "succeeded", (first, waiting)
    assert (crashing["state"], crashing["exit_code"]) == ("failed", 137)
    with h5py.File(server.root / first["result"]["path"]) as file:
        assert np.isfinite(file[first["result"]["dataset"]][()]).all()


def test_nothing_is_submitted_to_a_full_disk(
    start: Callable[..., Jupyter], phantom: Path, plist: ProcessList
) -> None:
    # writing of files beyond a few kB fails in this server, as on a full disk
    extra = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
"""
    server = start(extra)
    folder = Folder(server.root / "x", server)
    folder.fill(phantom, plist)
    assert server.process is not None
    with client_of(server) as api:
        api.get("jobs")
        psutil.Process(server.process.pid).rlimit(psutil.RLIMIT_FSIZE, (1000, 1000))
        answer = api.post("jobs", json=submission(folder))
        assert (answer.status_code, answer.json()["reason"]) == (507, "no_space")
        assert "space" in answer.json()["message"]
        assert list((server.root / "savu-runs").iterdir()) == []
        assert api.get("jobs").json()["items"] == []


def test_a_list_stays_whole_when_the_disk_is_full(
    start: Callable[..., Jupyter], phantom: Path, plist: ProcessList
) -> None:
    server = start()
    folder = Folder(server.root / "x", server)
    folder.fill(phantom, plist)
    before = (folder / "steps.nxs").read_bytes()
    assert server.process is not None
    place = {"path": folder.at("steps.nxs")}
    with client_of(server) as api:
        stored = api.get("process-lists/content", params=place).json()
        for process in psutil.Process(server.process.pid).children(recursive=True):
            process.rlimit(psutil.RLIMIT_FSIZE, (1000, 1000))
        match = {"If-Match": stored["hash"]}
        answer = api.put("process-lists/content", params=place, json=stored["list"], headers=match)
    assert (answer.status_code, answer.json()["reason"]) == (507, "no_space"), answer.text
    assert (folder / "steps.nxs").read_bytes() == before
    assert {path.name for path in folder.path.iterdir()} == {"steps.nxs", "scan.nxs"}
