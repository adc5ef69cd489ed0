"""How jobs move on after what was observed; plain functions from a job to a job."""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path
from typing import Any

from jupyterlab_savu.jobs import folders
from jupyterlab_savu.jobs.backends.base import Observation, Phase, Task
from jupyterlab_savu.jobs.model import ACTIVE, FINAL, Job, Reason, State, now
from jupyterlab_savu.jobs.resources import Resources

_CANCELS = (Reason.CANCELLED_BY_USER, Reason.CANCELLED_BY_SITE)
#: With less room on its disk, in bytes, an engine may not even tell what is wrong.
_ROOM_FOR_A_LINE = 2**16
#: How engines say that they got no more memory, where a limit refuses it instead of ending them.
_NO_MEMORY = re.compile(
    r"MemoryError|memory is not enough|unable to allocate|cannot allocate", re.IGNORECASE
)


def task_of(job: Job) -> Task:
    """The job as its back end sees it."""
    record = job.record
    return Task(
        id=record.id,
        queue=record.queue,
        folder=Path(record.run_folder),
        command=record.command,
        handle=job.handle,
        resources=Resources(**record.resources),
        values=record.values,
        shares=record.shares,
    )


def being_handed_over(job: Job, schedules: bool) -> Job:
    """The job before it is submitted; one that shall end is ended by not being so."""
    if job.state in FINAL:
        return job
    if job.cancel_requested is not None:
        return job.moved(State.CANCELLED, reason=Reason.CANCELLED_BY_USER)
    if not schedules and job.state is State.QUEUED:
        job = job.moved(State.STARTING)
    return job.with_status(tried=time.time())


def handed_over(job: Job, handle: str) -> Job:
    """The job that its back end has, known there by `handle`."""
    if job.state is State.CREATED:
        job = job.moved(State.QUEUED)
    return job.with_status(handle=handle, stale_since=None)


def refused(job: Job, message: str) -> Job:
    """The job that its back end does not take."""
    if job.state in FINAL:
        return job
    return job.moved(State.FAILED, reason=Reason.REFUSED, message=message)


def not_arrived(job: Job, schedules: bool) -> Job:
    """The job that its back end does not have after all: it waits to be handed over."""
    if not schedules and job.state is State.CREATED:
        job = job.moved(State.QUEUED)
    return job.with_status(handle=None, tried=None)


def never_began(job: Job, observed: Observation, schedules: bool) -> bool:
    """Whether the server ended between its decision to start a job and the start."""
    return observed.phase is Phase.ABSENT and job.state is State.STARTING and not schedules


def stale(job: Job) -> Job:
    """The job whose back end cannot be asked: it keeps its state."""
    if job.state in FINAL:
        return job
    return job.with_status(stale_since=job.stale_since or now())


def advance(job: Job, observed: Observation, run: dict[str, Any] | None) -> Job:
    """The job after it was `observed`, and its run folder told of the `run` (None unread)."""
    if job.state not in ACTIVE:
        return job
    job = job.with_status(
        stale_since=None,
        details={**job.details, **observed.details},
        message=observed.message if observed.alive else job.message,
    )
    if run is None:
        return job
    job = job.with_status(progress=run["fraction"], steps=tuple(run["steps"]))
    if job.state is State.QUEUED and not _ends_in_the_queue(observed):
        job = job.moved(State.STARTING)
    succeeded = run["state"] == "succeeded"
    if job.state is State.STARTING and run["state"] != "starting":
        job = job.moved(State.RUNNING)
    if observed.alive:
        if succeeded and job.state is State.RUNNING:
            return job.moved(State.FINISHING)
        return job
    return _ended(job, observed, run)


def _ends_in_the_queue(observed: Observation) -> bool:
    return observed.reason in (
        Reason.DEPENDENCY,
        Reason.REFUSED,
        Reason.CANCELLED_BY_USER,
        Reason.CANCELLED_BY_SITE,
    )


def _ended(job: Job, observed: Observation, run: dict[str, Any]) -> Job:
    if run["state"] == "succeeded":
        result = {
            "root": job.record.folder["root"],
            "path": f"{job.record.folder['path']}/{run['result']['file']}",
            "dataset": run["result"]["dataset"],
        }
        return job.moved(
            State.SUCCEEDED,
            reason=Reason.COMPLETED,
            exit_code=observed.exit_code,
            progress=1.0,
            result=result,
        )
    asked = job.cancel_requested is not None or run["state"] == "killed"
    ended_by = Reason.CANCELLED_BY_USER if asked else observed.reason
    if ended_by in _CANCELS and job.state is not State.FINISHING:
        return job.moved(
            State.CANCELLED,
            reason=ended_by,
            message=None if asked else observed.message,
            exit_code=observed.exit_code,
        )
    reason, message = _why(job, observed, run)
    steps = tuple(
        {**step, "state": "failed"} if step["state"] == "running" else step for step in job.steps
    )
    return job.moved(
        State.FAILED, reason=reason, message=message, exit_code=observed.exit_code, steps=steps
    )


def _why(job: Job, observed: Observation, run: dict[str, Any]) -> tuple[Reason, str]:
    code = observed.exit_code
    if observed.reason not in (None, Reason.COMPLETED, Reason.EXIT_CODE):
        return observed.reason, observed.message or run["message"] or ""
    told = run["message"] or observed.message
    if told is None and _is_full(Path(job.record.run_folder)):
        told = (
            "The engine failed, and the disk of its folder is full. "
            "Free some space and submit the job again."
        )
    if code is None:
        return (
            Reason.LOST,
            told
            or "The engine is gone and has left no trace, as after a restart of the machine. "
            "Submit the job again.",
        )
    if code == 128 + 9:
        return (
            Reason.EXIT_CODE,
            "The engine was killed (signal 9). The machine may have run out of memory: "
            "close other programs, or restrict the rows of the scan.",
        )
    if told is None and 128 < code < 128 + 65:
        return Reason.EXIT_CODE, f"The engine was ended by signal {code - 128}."
    told = told or last_line(Path(job.record.run_folder) / folders.OURS / folders.OUTPUT)
    if told is not None:
        return Reason.OUT_OF_MEMORY if _NO_MEMORY.search(told) else Reason.EXIT_CODE, told
    if code == 0:
        return Reason.EXIT_CODE, "The engine ended without a result. See the full log."
    return Reason.EXIT_CODE, f"The engine failed with exit code {code}. See the full log."


def last_line(path: Path) -> str | None:
    """The last line with text in the last 4 KiB of a log, at most 500 characters of it."""
    try:
        with path.open("rb") as file:
            file.seek(max(file.seek(0, 2) - 4096, 0))
            lines = file.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return None
    filled = [line.strip() for line in lines if line.strip(" *-=")]
    return filled[-1][:500] if filled else None


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _ROOM_FOR_A_LINE
    except OSError:
        return False


def request_end(job: Job) -> Job:
    """The job that the user wants to end: one that waits is ended by that."""
    if job.state in FINAL:
        return job
    asked = job.cancel_requested or now()
    if job.tried is None and job.state in (State.CREATED, State.QUEUED):
        return job.moved(State.CANCELLED, reason=Reason.CANCELLED_BY_USER, cancel_requested=asked)
    return job.with_status(cancel_requested=asked)
