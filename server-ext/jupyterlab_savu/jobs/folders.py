"""Run folders: their names, and what a submission puts into them."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from datetime import datetime
from pathlib import Path

from jupyterlab_savu.jobs.backends.supervisor import OUTPUT
from jupyterlab_savu.jobs.model import Record

__all__ = ["OURS", "OUTPUT", "RECORD", "folder_name", "list_copy", "stem", "write"]

#: Beside what the engine writes, a run folder has this folder of ours.
OURS = "job"
RECORD = "job.json"

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


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
