"""One loop that looks at all active jobs, moves them on, and tells what has changed."""

from __future__ import annotations

import logging
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from jupyterlab_savu.faults import Fault, disk_fault
from jupyterlab_savu.jobs import folders
from jupyterlab_savu.jobs.backends.base import Backend, Observation
from jupyterlab_savu.jobs.model import ACTIVE, FINAL, OCCUPYING, Job, Reason, State, now
from jupyterlab_savu.jobs.store import JobStore

log = logging.getLogger(__name__)

_FASTEST = 0.2
_SLOWEST = 2.0
_SLOWER = 1.3
#: A job that shall end has so long for each of: the kill signal, a request, force.
_GRACE = 5.0

#: With less room on its disk, in bytes, an engine may not even tell what is wrong.
_ROOM_FOR_A_LINE = 2**16

#: Asks a worker process: lane, operation, arguments.
Call = Callable[..., Any]


class Watcher:
    """Runs in a thread of its own, between `start` and `close`.

    `slots` is the number of jobs that may run at once in each queue; `tell` gets every job that
    has changed, whoever changed it, in the watcher's thread.
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
        self._interval = _FASTEST
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="savu-jobs", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def wake(self) -> None:
        """Look again at once."""
        self._wake.set()

    def look(self) -> bool:
        """Look at every active job once; whether one is left."""
        active = self._store.active()
        occupied = Counter(job.record.queue for job in active if job.state in OCCUPYING)
        for job in active:
            try:
                if job.state in OCCUPYING:
                    self._follow(job)
                elif occupied[job.record.queue] < self._slots.get(job.record.queue, 0):
                    occupied[job.record.queue] += 1
                    self._begin(job)
            except Exception:
                # one job must not stop the others; the next look tries again
                log.exception("looking at job %s failed", job.id)
        return bool(active)

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            try:
                busy = self.look()
                changed = self._tell_changes()
            except Exception:
                log.exception("looking at the jobs failed")
                busy, changed = True, False
            self._interval = _FASTEST if changed else min(self._interval * _SLOWER, _SLOWEST)
            self._wake.wait(self._interval if busy else None)

    def _tell_changes(self) -> bool:
        changed = self._store.changed_since(self._seen)
        for job in changed:
            self._seen = job.revision
            self._tell(job)
        return bool(changed)

    def _begin(self, job: Job) -> None:
        def begin(stored: Job) -> Job:
            return stored.moved(State.STARTING) if stored.state is State.QUEUED else stored

        if self._store.update(job.id, begin).state is State.STARTING:
            self._launch(job)

    def _launch(self, job: Job) -> None:
        record = job.record
        try:
            self._backends[record.backend].start(Path(record.run_folder), record.command)
        except OSError as error:
            message = disk_fault(error, "The engine could not be started").message
            self._store.update(
                job.id,
                lambda stored: stored.moved(State.FAILED, reason=Reason.REFUSED, message=message),
            )

    def _follow(self, job: Job) -> None:
        backend = self._backends[job.record.backend]
        folder = Path(job.record.run_folder)
        observed = backend.observe(folder)
        if not observed.started and job.state is State.STARTING:
            # the server ended between its decision and the start
            self._launch(job)
            return
        try:
            run = self._call(
                "files",
                "job.progress",
                folder=str(folder),
                list_path=str(folders.list_copy(folder, job.record.name)),
            )
        except Fault as fault:
            log.warning("the folder of job %s cannot be read: %s", job.id, fault.message)
            return
        if observed.alive and job.cancel_requested is not None:
            self._press(job.cancel_requested, backend, folder)
        self._store.update(job.id, lambda stored: advance(stored, observed, run))

    def _press(self, asked_at: str, backend: Backend, folder: Path) -> None:
        """End a job that was asked to stop and has not, first politely."""
        asked = datetime.fromisoformat(asked_at.replace("Z", "+00:00"))
        waited = (datetime.now(timezone.utc) - asked).total_seconds()
        if waited > _GRACE:
            backend.end(folder, force=waited > 2 * _GRACE)


def advance(job: Job, observed: Observation, run: dict[str, Any]) -> Job:
    """The job after its process was `observed` and its run folder told of the `run`."""
    if job.state not in ACTIVE:
        return job
    job = job.with_status(progress=run["fraction"], steps=tuple(run["steps"]))
    succeeded = run["state"] == "succeeded"
    if job.state is State.STARTING and run["state"] != "starting":
        job = job.moved(State.RUNNING)
    if observed.alive:
        if succeeded and job.state is State.RUNNING:
            return job.moved(State.FINISHING)
        return job
    return _ended(job, observed, run)


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
    if asked and job.state is not State.FINISHING:
        return job.moved(
            State.CANCELLED, reason=Reason.CANCELLED_BY_USER, exit_code=observed.exit_code
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
    if job.state in (State.CREATED, State.QUEUED):
        return job.moved(State.CANCELLED, reason=Reason.CANCELLED_BY_USER, cancel_requested=asked)
    return job.with_status(cancel_requested=asked)
