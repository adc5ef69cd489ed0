"""Submitting, watching and ending jobs: what the routes and the events stand on."""

from __future__ import annotations

import itertools
import socket
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from shutil import rmtree
from typing import Any

from jupyterlab_savu.configuration import Queue
from jupyterlab_savu.data.files import FileService
from jupyterlab_savu.data.roots import Located
from jupyterlab_savu.faults import Fault, disk_fault, not_found
from jupyterlab_savu.jobs import folders, logs
from jupyterlab_savu.jobs.backends.base import Backend
from jupyterlab_savu.jobs.engines import Engines
from jupyterlab_savu.jobs.ids import new_id
from jupyterlab_savu.jobs.model import FINAL, OCCUPYING, Job, Record, State, now
from jupyterlab_savu.jobs.store import DuplicateKey, JobStore
from jupyterlab_savu.jobs.watcher import Watcher, request_end
from savu_core import runs


@dataclass(frozen=True)
class Submission:
    """A list and a scan by place, and the queue. `content` runs instead of what the list's file
    holds; a second submission with the same `key` answers the first one's job."""

    queue: str
    list_root: str
    list_path: str
    data_root: str
    data_path: str
    content: dict[str, Any] | None = None
    key: str | None = None


class JobService:
    """All methods may block, and may be called from any thread."""

    def __init__(
        self,
        *,
        store: JobStore,
        files: FileService,
        engines: Engines,
        queues: Mapping[str, Queue],
        backends: Mapping[str, Backend],
        output_root: Path,
        emit: Callable[[dict[str, Any]], None],
    ) -> None:
        self._store = store
        self._files = files
        self._engines = engines
        self._queues = queues
        self._backends = backends
        self._output_root = output_root
        self._emit = emit
        # larger than any number before a restart, so that a browser notices the gap
        self._numbers = itertools.count(int(time.time() * 1000))
        self._sequence = next(self._numbers)
        slots = {name: queue.slots for name, queue in queues.items()}
        self._watcher = Watcher(store, backends, slots, files.call, self._tell)

    def start(self) -> None:
        self._watcher.start()

    def close(self) -> None:
        """Stop watching; the jobs go on."""
        self._watcher.close()
        self._store.close()

    def queues(self) -> list[dict[str, Any]]:
        """The queues in the form of the API."""
        active = self._store.active()
        running = Counter(job.record.queue for job in active if job.state in OCCUPYING)
        waiting = Counter(job.record.queue for job in active if job.state not in OCCUPYING)
        return [
            {
                "name": name,
                "title": queue.title or name,
                "description": queue.description,
                "backend": queue.backend,
                "engine": queue.engine,
                "restrict_rows": queue.restrict_rows,
                "slots": queue.slots,
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
        try:
            return self._queues[name]
        except KeyError:
            known = ", ".join(self._queues)
            raise Fault(f"There is no queue {name!r}, only {known}.", place="/queue") from None

    def submit(self, submission: Submission) -> tuple[Job, bool]:
        """The job, and whether it is new.

        Raises:
            Fault: 404 when the list or the scan is not there, 422 when the list cannot run on
                it, 507 when the disk is full.
        """
        if submission.key is not None and (job := self._store.by_key(submission.key)):
            return job, False
        queue = self.queue(submission.queue)
        data = self._files.locate_file(submission.data_root, submission.data_path)
        listed = self._files.locate_file(submission.list_root, submission.list_path)
        content = submission.content
        if content is None:
            content = self._files.call("files", "list.read", path=str(listed.path))["list"]
        engine = self._engines.capabilities(queue.engine)
        prepared = self._files.call(
            "files",
            "job.prepare",
            plist=content,
            data=str(data.path),
            supported=engine.plugins,
            lacks=list(engine.lacks),
            rows=queue.restrict_rows,
        )
        record = self._record(queue, listed, data, prepared.header, engine.version, submission.key)
        folder = Path(record.run_folder)
        self._write(folder, record, prepared.body)
        try:
            job = self._store.insert(self._accepted(record))
        except DuplicateKey:
            rmtree(folder, ignore_errors=True)
            first = self._store.by_key(submission.key or "")
            if first is None:
                raise
            return first, False
        self._watcher.wake()
        return job, True

    def _accepted(self, record: Record) -> Job:
        """A back end that schedules has to take the job before it is in a queue."""
        job = Job(record)
        return job if self._backends[record.backend].schedules else job.moved(State.QUEUED)

    def cancel(self, job_id: str) -> Job:
        """Ask a job to end; no effect on one that has."""
        job = self.get(job_id)
        if job.state in OCCUPYING:
            # what cannot be written is followed by signals
            with suppress(OSError):
                (Path(job.record.run_folder) / runs.KILL_SIGNAL).touch()
        job = self._store.update(job_id, request_end)
        self._watcher.wake()
        return job

    def get(self, job_id: str) -> Job:
        job = self._store.get(job_id)
        if job is None:
            raise not_found(f"There is no job {job_id!r}.")
        return job

    def page(self, active: bool | None, limit: int, cursor: str | None) -> dict[str, Any]:
        """Jobs in the form of the API, newest first."""
        # asked before the jobs: these then include at least what the event told
        sequence = self._sequence
        jobs = self._store.page(active, limit + 1, cursor)
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
        return {
            "text": part.text,
            "offset": part.offset,
            "next": part.next,
            "size": part.size,
            "complete": ended and part.next >= part.size,
        }

    def _tell(self, job: Job) -> None:
        self._sequence = next(self._numbers)
        self._emit({"sequence": self._sequence, "job": job.to_api()})

    def _record(
        self,
        queue: Queue,
        listed: Located,
        data: Located,
        prepared: dict[str, Any],
        engine_version: str | None,
        key: str | None,
    ) -> Record:
        job_id = new_id()
        list_name = listed.relative.rpartition("/")[2]
        name = folders.folder_name(list_name, data.path.name, datetime.now().astimezone(), job_id)
        folder = self._output_root / name
        place = self._files.roots.place_of(folder)
        if place is None:
            raise RuntimeError("the configuration lets no output root lie outside the roots")
        return Record(
            id=job_id,
            name=list_name,
            queue=queue.name,
            backend=queue.backend,
            engine=queue.engine,
            engine_version=engine_version,
            host=socket.gethostname(),
            list={"root": listed.root, "path": listed.relative, "hash": prepared["hash"]},
            data={
                "root": data.root,
                "path": data.relative,
                "size": prepared["size"],
                "modified": prepared["modified"],
            },
            folder=place,
            run_folder=str(folder),
            command=(
                *self._engines.command(queue.engine),
                str(data.path),
                str(folders.list_copy(folder, list_name)),
                str(self._output_root),
                "-f",
                name,
                *queue.options,
            ),
            submitted=now(),
            key=key,
        )

    def _write(self, folder: Path, record: Record, content: bytes) -> None:
        try:
            folders.write(folder, record, record.name, content)
        except OSError as error:
            rmtree(folder, ignore_errors=True)
            raise disk_fault(error, "The job was not submitted") from None
