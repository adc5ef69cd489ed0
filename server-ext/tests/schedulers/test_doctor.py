"""`jupyter savu doctor` on real schedulers, from the seat of a user."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from slurm import Slurm
from sshd import CommandNodes


@pytest.fixture
def doctor(place: Path, tmp_path: Path, slurm: Slurm) -> Any:
    """Runs the command with queues on Slurm: its exit code and what it prints."""

    def run(queues: list[dict[str, Any]], **backend: Any) -> tuple[int, str]:
        root = place / "doctor"
        root.mkdir(exist_ok=True)
        settings = {
            "ServerApp": {"root_dir": str(root)},
            "SavuApp": {
                "queues": [{"backend": "cluster", "partition": "full", **q} for q in queues],
                "backends": {
                    "cluster": {"kind": "slurm", "environment": slurm.environment, **backend}
                },
                "engines": {
                    "embedded": [sys.executable, "-m", "savu_embedded"],
                    "broken": [sys.executable, "-m", "no_such_engine"],
                },
            },
        }
        (tmp_path / "jupyter_server_config.json").write_text(json.dumps(settings))
        done = subprocess.run(
            [sys.executable, "-m", "jupyterlab_savu.client.command", "doctor", "--seconds", "30"],
            env={**os.environ, "JUPYTER_CONFIG_DIR": str(tmp_path), "JUPYTER_NO_CONFIG": ""},
            capture_output=True,
            text=True,
        )
        assert not done.stderr, done.stderr
        # nothing of the test jobs is left
        assert not list((root / "savu-runs").glob("*"))
        return done.returncode, done.stdout

    return run


def test_a_queue_that_works_is_said_to_do_so(doctor: Any) -> None:
    code, told = doctor([{"name": "good"}])
    assert told.splitlines() == [
        "good: command node here: yes",
        "good: partition and account: yes",
        "good: a job is taken: yes",
        "good: output folder seen from a compute node: yes",
        "good: engine embedded starts there: yes",
    ]
    assert code == 0


def test_what_is_wrong_is_said_with_whom_to_ask(doctor: Any, command_nodes: CommandNodes) -> None:
    first, second = command_nodes.nodes
    with command_nodes.down(command_nodes.addresses[0]):
        code, told = doctor(
            [
                {"name": "lost", "partition": "absent"},
                {"name": "bare", "engine": "broken"},
                {
                    "name": "long",
                    "partition": "preview",
                    "resources": {"minutes": {"default": 600}},
                },
            ],
            **command_nodes.settings,
        )
    assert code == 1
    assert f"lost: command node {first}: no: " in told
    assert f"lost: command node {second}: yes" in told
    assert "lost: partition and account: no: there is no partition absent" in told
    assert "lost: a job is taken: no: The scheduler refuses the job" in told
    assert "long: a job is taken: no: It asks for more time than its partition allows" in told
    assert "bare: engine broken starts there: no: " in told
    assert "No module named no_such_engine" in told
    assert told.count("Ask the administrator") >= 3
