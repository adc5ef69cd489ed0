"""What each frame of a scan is: a projection at an angle, a flat or a dark field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np

from jupyterlab_savu.data.confined import ConfinedFile
from jupyterlab_savu.data.roots import Roots
from jupyterlab_savu.data.slices.faults import in_words
from jupyterlab_savu.faults import Fault
from savu_core.scans import ScanError, find_scan

#: More frames than any detector writes in one scan are not told one by one.
_MOST_FRAMES = 200_000


def frames(file: str, path: str, roots: dict[str, Any]) -> dict[str, Any]:
    """The angles (degrees) and the image keys of the frames of a scan, one for each.

    Either is None where the file does not hold it. Keys are those of NXtomo: 0 projection, 1 flat
    field, 2 dark field, 3 invalid.

    Raises:
        Fault: when the dataset at `path` cannot be read, or holds no frames of a scan.
    """
    try:
        with ConfinedFile(Path(file), Roots.from_json(roots)) as confined:
            if not isinstance(confined[path], h5py.Dataset):
                raise KeyError(path)
            try:
                scan = find_scan(file, path)
            except ScanError as error:
                raise Fault(f"{error}.", place="path") from None
            if scan.shape[0] > _MOST_FRAMES:
                raise Fault(f"{path} has {scan.shape[0]} frames, which are too many.", place="path")
            angles = _numbers(confined, scan.angles_path)
            keys = _numbers(confined, scan.image_key_path)
    except Exception as error:
        raise (in_words(error, Path(file), path) or error) from None
    return {
        "angles": None if angles is None else angles.tolist(),
        "image_keys": None if keys is None else keys.astype(int).tolist(),
    }


def _numbers(confined: ConfinedFile, path: str | None) -> np.ndarray[Any, Any] | None:
    """The values of a dataset as float64; None where there are none, or not all are finite."""
    found = None if path is None else confined.get(f"/{path}")
    if not isinstance(found, h5py.Dataset) or found.dtype.kind not in "iuf":
        return None
    values = found[()].astype(np.float64)
    return values if np.isfinite(values).all() else None
