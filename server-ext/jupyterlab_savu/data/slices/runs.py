"""The datasets of a run by the steps that made them, also those that are not linked yet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from jupyterlab_savu.data.confined import ConfinedFile
from jupyterlab_savu.data.roots import Roots
from savu_core.catalogue import plugin_kind
from savu_core.preview import PreviewError, PreviewSlice, parse_preview
from savu_core.runs import list_in
from savu_core.scans import ScanError, find_scan

_GROUP = re.compile(r"/?(\d+)-([^-/]+)-([^/]+)")
_MAX_FILES = 200
_MAX_FRAMES = 10_000_000


def step_of(path: str) -> dict[str, Any] | None:
    """The number and the plugin of the step whose dataset `path` is, by the name of its group."""
    found = _GROUP.match(path)
    if found is None:
        return None
    number, plugin, dataset = found.groups()
    return {"number": int(number), "plugin": plugin, "dataset": dataset}


def unlinked(file: Path, linked: set[str], roots: Roots) -> Iterator[tuple[str, h5py.Dataset]]:
    """The datasets of a run that `file` does not link, each with the name of its own file.

    They are being written, or their run ended early. An engine links what is complete.
    """
    if not file.name.endswith("_processed.nxs"):
        return
    for path in islice(sorted(file.parent.glob("*_p[0-9]*_*.h5")), _MAX_FILES):
        if path.name in linked or not roots.holds(path.resolve()):
            continue
        try:
            with ConfinedFile(path, roots) as confined:
                for name in confined["/"]:
                    data = confined.get(f"/{name}/data") if step_of(name) else None
                    if isinstance(data, h5py.Dataset):
                        yield path.name, data
        except OSError:
            # it has just been made, or is gone
            continue


def loaded(
    file: str, path: str, dataset: h5py.Dataset, roots: Roots
) -> list[dict[str, int]] | None:
    """What a run loaded of its scan along each axis: the first index, and how far the next is.

    None for what is not the scan of a run in three dimensions, or was not loaded in even steps.
    Frames that are no projections are not counted by a preview, but are here.
    """
    if not path.startswith("/entry/input_data/") or dataset.ndim != 3:
        return None
    try:
        plist = list_in(Path(file).parent)
        plugins = [] if plist is None else plist.active
        loader = next((p for p in plugins if plugin_kind(p.name) == "loader"), None)
        frames = _projections(dataset, roots)
        if loader is None or frames is None:
            return None
        shape = (len(frames), *dataset.shape[1:])
        rows = parse_preview(loader.parameters.get("preview", []), shape)
    except (OSError, PreviewError, ScanError):
        return None
    angles, *others = rows
    taken = frames[angles.start : angles.stop : angles.step]
    steps = np.unique(np.diff(taken))
    if any(one.chunk > 1 for one in rows) or len(steps) > 1 or not len(taken):
        return None
    first = PreviewSlice(int(taken[0]), dataset.shape[0], int(steps[0]) if len(steps) else 1)
    return [{"start": one.start, "step": one.step} for one in (first, *others)]


def _projections(dataset: h5py.Dataset, roots: Roots) -> NDArray[np.intp] | None:
    """The indices of the frames that are neither flat nor dark fields; None if not known."""
    file = Path(dataset.file.filename)
    scan = find_scan(file, dataset.name, opened=partial(ConfinedFile, roots=roots))
    if scan.image_key_path is None:
        return np.arange(dataset.shape[0])
    with ConfinedFile(file, roots) as confined:
        key = confined.get(f"/{scan.image_key_path.strip('/')}")
        if not isinstance(key, h5py.Dataset):
            return None
        if key.shape != dataset.shape[:1] or key.size > _MAX_FRAMES:
            return None
        return np.flatnonzero(key[()] == 0)
