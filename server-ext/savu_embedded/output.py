"""Result files: written by several processes at once, linked only when they are complete."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

from savu_core.files import process_list_bytes
from savu_core.model import ProcessList
from savu_embedded.arrays import Array
from savu_embedded.datasets import Dataset
from savu_embedded.errors import EngineError
from savu_embedded.sources import Source


@dataclass(frozen=True)
class ResultFile:
    """A dataset at `offset` in `path`, for rows (dimension 1) in any order.

    The dataset is contiguous and allocated when the file is made, so that processes write their
    rows straight into the file, with no HDF5 library and no lock between them.
    """

    path: Path
    group: str
    shape: tuple[int, int, int]
    offset: int
    dtype: str = "float32"

    def read(self, first: int, last: int) -> Array:
        """Return rows `first` to `last` (not included) as (rows, dimension 0, dimension 2)."""
        block = np.empty((self.shape[0], last - first, self.shape[2]), self.dtype)
        file = os.open(self.path, os.O_RDONLY)
        try:
            for i, line in enumerate(block):
                _read_at(file, line, self._position(i, first))
        finally:
            os.close(file)
        return np.ascontiguousarray(block.swapaxes(0, 1))

    def read_frames(self, first: int, last: int) -> Array:
        """Return frames `first` to `last` (not included), along dimension 0."""
        block = np.empty((last - first, *self.shape[1:]), self.dtype)
        file = os.open(self.path, os.O_RDONLY)
        try:
            _read_at(file, block, self._position(first, 0))
        finally:
            os.close(file)
        return block

    def write_frames(self, first: int, block: Array) -> None:
        """Write (frames, dimension 1, dimension 2) at frame `first`."""
        file = os.open(self.path, os.O_WRONLY)
        try:
            _write_at(file, np.ascontiguousarray(block, self.dtype), self._position(first, 0))
        finally:
            os.close(file)

    def _position(self, frame: int, row: int) -> int:
        return (
            self.offset
            + (frame * self.shape[1] + row) * self.shape[2] * np.dtype(self.dtype).itemsize
        )

    def write(self, first_row: int, block: Array) -> None:
        """Write (rows, dimension 0, dimension 2) at row `first_row`."""
        rows = block.shape[0]
        lines = np.ascontiguousarray(block.swapaxes(0, 1), dtype=self.dtype)
        file = os.open(self.path, os.O_WRONLY)
        try:
            if rows == self.shape[1]:
                _write_at(file, lines, self.offset)
                return
            for i, line in enumerate(lines):
                _write_at(file, line, self._position(i, first_row))
        finally:
            os.close(file)


def create_result(
    path: Path, group: str, shape: tuple[int, int, int], dtype: str = "float32"
) -> ResultFile:
    """Make the file `path` with the dataset /`group`/data.

    Raises:
        EngineError: the disk has no room for it.
    """
    needed = int(np.prod(shape, dtype=np.int64)) * np.dtype(dtype).itemsize
    disk = os.statvfs(path.parent)
    free = disk.f_bavail * disk.f_frsize
    if needed > free:
        raise EngineError(
            f"The disk of {path.parent} has {free / 1e9:.2f} GB free, and the result needs "
            f"{needed / 1e9:.2f} GB: make room, or choose another output folder."
        )
    layout = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    layout.set_layout(h5py.h5d.CONTIGUOUS)
    layout.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    layout.set_fill_time(h5py.h5d.FILL_TIME_NEVER)
    with h5py.File(path, "x", locking=False) as file:
        parent = file.create_group(group)
        space = h5py.h5s.create_simple(shape)
        dataset = h5py.h5d.create(
            parent.id, b"data", h5py.h5t.py_create(np.dtype(dtype)), space, layout
        )
        offset = dataset.get_offset()
    return ResultFile(path, group, shape, offset, dtype)


def write_small(path: Path, group: str, values: Array) -> None:
    """Write `values`, as float32, to /`group`/data in the new file `path`."""
    with h5py.File(path, "x", locking=False) as file:
        file.create_group(group)["data"] = np.asarray(values, np.float32)


@dataclass(frozen=True)
class Result:
    """One dataset of the run, as it is linked."""

    name: str
    file: ResultFile
    data: Dataset


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
        _describe(group, source.data)
        # The link is to the whole scan, of which the loaded rows may be few.
        del group.attrs["default_slice"]
        if (link := source.link()) is None:
            return
        path, data_path = link
        target = os.path.relpath(path, self.path.parent)
        group["data"] = h5py.ExternalLink(target, f"/{data_path.strip('/')}")
        group["file_path"] = target


def _write_result(group: h5py.Group, result: Result) -> None:
    _describe(group, result.data)
    group["data"] = h5py.ExternalLink(result.file.path.name, f"{result.file.group}/data")
    meta = _collection(group, "meta_data")
    scanned = result.data.made_of or result.data
    facts = {"rotation_angle": scanned.angles}
    if result.data.kind == "volume":
        facts["detector_x_length"] = np.int64(scanned.shape[2])
    if result.data.centres is not None:
        facts["centre_of_rotation"] = np.asarray(result.data.centres, np.float64)
    for name, values in facts.items():
        holder = meta.create_group(name)
        holder.attrs["NX_class"] = "NXdata"
        holder.attrs["signal"] = name
        holder[name] = values


def _describe(group: h5py.Group, data: Dataset) -> None:
    """Write axes and patterns, as a NeXus plot and Savu look for them."""
    group.attrs["NX_class"] = "NXdata"
    group.attrs["signal"] = "data"
    group.attrs["axes"] = [axis.name for axis in data.axes]
    # A plot opens on the middle slice, or sinogram, rather than on the edge of the stack.
    group.attrs["default_slice"] = [".", str(data.shape[1] // 2), "."]
    for i, axis in enumerate(data.axes):
        group.attrs[f"{axis.name}_indices"] = i
        group[axis.name] = axis.values
        group[axis.name].attrs["units"] = axis.units
    patterns = _collection(group, "patterns")
    for name, (core, slices) in data.patterns.items():
        pattern = patterns.create_group(name)
        pattern.attrs["NX_class"] = "NXparameters"
        pattern["core_dims"] = np.array(core)
        pattern["slice_dims"] = np.array(slices)


def _collection(parent: h5py.Group, name: str) -> h5py.Group:
    group = parent.require_group(name)
    group.attrs["NX_class"] = "NXcollection"
    return group


def _write_at(file: int, values: Array, offset: int) -> None:
    left = memoryview(values.data).cast("B")
    while left:
        written = os.pwrite(file, left, offset)
        left, offset = left[written:], offset + written


def _read_at(file: int, values: Array, offset: int) -> None:
    left = memoryview(values.data).cast("B")
    while left:
        count = os.preadv(file, [left], offset)
        if not count:
            raise EngineError("An intermediate result is shorter than it was written.")
        left, offset = left[count:], offset + count
