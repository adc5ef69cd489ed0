"""Jobs of run folders that the database does not know, as after it was lost."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from jupyterlab_savu.jobs import folders
from jupyterlab_savu.jobs.model import FINAL, Job, Record


@dataclass(frozen=True)
class Orphan:
    """A job in a run folder. If it was not handed over yet, `obstacle` says why it may not be."""

    job: Job
    obstacle: str | None = None


def orphans(
    output_root: Path,
    known: set[str],
    obstacle: Callable[[Record], str | None],
) -> list[Orphan]:
    """The jobs in folders of `output_root` whose names are not `known`, oldest first.

    A record is not trusted: a folder may have been copied from somebody else. `obstacle` tells
    why a job must not be run from its record, or None.
    """
    found = []
    try:
        names = sorted(entry.name for entry in os.scandir(output_root) if entry.is_dir())
    except OSError:
        return []
    for name in names:
        told = None if name in known else folders.read(output_root / name)
        if told is None:
            continue
        record, noted = told
        moved = record.run_folder != str(output_root / name)
        record = replace(
            record,
            run_folder=str(output_root / name),
            folder={**record.folder, "path": _beside(record.folder["path"], name)},
        )
        job = _job(record, noted or {})
        if job.state in FINAL:
            found.append(Orphan(job))
        elif not moved:
            found.append(Orphan(job, obstacle(record)))
    return sorted(found, key=lambda orphan: orphan.job.id)


def _job(record: Record, noted: dict[str, object]) -> Job:
    """The job as it was noted, or as one of which nobody knows whether it was handed over."""
    submitted = datetime.fromisoformat(record.submitted.replace("Z", "+00:00"))
    unknown = Job(record, tried=submitted.timestamp())
    try:
        job = Job.restored(record, str(noted.get("state")), noted)
    except (ValueError, TypeError, KeyError):
        return unknown
    if job.state in FINAL:
        return job
    return unknown.with_status(cancel_requested=job.cancel_requested)


def _beside(path: str, name: str) -> str:
    return f"{path.rpartition('/')[0]}/{name}".lstrip("/")
