"""The back end for Grid Engine, on real daemons."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from driver import Driver, python
from gridengine import GridEngine

from jupyterlab_savu.jobs.backends.base import Phase, Refused
from jupyterlab_savu.jobs.model import Reason


@pytest.fixture(autouse=True)
def leave_nothing(gridengine: GridEngine) -> Iterator[None]:
    """A test that fails half-way must not keep the slots busy."""
    yield
    gridengine.ask("qdel", "-u", "*", check=False)


def test_a_job_runs_to_its_end(on_gridengine: Driver) -> None:
    task = on_gridengine.submit(*python("import time; print('hello'); time.sleep(3)"))
    running = on_gridengine.until(task, Phase.RUNNING)
    assert running.details["nodes"]
    ended = on_gridengine.until(task)
    assert ended.exit_code == 0
    assert (task.folder / "job" / "output.log").read_text() == "hello\n"


def test_an_exit_code_is_told(on_gridengine: Driver) -> None:
    ended = on_gridengine.until(on_gridengine.submit("/bin/sh", "-c", "exit 3"))
    assert ended.exit_code == 3


def test_the_time_limit_ends_a_job(on_gridengine: Driver) -> None:
    task = on_gridengine.submit(
        *python("import time; time.sleep(60)"), values={"more": "h_rt=0:0:2"}
    )
    ended = on_gridengine.until(task, seconds=40)
    assert (ended.reason, ended.exit_code) == (Reason.TIMEOUT, 137)


def test_the_memory_limit_is_told_from_the_time_limit(on_gridengine: Driver) -> None:
    # each process stays below the limit, so that only Grid Engine itself can end them
    held = "held = b'x' * 110 * 2**20; import time; time.sleep(60)"
    code = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {held!r}]); {held}"
    asked = {"cpus": 2, "memory": 200, "minutes": 1}
    ended = on_gridengine.until(on_gridengine.submit(*python(code), resources=asked), seconds=40)
    assert (ended.reason, ended.exit_code) == (Reason.OUT_OF_MEMORY, 137)
    assert "more than 200 MiB" in (ended.message or "")


def test_a_job_that_runs_is_ended(on_gridengine: Driver) -> None:
    task = on_gridengine.submit(*python("import time; time.sleep(60)"))
    on_gridengine.until(task, Phase.RUNNING)
    on_gridengine.end(task)
    assert on_gridengine.until(task).phase is Phase.ENDED


def test_a_waiting_job_says_so_and_is_withdrawn(on_gridengine: Driver) -> None:
    # each of the queues has four slots
    blocking = on_gridengine.submit(*python("import time; time.sleep(60)"), resources={"cpus": 4})
    on_gridengine.until(blocking, Phase.RUNNING)
    waiting = on_gridengine.submit("/bin/true", resources={"cpus": 4})
    told = on_gridengine.until(waiting, Phase.WAITING)
    assert told.message == "It waits for resources."
    on_gridengine.end(waiting)
    # nobody has noted an end, and accounting does not know what has never begun
    assert waiting.id not in on_gridengine.observe(waiting, blocking)
    on_gridengine.end(blocking)
    on_gridengine.until(blocking)


def test_what_cannot_run_is_refused(on_gridengine: Driver) -> None:
    with pytest.raises(Refused, match="absent"):
        on_gridengine.submit("/bin/true", queue="absent")


def test_jobs_of_others_are_not_touched(on_gridengine: Driver, gridengine: GridEngine) -> None:
    foreign = gridengine.submit("#!/bin/sh\nsleep 30\n", "-N", "mine", "-o", "/dev/null")
    task = replace(on_gridengine.task("/bin/true"), handle=foreign)
    # it has the number that a job of ours once had
    assert on_gridengine.observe(task) == {}
    on_gridengine.end(task, force=True)
    time.sleep(1)
    assert "mine" in gridengine.ask("qstat", "-u", "*")


def test_a_silent_master_ends_no_job(on_gridengine: Driver, gridengine: GridEngine) -> None:
    task = on_gridengine.submit(*python("import time; time.sleep(4)"))
    on_gridengine.until(task, Phase.RUNNING)
    gridengine.stop_master()
    told = on_gridengine.outcomes(
        on_gridengine.backend.observe([task]),
        on_gridengine.backend.submit(on_gridengine.task("/bin/true")),
    )
    assert [type(answer).__name__ for answer in told] == ["Unreachable", "Unreachable"]
    gridengine.start_master()
    # a node that did not find its master tries again after a while
    assert on_gridengine.until(task, seconds=120).exit_code == 0
