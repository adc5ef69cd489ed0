"""The commands about jobs, as a user types them in a terminal of the server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import Any

import httpx
import pytest
from conftest import Folder
from jupyter import Jupyter
from test_jobs import until

COMMAND = [sys.executable, "-m", "jupyterlab_savu.client.command"]


class Terminal:
    """A shell in the folder of a server."""

    def __init__(self, jupyter: Jupyter) -> None:
        self._told: dict[str, Any] = {
            "cwd": jupyter.root,
            "env": {**os.environ, "JUPYTER_RUNTIME_DIR": str(jupyter.home / "runtime")},
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            "text": True,
        }

    def run(self, *arguments: str, code: int = 0) -> str:
        """What a command prints; where it fails, its line on standard error."""
        done = subprocess.run([*COMMAND, *arguments], check=False, **self._told)
        assert done.returncode == code, done.stderr
        if code == 0:
            return str(done.stdout)
        assert len(done.stderr.splitlines()) == 1
        return str(done.stderr)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen([*COMMAND, *arguments], **self._told)


@pytest.fixture
def terminal(jupyter: Jupyter) -> Terminal:
    return Terminal(jupyter)


def test_a_job_is_submitted_listed_read_and_removed(terminal: Terminal, folder: Folder) -> None:
    printed = terminal.run("submit", folder.at("steps.nxs"), folder.at("scan.nxs"), "--wait")
    job_id, *_, last = printed.splitlines()
    assert last.endswith("_processed.nxs")
    assert f"{job_id}  succeeded" in terminal.run("jobs")
    assert job_id not in terminal.run("jobs", "--active")
    assert "Processing Complete" in terminal.run("log", job_id)
    # one that has ended is not waited for
    assert terminal.run("log", job_id, "-f") == terminal.run("log", job_id)
    assert terminal.run("cancel", job_id).strip() == "succeeded"
    told = terminal.run("job", job_id)
    assert "succeeded, 100 %" in told
    assert "AstraReconCpu" in told
    assert last in terminal.run("outputs", job_id)
    # said twice, it is one job
    twice = {terminal.run("submit", *_paths(folder), "--key", job_id) for _ in range(2)}
    assert len(twice) == 1
    terminal.run("remove", job_id)
    assert job_id in terminal.run("job", job_id, code=2)


def test_a_log_is_followed_to_the_end_of_its_job(terminal: Terminal, folder: Folder) -> None:
    job_id = terminal.run("submit", *_paths(folder), "--queue", "stopping").strip()
    following = terminal.start("log", job_id, "--follow", "--full")
    printed, complaint = following.communicate(timeout=120)
    assert (following.returncode, complaint) == (0, "")
    assert printed == terminal.run("log", job_id, "--full")
    assert printed


def test_who_stops_waiting_does_not_stop_the_job(
    terminal: Terminal, folder: Folder, api: httpx.Client
) -> None:
    waiting = terminal.start("submit", *_paths(folder), "--queue", "deaf", "--wait")
    assert waiting.stdout is not None
    job_id = waiting.stdout.readline().strip()
    until(api, {"id": job_id}, "starting", "running")
    waiting.send_signal(signal.SIGINT)
    _, complaint = waiting.communicate(timeout=60)
    assert (waiting.returncode, complaint) == (130, "")
    assert job_id in terminal.run("jobs", "--active")
    terminal.run("cancel", job_id)
    assert until(api, {"id": job_id}, seconds=60)["state"] == "cancelled"
    assert "cancelled" in terminal.run("job", job_id)


def test_a_failure_is_told_in_one_line(terminal: Terminal, folder: Folder) -> None:
    def refusal(*arguments: str) -> str:
        return terminal.run("submit", *arguments, code=2)

    scan = folder.at("scan.nxs")
    assert "gone.nxs" in refusal(folder.at("gone.nxs"), scan)
    assert "There is no queue 'moon'" in refusal(*_paths(folder), "--queue", "moon")
    assert "upside down" in refusal(*_paths(folder), "--queue", "crashing", "--wait")
    assert "does not let you choose the CPUs" in refusal(*_paths(folder), "--resource", "cpus=2")
    assert "'cpus' should be NAME=VALUE" in refusal(*_paths(folder), "--resource", "cpus")
    for command in ("log", "cancel", "job", "resume", "run-again"):
        assert "There is no job 'x'" in terminal.run(command, "x", code=2)


def _paths(folder: Folder) -> tuple[str, str]:
    return folder.at("steps.nxs"), folder.at("scan.nxs")
