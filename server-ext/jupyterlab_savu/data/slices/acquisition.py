"""What the axes of an acquisition are, and the planes through it that mean something.

NXdata names its axes in an attribute, and in further ones which dimensions each belongs to
(https://manual.nexusformat.org/classes/base_classes/NXdata.html). Files of scanning beamlines
write these numbers as text, or those of the file from which a part was cut.
"""

from __future__ import annotations

from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from savu_core.hdf5 import text_of

_ROTATIONS = ("theta", "rotation_angle")
#: Values of a plane in which the strongest channel of a spectrum is looked for, at most.
_MOST = 1 << 22


def axis_names(parent: object, count: int) -> list[str | None]:
    """The names that an NXdata group gives `count` axes."""
    names: list[str | None] = [None] * count
    if not isinstance(parent, h5py.Group):
        return names
    told = parent.attrs.get("axes")
    if told is None:
        return names
    for position, entry in enumerate(np.atleast_1d(told).reshape(-1)[:count]):
        name = text_of(entry)
        if name not in ("", "."):
            where = _indices(parent.attrs.get(f"{name}_indices"), count)
            # an axis of several dimensions is listed at the one where it is the usual one
            names[position if not where or position in where else where[0]] = name
    return names


def _indices(told: Any, count: int) -> list[int]:
    """Dimensions that an attribute names; what is no dimension is left out."""
    found = []
    for entry in [] if told is None else np.atleast_1d(told).reshape(-1)[:count]:
        text = text_of(entry) if isinstance(entry, (str, bytes)) else str(entry)
        if text.isdecimal() and int(text) < count:
            found.append(int(text))
    return found


def planes_of(names: list[str | None], interpretation: str | None) -> list[dict[str, Any]]:
    """Savu's patterns in two dimensions, by the names of axes and what NeXus calls the data.

    A detector's image is a diffraction pattern when the sample was moved to take many of them.
    """
    count = len(names)
    rotation = next((k for k, name in enumerate(names) if name in _ROTATIONS), None)
    y, x = (names.index(name) if name in names else None for name in ("y", "x"))
    found: list[tuple[str, int | None, int | None]] = [("PROJECTION", y, x)]
    found.append(("SINOGRAM", rotation, x))
    if interpretation == "image" and count > 3 and x != count - 1:
        found.append(("DIFFRACTION", count - 2, count - 1))
    return [
        {"name": name, "shown": sorted((rows, columns))}
        for name, rows, columns in found
        if rows is not None and columns is not None
    ]


def is_spectrum(names: list[str | None], interpretation: str | None) -> bool:
    """Whether the last axis is that of a spectrum."""
    return interpretation == "spectrum" or names[-1] == "energy"


def strongest_channel(dataset: h5py.Dataset, at: list[int]) -> int:
    """The channel of the last axis that counts most, near the indices `at` of the others."""
    spectra = dataset.shape[-1]
    beside = min(dataset.shape[-2], max(1, _MOST // spectra))
    if spectra > _MOST:
        return at[-1]
    where = (*at[:-2], slice(0, beside), slice(None))
    values: NDArray[Any] = dataset[where]
    total = np.nan_to_num(values.astype(np.float64), posinf=0, neginf=0).sum(axis=0)
    return int(np.argmax(total))
