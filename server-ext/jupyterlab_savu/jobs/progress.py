"""How far a run is, read from its folder; runs in worker processes."""

from __future__ import annotations

import dataclasses
from functools import lru_cache
from pathlib import Path
from typing import Any

from savu_core.files import read_process_list
from savu_core.model import ProcessList
from savu_core.runs import read_run, result_datasets


def read(folder: str, list_path: str) -> dict[str, Any]:
    """The state of the run in `folder` of the list in `list_path`, as plain data."""
    status = read_run(Path(folder), _list(list_path))
    told: dict[str, Any] = {
        "state": status.state,
        "fraction": min(max(status.fraction, 0.0), 1.0),
        "steps": [dataclasses.asdict(step) for step in status.steps],
        "message": status.message,
        "result": None,
    }
    if status.result is not None:
        found = result_datasets(status.result)
        told["result"] = {
            "file": status.result.name,
            "dataset": found[0]["path"] if found else None,
        }
    return told


@lru_cache(maxsize=64)
def _list(path: str) -> ProcessList | None:
    """The copy that runs never changes."""
    try:
        return read_process_list(path)[0]
    except (OSError, ValueError):
        return None
