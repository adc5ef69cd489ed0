"""Jobs for tests that need no run."""

from __future__ import annotations

from typing import Any

from jupyterlab_savu.jobs.ids import new_id
from jupyterlab_savu.jobs.model import Job, Record


def make_job(**changes: Any) -> Job:
    """A job that was just accepted, with these fields of its record."""
    record: dict[str, Any] = {
        "id": new_id(),
        "name": "steps.nxs",
        "queue": "full",
        "backend": "local",
        "engine": "embedded",
        "engine_version": "1",
        "host": "here",
        "list": {"root": "jupyter", "path": "steps.nxs", "hash": "0" * 64},
        "data": {"root": "jupyter", "path": "scan.nxs", "size": 1, "modified": "now"},
        "folder": {"root": "jupyter", "path": "savu-runs/x"},
        "run_folder": "/nowhere/savu-runs/x",
        "command": ("engine", "a b"),
        "submitted": "2026-01-31T23:59:59.000Z",
    }
    return Job(Record(**{**record, **changes}))
