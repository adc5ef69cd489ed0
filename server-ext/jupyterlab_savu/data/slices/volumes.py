"""What can be shown as slices: the datasets of a file, and the axes of one of them."""

from __future__ import annotations

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
from jupyterlab_savu.data.slices.acquisition import (
    axis_names,
    is_spectrum,
    planes_of,
    strongest_channel,
)
from jupyterlab_savu.data.slices.faults import in_words
from jupyterlab_savu.data.slices.plain import shown_type
from jupyterlab_savu.data.slices.runs import loaded, step_of, unlinked
from jupyterlab_savu.faults import Fault
from savu_core.hdf5 import text_of
from savu_core.scans import Scan, ScanError, find_scan

_MAX_VISITS = 2000
_MAX_DEPTH = 6
_MAX_FOUND = 500
_MAX_PATTERNS = 100
#: Values of an axis are told one by one up to this many, unless they are evenly spaced.
_MAX_VALUES = 4096
_MAX_NUMBERS = 1_000_000

#: How Savu and NXtomo name what one looks at, by the axes that are shown of three.
_SCAN_AXES = ("rotation_angle", "detector_y", "detector_x")
_SCAN_PATTERNS = {"PROJECTION": (1, 2), "SINOGRAM": (0, 2), "TANGENTOGRAM": (0, 1)}

_ORDER = ("result", "unfinished", "intermediate", "empty", "scan", "signal", "other")

#: The most telling picture first; patterns that are not named here come last.
_TELLING = (
    "VOLUME_XZ",
    "DIFFRACTION",
    "PROJECTION",
    "SINOGRAM",
    "VOLUME_XY",
    "VOLUME_YZ",
    "TANGENTOGRAM",
)


def volumes(file: str, roots: dict[str, Any]) -> dict[str, Any]:
    """The datasets of a file that make pictures, those of most interest first.

    Of the file of a run also what it has not linked yet.

    Raises:
        Fault: when the file cannot be read.
    """
    allowed = Roots.from_json(roots)
    try:
        with ConfinedFile(Path(file), allowed) as confined:
            found, linked = [], set()
            for item, link in _found(confined):
                if isinstance(link, h5py.ExternalLink):
                    linked.add(Path(link.filename).name)
                    if item["kind"] in ("result", "intermediate"):
                        item["step"] = step_of(link.path)
                        item["rank"] = _latest_first(item["step"])
                found.append(item)
            found += _unlinked(Path(file), linked, allowed)
    except Exception as error:
        raise (in_words(error, Path(file), "/") or error) from None
    scan = _scan(file, roots)
    for item in found:
        if scan is not None and item["path"].strip("/") == scan.data_path.strip("/"):
            item["kind"] = "scan"

    def place(item: dict[str, Any]) -> tuple[Any, ...]:
        # where nothing is written, there is less to see than in what is complete
        kind = "empty" if item.pop("is_empty", False) else item["kind"]
        return _ORDER.index(kind), item.pop("rank", ())

    found.sort(key=place)
    return {"items": found[:_MAX_FOUND], "truncated": len(found) > _MAX_FOUND}


def volume(file: str, path: str, roots: dict[str, Any]) -> dict[str, Any]:
    """The shape, axes and patterns of a dataset.

    Raises:
        Fault: when it cannot be read, or holds no pictures.
    """
    try:
        allowed = Roots.from_json(roots)
        with ConfinedFile(Path(file), allowed) as confined:
            told = _described(confined, path, _scan(file, roots))
            return told | {"loaded": loaded(file, path, confined[path], allowed)}
    except Exception as error:
        raise (in_words(error, Path(file), path) or error) from None


def _described(confined: ConfinedFile, path: str, scan: Scan | None) -> dict[str, Any]:
    dataset = confined[path]
    if not isinstance(dataset, h5py.Dataset):
        raise KeyError(path)
    dtype = shown_type(dataset)
    if dtype is None or dataset.shape is None or dataset.ndim < 2:
        raise Fault(f"{path} holds no pictures: numbers in two or more dimensions.", place="path")
    confined.check_storage(dataset)
    parent = confined.get(path.rpartition("/")[0] or "/")
    names = axis_names(parent, dataset.ndim)
    meant = _text(dataset.attrs, "interpretation")
    patterns = list(_patterns(confined, path, dataset.ndim)) or planes_of(names, meant)
    first = [length // 2 for length in dataset.shape]
    if scan is not None and scan.data_path.strip("/") == path.strip("/"):
        names = [name or standard for name, standard in zip(names, _SCAN_AXES, strict=True)]
        patterns = patterns or [
            {"name": name, "shown": list(shown)} for name, shown in _SCAN_PATTERNS.items()
        ]
        first[0] = _first_projection(confined, scan.image_key_path, dataset.shape[0])
    elif is_spectrum(names, meant) and 0 not in dataset.shape and dataset.dtype.kind in "iuf":
        first[-1] = strongest_channel(dataset, first)
    for axis, name in enumerate(names):
        if _is_tuned(name):
            first[axis] = 0
    return {
        "path": path,
        "title": _title(dataset, parent),
        "unit": _text(dataset.attrs, "units"),
        "shape": list(dataset.shape),
        "dtype": dtype.str.lstrip("<>|="),
        "chunks": None if dataset.chunks is None else list(dataset.chunks),
        "axes": [
            _axis(confined, path, parent, axis, name, dataset.shape[axis])
            for axis, name in enumerate(names)
        ],
        "patterns": sorted(patterns, key=_rank),
        "first": first,
    }


def _unlinked(file: Path, linked: set[str], roots: Roots) -> list[dict[str, Any]]:
    """What a run has not linked yet."""
    return [
        {
            "path": dataset.name,
            "file": name,
            "title": (dataset.name or "").split("/")[1],
            "shape": list(dataset.shape),
            "dtype": dataset.dtype.str.lstrip("<>|="),
            "kind": "unfinished",
            "step": step_of(dataset.name),
            "rank": _latest_first(step_of(dataset.name)),
            "is_empty": dataset.id.get_storage_size() == 0,
        }
        for name, dataset in unlinked(file, linked, roots)
        if _is_picture(dataset)
    ]


def _latest_first(step: dict[str, Any] | None) -> tuple[int, ...]:
    return () if step is None else (-step["number"],)


def _found(confined: ConfinedFile) -> Iterator[tuple[dict[str, Any], Any]]:
    """Datasets in two or more dimensions, level by level, and the links that lead to them."""
    level, visits, seen = ["/"], 0, set()
    declared = _declared(confined)
    for _ in range(_MAX_DEPTH):
        following: list[str] = []
        for parent in level:
            group = confined.get(parent)
            if not isinstance(group, h5py.Group):
                continue
            # links may lead to one group by many names, also to one above
            facts = h5py.h5o.get_info(group.id)
            if (facts.fileno, facts.addr) in seen:
                continue
            seen.add((facts.fileno, facts.addr))
            signal = _text(group.attrs, "signal")
            for name in group:
                visits += 1
                if visits > _MAX_VISITS:
                    return
                path = f"{parent.rstrip('/')}/{name}"
                item = confined.get(path)
                if isinstance(item, h5py.Group):
                    following.append(path)
                elif isinstance(item, h5py.Dataset) and _is_picture(item):
                    told = {
                        "path": path,
                        "title": _title(item, group),
                        "shape": list(item.shape),
                        "dtype": item.dtype.str.lstrip("<>|="),
                        "kind": _kind(path, name == signal),
                    }
                    if told["kind"] in ("signal", "other"):
                        told["rank"] = _interest(item, group, path == declared)
                    yield told, group.get(name, getlink=True)
        level = following


def _declared(confined: ConfinedFile) -> str | None:
    """The signal that the file wants to be shown first, by NeXus's attributes `default`."""
    path = ""
    for _ in range(_MAX_DEPTH):
        group = confined.get(path or "/")
        if not isinstance(group, h5py.Group):
            return None
        following = _text(group.attrs, "default")
        if following is None:
            signal = _text(group.attrs, "signal")
            return f"{path}/{signal}" if path and signal else None
        path = f"{path}/{following.strip('/')}"
    return None


def _interest(dataset: h5py.Dataset, group: h5py.Group, is_declared: bool) -> tuple[int, ...]:
    """Sorts what is shown first to the front: what is meant to be, then the largest."""
    meant = _text(dataset.attrs, "interpretation")
    is_plot = _text(group.attrs, "NX_class") == "NXdata"
    return (not is_declared, not is_plot, meant == "spectrum", -int(dataset.size))


def _is_picture(dataset: h5py.Dataset) -> bool:
    shape = dataset.shape or ()
    is_plane = 0 not in shape and sum(length > 1 for length in shape) > 1
    return is_plane and shown_type(dataset) is not None


def _kind(path: str, is_signal: bool) -> str:
    if path.startswith("/entry/") and "/meta_data/" in path:
        return "other"
    if path.startswith("/entry/final_result"):
        return "result"
    if path.startswith("/entry/intermediate/"):
        return "intermediate"
    if path.startswith("/entry/input_data/"):
        return "scan"
    return "signal" if is_signal else "other"


def _title(dataset: h5py.Dataset, parent: object) -> str:
    """What the file calls it, or the name of its group: Savu's datasets are all called data."""
    title = _text(dataset.attrs, "long_name")
    if title is None and isinstance(parent, h5py.Group):
        title = _text(parent.attrs, "title")
    name = dataset.name.rpartition("/")[2]
    above = parent.name.split("/") if isinstance(parent, h5py.Group) else []
    telling = [part for part in above if part not in ("", "data")]
    return title or (telling[-1] if name == "data" and telling else name)


def _patterns(confined: ConfinedFile, path: str, count: int) -> Iterator[dict[str, Any]]:
    """Savu's patterns in two dimensions: a name and the axes that are shown."""
    place = f"{path.rpartition('/')[0]}/patterns"
    group = confined.get(place)
    if not isinstance(group, h5py.Group):
        return
    for name in islice(group, _MAX_PATTERNS):
        core = _numbers(confined, f"{place}/{name}/core_dims", 2)
        if core is not None:
            shown = sorted(int(axis) for axis in np.nan_to_num(core))
            if 0 <= shown[0] < shown[1] < count:
                yield {"name": name, "shown": shown}


def _rank(pattern: dict[str, Any]) -> int:
    name = pattern["name"]
    return _TELLING.index(name) if name in _TELLING else len(_TELLING)


def _is_tuned(name: str | None) -> bool:
    """Whether an axis holds the results for several values of a parameter."""
    return name is not None and name.endswith("_params")


def _axis(
    confined: ConfinedFile, path: str, parent: object, axis: int, name: str | None, length: int
) -> dict[str, Any]:
    """Name, unit and values of an axis: evenly spaced, one by one, or unknown."""
    told: dict[str, Any] = {
        "name": name,
        "unit": None,
        "length": length,
        "start": None,
        "step": None,
        "values": None,
        "texts": None,
    }
    group = path.rpartition("/")[0]
    if not name or "/" in name:
        return told
    known = confined.get(f"{group}/{name}")
    if isinstance(known, h5py.Dataset):
        told["unit"] = _text(known.attrs, "units")
        if known.shape == (length,) and length <= _MAX_VALUES:
            told["texts"] = _texts(known)
    numbers = _numbers(confined, f"{group}/{name}", length)
    if numbers is None or not np.isfinite(numbers).all():
        return told
    steps = np.diff(numbers)
    # the values of a parameter are told as they were typed
    if length > 1 and not _is_tuned(name) and np.allclose(steps, steps[0], rtol=1e-3, atol=1e-9):
        return told | {"start": float(numbers[0]), "step": float(steps.mean())}
    return told | ({"values": numbers.tolist()} if length <= _MAX_VALUES else {})


def _texts(values: h5py.Dataset) -> list[str] | None:
    """Values that are words; None when they are not."""
    if h5py.check_string_dtype(values.dtype) is None:
        return None
    return [text_of(value) for value in values[()]]


def _scan(file: str, roots: dict[str, Any]) -> Scan | None:
    try:
        return find_scan(file, opened=partial(ConfinedFile, roots=Roots.from_json(roots)))
    except (ScanError, OSError):
        return None


def _first_projection(confined: ConfinedFile, image_key: str | None, count: int) -> int:
    """The first frame that is neither a flat nor a dark field."""
    keys_path = f"/{(image_key or '').strip('/')}"
    keys = _numbers(confined, keys_path, count)
    projections = keys == 0 if keys is not None else np.zeros(1, bool)
    return int(np.argmax(projections))


def _numbers(confined: ConfinedFile, path: str, count: int) -> NDArray[np.float64] | None:
    """The `count` numbers of a small dataset; None when there is no such one."""
    dataset = confined.get(path)
    if (
        not isinstance(dataset, h5py.Dataset)
        or dataset.dtype.kind not in "iufb"
        or dataset.shape != (count,)
        or count > _MAX_NUMBERS
    ):
        return None
    try:
        return confined.values(path).astype(np.float64)
    except (Fault, OSError):
        return None


def _text(attributes: Any, name: str) -> str | None:
    value = attributes.get(name)
    if isinstance(value, np.ndarray) and value.size == 1:
        value = value.reshape(-1)[0]
    return text_of(value) if isinstance(value, (str, bytes)) else None
