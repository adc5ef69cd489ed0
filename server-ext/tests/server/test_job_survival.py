"""Jobs outlive their server, its database, and the server that looked after them."""

from __future__ import annotations

import json
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import Folder, client_of
from jupyter import QUEUES, TOKEN, Jupyter
from test_jobs import engine_process, submit, until

from jupyterlab_savu.client import Savu
from savu_core.model import ProcessList

Start = Callable[..., Jupyter]
Job = dict[str, Any]

MANY = 20


def all_jobs(api: httpx.Client) -> dict[str, Job]:
    return {job["id"]: job for job in api.get("jobs", params={"limit": 1000}).json()["items"]}


def database(server: Jupyter) -> Path:
    return server.home / "jobs.sqlite"


def filled(server: Jupyter, phantom: Path, plist: ProcessList) -> Folder:
    folder = Folder(server.root / "x", server)
    folder.fill(phantom, plist)
    return folder


def expected(number: int) -> str:
    """Every third job fails while nobody looks."""
    return "failed" if number % 3 == 0 else "succeeded"


def test_none_of_many_running_jobs_is_lost_or_doubled(
    start: Start, phantom: Path, plist: ProcessList
) -> None:
    queues = [*(q for q in QUEUES if q["name"] != "held")]
    queues.append({"name": "held", "engine": "held", "slots": MANY})
    server = start(SavuApp__queues=queues)
    folder = filled(server, phantom, plist)
    with client_of(server) as api:
        jobs = [submit(api, folder, "held", rows="0:2") for _ in range(MANY)]
        engines = [engine_process(server, job) for job in jobs]
        waiting = submit(api, folder, "held")
    server.stop(signal.SIGKILL)
    for number, engine in enumerate(engines):
        if expected(number) == "failed":
            engine.kill()
    (server.root / "savu-runs" / "go").touch()
    server.start()
    with client_of(server) as api:
        ended = [until(api, job, seconds=120) for job in [*jobs, waiting]]
        assert set(all_jobs(api)) == {job["id"] for job in ended}
    states = [job["state"] for job in ended]
    assert states == [*(expected(number) for number in range(MANY)), "succeeded"]
    folders = [path for path in (server.root / "savu-runs").iterdir() if path.is_dir()]
    assert len(folders) == MANY + 1
    for path in folders:
        # each has run once: one result, or none
        assert len(list(path.glob("*_processed.nxs"))) <= 1
        log = path / "run_log" / "user.log"
        assert not log.exists() or log.read_text().count("Processing Complete") == 1


def test_the_history_is_rebuilt_from_the_run_folders(
    start: Start, phantom: Path, plist: ProcessList
) -> None:
    server = start()
    folder = filled(server, phantom, plist)
    go = server.root / "savu-runs" / "go"
    with client_of(server) as api:
        failed = until(api, submit(api, folder, "crashing"))
        done = until(api, submit(api, folder, key="word"))
        removed = until(api, submit(api, folder, "silent"))
        api.delete(f"jobs/{removed['id']}")
        running, waiting, stopped = (submit(api, folder, "held") for _ in range(3))
        engine_process(server, running)
        api.post(f"jobs/{stopped['id']}/cancel")
        stopped = until(api, stopped)
        before = all_jobs(api)
    server.stop(signal.SIGKILL)
    database(server).unlink()
    forged = copy_with_another_command(server, Path(done["folder"]["path"]).name)
    server.start()
    with client_of(server) as api:
        # before it has read all run folders the server does not say that there is no such job
        deadline = time.monotonic() + 30
        while (answer := api.get(f"jobs/{running['id']}")).status_code == 503:
            assert int(answer.headers["Retry-After"]) > 0
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert answer.status_code == 200
        after = all_jobs(api)
        for job in (failed, done, stopped):
            assert after[job["id"]] == before[job["id"]]
        assert removed["id"] not in after
        go.touch()
        assert until(api, running)["state"] == "succeeded"
        assert until(api, waiting)["state"] == "succeeded"
        # what somebody else may have written is not run
        refused = until(api, {"id": forged})
        assert (refused["state"], refused["reason"]) == ("failed", "REFUSED")
        assert not (server.root / "canary").exists()
        # and the same key still makes no second job
        again = api.post("jobs", json={**request(folder), "key": "word"})
        assert (again.status_code, again.json()["id"]) == (200, done["id"])


def request(folder: Folder) -> dict[str, Any]:
    paths = {"list": {"path": folder.at("steps.nxs")}, "data": {"path": folder.at("scan.nxs")}}
    return {"queue": "preview", **paths}


def copy_with_another_command(server: Jupyter, name: str) -> str:
    """A run folder that has not begun, whose record would make a file."""
    runs = server.root / "savu-runs"
    told = json.loads((runs / name / "job" / "job.json").read_text())
    forged = runs / "forged"
    (forged / "job").mkdir(parents=True)
    told["id"] = "20260101T000000-00000000"
    told["key"] = None
    told["run_folder"] = str(forged)
    told["command"] = ["touch", str(server.root / "canary")]
    (forged / "job" / "job.json").write_text(json.dumps(told))
    return str(told["id"])


def test_a_damaged_database_is_kept_aside_and_made_anew(
    start: Start, phantom: Path, plist: ProcessList
) -> None:
    server = start()
    folder = filled(server, phantom, plist)
    with client_of(server) as api:
        done = until(api, submit(api, folder))
        # while the server runs, as a full quota or a faulty disk does it
        raw = database(server).read_bytes()
        database(server).write_bytes(b"no database " * (len(raw) // 12))
        deadline = time.monotonic() + 30
        while not list(server.home.glob("jobs.sqlite.damaged-*")):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        while done["id"] not in all_jobs(api):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert all_jobs(api) == {done["id"]: done}
        assert until(api, submit(api, folder))["state"] == "succeeded"
    with sqlite3.connect(database(server)) as connection:
        assert connection.execute("pragma integrity_check").fetchone() == ("ok",)


def test_a_database_that_is_away_for_a_while_costs_no_job(
    start: Start, phantom: Path, plist: ProcessList, tmp_path: Path
) -> None:
    place = tmp_path / "disk"
    server = start(SavuApp__job_store=f"sqlite:///{place / 'jobs.sqlite'}")
    folder = filled(server, phantom, plist)
    with (
        client_of(server) as api,
        Savu(server.url, TOKEN) as savu,
        ThreadPoolExecutor(1) as threads,
    ):
        done = until(api, submit(api, folder))
        held = submit(api, folder, "held")
        engine_process(server, held)
        # as a notebook does
        waiting = threads.submit(savu.job(held["id"]).wait)
        away = place.rename(tmp_path / "away")
        # the run ends meanwhile
        (server.root / "savu-runs" / "go").touch()
        for answer in (api.get("jobs"), api.get("queues"), api.post("jobs", json=request(folder))):
            assert (answer.status_code, answer.json()["reason"]) == (503, "busy")
            assert int(answer.headers["Retry-After"]) > 0
        away.rename(place)
        assert waiting.result(60).state == "succeeded"
        assert set(all_jobs(api)) == {done["id"], held["id"]}
        assert until(api, submit(api, folder))["state"] == "succeeded"
    # it was not taken for damaged
    assert not list(place.glob("*damaged*"))


@pytest.fixture
def ending() -> Iterator[ExitStack]:
    """What is to be done at the end of a test, also of one that fails."""
    with ExitStack() as stack:
        yield stack


def test_two_servers_of_a_user_share_the_jobs(
    start: Start, phantom: Path, plist: ProcessList, ending: ExitStack
) -> None:
    first = start()
    folder = filled(first, phantom, plist)
    second = Jupyter(
        first.home, {"SavuApp.job_store": f"sqlite:///{database(first)}"}, log_name="2"
    )
    ending.callback(second.stop)
    second.start()
    with client_of(first) as one, client_of(second) as other:
        assert first.process is not None
        assert second.process is not None
        # what one is asked for, the other sees; all of it is written by the first
        done = until(one, submit(other, folder))
        assert done["state"] == "succeeded"
        assert other.get(f"jobs/{done['id']}").json() == done
        held = submit(other, folder, "held")
        engine_process(first, held)
        assert other.post(f"jobs/{held['id']}/cancel").status_code == 202
        assert until(one, held)["state"] == "cancelled"
        assert other.delete(f"jobs/{held['id']}").status_code == 204
        assert one.get(f"jobs/{held['id']}").status_code == 404
        key = "said twice"
        jobs = {submit(one, folder, key=key)["id"]}
        jobs.add(other.post("jobs", json={**request(folder), "key": key}).json()["id"])
        assert len(jobs) == 1
        running = submit(other, folder, "held")
        engine_process(first, running)
        before = set(all_jobs(other))
        # the first one dies, and the other looks after what it has left
        first.stop(signal.SIGKILL)
        (first.root / "savu-runs" / "go").touch()
        assert until(other, running)["state"] == "succeeded"
        assert set(all_jobs(other)) == before
        assert until(other, submit(other, folder))["state"] == "succeeded"
    second.stop()


def test_servers_that_show_other_folders_have_jobs_of_their_own(
    start: Start, phantom: Path, plist: ProcessList
) -> None:
    settings = {"SavuApp__job_store": ""}
    first = start(**settings)
    second = start(**settings)
    # both in the same data folder, as servers of one user are
    second.stop()
    second.data = first.home / "data"
    second.start()
    with client_of(first) as one, client_of(second) as other:
        job = until(one, submit(one, filled(first, phantom, plist)))
        mine = until(other, submit(other, filled(second, phantom, plist)))
        assert set(all_jobs(one)) == {job["id"]}
        assert set(all_jobs(other)) == {mine["id"]}
    assert len(list((first.home / "data" / "savu").glob("jobs-*.sqlite"))) == 2


def test_a_job_of_a_queue_that_is_gone_ends_clearly(
    start: Start, phantom: Path, plist: ProcessList
) -> None:
    server = start()
    folder = filled(server, phantom, plist)
    with client_of(server) as api:
        running, waiting = (submit(api, folder, "held") for _ in range(2))
        engine_process(server, running)
    server.stop()
    server.settings["SavuApp.queues"] = [q for q in QUEUES if q["name"] != "held"]
    server.start()
    with client_of(server) as api:
        waiting = until(api, waiting)
        assert (waiting["state"], waiting["reason"]) == ("failed", "REFUSED")
        assert "'held'" in waiting["message"]
        assert "Run it again" in waiting["message"]
        (server.root / "savu-runs" / "go").touch()
        assert until(api, running)["state"] == "succeeded"
        again = api.post(f"jobs/{waiting['id']}/run-again", json={"queue": "preview"})
        assert until(api, again.json())["state"] == "succeeded"
