"""Submitting, watching and ending jobs: what the routes and the events stand on."""

from __future__ import annotations

import asyncio
import dataclasses
import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from jupyterlab_savu.configuration import Queue, ResourceName
from jupyterlab_savu.data.files import FileService
from jupyterlab_savu.faults import Fault, not_found
from jupyterlab_savu.jobs import folders, history, logs
from jupyterlab_savu.jobs.availability import Availabilities
from jupyterlab_savu.jobs.backends.base import Backend
from jupyterlab_savu.jobs.endings import Endings
from jupyterlab_savu.jobs.engines import Engines
from jupyterlab_savu.jobs.ledger import Ledger
from jupyterlab_savu.jobs.model import FINAL, OCCUPYING, Job
from jupyterlab_savu.jobs.resources import offered
from jupyterlab_savu.jobs.store import JobStore
from jupyterlab_savu.jobs.submission import Submission, Submitter
from jupyterlab_savu.jobs.watcher import Watcher
from savu_core import runs

#: Seconds that an event may wait for a server that is busy, or that shuts down, and a request for
#: one that starts.
_PATIENCE = 5.0


class JobService:
    """All methods may block, and may be called from any thread.

    `emit` sends an event, and its future is done when it was sent.
    """

    def __init__(
        self,
        *,
        store: JobStore,
        files: FileService,
        engines: Engines,
        queues: Mapping[str, Queue],
        backends: Mapping[str, Backend],
        output_root: Path,
        emit: Callable[[dict[str, Any]], Future[None]],
    ) -> None:
        self._store = store
        self._files = files
        self._engines = engines
        self._queues = queues
        self._backends = backends
        self._emit = emit
        # larger than any number before a restart, so that a browser notices the gap
        self._numbers = itertools.count(int(time.time() * 1000))
        self._sequence = next(self._numbers)
        self._ledger = Ledger(
            store,
            taken=lambda: self._watcher.take_over(),
            changed=lambda: self._watcher.wake(),
        )
        self._submitter = Submitter(
            store=store,
            ledger=self._ledger,
            files=files,
            engines=engines,
            queues=queues,
            backends=backends,
            output_root=output_root,
        )
        self._endings = Endings(store, self._ledger, output_root)
        self._watcher = Watcher(
            store,
            self._ledger,
            backends,
            {name: queue.slots for name, queue in queues.items()},
            call=files.call,
            tell=self._tell,
            search=lambda known: history.orphans(output_root, known, self._submitter.obstacle),
        )
        self._availability = Availabilities(backends, self._watcher.ask)
        self._started = threading.Event()

    def start(self) -> None:
        self._ledger.start()
        self._watcher.start()
        self._started.set()

    def wait_for_start(self) -> None:
        """A request that comes early waits a while for `start`."""
        self._started.wait(_PATIENCE)

    def close(self) -> None:
        """Stop watching; the jobs go on."""
        self._watcher.close()
        self._ledger.close()
        self._store.close()

    def queues(self) -> list[dict[str, Any]]:
        """The queues in the form of the API."""
        running, waiting = Counter[str](), Counter[str]()
        for name, states in self._store.active_by_queue().items():
            running[name] = sum(states[state] for state in OCCUPYING)
            waiting[name] = states.total() - running[name]
        return [
            {
                "name": name,
                "title": queue.title or name,
                "description": queue.description,
                "backend": queue.backend,
                "engine": queue.engine,
                "restrict_rows": queue.restrict_rows,
                "slots": queue.slots,
                "schedules": self._backends[queue.backend].schedules,
                "resources": offered(queue),
                "values": [
                    {"name": value, "default": queue.values.get(value)} for value in queue.choose
                ],
                "shares": queue.shares,
                "availability": self._availability.of(name, queue.backend),
                "running": running[name],
                "waiting": waiting[name],
            }
            for name, queue in self._queues.items()
        ]

    def queue(self, name: str) -> Queue:
        """The queue `name`.

        Raises:
            Fault: when there is none.
        """
        return self._submitter.queue(name)

    def script(
        self, queue: str, resources: Mapping[ResourceName, int], values: Mapping[str, str]
    ) -> str | None:
        """What would be handed to the scheduler of a queue (see `Submitter.script`)."""
        return self._submitter.script(queue, resources, values)

    def plan(self, submission: Submission) -> dict[str, Any] | None:
        """What running a list on the first scan would do and take, in the form of the API; None
        where the engine does not tell.

        Raises:
            Fault: when it cannot run.
        """
        queue = self.queue(submission.queue)
        checked = self._submitter.check(submission, queue)
        scan, plist = checked.data.path, bytes(checked.prepared.body)
        return self._engines.plan(queue.engine, scan, plist, queue.options)

    def submit(self, submission: Submission) -> tuple[list[Job], bool]:
        """The jobs in the order of the scans, and whether one of them is new (see
        `Submitter.submit`)."""
        return self._submitter.submit(submission)

    def run_again(self, job_id: str, queue: str | None, key: str | None) -> tuple[Job, bool]:
        """A job that does the same, also when the file of its list was changed meanwhile.

        Raises:
            Fault: as `submit` does, and 404 when the list that ran is gone.
        """
        record = self.get(job_id).record
        same_queue = queue in (None, record.queue)
        submission = Submission(
            queue=queue or record.queue,
            plist={"root": record.list["root"], "path": record.list["path"]},
            scans=({"root": record.data["root"], "path": record.data["path"]},),
            content=self.list_as_run(job_id)["list"],
            rows=record.rows if same_queue else None,
            resources=record.resources if same_queue else {},
            values=record.values if same_queue else {},
            key=key,
            without_file=True,
        )
        jobs, new = self._submitter.submit(submission)
        return jobs[0], new

    def resume(self, job_id: str) -> Job:
        """A job that goes on with one that ended early (see `Submitter.resume`)."""
        return self._submitter.resume(self.get(job_id))

    def cancel(self, job_id: str) -> Job:
        """Ask a job to end; no effect on one that has."""
        self._endings.cancel(self.get(job_id))
        return self.get(job_id)

    def remove(self, job_id: str) -> None:
        """Forget a job that has ended; its run folder stays (see `Endings.remove`)."""
        self._endings.remove(self.get(job_id))

    def data(self, job_id: str) -> dict[str, Any]:
        """What deleting the data of a job would take away (see `Endings.data`)."""
        return self._endings.data(self.get(job_id))

    def delete_data(self, job_id: str, expected_hash: str, to_trash: bool) -> dict[str, Any]:
        """Throw the run folder of a job away (see `Endings.delete_data`)."""
        return self._endings.delete_data(self.get(job_id), expected_hash, to_trash)

    def get(self, job_id: str) -> Job:
        """The job.

        Raises:
            Fault: 404, there is none; 503, there may be one in a run folder that was not read yet.
        """
        job = self._store.get(job_id)
        if job is None:
            # it may have come while the run folders were read
            self._wait_for_history()
            to_come = self._watcher.is_to_come(job_id)
            job = self._store.get(job_id)
            if job is None and to_come:
                raise _busy("The place where this job may run is being asked for it.")
        if job is None:
            raise not_found(f"There is no job {job_id!r}.")
        return job

    def _wait_for_history(self) -> None:
        if not self._watcher.wait_for_history(_PATIENCE):
            raise _busy("The jobs are being read from their run folders.")

    def page(
        self, active: bool | None, group: str | None, limit: int, cursor: str | None
    ) -> dict[str, Any]:
        """Jobs in the form of the API, newest first.

        Raises:
            Fault: 503, they are not all known yet.
        """
        self._wait_for_history()
        # asked before the jobs: these then include at least what the event told
        sequence = self._sequence
        jobs = self._store.page(active, limit + 1, cursor, group)
        return {
            "items": [job.to_api() for job in jobs[:limit]],
            "next": jobs[limit - 1].id if len(jobs) > limit else None,
            "sequence": sequence,
        }

    def log(self, job_id: str, which: str, offset: int, length: int) -> dict[str, Any]:
        """A part of a log in the form of the API."""
        job = self.get(job_id)
        folder = Path(job.record.run_folder)
        path = runs.user_log(folder) if which == "user" else folder / folders.OURS / folders.OUTPUT
        ended = job.state in FINAL
        part = logs.read_part(path, offset, length, growing=not ended)
        return {**dataclasses.asdict(part), "complete": ended and part.next >= part.size}

    def list_as_run(self, job_id: str) -> dict[str, Any]:
        """The list that runs, in the form of the API, with the hash of its file."""
        record = self.get(job_id).record
        path = folders.list_copy(Path(record.run_folder), record.name)
        try:
            told: dict[str, Any] = self._files.call("files", "list.read", path=str(path))
        except Fault as fault:
            if fault.status != 404:
                raise
            raise not_found(
                "The run folder of this job is gone: it was moved or deleted."
            ) from None
        return told

    def record(self, job_id: str) -> dict[str, Any]:
        """What was submitted, in the form of the API."""
        job = self.get(job_id)
        record = job.record
        return {
            "id": record.id,
            "host": record.host,
            "engine": record.engine,
            "engine_version": record.engine_version,
            "command": list(record.command),
            "run_folder": record.run_folder,
            "can_resume": self._submitter.can_resume(job),
            "resources": record.resources,
            "values": record.values,
            "shares": record.shares,
            "script": record.script,
        }

    def outputs(self, job_id: str) -> list[dict[str, Any]]:
        """The datasets that the run has made so far, in the form of the API."""
        record = self.get(job_id).record
        told = self._files.call("files", "job.outputs", folder=record.run_folder)
        place = record.folder
        return [
            {"root": place["root"], "path": f"{place['path']}/{output.pop('file')}", **output}
            for output in told
        ]

    async def _tell(self, job_id: str, job: Job | None) -> None:
        """Send one event, and wait: many at once would keep the server from all else."""
        self._sequence = next(self._numbers)
        told = {"removed": job_id} if job is None else {"job": job.to_api()}
        sent = asyncio.wrap_future(self._emit({"sequence": self._sequence, **told}))
        await asyncio.wait({sent}, timeout=_PATIENCE)


def _busy(why: str) -> Fault:
    return Fault(f"{why} Ask again in a few seconds.", status=503, reason="busy")
