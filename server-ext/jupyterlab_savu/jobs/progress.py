"""How far a run is, read from its folder; runs in worker processes."""

from __future__ import annotations

import dataclasses
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from savu_core.files import read_process_list
from savu_core.model import ProcessList
from savu_core.runs import read_run, result_datasets


def read_all(places: list[list[str]]) -> list[dict[str, Any] | None]:
    """The states of many runs by their folders and lists; None for one that cannot be read."""
    told: list[dict[str, Any] | None] = []
    for folder, list_path in places:
        try:
            told.append(read(folder, list_path))
        except OSError:
            told.append(None)
    return told


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


def outputs(folder: str) -> list[dict[str, Any]]:
    """The datasets in a run folder that can be opened, final ones first, as plain data; `file` is
    the one that links them."""
    told = []
    for processed in sorted(Path(folder).glob("*_processed.nxs")):
        # h5py raises nearly anything for a damaged file, or one that is just being written
        with suppress(Exception):
            told += [(processed.name, dataset) for dataset in result_datasets(processed)]
    return [
        {
            "name": dataset["name"],
            "final": "/final_result_" in dataset["path"],
            "file": name,
            "dataset": dataset["path"],
            "shape": dataset["shape"],
            "dtype": dataset["dtype"],
        }
        for name, dataset in told
    ]


@lru_cache(maxsize=512)
def _list(path: str) -> ProcessList | None:
    """The copy that runs never changes."""
    try:
        return read_process_list(path)[0]
    except (OSError, ValueError):
        return None
