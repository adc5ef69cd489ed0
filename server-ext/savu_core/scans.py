"""Finding the projections of a tomography scan in a NeXus file.

An NXtomo entry (https://manual.nexusformat.org/classes/applications/NXtomo.html) holds frames of
shape (n_frames, rows, columns) with an `image_key` of length n_frames: 0 projection, 1 flat field,
2 dark field, 3 invalid; and a `rotation_angle` of the same length, in degrees.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

from savu_core.hdf5 import open_for_reading, text_of, why_not_hdf5

#: Where Savu's loader looks when the list does not say otherwise.
DEFAULT_DATA_PATH = "entry1/tomo_entry/data/data"

PROJECTION, FLAT, DARK = 0, 1, 2

_CONTAINERS = ("NXentry", "NXsubentry", "NXinstrument", "NXdata", "NXdetector", "NXcollection")
_MAX_DEPTH = 5
_MAX_GROUPS = 2000


class ScanError(ValueError):
    """The file holds no scan, or not where it was looked for."""


@dataclass(frozen=True)
class Scan:
    """Where the parts of a scan are, and how large it is.

    `shape` is (frames, rows, columns) with the flat and dark fields among the frames; `dtype` is
    NumPy's name of their type.
    """

    path: Path
    data_path: str
    image_key_path: str | None
    angles_path: str | None
    shape: tuple[int, ...]
    dtype: str
    n_projections: int
    n_flats: int
    n_darks: int
    title: str | None

    @property
    def projections_shape(self) -> tuple[int, ...]:
        """Shape of the data that a list's preview selects from: (projections, rows, columns)."""
        return (self.n_projections, *self.shape[1:])


def find_scan(path: str | os.PathLike[str], data_path: str | None = None) -> Scan:
    """The scan in a file.

    Args:
        path: the file.
        data_path: where its frames are; by default where Savu's loader looks, else in the
            first NXtomo entry, NXdata with an image key, or NXdetector.

    Raises:
        ScanError: saying what was looked for and what the file has.
        OSError: when the file cannot be read.
    """
    target = Path(path)
    target.stat()
    try:
        file = open_for_reading(target)
    except OSError:
        raise ScanError(f"{target.name} is {why_not_hdf5(target)}") from None
    with file:
        frames = _frames(file, data_path, target.name)
        return _describe(file, frames, target)


def is_scan(file: h5py.File) -> bool:
    """Whether an open file holds a scan; looks at a few groups only."""
    return _locate(file) is not None


def _frames(file: h5py.File, data_path: str | None, name: str) -> h5py.Dataset:
    if data_path is not None:
        found = _get(file, data_path)
        if isinstance(found, h5py.Dataset) and found.ndim >= 3:
            return found
        if isinstance(found, h5py.Dataset):
            raise ScanError(
                f"{data_path} in {name} has {found.ndim} dimensions; projections have three"
            )
        raise ScanError(f"{name} has no dataset {data_path}; {_what_is_there(file)}")
    located = _locate(file)
    if located is None:
        raise ScanError(
            f"{name} holds no tomography scan: neither {DEFAULT_DATA_PATH}, nor an NXtomo entry,"
            f" nor image frames with an image key; {_what_is_there(file)}"
        )
    return located


def _locate(file: h5py.File) -> h5py.Dataset | None:
    usual = _get(file, DEFAULT_DATA_PATH)
    if _is_stack(usual):
        return usual
    groups = list(_groups(file))
    tomo = [group for group in groups if _text_in(group, "definition") == "NXtomo"]
    inside = [g for t in tomo for g in groups if g.name == t.name or _below(g.name, t.name)]
    for group in inside:
        if _nx_class(group) in ("NXdata", "NXdetector") and (stack := _stack_of(group)) is not None:
            return stack
    for group in groups:
        keyed = _get(group, "image_key") is not None
        if keyed and (stack := _stack_of(group)) is not None:
            return stack
    return None


def _groups(file: h5py.File) -> Iterator[h5py.Group]:
    """The groups that may lead to frames, outermost first."""
    level: list[h5py.Group] = [file["/"]]
    seen = 0
    for depth in range(_MAX_DEPTH):
        below = []
        for group in level:
            for name in group:
                seen += 1
                if seen > _MAX_GROUPS:
                    return
                child = _get(group, name)
                if not isinstance(child, h5py.Group):
                    continue
                # entries of old files carry no class
                if depth == 0 or _nx_class(child) in _CONTAINERS:
                    yield child
                    below.append(child)
        level = below


def _describe(file: h5py.File, frames: h5py.Dataset, path: Path) -> Scan:
    n_frames = frames.shape[0]
    parents = _enclosing(file, frames.name)
    key = _companion(parents, n_frames, ("image_key", "instrument/detector/image_key"))
    angles = _companion(
        parents, n_frames, ("rotation_angle", "sample/rotation_angle", "data/rotation_angle")
    )
    counts = np.zeros(3, int)
    counts[PROJECTION] = n_frames
    if key is not None:
        values = np.asarray(key[()]).astype(int)
        counts = np.array([np.count_nonzero(values == kind) for kind in range(3)])
    titles = (_text_in(group, "title") for group in parents)
    return Scan(
        path=path,
        data_path=frames.name.lstrip("/"),
        image_key_path=key.name.lstrip("/") if key is not None else None,
        angles_path=angles.name.lstrip("/") if angles is not None else None,
        shape=tuple(int(length) for length in frames.shape),
        dtype=str(frames.dtype),
        n_projections=int(counts[PROJECTION]),
        n_flats=int(counts[FLAT]),
        n_darks=int(counts[DARK]),
        title=next((title for title in titles if title is not None), None),
    )


def _enclosing(file: h5py.File, name: str) -> list[h5py.Group]:
    """The groups around a dataset, innermost first."""
    parts = name.strip("/").split("/")[:-1]
    return [file["/".join(parts[:n])] for n in range(len(parts), 0, -1)]


def _companion(
    parents: list[h5py.Group], length: int, names: tuple[str, ...]
) -> h5py.Dataset | None:
    for group in parents:
        for name in names:
            found = _get(group, name)
            if isinstance(found, h5py.Dataset) and found.shape == (length,):
                return found
    return None


def _stack_of(group: h5py.Group) -> h5py.Dataset | None:
    signal = group.attrs.get("signal")
    for name in (text_of(signal) if isinstance(signal, (str, bytes)) else None, "data"):
        found = _get(group, name) if name else None
        if _is_stack(found):
            return found
    return None


def _is_stack(item: object) -> bool:
    return isinstance(item, h5py.Dataset) and item.ndim == 3 and item.dtype.kind in "iuf"


def _text_in(group: h5py.Group, name: str) -> str | None:
    """The text of a string dataset of one item, whatever its shape."""
    item = _get(group, name)
    if not isinstance(item, h5py.Dataset) or h5py.check_string_dtype(item.dtype) is None:
        return None
    return text_of(np.asarray(item[()]).ravel()[0]) if item.size == 1 else None


def _get(group: h5py.Group, name: str) -> object:
    """A member, or None also when it is a link to something that is not there."""
    try:
        return group.get(name)
    except (KeyError, OSError, RuntimeError, ValueError):
        return None


def _below(name: str, parent: str) -> bool:
    return name.startswith(f"{parent}/")


def _nx_class(group: h5py.Group) -> str:
    return text_of(group.attrs.get("NX_class", ""))


def _what_is_there(file: h5py.File) -> str:
    stacks: list[str] = []
    for group in _groups(file):
        for name in group:
            item = _get(group, name)
            if _is_stack(item) and isinstance(item, h5py.Dataset):
                stacks.append(item.name)
            if len(stacks) == 3:
                break
    if stacks:
        return f"it has {', '.join(stacks)}"
    return f"at its top are {', '.join(list(file)[:8]) or 'no groups'}"
