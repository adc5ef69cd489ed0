"""Ending and cleaning: three acts, none of which implies another."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from jupyterlab_savu.faults import Fault, disk_fault
from jupyterlab_savu.jobs import folders
from jupyterlab_savu.jobs.ledger import Ledger
from jupyterlab_savu.jobs.model import FINAL, OCCUPYING, Job
from jupyterlab_savu.jobs.store import JobStore
from savu_core import runs


class Endings:
    """All methods may block, and may be called from any thread."""

    def __init__(self, store: JobStore, ledger: Ledger, output_root: Path) -> None:
        self._store = store
        self._ledger = ledger
        self._output_root = output_root

    def cancel(self, job: Job) -> None:
        """Ask a job to end, politely at first; no effect on one that has ended."""
        if job.state in FINAL:
            return
        # first, so that an engine which ends at once is known to have been asked to
        self._ledger.ask_end(job.id)
        if job.state in OCCUPYING:
            # what cannot be written is followed by signals
            with suppress(OSError):
                (Path(job.record.run_folder) / runs.KILL_SIGNAL).touch()

    def remove(self, job: Job) -> None:
        """Forget a job that has ended; its run folder stays.

        Raises:
            Fault: 409 while it is active.
        """
        _require_end(job, "removed from the list")
        try:
            folders.forget(Path(job.record.run_folder), job.id)
        except OSError as error:
            raise disk_fault(error, "The job was not removed") from None
        self._ledger.remove(job.id)

    def data(self, job: Job) -> dict[str, Any]:
        """What deleting the data of a job would take away, in the form of the API; `hash`
        changes with it.

        Raises:
            Fault: 409 while it is active, 404 when nothing is left, 403 when the run folder is
                none of the output root.
        """
        folder = self._run_folder(job)
        files, size, newest = 0, 0, 0
        for parent, _, names in os.walk(folder):
            for name in names:
                with suppress(OSError):
                    info = Path(parent, name).lstat()
                    files, size = files + 1, size + info.st_size
                    newest = max(newest, info.st_mtime_ns)
        summary = f"{folder}\n{files}\n{size}\n{newest}"
        return {
            "folder": job.record.folder,
            "files": files,
            "size": size,
            "hash": hashlib.sha256(summary.encode()).hexdigest(),
        }

    def delete_data(self, job: Job, expected_hash: str, to_trash: bool) -> dict[str, Any]:
        """Move the run folder to the trash, or into a dated folder beside it; where it then is.

        Raises:
            Fault: as for `data`, and 412 when the folder is not as it was told to be.
        """
        if self.data(job)["hash"] != expected_hash:
            raise Fault(
                "The run folder has changed since you looked at it. Nothing was deleted: "
                "look again at what would go.",
                status=412,
                reason="changed",
            )
        folder = self._run_folder(job)
        moved = None if to_trash and _sent_to_trash(folder) else self._set_aside(folder)
        self._ledger.mark_deleted(job.id)
        if moved is None:
            return {"moved": "trash", "folder": None}
        place = {**job.record.folder}
        above = place["path"].rpartition("/")[0]
        inside = moved.relative_to(self._output_root).as_posix()
        return {
            "moved": "folder",
            "folder": {"root": place["root"], "path": f"{above}/{inside}".lstrip("/")},
        }

    def _run_folder(self, job: Job) -> Path:
        """The folder to throw away: a real one in the output root, with the record of this job."""
        _require_end(job, "deleted")
        folder = Path(job.record.run_folder)
        for other in self._store.active():
            if other.record.run_folder == job.record.run_folder:
                raise _active("deleted")
        if not folder.is_dir():
            raise Fault(
                "The run folder is gone already: it was moved or deleted.",
                status=404,
                reason="not_found",
            )
        inside = folder.parent == self._output_root and folder.resolve() == folder
        told = folders.read(folder) if inside else None
        if told is None or told[0].id != job.id:
            raise Fault(
                f"{folder.name} is not the run folder that this job has made in the folder of "
                "all runs, and is left alone.",
                status=403,
                reason="not_ours",
            )
        return folder

    def _set_aside(self, folder: Path) -> Path:
        aside = self._output_root / f"deleted-{datetime.now().astimezone():%Y-%m-%d}"
        try:
            aside.mkdir(exist_ok=True)
            return folder.rename(aside / folder.name)
        except OSError as error:
            raise disk_fault(error, "The data were not deleted") from None


def _sent_to_trash(folder: Path) -> bool:
    # imported late: it looks for the trash of the desktop
    from send2trash import send2trash

    try:
        send2trash(str(folder))
    except OSError:
        # there is no trash for this disk
        return False
    return True


def _require_end(job: Job, act: str) -> None:
    if job.state not in FINAL:
        raise _active(act)


def _active(act: str) -> Fault:
    return Fault(
        f"A job that has not ended cannot be {act}. Cancel it first.",
        status=409,
        reason="active",
    )
