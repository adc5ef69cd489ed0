"""Back ends without a scheduler: what shares mean together, and those of other packages."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_savu.configuration import ConfigurationError, Queue
from jupyterlab_savu.jobs.backends.base import Observation, Phase, Task
from jupyterlab_savu.jobs.backends.kinds import make_backends
from jupyterlab_savu.jobs.backends.local import LocalBackend
from jupyterlab_savu.jobs.backends.parts import Entry, combine
from jupyterlab_savu.jobs.folders import OURS
from jupyterlab_savu.jobs.model import Reason
from jupyterlab_savu.jobs.resources import Resources

W = (Phase.WAITING, None)
S = (Phase.STARTING, None)
R = (Phase.RUNNING, None)
OK = (Phase.ENDED, Reason.COMPLETED)
KO = (Phase.ENDED, Reason.EXIT_CODE)
OOM = (Phase.ENDED, Reason.OUT_OF_MEMORY)
OFF = (Phase.ENDED, Reason.DEPENDENCY)

State = tuple[Phase, Reason | None]


@pytest.mark.parametrize(
    ("before", "shares", "join", "phase", "reason"),
    [
        (W, [W, W], W, Phase.WAITING, None),
        (S, [W, W], W, Phase.STARTING, None),
        (R, [W, W], W, Phase.RUNNING, None),
        (OK, [W, W], W, Phase.RUNNING, None),
        (OK, [R, W], W, Phase.RUNNING, None),
        (OK, [R, KO], W, Phase.RUNNING, None),
        (OK, [OK, W], W, Phase.RUNNING, None),
        (OK, [OK, OK], W, Phase.RUNNING, None),
        (OK, [OK, OK], R, Phase.RUNNING, None),
        (OK, [OK, OK], OK, Phase.ENDED, Reason.COMPLETED),
        (OK, [OK, OK], KO, Phase.ENDED, Reason.EXIT_CODE),
        (OK, [OK, OOM], OFF, Phase.ENDED, Reason.OUT_OF_MEMORY),
        (OK, [KO, OOM], OFF, Phase.ENDED, Reason.EXIT_CODE),
        (KO, [OFF, OFF], OFF, Phase.ENDED, Reason.EXIT_CODE),
    ],
)
def test_shares_are_one_job(
    before: State,
    shares: list[State],
    join: State,
    phase: Phase,
    reason: Reason | None,
    tmp_path: Path,
) -> None:
    task = Task("ID", "full", tmp_path, ("engine",), handle="1,2,3", shares=len(shares))
    states = [("1", 0, before), *(("2", i, s) for i, s in enumerate(shares, 1)), ("3", None, join)]
    entries = [
        Entry(number, "savu-ID", state[0], reason=state[1], share=share)
        for number, share, state in states
    ]
    told = combine(task, entries, None)
    assert (told.phase, told.reason) == (phase, reason)


@pytest.mark.parametrize(
    ("asked", "work", "reason"),
    [
        (Resources(memory=300), "x = bytearray(600 * 2**20)", Reason.OUT_OF_MEMORY),
        # what the processes below it take counts as well
        (
            Resources(memory=300),
            "import subprocess, sys; subprocess.run([sys.executable, '-c', "
            "'x = bytearray(600 * 2**20); import time; time.sleep(60)'])",
            Reason.OUT_OF_MEMORY,
        ),
        (Resources(memory=300), "x = bytearray(60 * 2**20)", None),
    ],
)
def test_a_job_here_is_held_to_the_memory_it_asked_for(
    asked: Resources, work: str, reason: Reason | None, tmp_path: Path
) -> None:
    (tmp_path / OURS).mkdir()
    code = f"{work}; import time; time.sleep(60 if {reason is not None} else 2)"
    task = Task("ID", "full", tmp_path, (sys.executable, "-c", code), resources=asked)
    backend = LocalBackend()

    async def until_ended() -> Observation:
        await backend.submit(task)
        while True:
            told = (await backend.observe([task]))["ID"]
            if told.phase is Phase.ENDED:
                return told
            await asyncio.sleep(0.1)

    ended = asyncio.run(asyncio.wait_for(until_ended(), 45))
    assert ended.reason is reason
    if reason is not None:
        assert "at most 300 MiB" in (ended.message or "")
    else:
        assert 60 * 2**20 < int(ended.details["memory_used"]) < 200 * 2**20


def make_paper(name: str, settings: Mapping[str, Any], queues: Mapping[str, Queue]) -> Any:
    """A back end of another package, as that names it in an entry point."""
    if "paper" not in settings:
        raise ValueError("there is no paper")
    backend = LocalBackend()
    backend.name = name
    return backend


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed package with an entry point that leads to `make_paper`."""
    folder = tmp_path / "paper-1.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: paper\nVersion: 1\n")
    (folder / "entry_points.txt").write_text(
        "[jupyterlab_savu.backends]\npaper = paper_backend:make_paper\n"
    )
    (tmp_path / "paper_backend.py").write_text(
        f"import importlib.util\n"
        f"spec = importlib.util.spec_from_file_location('here', {json.dumps(__file__)})\n"
        "module = importlib.util.module_from_spec(spec)\n"
        "spec.loader.exec_module(module)\n"
        "make_paper = module.make_paper\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))


@pytest.mark.usefixtures("package")
def test_another_package_adds_a_back_end() -> None:
    made = make_backends({"desk": {"kind": "paper", "paper": "A4"}}, {})
    assert made["desk"].name == "desk"
    with pytest.raises(ConfigurationError, match="there is no paper"):
        make_backends({"desk": {"kind": "paper"}}, {})


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"a": {"kind": "moon"}}, "SavuApp.backends['a']['kind'] = 'moon' is not one of"),
        ({"local": {"kind": "slurm"}}, "belongs to the machine of the server"),
        ({"a": {"kind": "slurm", "nodes": ["a b"]}}, "SavuApp.backends['a']['nodes'][0] = 'a b'"),
        ({"a": {"kind": "slurm", "host": "x"}}, "SavuApp.backends['a']['host']"),
        ({"a": {"kind": "slurm", "python": "a;b"}}, "SavuApp.backends['a']['python']"),
    ],
)
def test_a_back_end_that_cannot_work_is_named(settings: Any, words: str) -> None:
    with pytest.raises(ConfigurationError) as told:
        make_backends(settings, {})
    assert words in str(told.value)
