"""Loading scans, block by block."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import h5py
import numpy as np

from savu_core.hdf5 import open_for_reading
from savu_core.preview import PreviewError, parse_preview
from savu_core.scans import DARK, DEFAULT_DATA_PATH, FLAT, PROJECTION, Scan, ScanError, find_scan
from savu_embedded.arrays import Array
from savu_embedded.datasets import Dataset, projections
from savu_embedded.errors import RefusedError
from savu_embedded.faults import plain

_DEFAULT_KEY_PATH = "entry1/tomo_entry/instrument/detector/image_key"
_NONE = (None, "None")
# Dark and flat frames are averaged so many values at a time.
_AVERAGED_AT_ONCE = 32_000_000


class NxtomoLoader:
    """Finds the frames of an NXtomo scan and reads blocks of detector rows.

    The paths of the list are used as given; the defaults, where they lead nowhere, stand for
    wherever the NXtomo entry of the file has its frames.
    """

    runs: ClassVar[Mapping[str, tuple[Any, ...]]] = {"3d_to_4d": (False,), "ignore_flats": _NONE}

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        self.parameters = parameters

    def check(self) -> Iterator[str]:
        """Yield what the engine cannot do as the parameters ask, beyond `runs`."""
        try:
            _angles_from_text(self.parameters["angles"])
        except ValueError as error:
            yield str(error)

    def open(self, path: Path) -> Source:
        """Return the source of the previewed part of the scan in `path`.

        Raises:
            RefusedError: it is no scan, lacks a dataset, or the preview does not fit; says which.
        """
        try:
            scan = self._find(path)
        except (ScanError, OSError) as error:
            raise RefusedError(f"NxtomoLoader: {plain(error)}") from error
        with open_for_reading(path) as file:
            key = self._image_key(file, scan)
            kept = np.flatnonzero(key == PROJECTION)
            try:
                preview = parse_preview(self.parameters["preview"], (len(kept), *scan.shape[1:]))
            except PreviewError as error:
                raise RefusedError(f"NxtomoLoader, preview: {error}") from error
            selected, rows, columns = (np.unique(part.indices()) for part in preview)
            angles = self._angles(file, scan, kept)[selected]
            source = Source(path, scan.data_path, kept[selected], rows, columns)
            frames = file[scan.data_path]
            source.chunk_rows = frames.chunks[1] if frames.chunks else 1
            data = projections(
                angles,
                len(rows),
                len(columns),
                self._field("dark", path, frames, np.flatnonzero(key == DARK), source),
                self._field("flat", path, frames, np.flatnonzero(key == FLAT), source),
            )
            if all((np.diff(index) == 1).all() for index in (rows, columns)):
                data = replace(data, origin=(int(rows[0]), int(columns[0])))
            source.data = data
        return source

    def _find(self, path: Path) -> Scan:
        asked = self.parameters["data_path"].strip("/")
        return find_scan(path, None if asked == DEFAULT_DATA_PATH else asked)

    def _image_key(self, file: h5py.File, scan: Scan) -> Array:
        asked = self.parameters["image_key_path"]
        if asked in _NONE:
            return np.full(scan.shape[0], PROJECTION)
        found = file.get(asked)
        if found is None:
            if asked.strip("/") != _DEFAULT_KEY_PATH:
                raise RefusedError(f"NxtomoLoader: {scan.path.name} has no image key at {asked}.")
            if scan.image_key_path is None:
                return np.full(scan.shape[0], PROJECTION)
            found = file[scan.image_key_path]
        key = np.asarray(found[()])
        if key.shape != (scan.shape[0],):
            raise RefusedError(
                f"NxtomoLoader: the image key {found.name} has {key.size} values for "
                f"{scan.shape[0]} frames."
            )
        if not (key == PROJECTION).any():
            raise RefusedError(f"NxtomoLoader: {scan.path.name} has no projections (image key 0).")
        return key

    def _angles(self, file: h5py.File, scan: Scan, kept: Array) -> Array:
        """Return the angles of all projections, in degrees."""
        angles = _angles_from_text(self.parameters["angles"])
        if angles is None:
            if scan.angles_path is None:
                raise RefusedError(
                    f"NxtomoLoader: {scan.path.name} has no rotation angles; give them in the "
                    "parameter angles, as np.linspace(0, 180, 1801)."
                )
            found = file[scan.angles_path]
            angles = np.asarray(found[()], np.float64)
            if str(found.attrs.get("units", "")).lower().startswith("rad"):
                angles = np.rad2deg(angles)
        if len(angles) == scan.shape[0]:
            return angles[kept]
        if len(angles) == len(kept):
            return angles
        raise RefusedError(
            f"NxtomoLoader: {len(angles)} angles for {len(kept)} projections do not fit."
        )

    def _field(
        self, name: str, path: Path, frames: h5py.Dataset, keyed: Array, source: Source
    ) -> Array | None:
        """Return the mean dark or flat image of the loaded rows and columns, or None."""
        file_name, data_path, scale = self.parameters[name]
        if file_name in _NONE:
            return _mean_image(frames, keyed, source) * float(scale) if len(keyed) else None
        other = path.parent / file_name
        try:
            with open_for_reading(other) as file:
                found = file.get(data_path)
                if not isinstance(found, h5py.Dataset):
                    raise RefusedError(
                        f"NxtomoLoader: {other} has no {name} fields at {data_path}."
                    )
                if found.shape[-2:] != frames.shape[1:] or found.ndim not in (2, 3):
                    raise RefusedError(
                        f"NxtomoLoader: the {name} fields {data_path} have shape {found.shape}, "
                        f"the frames {frames.shape[1:]}."
                    )
                if found.ndim == 2:
                    image = found[()].astype(np.float64)[np.ix_(source.rows, source.columns)]
                else:
                    image = _mean_image(found, np.arange(len(found)), source)
        except OSError as error:
            raise RefusedError(
                f"NxtomoLoader: cannot read the {name} fields: {plain(error)}"
            ) from error
        return np.asarray(image * float(scale))


class Source:
    """The loaded part of a scan: frame, row and column indices, and what is known of it."""

    data: Dataset
    #: Rows that one read of the file brings at least, because they are stored together.
    chunk_rows: int

    def __init__(
        self, path: Path, data_path: str, frames: Array, rows: Array, columns: Array
    ) -> None:
        self.path = path
        self.data_path = data_path
        self.frames = frames
        self.rows = rows
        self.columns = columns

    def read(self, first: int, last: int) -> Array:
        """Return loaded rows `first` to `last` (not included) as (rows, angles, columns)."""
        rows = self.rows[first:last]
        with open_for_reading(self.path) as file:
            block = _read(file[self.data_path], self.frames, rows, self.columns)
        return np.ascontiguousarray(block.swapaxes(0, 1))

    def read_frames(self, first: int, last: int) -> Array:
        """Return loaded projections `first` to `last` (not included) as (frames, rows, columns)."""
        frames = self.frames[first:last]
        with open_for_reading(self.path) as file:
            return _read(file[self.data_path], frames, self.rows, self.columns)


def _read(frames: h5py.Dataset, *selection: Array) -> Array:
    """Return the values at the index arrays, one for each dimension.

    A regular selection is read as such. In any other one, the range around it is read.
    """
    slices, rest = [], []
    for index in selection:
        steps = np.diff(index)
        # HDF5 reads a stride row by row, so small ones are taken from the range in memory.
        step = int(steps[0]) if len(steps) and (steps == steps[0]).all() and steps[0] > 8 else 1
        slices.append(slice(int(index[0]), int(index[-1]) + 1, step))
        rest.append((index - index[0]) // step)
    block = frames[tuple(slices)]
    for axis, index in enumerate(rest):
        if len(index) != block.shape[axis]:
            block = np.take(block, index, axis=axis)
    return np.asarray(block)


def _mean_image(frames: h5py.Dataset, which: Array, source: Source) -> Array:
    """Return the mean, float64, of the frames `which` over the loaded rows and columns."""
    step = max(1, _AVERAGED_AT_ONCE // (len(which) * frames.shape[2]))
    parts = [
        _read(frames, which, source.rows[i : i + step], source.columns).mean(axis=0, dtype=float)
        for i in range(0, len(source.rows), step)
    ]
    return np.concatenate(parts)


def _angles_from_text(text: Any) -> Array | None:
    """Return the angles that the parameter gives, or None for those of the scan.

    Savu runs the text as Python; here only a call of linspace with numbers is understood.
    """
    if text in _NONE:
        return None
    try:
        call = ast.parse(str(text), mode="eval").body
        if not isinstance(call, ast.Call) or call.keywords:
            raise ValueError
        if ast.unparse(call.func) not in ("np.linspace", "numpy.linspace", "linspace"):
            raise ValueError
        start, stop, number = (float(ast.literal_eval(argument)) for argument in call.args)
        if not 0 < number < 10_000_000:
            raise ValueError
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        raise ValueError(
            f"angles {text!r} is not supported: the angles of the scan are used when it is None, "
            "or those of np.linspace(first, last, number)"
        ) from None
    return np.linspace(start, stop, int(number))
