"""Run folders: their names, and what a submission puts into them."""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import unicodedata
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from jupyterlab_savu.jobs.backends.supervisor import EXIT, OUTPUT
from jupyterlab_savu.jobs.ids import ID
from jupyterlab_savu.jobs.model import Job, Record
from savu_core import atomic

__all__ = [
    "OURS",
    "OUTPUT",
    "RECORD",
    "folder_name",
    "forget",
    "list_copy",
    "note",
    "read",
    "resume",
    "stem",
    "write",
]

log = logging.getLogger(__name__)

#: Beside what the engine writes, a run folder has this folder of ours.
OURS = "job"
RECORD = "job.json"
#: How the job ended.
STATUS = "status.json"
#: What the record is called once it was removed from the list of jobs.
REMOVED = "removed.json"

_LONGEST_STEM = 40


def folder_name(list_name: str, scan_name: str, time: datetime, job_id: str) -> str:
    """Such as ``fbp_scan-12_20260131-235959_1a2b3c4d``: safe on every disk and in any shell."""
    short = job_id.rpartition("-")[2]
    return "_".join([stem(list_name), stem(scan_name), f"{time:%Y%m%d-%H%M%S}", short])


def stem(file_name: str) -> str:
    """The name of a file without its ending, in letters, digits, ``-`` and ``.`` of ASCII."""
    plain = unicodedata.normalize("NFKD", Path(file_name).stem)
    ascii_only = plain.encode("ascii", "ignore").decode()
    safe = re.sub(r"[^A-Za-z0-9.-]+", "-", ascii_only).strip("-.")
    return safe[:_LONGEST_STEM].strip("-.") or "unnamed"


def list_copy(run_folder: Path, list_name: str) -> Path:
    """Where the list that runs is kept."""
    return run_folder / OURS / f"{stem(list_name)}.nxs"


def write(run_folder: Path, record: Record, list_name: str, content: bytes) -> None:
    """Make the run folder with the record and the list that runs.

    Raises:
        OSError: also when the folder exists.
    """
    run_folder.parent.mkdir(parents=True, exist_ok=True)
    run_folder.mkdir()
    ours = run_folder / OURS
    ours.mkdir()
    _write(list_copy(run_folder, list_name), content)
    _write(ours / RECORD, json.dumps(record.to_json(), indent=1).encode())


def resume(run_folder: Path, record: Record, before: str) -> None:
    """Replace what belongs to the job `before` by `record`; the list that runs stays.

    Raises:
        OSError: nothing was changed.
    """
    ours, fresh = run_folder / OURS, run_folder / f"{OURS}.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    copy = list_copy(run_folder, record.name)
    _write(fresh / copy.name, copy.read_bytes())
    _write(fresh / RECORD, json.dumps(record.to_json(), indent=1).encode())
    for share in ours.glob(f"share-*.{EXIT}"):
        _write(fresh / share.name, share.read_bytes())
    ours.rename(run_folder / f"{OURS}-{before}")
    fresh.rename(ours)


def note(job: Job) -> None:
    """Note in its run folder how a job stands, so that the history survives the database."""
    folder = Path(job.record.run_folder)
    ours = folder / OURS
    content = json.dumps({"state": job.state.value, **job.status()}, indent=1).encode()
    try:
        told = read(folder)
        if told is not None and told[0].id == job.id:
            atomic.write(ours / STATUS, content, check=lambda: None)
    except OSError as error:
        log.warning("the end of job %s is not noted in its folder: %s", job.id, error)


def read(folder: Path) -> tuple[Record, dict[str, Any] | None] | None:
    """The record in a run folder and what was noted of its end; None when it is not of a job of
    this user. The record names the folder as it is now.
    """
    path = folder / OURS / RECORD
    try:
        if os.name == "posix" and path.stat().st_uid != os.getuid():
            return None
        record = Record.from_json(json.loads(path.read_bytes()))
        if not re.fullmatch(ID, record.id) or not isinstance(record.folder["path"], str):
            raise ValueError("it is no record of a job")
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as error:
        log.warning("the record in %s cannot be read: %s", folder, error)
        return None
    try:
        noted = json.loads((folder / OURS / STATUS).read_bytes())
    except (OSError, ValueError):
        noted = None
    return record, noted if isinstance(noted, dict) else None


def forget(folder: Path, job_id: str) -> None:
    """Make the run folder of a job one that is no job's; one that another job went on with stays
    that one's.

    Raises:
        OSError: when it cannot be changed; not when it is gone.
    """
    told = read(folder)
    if told is None or told[0].id != job_id:
        return
    with suppress(FileNotFoundError):
        (folder / OURS / RECORD).replace(folder / OURS / REMOVED)


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
