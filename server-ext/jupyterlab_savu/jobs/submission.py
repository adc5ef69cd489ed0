"""From what was asked to jobs: checked, written into run folders, and accepted."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from shutil import rmtree
from typing import Any

from jupyterlab_savu.configuration import Queue, ResourceName
from jupyterlab_savu.data.files import FileService
from jupyterlab_savu.data.frames import Frame
from jupyterlab_savu.data.roots import Located
from jupyterlab_savu.faults import Fault, disk_fault
from jupyterlab_savu.jobs import folders
from jupyterlab_savu.jobs.backends.base import Backend, Task
from jupyterlab_savu.jobs.engines import Engines
from jupyterlab_savu.jobs.ids import new_id
from jupyterlab_savu.jobs.ledger import Ledger
from jupyterlab_savu.jobs.model import Job, Record, State, now
from jupyterlab_savu.jobs.resources import Resources, choose
from jupyterlab_savu.jobs.store import DuplicateKey, JobStore
from savu_core.shares import SHARES_FOLDER

Place = dict[str, str]

#: What an engine is told so that it goes on, and where it keeps what it then needs.
RESUME = "--checkpoint"
CHECKPOINTS = "checkpoint"


@dataclass(frozen=True)
class Submission:
    """A list and scans by place, and the queue.

    `content` runs instead of what the list's file holds; `rows`, an entry of a preview such as
    ``60:68``, instead of those that the queue takes. `resources` and `values` are what the user
    has chosen of those that the queue offers. A second submission with the same `key`
    answers the first one's jobs. With `together` the jobs are a group, even when there is one.
    """

    queue: str
    plist: Place
    scans: tuple[Place, ...]
    content: dict[str, Any] | None = None
    rows: str | None = None
    resources: dict[ResourceName, int] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    key: str | None = None
    together: bool = False
    #: Whether `content` may run when the file of the list is gone.
    without_file: bool = False

    def hash(self) -> str:
        """What was asked, without the key."""
        asked = dataclasses.replace(self, key=None)
        return hashlib.sha256(
            json.dumps(dataclasses.asdict(asked), sort_keys=True).encode()
        ).hexdigest()

    def key_of(self, index: int) -> str | None:
        """The key of the job on the scan with that index."""
        if self.key is None or not self.together:
            return self.key
        return f"{self.key}\n{index}"


@dataclass(frozen=True)
class Checked:
    """A list that can run on a scan."""

    listed: Located
    data: Located
    prepared: Frame
    engine_version: str | None


class Submitter:
    """All methods may block, and may be called from any thread."""

    def __init__(
        self,
        *,
        store: JobStore,
        ledger: Ledger,
        files: FileService,
        engines: Engines,
        queues: Mapping[str, Queue],
        backends: Mapping[str, Backend],
        output_root: Path,
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._files = files
        self._engines = engines
        self._queues = queues
        self._backends = backends
        self._output_root = output_root

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

    def submit(self, submission: Submission) -> tuple[list[Job], bool]:
        """The jobs in the order of the scans, and whether one of them is new.

        Nothing is submitted unless the list can run on every scan.

        Raises:
            Fault: 404 when the list or a scan is not there, 409 when the key was used for
                something else, 422 when the list cannot run on a scan, 507 when the disk is
                full.
        """
        there = [self._made_before(submission, i) for i in range(len(submission.scans))]
        queue = self.queue(submission.queue)
        self.script(queue.name, submission.resources, submission.values)
        checked = {
            i: self.check(submission, queue, i) for i, job in enumerate(there) if job is None
        }
        group = next((job.record.group for job in there if job is not None), None)
        if submission.together and group is None:
            group = new_id()
        jobs = []
        for i, job in enumerate(there):
            try:
                jobs.append(job or self._accept(submission, queue, i, checked[i], group))
            except Fault as fault:
                raise _only_so_many(fault, jobs, len(there)) from None
        return jobs, bool(checked)

    def resume(self, job: Job) -> Job:
        """A job that goes on with the run of one that ended early, in the same folder.

        Raises:
            Fault: 409, when there is nothing to go on with.
        """
        folder = Path(job.record.run_folder)
        why = self._cannot_resume(job, folder)
        if why is not None:
            raise Fault(f"{why} Run it again instead.", status=409, reason="no_checkpoint")
        before = job.record
        # shares go on by themselves
        goes_on = before.shares > 1 or RESUME in before.command
        queue, job_id = self.queue(before.queue), new_id()
        resources = choose(queue, before.resources)
        record = dataclasses.replace(
            before,
            id=job_id,
            script=self._script(job_id, queue, resources, before.values),
            submitted=now(),
            key=None,
            request=None,
            resumes=job.id,
            command=before.command if goes_on else (*before.command, RESUME),
        )
        try:
            folders.resume(folder, record, job.id)
        except OSError as error:
            raise disk_fault(error, "The job was not resumed") from None
        return self._ledger.insert(self._accepted(record))

    def can_resume(self, job: Job) -> bool:
        """Whether `resume` would find something to go on with."""
        return self._cannot_resume(job, Path(job.record.run_folder)) is None

    def _cannot_resume(self, job: Job, folder: Path) -> str | None:
        if job.state not in (State.FAILED, State.CANCELLED):
            return "Only a job that has failed or was cancelled can go on."
        if job.record.queue not in self._queues or job.record.backend not in self._backends:
            return f"There is no queue {job.record.queue!r} any more."
        shared = job.record.shares > 1 and (folder / SHARES_FOLDER).is_dir()
        if not shared and not (folder / CHECKPOINTS).is_dir():
            return "The run ended before its first checkpoint."
        told = folders.read(folder)
        if told is None or told[0].id != job.id:
            return "Another job has gone on with this run."
        return None

    def script(
        self, queue_name: str, resources: Mapping[ResourceName, int], values: Mapping[str, str]
    ) -> str | None:
        """What would be handed to the scheduler of a queue; None where there is none.

        Raises:
            Fault: 422, the queue does not let that be chosen.
        """
        queue = self.queue(queue_name)
        return self._script("JOB", queue, choose(queue, resources), values)

    def _script(
        self, job_id: str, queue: Queue, resources: Resources, values: Mapping[str, str]
    ) -> str | None:
        task = Task(job_id, queue.name, Path(), (), resources=resources, values=values)
        backend = self._backends[queue.backend]
        if values and not backend.schedules:
            name = next(iter(values))
            raise Fault(f"The queue {queue.name} has no {name!r}.", place=f"/values/{name}")
        return backend.script(task)

    def obstacle(self, record: Record) -> str | None:
        """Why a job must not be run from a record in a folder, which anybody may have written:
        only what this server would run itself may be."""
        queue = self._queues.get(record.queue)
        if queue is None:
            return (
                f"There is no queue {record.queue!r} any more, and the job had not begun. "
                "Run it again on another queue."
            )
        try:
            data = self._files.roots.locate_file(record.data["root"], record.data["path"])
        except Fault as fault:
            return fault.message
        try:
            self._script(record.id, queue, choose(queue, record.resources), record.values)
        except Fault as fault:
            return fault.message
        expected = self._command(queue, data, Path(record.run_folder), record.name)
        if record.resumes is not None and RESUME in record.command:
            expected = (*expected, RESUME)
        same_place = record.backend == queue.backend and record.shares <= queue.shares
        if record.command != expected or not same_place:
            return (
                "The database of jobs was lost before this job had begun, and the job is not what "
                "this server would run now. Run it again."
            )
        return None

    def _made_before(self, submission: Submission, index: int) -> Job | None:
        key = submission.key_of(index)
        job = None if key is None else self._store.by_key(key)
        if job is not None and job.record.request not in (None, submission.hash()):
            raise Fault(
                "Another job was submitted with this key. Use a new key for each submission.",
                status=409,
                reason="key",
                place="/key",
            )
        return job

    def check(self, submission: Submission, queue: Queue, index: int = 0) -> Checked:
        """What would run on the scan with that index.

        Raises:
            Fault: as `submit` does.
        """
        scan = submission.scans[index]
        try:
            data = self._files.roots.locate_file(scan["root"], scan["path"])
            listed = self._listed(submission)
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
                rows=submission.rows or queue.restrict_rows,
            )
        except Fault as fault:
            if not submission.together:
                raise
            raise _of_scan(fault, index, scan["path"]) from None
        return Checked(listed, data, prepared, engine.version)

    def _listed(self, submission: Submission) -> Located:
        root, path = submission.plist["root"], submission.plist["path"]
        try:
            return self._files.roots.locate_file(root, path)
        except Fault:
            if not submission.without_file:
                raise
            return Located(root, path, Path(path), writable=False)

    def _accept(
        self,
        submission: Submission,
        queue: Queue,
        index: int,
        checked: Checked,
        group: str | None,
    ) -> Job:
        record = self._record(submission, queue, index, checked, group)
        folder = Path(record.run_folder)
        try:
            folders.write(folder, record, record.name, bytes(checked.prepared.body))
        except OSError as error:
            rmtree(folder, ignore_errors=True)
            raise disk_fault(error, "The job was not submitted") from None
        try:
            return self._ledger.insert(self._accepted(record))
        except DuplicateKey:
            rmtree(folder, ignore_errors=True)
            first = self._store.by_key(record.key or "")
            if first is None:
                raise
            return first

    def _accepted(self, record: Record) -> Job:
        """A back end that schedules has to take the job before it is in a queue."""
        job = Job(record)
        return job if self._backends[record.backend].schedules else job.moved(State.QUEUED)

    def _record(
        self,
        submission: Submission,
        queue: Queue,
        index: int,
        checked: Checked,
        group: str | None,
    ) -> Record:
        job_id = new_id()
        listed, data, prepared = checked.listed, checked.data, checked.prepared.header
        list_name = listed.relative.rpartition("/")[2]
        name = folders.folder_name(list_name, data.path.name, datetime.now().astimezone(), job_id)
        folder = self._output_root / name
        place = self._files.roots.place_of(folder)
        if place is None:
            raise RuntimeError("the configuration lets no output root lie outside the roots")
        resources = choose(queue, submission.resources)
        return Record(
            id=job_id,
            name=list_name,
            queue=queue.name,
            backend=queue.backend,
            engine=queue.engine,
            engine_version=checked.engine_version,
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
            command=self._command(queue, data, folder, list_name),
            submitted=now(),
            key=submission.key_of(index),
            request=submission.hash(),
            group=group,
            rows=submission.rows,
            resources=resources.to_json(),
            values=submission.values,
            # a share has two rows at least
            shares=max(1, min(queue.shares, prepared["rows"] // 2)),
            script=self._script(job_id, queue, resources, submission.values),
        )

    def _command(
        self, queue: Queue, data: Located, folder: Path, list_name: str
    ) -> tuple[str, ...]:
        return (
            *self._engines.command(queue.engine),
            str(data.path),
            str(folders.list_copy(folder, list_name)),
            str(folder.parent),
            "-f",
            folder.name,
            *queue.options,
        )


def _of_scan(fault: Fault, index: int, path: str) -> Fault:
    """The fault of one scan of several."""
    place = f"/scans/{index}" if fault.place == "/data" else fault.place
    return Fault(f"{path}: {fault.message}", status=fault.status, reason=fault.reason, place=place)


def _only_so_many(fault: Fault, jobs: list[Job], wanted: int) -> Fault:
    if not jobs:
        return fault
    return Fault(
        f"{len(jobs)} of {wanted} jobs were submitted. {fault.message}",
        status=fault.status,
        reason=fault.reason,
        place=fault.place,
    )
