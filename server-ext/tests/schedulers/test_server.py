"""Jobs on real schedulers through the API of a real server, with the real engine."""

from __future__ import annotations

import shutil
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import httpx
import numpy as np
import psutil
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "server"))

from daemons import run
from gridengine import GridEngine
from jupyter import TOKEN, Jupyter
from slurm import Slurm
from sshd import CommandNodes

from jupyterlab_savu.client import Savu
from savu_core.catalogue import new_plugin
from savu_core.files import write_process_list
from savu_core.model import ProcessList

SCAN = Path(__file__).parents[1] / "data" / "phantom_tomo_a.nxs"
STEPS = ("NxtomoLoader", "DarkFlatFieldCorrection", "VoCentering", "AstraReconCpu")
#: What the engine that waits says it can run.
SHORT = tuple(name for name in STEPS if name != "VoCentering")
FINAL = ("succeeded", "failed", "cancelled")
#: Several looks at the jobs.
SECONDS_OF_SILENCE = 12.0

Job = dict[str, Any]


@pytest.fixture(scope="module")
def server(
    place: Path, slurm: Slurm, gridengine: GridEngine, command_nodes: CommandNodes
) -> Iterator[Jupyter]:
    """With queues on all the schedulers, and an engine that waits in the file system."""
    resources = {
        "cpus": {"default": 1, "most": 4},
        "memory": {"default": 400, "least": 64, "most": 2000},
        "minutes": {"default": 2, "most": 30},
    }
    engine = str(Path(__file__).parents[1] / "server" / "engine.py")
    engines = {
        "embedded": [sys.executable, "-m", "savu_embedded"],
        **{mode: [sys.executable, engine, mode] for mode in ("held", "partial")},
    }
    often = {"intervals": [0.3, 1], "command_seconds": 5}
    slurm_queue = {"backend": "cluster", "resources": resources, "partition": "full"}
    made = Jupyter(
        place / "jupyter",
        {
            "SavuApp.backends": {
                "cluster": {**often, "kind": "slurm", "environment": slurm.environment},
                "far": {"kind": "slurm", **command_nodes.settings, **often},
                "cell": {**often, "kind": "gridengine", "environment": gridengine.environment},
            },
            "SavuApp.engines": engines,
            "SavuApp.queues": [
                {"name": "preview", **slurm_queue, "partition": "preview", "restrict_rows": 8},
                {"name": "full", **slurm_queue},
                {"name": "held", **slurm_queue, "engine": "held"},
                {"name": "shared", **slurm_queue, "shares": 8},
                {"name": "partial", **slurm_queue, "engine": "partial", "shares": 4},
                {"name": "far", **slurm_queue, "backend": "far"},
                {"name": "cell", "backend": "cell", "partition": "full", "shares": 4},
                {"name": "here"},
            ],
        },
    )
    made.start()
    shutil.copy(SCAN, made.root / "scan & co.nxs")
    for list_name, steps in (("steps.nxs", STEPS), ("short.nxs", SHORT)):
        plist = ProcessList([new_plugin(name, str(i)) for i, name in enumerate(steps, 1)])
        write_process_list(made.root / list_name, plist, create=True)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def api(server: Jupyter) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url + "savu/", headers=server.headers, timeout=60) as client:
        yield client


def submit(api: httpx.Client, queue: str, **more: Any) -> Job:
    body = {
        "queue": queue,
        "list": {"path": "short.nxs" if queue in ("held", "partial") else "steps.nxs"},
        "data": {"path": "scan & co.nxs"},
    }
    answer = api.post("jobs", json={**body, **more})
    assert answer.status_code == 201, answer.text
    job: Job = answer.json()
    return job


def until(api: httpx.Client, job: Job, *states: str, seconds: float = 60) -> Job:
    """The job once it is in one of `states`, or has ended."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        told: Job = api.get(f"jobs/{job['id']}").json()
        if told["state"] in (states or FINAL):
            return told
        time.sleep(0.2)
    raise AssertionError(f"still {told}, not {states}")


def result(server: Jupyter, job: Job) -> np.ndarray:
    assert job["state"] == "succeeded", job
    with h5py.File(server.root / job["result"]["path"]) as file:
        values: np.ndarray = file[job["result"]["dataset"]][()]
    return values


@pytest.fixture(scope="module")
def whole(api: httpx.Client, server: Jupyter) -> np.ndarray:
    """What one run on the machine of the server makes."""
    return result(server, until(api, submit(api, "here")))


@pytest.mark.parametrize("queue", ["full", "far", "cell", "shared"])
def test_each_way_leads_to_the_same_result(
    queue: str, api: httpx.Client, server: Jupyter, whole: np.ndarray
) -> None:
    job = submit(api, queue)
    assert job["state"] == "created"
    ended = until(api, job)
    assert (ended["reason"], ended["progress"]) == ("COMPLETED", 1.0)
    assert np.array_equal(result(server, ended), whole, equal_nan=True)
    assert [step["state"] for step in ended["steps"]] == ["done"] * len(STEPS)
    assert ended["details"]["number"]


def test_only_the_shares_that_failed_run_again(api: httpx.Client, server: Jupyter) -> None:
    job = until(api, submit(api, "partial"))
    assert (job["state"], job["reason"]) == ("failed", "EXIT_CODE")
    assert job["message"].startswith("1 of 4 shares failed.")
    folder = server.root / job["folder"]["path"]
    shares = [f"--share {share}/4" for share in range(5)]
    assert sorted((folder / "begun").read_text().splitlines()) == shares
    (folder / "begun").unlink()
    (folder / "mended").touch()
    assert api.get(f"jobs/{job['id']}/record").json()["can_resume"]
    answer = api.post(f"jobs/{job['id']}/resume")
    assert answer.status_code == 201, answer.text
    resumed = until(api, answer.json())
    assert (folder / "begun").read_text().splitlines() == [shares[0], shares[3], "--join"]
    expected = result(server, until(api, submit(api, "here", list={"path": "short.nxs"})))
    assert np.array_equal(result(server, resumed), expected, equal_nan=True)


def test_a_preview_takes_the_rows_of_its_queue(api: httpx.Client, server: Jupyter) -> None:
    assert result(server, until(api, submit(api, "preview"))).shape[1] == 8


def test_the_script_is_shown_and_is_what_is_kept(api: httpx.Client) -> None:
    asked = {"cpus": 2, "memory": 500}
    shown = api.post("queues/full/script", json={"resources": asked}).json()["script"]
    assert "#SBATCH --cpus-per-task=2\n" in shown
    assert "#SBATCH --mem=500M\n" in shown
    job = submit(api, "full", resources=asked)
    record = api.get(f"jobs/{job['id']}/record").json()
    assert record["script"] == shown.replace("JOB", job["id"])
    assert record["resources"] == {"cpus": 2, "memory": 500, "minutes": 2}
    # the path of the scan has a blank and an &, and is not there
    assert "scan" not in record["script"]
    assert until(api, job)["state"] == "succeeded"


def test_notebooks_and_the_command_line_see_the_script(server: Jupyter) -> None:
    with Savu(server.url, TOKEN) as savu:
        told = savu.script("full", {"cpus": 3})
        assert savu.script("here") is None
    assert told is not None and "#SBATCH --cpus-per-task=3\n" in told
    command = "submit steps.nxs scan.nxs --queue full --resource cpus=3 --script"
    printed = run(
        [sys.executable, "-m", "jupyterlab_savu.client.command", *command.split()],
        {"JUPYTER_RUNTIME_DIR": str(server.home / "runtime")},
    )
    assert printed == told


@pytest.mark.parametrize(
    ("asked", "words", "where"),
    [
        ({"resources": {"cpus": 5}}, "at most 4 CPUs, not 5 CPUs", "/resources/cpus"),
        ({"resources": {"memory": 1}}, "at least 64 MiB of memory", "/resources/memory"),
        ({"resources": {"gpus": 1}}, "does not let you choose the GPUs", "/resources/gpus"),
        ({"values": {"account": "mine"}}, "does not let you set 'account'", "/values/account"),
    ],
)
def test_what_a_queue_does_not_offer_is_not_submitted(
    asked: dict[str, Any], words: str, where: str, api: httpx.Client
) -> None:
    body = {"queue": "full", "list": {"path": "steps.nxs"}, "data": {"path": "scan & co.nxs"}}
    for path, sent in (("jobs", {**body, **asked}), ("queues/full/script", asked)):
        answer = api.post(path, json=sent)
        assert answer.status_code == 422
        assert words in answer.json()["message"]
        assert answer.json()["place"] == where


def test_a_queue_tells_how_busy_its_place_is(api: httpx.Client) -> None:
    def told() -> dict[str, Any] | None:
        queues = {queue["name"]: queue for queue in api.get("queues").json()["items"]}
        assert queues["here"]["availability"] is None
        found: dict[str, Any] | None = queues["full"]["availability"]
        return found

    deadline = time.monotonic() + 20
    while told() is None:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert (told() or {})["total"] == 12


def test_a_running_job_is_cancelled(api: httpx.Client, slurm: Slurm) -> None:
    job = until(api, submit(api, "held"), "starting", "running")
    number = job["details"]["number"]
    assert api.post(f"jobs/{job['id']}/cancel").status_code == 202
    ended = until(api, job)
    assert (ended["state"], ended["reason"]) == ("cancelled", "CANCELLED_BY_USER")
    assert slurm.ask("squeue", "-h", "-j", number, "-o", "%T", check=False) == ""


def test_a_waiting_job_is_cancelled(api: httpx.Client, slurm: Slurm) -> None:
    blocking = slurm.submit(
        "#!/bin/sh\nsleep 60\n", "-o", "/dev/null", "-N", "3", "--exclusive", "-p", "preview"
    )
    job = until(api, submit(api, "full"), "queued")
    api.post(f"jobs/{job['id']}/cancel")
    ended = until(api, job)
    assert (ended["state"], ended["reason"]) == ("cancelled", "CANCELLED_BY_USER")
    slurm.ask("scancel", blocking)


def engine_of(job: Job) -> psutil.Process:
    """The process of a job on this machine, which is all nodes."""
    name = job["folder"]["path"].rpartition("/")[2]
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for process in psutil.process_iter(["cmdline"]):
            if {name, "held"} <= set(process.info["cmdline"] or ()):
                return process
        time.sleep(0.1)
    raise AssertionError(f"there is no engine of {job}")


def test_no_job_ends_while_the_controller_is_silent(
    api: httpx.Client, server: Jupyter, slurm: Slurm
) -> None:
    go = server.root / "savu-runs" / "go"
    jobs = [submit(api, "held") for _ in range(3)]
    for job in jobs:
        until(api, job, "starting", "running")
    killed, stopped, _ = (engine_of(job) for job in jobs)
    slurm.stop_controller()
    killed.kill()
    api.post(f"jobs/{jobs[1]['id']}/cancel")
    psutil.wait_procs([stopped], 20)
    go.touch()
    last_seen: dict[str, str] = {}
    # each look takes as long as the commands wait for an answer
    deadline = time.monotonic() + SECONDS_OF_SILENCE
    while time.monotonic() < deadline:
        told = [api.get(f"jobs/{job['id']}").json() for job in jobs]
        assert all(job["state"] not in FINAL for job in told)
        last_seen = {job["id"]: job["stale_since"] for job in told}
        time.sleep(0.2)
    assert all(last_seen.values())
    slurm.start_controller()
    ended = [until(api, job, seconds=90) for job in jobs]
    go.unlink()
    assert [job["state"] for job in ended] == ["failed", "cancelled", "succeeded"]
    assert [job["reason"] for job in ended][1:] == ["CANCELLED_BY_USER", "COMPLETED"]
    assert ended[0]["exit_code"] == 137
    assert all(job["stale_since"] is None for job in ended)


def test_jobs_outlive_a_silent_controller_and_a_dead_server(
    api: httpx.Client, server: Jupyter, slurm: Slurm
) -> None:
    jobs = [submit(api, "held") for _ in range(4)]
    for job in jobs:
        until(api, job, "starting", "running")
    slurm.stop_controller()
    deadline = time.monotonic() + 40
    while not all(api.get(f"jobs/{job['id']}").json()["stale_since"] for job in jobs):
        assert time.monotonic() < deadline
        time.sleep(0.5)
    late = submit(api, "full")
    assert all(api.get(f"jobs/{job['id']}").json()["state"] not in FINAL for job in jobs)
    server.stop(signal.SIGKILL)
    slurm.start_controller()
    (server.root / "savu-runs" / "go").touch()
    server.start()
    with httpx.Client(base_url=server.url + "savu/", headers=server.headers, timeout=60) as again:
        ended = [until(again, job, seconds=90) for job in [*jobs, late]]
    assert [job["state"] for job in ended] == ["succeeded"] * 5
    assert all(job["stale_since"] is None for job in ended)
    names = slurm.ask("squeue", "-h", "--states=all", "-o", "%j").split()
    assert all(names.count(f"savu-{job['id']}") == 1 for job in ended)
