"""Planes read through HDF5: virtual datasets, external storage, rare types and filters."""

from __future__ import annotations

from typing import Any

import h5py
import hdf5plugin  # noqa: F401 - registers its compression filters
import numpy as np
from numpy.typing import NDArray

from jupyterlab_savu.data.confined import ConfinedFile
from jupyterlab_savu.data.roots import Roots
from jupyterlab_savu.data.slices.marks import missing_in
from jupyterlab_savu.data.slices.reader import Request, Values, offered, shape_of
from jupyterlab_savu.faults import Fault
from savu_core.marks import find_marks


def read_plainly(request: Request, roots: Roots, memory: NDArray[np.uint8]) -> Values:
    """As `SliceReader.read`, one request at a time.

    Raises:
        Fault: when there are no numbers to be shown.
        KeyError, OSError: when there is no such dataset or file.
    """
    with ConfinedFile(request.path, roots) as file:
        dataset = file[request.name]
        if not isinstance(dataset, h5py.Dataset):
            raise KeyError(request.name)
        file.check_storage(dataset)
        dtype = shown_type(dataset)
        if dtype is None or dataset.shape is None:
            raise Fault(f"{request.name} holds no numbers that make a picture.", place="path")
        window = shape_of(request, dataset.shape)
        missing = []
        if (found := find_marks(dataset)) is not None:
            # before the values: what is marked by now does not change any more
            marks, axis = found
            missing = missing_in(marks[()] > 0, axis, request.plane, dataset.shape)
        target = offered(memory, window, dtype)
        if target.size:
            rows, columns = window.cut
            first, _ = request.plane.shown
            where = tuple(
                index if index is not None else rows if axis == first else columns
                for axis, index in enumerate(request.plane.at)
            )
            try:
                np.copyto(target, _real(dataset, where), casting="unsafe")
            except OSError:
                check_filters(dataset)
                raise
        return Values(target, missing, window)


def shown_type(dataset: h5py.Dataset) -> np.dtype[Any] | None:
    """The type in which the values of a dataset are shown; None for what is no number."""
    dtype = dataset.dtype
    if dtype.kind == "b" or h5py.check_enum_dtype(dtype) is not None:
        return np.dtype(np.uint8 if dtype.itemsize == 1 else np.int64)
    if dtype.kind in "iu":
        return np.dtype(dtype)
    if dtype.kind == "f":
        return np.dtype(dtype) if dtype.itemsize <= 8 else np.dtype(np.float64)
    if dtype.kind == "c":
        return np.dtype(np.float32 if dtype.itemsize <= 8 else np.float64)
    return None


def check_filters(dataset: h5py.Dataset) -> None:
    """Makes sure that HDF5 can undo all filters of a dataset.

    Raises:
        Fault: names the one that it cannot; HDF5 itself tells where it looked for it.
    """
    created = dataset.id.get_create_plist()
    for step in range(created.get_nfilters()):
        number, _, _, name = created.get_filter(step)
        if not h5py.h5z.filter_avail(number):
            known = f"{name.decode(errors='replace')} ({number})" if name else str(number)
            raise Fault(
                f"The values of {dataset.name} are compressed by filter {known}, which this server "
                "cannot undo. Nothing is wrong with the file: whoever runs the server can install "
                "the filter as a plugin of HDF5.",
                reason="unreadable",
            )


def _real(dataset: h5py.Dataset, where: tuple[Any, ...]) -> NDArray[Any]:
    values: NDArray[Any] = dataset[where]
    return np.abs(values) if values.dtype.kind == "c" else values
