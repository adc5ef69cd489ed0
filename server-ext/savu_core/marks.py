"""What of a result was written so far: an engine marks it beside the data.

A process that writes straight into a file leaves no other trace of how far it got: what it has not
reached reads as zeros.
"""

from __future__ import annotations

import h5py
import numpy as np

#: Beside the data: 1 for every index along an axis at which all was written, 0 for the others.
WRITTEN = "written"
#: The attribute of the marks with the number of that axis.
AXIS = "axis"


def find_marks(dataset: h5py.Dataset) -> tuple[h5py.Dataset, int] | None:
    """The marks of `dataset`, uint8, and their axis; None where nobody keeps any."""
    name = f"{dataset.name.rpartition('/')[0]}/{WRITTEN}"
    # a link could lead out of the file
    if not isinstance(dataset.file.get(name, getlink=True), h5py.HardLink):
        return None
    marks = dataset.file[name]
    if not isinstance(marks, h5py.Dataset) or marks.dtype != np.uint8:
        return None
    axis = marks.attrs.get(AXIS)
    if not isinstance(axis, np.integer) or not 0 <= axis < dataset.ndim:
        return None
    return (marks, int(axis)) if marks.shape == (dataset.shape[axis],) else None
