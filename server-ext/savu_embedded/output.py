"""The file that links the results of a run, once they are complete."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

from savu_core.files import process_list_bytes
from savu_core.model import ProcessList
from savu_embedded.arrays import Array
from savu_embedded.datasets import Axis, Dataset, Family, PatternDims, TunedAxis
from savu_embedded.sources import Source


@dataclass(frozen=True)
class Result:
    """One dataset of the run, as it is linked."""

    name: str
    path: Path
    group: str
    data: Family[Dataset]


class ProcessedFile:
    """The file `<scan>_processed.nxs`: the list that was run, its input and links to its results.

    It is replaced as a whole, so it never shows a result that is not complete.
    """

    def __init__(self, path: Path, plist: ProcessList, sources: Mapping[str, Source]) -> None:
        self.path = path
        self._list = process_list_bytes(plist)
        self._sources = sources

    def write(
        self,
        final: Iterable[Result] = (),
        intermediate: Mapping[str, Result] | None = None,
    ) -> None:
        """Write the file."""
        handle, temporary = tempfile.mkstemp(dir=self.path.parent, suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(self._list)
            with h5py.File(temporary, "r+", locking=False) as file:
                entry = file["entry"]
                entry.attrs["NX_class"] = "NXentry"
                file.attrs["default"] = "entry"
                for name, source in self._sources.items():
                    self._write_input(entry, name, source)
                for result in final:
                    group_name = f"final_result_{result.name}"
                    _write_result(entry.create_group(group_name), result)
                    entry.attrs["default"] = group_name
                if intermediate:
                    collection = _collection(entry, "intermediate")
                    for group_name, result in intermediate.items():
                        _write_result(collection.create_group(group_name), result)
            with Path(temporary).open("rb") as stream:
                os.fsync(stream.fileno())
            umask = os.umask(0)
            os.umask(umask)
            Path(temporary).chmod(0o666 & ~umask)
            Path(temporary).replace(self.path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise

    def _write_input(self, entry: h5py.Group, name: str, source: Source) -> None:
        group = _collection(entry, "input_data").create_group(name)
        describe(group, source.data)
        # The link is to the whole scan, of which the loaded rows may be few.
        del group.attrs["default_slice"]
        if (link := source.link()) is None:
            return
        path, data_path = link
        target = os.path.relpath(path, self.path.parent)
        group["data"] = h5py.ExternalLink(target, f"/{data_path.strip('/')}")
        group["file_path"] = target


def _write_result(group: h5py.Group, result: Result) -> None:
    data = result.data.members[0]
    describe(group, data, result.data.axes)
    group["data"] = h5py.ExternalLink(result.path.name, f"{result.group}/data")
    meta = _collection(group, "meta_data")
    scanned = data.made_of or data
    facts = {"rotation_angle": scanned.angles}
    facts |= {axis.name: _values(axis) for axis in result.data.axes}
    if data.kind == "volume":
        facts["detector_x_length"] = np.int64(scanned.shape[2])
    if data.centres is not None:
        facts["centre_of_rotation"] = np.asarray(data.centres, np.float64)
    for name, values in facts.items():
        holder = meta.create_group(name)
        holder.attrs["NX_class"] = "NXdata"
        holder.attrs["signal"] = name
        holder[name] = values


def describe(group: h5py.Group, data: Dataset, tuned: Sequence[TunedAxis] = ()) -> None:
    """Write axes and patterns into `group`, as a NeXus plot and Savu look for them."""
    axes = [*data.axes, *(Axis(axis.name, axis.units, _values(axis)) for axis in tuned)]
    group.attrs["NX_class"] = "NXdata"
    group.attrs["signal"] = "data"
    group.attrs["axes"] = [axis.name for axis in axes]
    # A plot opens on the middle slice, or sinogram, rather than on the edge of the stack.
    middle = [".", str(data.shape[1] // 2), ".", *("0" for _ in tuned)]
    group.attrs["default_slice"] = middle
    for i, axis in enumerate(axes):
        group.attrs[f"{axis.name}_indices"] = i
        group[axis.name] = axis.values
        group[axis.name].attrs["units"] = axis.units
    patterns = _collection(group, "patterns")
    for name, (core, slices) in _patterns(data, len(tuned)).items():
        pattern = patterns.create_group(name)
        pattern.attrs["NX_class"] = "NXparameters"
        pattern["core_dims"] = np.array(core)
        pattern["slice_dims"] = np.array(slices)


def _patterns(data: Dataset, tuned: int) -> dict[str, PatternDims]:
    """Return the patterns of data with so many dimensions of tuned values, as in Savu."""
    more = tuple(range(3, 3 + tuned))
    found = {name: (core, (*slices, *more)) for name, (core, slices) in data.patterns.items()}
    if tuned and data.kind == "volume":
        found["VOLUME_3D"] = ((0, 1, 2), more)
    return found


def _values(axis: TunedAxis) -> Array:
    """Return the values of a tuned parameter as HDF5 can hold them: numbers, or texts."""
    if all(isinstance(value, (bool, int, float)) for value in axis.values):
        return np.array(axis.values)
    return np.array([str(value) for value in axis.values], h5py.string_dtype())


def _collection(parent: h5py.Group, name: str) -> h5py.Group:
    group = parent.require_group(name)
    group.attrs["NX_class"] = "NXcollection"
    return group
