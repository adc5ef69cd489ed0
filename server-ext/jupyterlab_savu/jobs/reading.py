"""Asking the worker processes how far runs are."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from jupyterlab_savu.faults import Fault
from jupyterlab_savu.jobs import folders
from jupyterlab_savu.jobs.model import Job

log = logging.getLogger(__name__)

#: Asks a worker process: lane, operation, arguments.
Call = Callable[..., Any]


async def read_runs(call: Call, jobs: Sequence[Job]) -> dict[str, dict[str, Any]]:
    """How far the runs in the folders of `jobs` are, without those that cannot be read."""
    if not jobs:
        return {}
    places = [_places(job) for job in jobs]
    try:
        runs = await asyncio.to_thread(call, "files", "job.progress", places=places)
    except Fault as fault:
        if len(jobs) > 1:
            # a file that ends the process which reads it must not hide the others
            singly = [await read_runs(call, [job]) for job in jobs]
            return {key: run for runs in singly for key, run in runs.items()}
        log.warning("the folder of job %s cannot be read: %s", jobs[0].id, fault.message)
        return {}
    return {job.id: run for job, run in zip(jobs, runs, strict=True) if run is not None}


def _places(job: Job) -> list[str]:
    folder = Path(job.record.run_folder)
    return [str(folder), str(folders.list_copy(folder, job.record.name))]
