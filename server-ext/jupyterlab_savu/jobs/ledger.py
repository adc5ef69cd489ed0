"""Changes of jobs: made here by the server that holds the lease, or passed on to that one."""

from __future__ import annotations

import json
import logging
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from jupyterlab_savu.faults import Fault
from jupyterlab_savu.jobs import folders
from jupyterlab_savu.jobs.lease import FileLease, Keeper, TableLease
from jupyterlab_savu.jobs.model import FINAL, Job, Record, now
from jupyterlab_savu.jobs.store import Change, DuplicateKey, JobStore
from jupyterlab_savu.jobs.transitions import request_end

log = logging.getLogger(__name__)

_SECONDS_FOR_AN_ANSWER = 20.0
_SECONDS_BETWEEN_LOOKS = 0.1
#: What nobody has answered for so long, in seconds, is not done any more.
_TOO_OLD = 600.0

Act = Callable[[dict[str, Any]], "str | None"]


class Ledger:
    """Writes jobs. A database in a file has one writing process; others ask it through files.

    `taken` is called, in any thread, whenever this process begins to look after the jobs, and
    `changed` after each act.
    """

    def __init__(
        self, store: JobStore, taken: Callable[[], None], changed: Callable[[], None]
    ) -> None:
        self._store = store
        self._taken = taken
        self._changed = changed
        self._acts: dict[str, Act] = {
            "insert": self._insert,
            "end": self._end,
            "remove": self._remove,
            "deleted": self._deleted,
        }
        self._relay: Relay | None = None
        if store.file is None:
            self._keeper = Keeper(TableLease(store), self._take_over)
        else:
            self._relay = Relay(store.file.with_name(f"{store.file.name}.requests"))
            lease = FileLease(store.file.with_name(f"{store.file.name}.lease"))
            self._keeper = Keeper(lease, self._take_over)

    @property
    def is_writer(self) -> bool:
        """Whether this process looks after the jobs."""
        return self._keeper.holds

    def start(self) -> None:
        self._keeper.start()

    def _take_over(self) -> None:
        try:
            self._store.prepare()
        except (SQLAlchemyError, OSError) as error:
            # who looks after the jobs will try again
            log.error("the database of jobs cannot be prepared: %s", error)
        self._taken()

    def close(self) -> None:
        self._keeper.close()

    def serve(self) -> None:
        """Do what other servers have asked for."""
        if self._relay is not None:
            self._relay.serve(lambda act, what: self._acts[act](what))

    def insert(self, job: Job) -> Job:
        """Add a new job.

        Raises:
            DuplicateKey: when there is one with its key.
        """
        told = {"record": job.record.to_json(), "state": job.state.value, "status": job.status()}
        if self._do("insert", told) is not None:
            raise DuplicateKey
        return self._store.get(job.id) or job

    def ask_end(self, job_id: str) -> None:
        """Note that the user wants the job to end."""
        self._do("end", {"id": job_id})

    def remove(self, job_id: str) -> None:
        """Forget a job that has ended."""
        self._do("remove", {"id": job_id})

    def mark_deleted(self, job_id: str) -> None:
        """Note that the run folder of a job was thrown away."""
        self._do("deleted", {"id": job_id})

    def update_all(self, changes: Mapping[str, Change]) -> list[Job]:
        """Changes by the process that looks after the jobs."""
        ended: dict[str, Job] = {}

        def noting(change: Change) -> Change:
            def changed(before: Job) -> Job:
                after = change(before)
                if after != before and (after.state in FINAL or after.cancel_requested):
                    ended[after.id] = after
                return after

            return changed

        jobs = self._store.update_all({key: noting(change) for key, change in changes.items()})
        for job in ended.values():
            folders.note(job)
        return jobs

    def _do(self, act: str, what: dict[str, Any]) -> str | None:
        if self._relay is None or self._keeper.holds:
            answer = self._acts[act](what)
        else:
            answer = self._relay.ask(act, what)
        self._changed()
        return answer

    def _insert(self, what: dict[str, Any]) -> str | None:
        record = Record.from_json(what["record"])
        try:
            self._store.insert(Job.restored(record, what["state"], what["status"]))
        except DuplicateKey:
            return "duplicate"
        return None

    def _end(self, what: dict[str, Any]) -> None:
        self.update_all({what["id"]: request_end})

    def _remove(self, what: dict[str, Any]) -> None:
        self._store.remove(what["id"])

    def _deleted(self, what: dict[str, Any]) -> None:
        self.update_all({what["id"]: _without_data})


def _without_data(job: Job) -> Job:
    return job.with_status(deleted=job.deleted or now(), result=None)


class Relay:
    """Requests to the process that looks after the jobs, and its answers, in files of a folder
    that only its owner can enter."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def ask(self, act: str, what: dict[str, Any]) -> str | None:
        """The answer.

        Raises:
            Fault: 503, when there is none in time.
        """
        self._folder.mkdir(mode=0o700, exist_ok=True)
        name = secrets.token_hex(12)
        draft = self._folder / f"{name}.draft"
        draft.write_text(json.dumps({"act": act, "what": what}))
        draft.rename(self._folder / f"{name}.json")
        reply = self._folder / f"{name}.answer"
        deadline = time.monotonic() + _SECONDS_FOR_AN_ANSWER
        while time.monotonic() < deadline:
            with suppress(FileNotFoundError):
                answer: str | None = json.loads(reply.read_bytes())
                reply.unlink()
                return answer
            time.sleep(_SECONDS_BETWEEN_LOOKS)
        raise Fault(
            "Another Jupyter server of yours looks after the jobs, and it does not answer. "
            "What you asked for may still be done: look at the list of jobs in a minute.",
            status=503,
            reason="busy",
        )

    def serve(self, do: Callable[[str, dict[str, Any]], str | None]) -> None:
        """Do what is asked, oldest first, and answer."""
        if not self._folder.is_dir():
            return
        files = [(path.stat().st_mtime, path) for path in self._folder.iterdir()]
        for modified, path in sorted(files):
            if time.time() - modified > _TOO_OLD:
                path.unlink(missing_ok=True)
            elif path.suffix == ".json":
                self._answer(path, do)

    def _answer(self, path: Path, do: Callable[[str, dict[str, Any]], str | None]) -> None:
        try:
            told = json.loads(path.read_bytes())
            answer = do(told["act"], told["what"])
        except (ValueError, KeyError, TypeError):
            log.exception("a request of another server cannot be understood")
            path.unlink(missing_ok=True)
            return
        draft = path.with_suffix(".draft")
        draft.write_text(json.dumps(answer))
        draft.rename(path.with_suffix(".answer"))
        path.unlink(missing_ok=True)
