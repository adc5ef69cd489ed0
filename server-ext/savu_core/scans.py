"""Finding the projections of a tomography scan in a NeXus file.

An NXtomo entry (https://manual.nexusformat.org/classes/applications/NXtomo.html) holds frames of
shape (n_frames, rows, columns) with an `image_key` of length n_frames: 0 projection, 1 flat field,
2 dark field, 3 invalid; and a `rotation_angle` of the same length, in degrees.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from savu_core.hdf5 import PlainFile, Readable, Tree, text_of, what_is_wrong, why_not_hdf5

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


def find_scan(
    path: str | os.PathLike[str],
    data_path: str | None = None,
    opened: Callable[[Path], Readable] = PlainFile,
) -> Scan:
    """The scan in a file.

    Args:
        path: the file.
        data_path: where its frames are; by default where Savu's loader looks, else in the
            first NXtomo entry, or in the first group with an image key.
        opened: what opens the file, and says by that where its links may lead.

    Raises:
        ScanError: saying what was looked for and what the file has.
        OSError: when the file cannot be read.
    """
    target = Path(path)
    target.stat()
    try:
        file = opened(target)
    except OSError:
        raise ScanError(f"{target.name} is {why_not_hdf5(target)}") from None
    with file:
        try:
            where = _frames_path(file, data_path, target.name)
            return _describe(file, where, target)
        # h5py raises nearly anything for a damaged file, or finds nothing in it
        except Exception as error:
            fault = what_is_wrong(target)
            if fault is None and isinstance(error, ScanError):
                raise
            raise ScanError(f"{target.name} is {fault or 'a damaged HDF5 file'}") from error


def is_scan(file: Tree) -> bool:
    """Whether an open file holds a scan; looks at a few groups only."""
    return _locate(file) is not None


def _frames_path(file: Tree, data_path: str | None, name: str) -> str:
    if data_path is not None:
        found = _get(file, data_path)
        if not isinstance(found, h5py.Dataset):
            raise ScanError(f"{name} has no dataset {data_path}; {_what_is_there(file)}")
        if found.ndim < 3:
            raise ScanError(
                f"{data_path} in {name} has {found.ndim} dimensions; projections have three"
            )
        return data_path.strip("/")
    located = _locate(file)
    if located is None:
        raise ScanError(
            f"{name} holds no tomography scan: neither {DEFAULT_DATA_PATH}, nor an NXtomo entry,"
            f" nor image frames with an image key; {_what_is_there(file)}"
        )
    return located


def _locate(file: Tree) -> str | None:
    """Where the frames are. Paths, not names: those of linked objects are of another file."""
    if _is_stack(_get(file, DEFAULT_DATA_PATH)):
        return DEFAULT_DATA_PATH
    groups = dict(_groups(file))
    tomo = [path for path in groups if _text_in(file, path, "definition") == "NXtomo"]
    for path, group in groups.items():
        within = any(path == entry or path.startswith(f"{entry}/") for entry in tomo)
        if (
            within
            and _nx_class(group) in ("NXdata", "NXdetector")
            and (name := _stack_in(file, path))
        ):
            return f"{path}/{name}"
    for path in groups:
        if _get(file, f"{path}/image_key") is not None and (name := _stack_in(file, path)):
            return f"{path}/{name}"
    return None


def _groups(file: Tree) -> Iterator[tuple[str, h5py.Group]]:
    """The groups that may lead to frames, with their paths, outermost first."""
    level: list[tuple[str, h5py.Group]] = [("", file.get("/"))]
    seen = 0
    for depth in range(_MAX_DEPTH):
        below = []
        for path, group in level:
            for name in group:
                seen += 1
                if seen > _MAX_GROUPS:
                    return
                child = _get(file, f"{path}/{name}")
                # entries of old files carry no class
                if isinstance(child, h5py.Group) and (
                    depth == 0 or _nx_class(child) in _CONTAINERS
                ):
                    below.append((f"{path}/{name}".lstrip("/"), child))
        yield from below
        level = below


def _describe(file: Readable, where: str, path: Path) -> Scan:
    frames = file.get(where)
    n_frames = frames.shape[0]
    parts = where.split("/")[:-1]
    around = ["/".join(parts[:n]) for n in range(len(parts), 0, -1)]
    key = _companion(file, around, n_frames, ("image_key", "instrument/detector/image_key"))
    angles = _companion(
        file, around, n_frames, ("rotation_angle", "sample/rotation_angle", "data/rotation_angle")
    )
    counts = np.array([n_frames, 0, 0])
    if key is not None:
        values = file.values(key).astype(int)
        counts = np.array([np.count_nonzero(values == k) for k in (PROJECTION, FLAT, DARK)])
    titles = (_text_in(file, group, "title") for group in around)
    return Scan(
        path=path,
        data_path=where,
        image_key_path=key,
        angles_path=angles,
        shape=tuple(int(length) for length in frames.shape),
        dtype=str(frames.dtype),
        n_projections=int(counts[PROJECTION]),
        n_flats=int(counts[FLAT]),
        n_darks=int(counts[DARK]),
        title=next((title for title in titles if title is not None), None),
    )


def _companion(file: Tree, around: list[str], length: int, names: tuple[str, ...]) -> str | None:
    """Path of a dataset with one value for each frame, in the nearest of the groups `around`."""
    for group in around:
        for name in names:
            found = _get(file, f"{group}/{name}")
            if isinstance(found, h5py.Dataset) and found.shape == (length,):
                return f"{group}/{name}"
    return None


def _stack_in(file: Tree, group: str) -> str | None:
    """Name of the frames in a group: its signal, or the usual name."""
    signal = file.get(group).attrs.get("signal")
    names = [text_of(signal)] if isinstance(signal, (str, bytes)) else []
    return next(
        (name for name in [*names, "data"] if name and _is_stack(_get(file, f"{group}/{name}"))),
        None,
    )


def _is_stack(item: object) -> bool:
    return isinstance(item, h5py.Dataset) and item.ndim == 3 and item.dtype.kind in "iuf"


def _text_in(file: Tree, group: str, name: str) -> str | None:
    """The text of a string dataset of one item, whatever its shape."""
    item = _get(file, f"{group}/{name}")
    if not isinstance(item, h5py.Dataset) or h5py.check_string_dtype(item.dtype) is None:
        return None
    if item.size != 1 or item.is_virtual or item.external:
        return None
    return text_of(np.asarray(item[()]).ravel()[0])


def _get(file: Tree, path: str) -> Any:
    """What is at a path, or None also when it is a link to something that is not there."""
    try:
        return file.get(path)
    except (KeyError, OSError, RuntimeError, ValueError):
        return None


def _nx_class(group: h5py.Group) -> str:
    return text_of(group.attrs.get("NX_class", ""))


def _what_is_there(file: Tree) -> str:
    stacks = [
        f"{path}/{name}"
        for path, group in _groups(file)
        for name in islice(group, 50)
        if _is_stack(_get(file, f"{path}/{name}"))
    ]
    if stacks:
        return f"it has {', '.join(stacks[:3])}"
    return f"at its top are {', '.join(islice(file.get('/'), 8)) or 'no groups'}"
