"""Looks at all active jobs, moves them on, and tells what has changed."""

from __future__ import annotations

import asyncio
import logging
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import Any

from jupyterlab_savu.faults import Fault
from jupyterlab_savu.jobs import folders
from jupyterlab_savu.jobs.backends.base import (
    Backend,
    Observation,
    Phase,
    Refused,
    Task,
    Unreachable,
)
from jupyterlab_savu.jobs.model import ACTIVE, FINAL, OCCUPYING, Job, Reason, State, now
from jupyterlab_savu.jobs.store import JobStore

log = logging.getLogger(__name__)

_SLOWER = 1.3
_NOT_HANDED_OVER = (State.CREATED, State.QUEUED, State.STARTING)
_CANCELS = (Reason.CANCELLED_BY_USER, Reason.CANCELLED_BY_SITE)
#: A job that shall end has so long for each of: the kill signal, a request, force.
_GRACE = 5.0

#: With less room on its disk, in bytes, an engine may not even tell what is wrong.
_ROOM_FOR_A_LINE = 2**16

#: Asks a worker process: lane, operation, arguments.
Call = Callable[..., Any]


class Watcher:
    """Runs in a thread of its own, with an event loop of its own, between `start` and `close`.

    Each back end is looked after by itself, so that none waits for another. `slots` is the
    number of jobs that may run at once in each queue of a back end that does not schedule;
    `tell` gets every job that has changed, whoever changed it, in the watcher's thread.
    """

    def __init__(
        self,
        store: JobStore,
        backends: Mapping[str, Backend],
        slots: Mapping[str, int],
        call: Call,
        tell: Callable[[Job], None],
    ) -> None:
        self._store = store
        self._backends = backends
        self._slots = slots
        self._call = call
        self._tell = tell
        self._seen = store.revision()
        self._loop = asyncio.new_event_loop()
        self._bells = {name: asyncio.Event() for name in backends}
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="savu-jobs", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._stopped = True
        self.wake()
        if self._thread.is_alive():
            self._thread.join()

    def wake(self) -> None:
        """Look again at once."""
        with suppress(RuntimeError):  # the loop has been closed
            self._loop.call_soon_threadsafe(self._ring)

    def _ring(self) -> None:
        for bell in self._bells.values():
            bell.set()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._look_after_all())
        finally:
            self._loop.close()

    async def _look_after_all(self) -> None:
        await asyncio.gather(*(self._look_after(name) for name in self._backends))

    async def _look_after(self, name: str) -> None:
        backend, bell = self._backends[name], self._bells[name]
        fastest, slowest = backend.intervals
        interval, asked = fastest, -slowest
        while not self._stopped:
            bell.clear()
            busy, changed = True, False
            try:
                active = [job for job in self._store.active() if job.record.backend == name]
                busy = bool(active)
                await self._hand_over(backend, active)
                # however often it is woken, a scheduler is not asked more often than this
                if time.monotonic() - asked >= fastest:
                    await self._follow(backend)
                    asked = time.monotonic()
                changed = self._tell_changes()
            except Exception:
                log.exception("looking at the jobs of %s failed", name)
            interval = fastest if changed else min(interval * _SLOWER, slowest)
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(bell.wait(), interval if busy else None)
        await backend.close()

    def _tell_changes(self) -> bool:
        changed = self._store.changed_since(self._seen)
        for job in changed:
            self._seen = job.revision
            self._tell(job)
        return bool(changed)

    async def _hand_over(self, backend: Backend, active: list[Job]) -> None:
        """Submit what the back end does not have, as far as there are slots."""
        occupied = Counter(job.record.queue for job in active if job.state in OCCUPYING)
        for job in active:
            queue = job.record.queue
            if job.handle is not None or job.state not in _NOT_HANDED_OVER:
                continue
            if not backend.schedules and job.state is State.QUEUED:
                if occupied[queue] >= self._slots.get(queue, 0):
                    continue
                occupied[queue] += 1
            try:
                await self._submit(backend, job)
            except Exception:
                # one job must not stop the others; the next look tries again
                log.exception("submitting job %s failed", job.id)

    async def _submit(self, backend: Backend, job: Job) -> None:
        try:
            handle = await self._hand_over_one(backend, job)
        except Refused as refused:
            message = str(refused)
            self._store.update(
                job.id,
                lambda stored: stored.moved(State.FAILED, reason=Reason.REFUSED, message=message),
            )
        except Unreachable as silence:
            log.warning("job %s: %s", job.id, silence)
            self._store.update(job.id, stale)
        else:
            if handle is not None:
                self._store.update(job.id, partial(handed_over, handle=handle))

    async def _hand_over_one(self, backend: Backend, job: Job) -> str | None:
        """What the job is known by; None when it was ended instead."""
        task = task_of(job)
        if job.tried is not None:
            handle = await backend.find(task, job.tried)
            if handle is not None:
                return handle
        begun = self._store.update(job.id, partial(being_handed_over, schedules=backend.schedules))
        return None if begun.state in FINAL else await backend.submit(task)

    async def _follow(self, backend: Backend) -> None:
        """Ask the back end for all jobs that it has, and move them on."""
        jobs = [
            job
            for job in self._store.active()
            if job.record.backend == backend.name
            and (job.handle is not None or job.state not in _NOT_HANDED_OVER)
        ]
        if not jobs:
            return
        try:
            observations = await backend.observe([task_of(job) for job in jobs])
        except Unreachable as silence:
            log.warning("%s: %s", backend.name, silence)
            for job in jobs:
                self._store.update(job.id, stale)
            return
        for job in jobs:
            if job.id not in observations:
                continue
            try:
                await self._move_on(backend, job, observations[job.id])
            except Exception:
                log.exception("looking at job %s failed", job.id)

    async def _move_on(self, backend: Backend, job: Job, observed: Observation) -> None:
        if observed.phase is Phase.ABSENT and job.state is State.STARTING and not backend.schedules:
            # the server ended between its decision and the start
            self._store.update(job.id, lambda stored: stored.with_status(handle=None))
            return
        folder = Path(job.record.run_folder)
        run = None
        if observed.phase is not Phase.WAITING:
            try:
                run = await asyncio.to_thread(
                    self._call,
                    "files",
                    "job.progress",
                    folder=str(folder),
                    list_path=str(folders.list_copy(folder, job.record.name)),
                )
            except Fault as fault:
                log.warning("the folder of job %s cannot be read: %s", job.id, fault.message)
                return
        if observed.alive and job.cancel_requested is not None:
            await _press(job, backend, observed)
        self._store.update(job.id, lambda stored: advance(stored, observed, run))


async def _press(job: Job, backend: Backend, observed: Observation) -> None:
    """End a job that was asked to stop and has not, first politely."""
    asked = datetime.fromisoformat((job.cancel_requested or now()).replace("Z", "+00:00"))
    waited = (datetime.now(timezone.utc) - asked).total_seconds()
    if waited > _GRACE or observed.phase is Phase.WAITING:
        try:
            await backend.end(task_of(job), force=waited > 2 * _GRACE)
        except Unreachable as silence:
            log.warning("ending job %s: %s", job.id, silence)


def task_of(job: Job) -> Task:
    """The job as its back end sees it."""
    record = job.record
    return Task(
        id=record.id,
        queue=record.queue,
        folder=Path(record.run_folder),
        command=record.command,
        handle=job.handle,
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
        return Reason.EXIT_CODE, told
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
