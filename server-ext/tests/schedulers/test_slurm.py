"""The back end for Slurm, on a real cluster of three nodes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import pytest
from daemons import until
from driver import Driver, python
from slurm import Slurm

from jupyterlab_savu.jobs.backends.base import (
    Availability,
    Observation,
    Phase,
    Refused,
    Unreachable,
)
from jupyterlab_savu.jobs.model import Reason


@pytest.fixture(autouse=True)
def leave_nothing(slurm: Slurm) -> Iterator[None]:
    """A test that fails half-way must not keep the nodes busy."""
    yield
    slurm.ask("scancel", "--me", check=False)


def end_of(driver: Driver, *command: str, **more: Any) -> Observation:
    return driver.until(driver.submit(*command, **more))


def test_a_job_runs_to_its_end(on_slurm: Driver) -> None:
    task = on_slurm.submit(*python("import time; print('hello'); time.sleep(2)"))
    running = on_slurm.until(task, Phase.RUNNING)
    assert running.details["nodes"] in ("n1", "n2", "n3")
    ended = on_slurm.until(task)
    assert (ended.reason, ended.exit_code) == (Reason.COMPLETED, 0)
    assert (task.folder / "job" / "output.log").read_text() == "hello\n"
    assert int(ended.details["memory_used"]) > 2**20


def test_an_exit_code_is_told(on_slurm: Driver) -> None:
    ended = end_of(on_slurm, "/bin/sh", "-c", "exit 3")
    assert (ended.reason, ended.exit_code) == (Reason.EXIT_CODE, 3)


def test_a_command_that_is_not_there_is_named(on_slurm: Driver) -> None:
    ended = end_of(on_slurm, "/there/is/no/engine")
    assert (ended.reason, ended.exit_code) == (Reason.EXIT_CODE, 126)
    assert "/there/is/no/engine" in (ended.message or "")


def test_more_memory_than_asked_for_ends_a_job(on_slurm: Driver, slurm: Slurm) -> None:
    code = "held = [b'x' * 2**20 for _ in range(200)]; import time; time.sleep(60)"
    ended = end_of(on_slurm, *python(code), resources={"memory": 64})
    if not slurm.limits_memory:
        # then Slurm ends the job all the same, and does not say why
        assert ended.reason is Reason.EXIT_CODE
        return
    assert ended.reason is Reason.OUT_OF_MEMORY
    assert "64 MiB" in (ended.message or "")


def test_a_waiting_job_says_why_and_is_withdrawn(on_slurm: Driver) -> None:
    # each of the three nodes has four CPUs
    blocking = on_slurm.submit(
        *python("import time; time.sleep(60)"), resources={"cpus": 4, "nodes": 3, "tasks": 3}
    )
    on_slurm.until(blocking, Phase.RUNNING)
    waiting = on_slurm.submit("/bin/true", resources={"cpus": 4})
    told = on_slurm.until(waiting, Phase.WAITING, lambda seen: "resources" in (seen.message or ""))
    assert told.details["number"] == waiting.handle
    on_slurm.end(waiting)
    assert on_slurm.until(waiting).reason is Reason.CANCELLED_BY_SITE
    on_slurm.end(blocking)
    assert on_slurm.until(blocking).reason is Reason.CANCELLED_BY_SITE


def test_a_queue_tells_when_its_next_job_would_start(on_slurm: Driver, slurm: Slurm) -> None:
    def told() -> Availability:
        return on_slurm.wait_for(on_slurm.backend.availability())["full"]

    until(lambda: told().idle == 12)
    assert told() == Availability(12, 12, "CPUs", 0, None)
    blocking = on_slurm.submit(
        *python("import time; time.sleep(60)"),
        resources={"cpus": 4, "nodes": 3, "tasks": 3, "minutes": 10},
    )
    on_slurm.until(blocking, Phase.RUNNING)
    busy = told()
    assert (busy.idle, busy.total) == (0, 12)
    start = datetime.fromisoformat((busy.expected_start or "").replace("Z", "+00:00"))
    minutes = (start - datetime.now(timezone.utc)).total_seconds() / 60
    assert 8 < minutes <= 11
    # it was only asked
    assert slurm.ask("squeue", "-h", "-o", "%A").split() == [blocking.handle]


def test_force_ends_what_does_not_listen(on_slurm: Driver) -> None:
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    task = on_slurm.submit(*python(code))
    on_slurm.until(task, Phase.RUNNING)
    on_slurm.end(task, force=True)
    assert on_slurm.until(task, seconds=10).phase is Phase.ENDED


def test_what_a_partition_does_not_allow_is_refused(on_slurm: Driver) -> None:
    task = on_slurm.submit("/bin/true", queue="preview", resources={"minutes": 600})
    ended = on_slurm.until(task)
    assert (ended.reason, ended.message) == (
        Reason.REFUSED,
        "It asks for more time than its partition allows.",
    )
    # it does not stay there for ever
    on_slurm.until(task, Phase.ENDED, lambda seen: seen.reason is Reason.CANCELLED_BY_SITE)
    many = end_of(on_slurm, "/bin/true", resources={"nodes": 9})
    assert many.message == "It asks for more nodes than its partition has."
    with pytest.raises(Refused, match="Invalid partition name"):
        on_slurm.submit("/bin/true", queue="absent")


def test_the_time_limit_ends_a_job(on_slurm: Driver, slurm: Slurm) -> None:
    task = on_slurm.submit(*python("import time; time.sleep(60)"), resources={"minutes": 1})
    on_slurm.until(task, Phase.RUNNING)
    # limits are whole minutes
    slurm.ask("scontrol", "update", f"JobId={task.handle}", "EndTime=now+1")
    ended = on_slurm.until(task, seconds=50)
    assert ended.reason is Reason.TIMEOUT
    assert "of 1 minute" in (ended.message or "")


def test_a_dependency_that_can_never_be_met_ends_a_job(on_slurm: Driver, slurm: Slurm) -> None:
    failing = slurm.submit("#!/bin/sh\nexit 1\n", "-o", "/dev/null")
    task = on_slurm.submit("/bin/true")
    waiting = on_slurm.task("/bin/true", values={"more": failing})
    observed = on_slurm.until(on_slurm.hand_over(waiting))
    assert observed.reason is Reason.DEPENDENCY
    assert on_slurm.until(task).reason is Reason.COMPLETED


def test_a_node_that_fails_ends_its_jobs(on_slurm: Driver, slurm: Slurm) -> None:
    task = on_slurm.submit(*python("import time; time.sleep(60)"))
    node = on_slurm.until(task, Phase.RUNNING).details["nodes"]
    slurm.ask("scontrol", "update", f"NodeName={node}", "State=DRAIN", "Reason=test")
    # a drained node ends what it has begun
    assert on_slurm.observe(task)[task.id].phase is Phase.RUNNING
    slurm.ask("scontrol", "update", f"NodeName={node}", "State=DOWN", "Reason=test")
    assert on_slurm.until(task).reason is Reason.NODE_FAIL
    slurm.ask("scontrol", "update", f"NodeName={node}", "State=RESUME")


def test_jobs_of_others_are_not_touched(on_slurm: Driver, slurm: Slurm) -> None:
    foreign = slurm.submit("#!/bin/sh\nsleep 30\n", "-o", "/dev/null", "--job-name=mine")
    task = replace(on_slurm.task("/bin/true"), handle=foreign)
    # it has the number that a job of ours once had
    assert on_slurm.observe(task) == {}
    on_slurm.end(task, force=True)
    time.sleep(1)
    assert slurm.ask("squeue", "-h", "-j", foreign, "-o", "%T") in ("RUNNING\n", "PENDING\n")
    slurm.ask("scancel", foreign)


#: What a shell, an option parser or a scheduler could take for more than a value.
INJECTIONS = [
    "a;touch canary",
    "$(touch canary)",
    "`touch canary`",
    "a\ntouch canary",
    "a\n#SBATCH --nodes=3",
    "a b",
    'a"b',
    "a'b",
    "#a",
    "a&touch canary&",
    "a|touch canary",
    "a>canary",
    "<canary",
    "a\\b",
    "ä",
    "",
    "..",
    "../../etc/passwd",
    "a/../../b",
    "-x",
    "--wrap=touch",
    "~root",
    "*",
    "a\x00b",
    "{{run}}",
    "x" * 201,
]


@pytest.mark.parametrize("value", INJECTIONS)
def test_a_value_that_is_more_than_a_value_is_refused(value: str, on_slurm: Driver) -> None:
    with pytest.raises(Refused, match="refused"):
        on_slurm.submit("/bin/true", values={"more": value})
    assert not list(on_slurm.runs.rglob("canary"))


def test_no_secret_of_the_server_reaches_slurm(
    on_slurm: Driver, slurm: Slurm, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "not-for-any-disk"
    for name in ("JUPYTER_TOKEN", "JUPYTERHUB_API_TOKEN", "PGPASSWORD"):
        monkeypatch.setenv(name, secret)
    monkeypatch.setenv("SAVU_HARMLESS", "goes along")
    task = on_slurm.submit("/bin/sh", "-c", "env; sleep 2")
    on_slurm.until(task, Phase.RUNNING)
    # where Slurm keeps the environment of jobs
    kept = [file.read_bytes() for file in slurm.folder.rglob("*") if file.is_file()]
    assert any(b"goes along" in raw for raw in kept)
    assert on_slurm.until(task).reason is Reason.COMPLETED
    kept.append((task.folder / "job" / "output.log").read_bytes())
    assert b"SAVU_HARMLESS=goes along" in kept[-1]
    assert not any(secret.encode() in raw for raw in kept)


def test_names_and_paths_of_users_reach_no_shell(on_slurm: Driver) -> None:
    folders = [
        "a;touch canary",
        "$(touch canary)",
        "`touch canary`",
        "a b'\"#&|>canary",
        "-x",
        "ä%j%u",
        "a\nb",
    ]
    tasks = [on_slurm.submit("/bin/echo", name, name=name) for name in folders]
    for task, name in zip(tasks, folders, strict=True):
        assert on_slurm.until(task).reason is Reason.COMPLETED
        assert (task.folder / "job" / "output.log").read_text() == f"{name}\n"
        # nothing of them is in the script that Slurm keeps
        assert name not in on_slurm.backend.script(task)
    assert not list(on_slurm.runs.rglob("canary"))


def test_a_share_that_is_killed_is_the_only_one_to_run_again(
    on_slurm: Driver, slurm: Slurm
) -> None:
    # each share notes that it has begun; the third waits the first time
    code = (
        "import pathlib, sys, time\n"
        "with open('begun', 'a') as file: file.write(' '.join(sys.argv[1:]) + '\\n')\n"
        "if sys.argv[1:] == ['--share', '3/8'] and not pathlib.Path('go').exists():\n"
        "    time.sleep(60)\n"
    )
    task = on_slurm.submit(*python(code), shares=8)
    _, array, _ = (task.handle or "").split(",")

    def begun() -> list[str]:
        file = task.folder / "begun"
        return sorted(file.read_text().splitlines()) if file.exists() else []

    until(lambda: len(begun()) == 9)
    assert on_slurm.until(task, Phase.RUNNING).reason is None
    slurm.ask("scancel", "--signal=KILL", f"{array}_3")
    ended = on_slurm.until(task)
    assert (ended.message or "").startswith("1 of 8 shares failed.")
    (task.folder / "begun").unlink()
    (task.folder / "go").touch()
    again = on_slurm.hand_over(task)
    assert on_slurm.until(again).reason is Reason.COMPLETED
    assert begun() == ["--join", "--share 0/8", "--share 3/8"]


def test_a_silent_controller_ends_no_job(on_slurm: Driver, slurm: Slurm) -> None:
    short = on_slurm.submit("/bin/true")
    long = on_slurm.submit(*python("import time; time.sleep(4)"))
    on_slurm.until(long, Phase.RUNNING)
    slurm.stop_controller()
    late = on_slurm.task("/bin/true")
    # Slurm's commands take their time to give up
    told = on_slurm.outcomes(on_slurm.backend.observe([short, long]), on_slurm.backend.submit(late))
    assert [type(answer) for answer in told] == [Unreachable, Unreachable]
    slurm.start_controller()
    assert on_slurm.until(short).reason is Reason.COMPLETED
    assert on_slurm.until(long).reason is Reason.COMPLETED
