"""Loading scans of the full field of view from HDF5 files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import h5py
import numpy as np

from savu_core.hdf5 import open_for_reading
from savu_core.scans import DARK, DEFAULT_DATA_PATH, FLAT, PROJECTION, Scan, ScanError, find_scan
from savu_embedded.arrays import Array
from savu_embedded.datasets import Field, projections
from savu_embedded.faults import plain
from savu_embedded.plugins.loading import NONE, Loader, check_angles
from savu_embedded.sources import Hdf5Source, ScanSeries, Source, read_selection

_DEFAULT_KEY_PATH = "entry1/tomo_entry/instrument/detector/image_key"
# Dark and flat frames are averaged so many values at a time.
_AVERAGED_AT_ONCE = 32_000_000


@dataclass(frozen=True)
class _Frames:
    """An open stack of frames, and the loaded ones, rows and columns of it."""

    path: Path
    stack: h5py.Dataset
    key: Array
    loaded: Array
    rows: Array
    columns: Array

    def batches(self, key: int) -> list[Field]:
        """Return the mean of each run of frames with this key between others."""
        which = np.flatnonzero(self.key == key)
        runs = np.split(which, np.flatnonzero(np.diff(which) > 1) + 1) if len(which) else []
        return [
            Field(self.mean(self.stack, run), len(run), int(np.sum(self.loaded < run[0])))
            for run in runs
        ]

    def mean(self, stack: h5py.Dataset, which: Array) -> Array:
        """Return the mean, float64, of the frames `which` over the loaded rows and columns."""
        step = max(1, _AVERAGED_AT_ONCE // (len(which) * stack.shape[2]))
        parts = (
            read_selection(stack, which, self.rows[i : i + step], self.columns)
            for i in range(0, len(self.rows), step)
        )
        return np.concatenate([part.mean(axis=0, dtype=float) for part in parts])


class NxtomoLoader(Loader):
    """Finds the frames of an NXtomo scan and reads blocks of detector rows.

    The paths of the list are used as given; the defaults, where they lead nowhere, stand for
    wherever the NXtomo entry of the file has its frames.
    """

    def check(self) -> Iterator[str]:
        yield from check_angles(self.parameters["angles"])
        length = self.parameters["3d_to_4d"]
        if length is not True and length is not False and length < 1:
            yield "3d_to_4d must be True, False or the number of projections of one scan"

    def open(self, path: Path) -> dict[str, Source]:
        try:
            scan = self.find(path)
        except (ScanError, OSError) as error:
            raise self.refused(plain(error)) from error
        with open_for_reading(path) as file:
            key = self._image_key(file, scan)
            kept = np.flatnonzero(key == PROJECTION)
            angles = self._angles(file, scan, kept)
            length = self._scan_length(angles)
            several = (len(kept) // length,) if self.parameters["3d_to_4d"] else ()
            selected, rows, columns, *scans = self.indices(
                self.parameters["preview"], (length, *scan.shape[1:], *several)
            )
            stack = file[scan.data_path]
            numbers = [int(number) for number in scans[0]] if scans else [0]
            sources = [
                self._source(
                    _Frames(path, stack, key, kept[number * length + selected], rows, columns),
                    scan.data_path,
                    angles[number * length + selected],
                )
                for number in numbers
            ]
        return {self.parameters["name"]: ScanSeries(sources, numbers) if scans else sources[0]}

    def _source(self, frames: _Frames, data_path: str, angles: Array) -> Hdf5Source:
        rows, columns, stack = frames.rows, frames.columns, frames.stack
        darks, flats = self._fields("dark", frames), self._fields("flat", frames)
        data = projections(angles, len(rows), len(columns), darks, self._wanted(flats))
        data = replace(data, dtype=str(stack.dtype))
        if all((np.diff(index) == 1).all() for index in (rows, columns)):
            data = replace(data, origin=(int(rows[0]), int(columns[0])))
        stored = stack.chunks[1] if stack.chunks else 1
        return Hdf5Source(frames.path, data_path, frames.loaded, rows, columns, data, stored)

    def _scan_length(self, angles: Array) -> int:
        """Return the number of projections of one scan, of those that follow each other."""
        length = self.parameters["3d_to_4d"]
        if length is False:
            return len(angles)
        if length is True:
            again = np.flatnonzero(np.diff(angles) < 0)
            length = int(again[0]) + 1 if len(again) else 0
        if not length or len(angles) % length:
            raise self.refused(
                f"3d_to_4d: {len(angles)} projections are no scans of "
                f"{length or 'angles that begin again'}."
            )
        return int(length)

    def find(self, path: Path) -> Scan:
        """Return where in the file the scan is.

        Raises:
            ScanError: nowhere.
            OSError: the file cannot be read.
        """
        asked = self.parameters["data_path"].strip("/")
        return find_scan(path, None if asked == DEFAULT_DATA_PATH else asked)

    def angles_path(self, scan: Scan) -> str | None:
        """Return where the file has the angles."""
        return scan.angles_path

    def _image_key(self, file: h5py.File, scan: Scan) -> Array:
        asked = self.parameters["image_key_path"]
        if asked in NONE:
            return np.full(scan.shape[0], PROJECTION)
        found = file.get(asked)
        if found is None:
            if asked.strip("/") != _DEFAULT_KEY_PATH:
                raise self.refused(f"{scan.path.name} has no image key at {asked}.")
            if scan.image_key_path is None:
                return np.full(scan.shape[0], PROJECTION)
            found = file[scan.image_key_path]
        key = np.asarray(found[()])
        if key.shape != (scan.shape[0],):
            raise self.refused(
                f"the image key {found.name} has {key.size} values for {scan.shape[0]} frames."
            )
        if not (key == PROJECTION).any():
            raise self.refused(f"{scan.path.name} has no projections (image key 0).")
        return key

    def _angles(self, file: h5py.File, scan: Scan, kept: Array) -> Array:
        """Return the angles of all projections, in degrees."""
        angles = self.given_angles(scan.path)
        if angles is None:
            where = self.angles_path(scan)
            if where is None:
                raise self.refused(
                    f"{scan.path.name} has no rotation angles; give them in the parameter angles, "
                    "as np.linspace(0, 180, 1801)."
                )
            found = file[where]
            angles = np.asarray(found[()], np.float64)
            if str(found.attrs.get("units", "")).lower().startswith("rad"):
                angles = np.rad2deg(angles)
        if len(angles) == scan.shape[0]:
            return angles[kept]
        if len(angles) == len(kept):
            return angles
        raise self.refused(f"{len(angles)} angles for {len(kept)} projections do not fit.")

    def _wanted(self, flats: Sequence[Field]) -> list[Field]:
        """Return the flat fields but those that ignore_flats numbers, from 1."""
        ignored = self.parameters["ignore_flats"]
        if ignored in NONE:
            return list(flats)
        missing = [number for number in ignored if not 1 <= number <= len(flats)]
        if missing:
            raise self.refused(
                f"ignore_flats names batch {missing[0]}, and there are {len(flats)}."
            )
        return [field for number, field in enumerate(flats, 1) if number not in ignored]

    def _fields(self, name: str, frames: _Frames) -> list[Field]:
        """Return the dark or flat fields of the loaded rows and columns."""
        file_name, data_path, scale = self.field_file(name, frames.path)
        if file_name in NONE:
            fields = frames.batches({"dark": DARK, "flat": FLAT}[name])
        else:
            fields = [self._read_field(name, frames.path.parent / file_name, data_path, frames)]
        return [replace(field, image=field.image * float(scale)) for field in fields]

    def field_file(self, name: str, scan: Path) -> tuple[str | None, str, float]:
        """Return the file that holds dark or flat fields, the path in it and a factor."""
        file_name, data_path, scale = self.parameters[name]
        return file_name, data_path, scale

    def _read_field(self, name: str, path: Path, data_path: str, frames: _Frames) -> Field:
        try:
            with open_for_reading(path) as file:
                found = file.get(data_path)
                if not isinstance(found, h5py.Dataset):
                    raise self.refused(f"{path} has no {name} fields at {data_path}.")
                if found.shape[-2:] != frames.stack.shape[1:] or found.ndim not in (2, 3):
                    raise self.refused(
                        f"the {name} fields {data_path} have shape {found.shape}, the frames "
                        f"{frames.stack.shape[1:]}."
                    )
                if found.ndim == 2:
                    image = found[()].astype(np.float64)
                    return Field(image[np.ix_(frames.rows, frames.columns)])
                return Field(frames.mean(found, np.arange(len(found))), len(found))
        except OSError as error:
            raise self.refused(f"cannot read the {name} fields: {plain(error)}") from error


class DxchangeLoader(NxtomoLoader):
    """Scans in Data Exchange files, which keep dark and flat fields apart."""

    def check(self) -> Iterator[str]:
        yield from ()

    def given_angles(self, scan: Path) -> Array | None:
        return None

    def find(self, path: Path) -> Scan:
        return find_scan(path, self.parameters["data_path"])

    def angles_path(self, scan: Scan) -> str | None:
        return str(self.parameters["angles"])

    def field_file(self, name: str, scan: Path) -> tuple[str | None, str, float]:
        data_path, scale = self.parameters[name]
        return scan.name, data_path, scale
