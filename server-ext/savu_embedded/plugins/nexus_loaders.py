"""Loading results of Savu and of the engine, and mapping data, from NeXus files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from savu_core.hdf5 import open_for_reading, text_of
from savu_embedded.arrays import Array
from savu_embedded.datasets import Axis, Dataset, Kind, projections
from savu_embedded.faults import plain
from savu_embedded.plugins.loading import Loader
from savu_embedded.sources import Hdf5Source, Source

_FINAL = "final_result_"
_MAPPED_AXES = (("rotation_angle", "theta", "degrees"), ("y", "y", "mm"), ("x", "x", "mm"))


class SavuNexusLoader(Loader):
    """The final results of a run, or the datasets that are named, with what is known of them.

    A name is that of a final result, or of an intermediate one, as 1-DarkFlatFieldCorrection-tomo.
    """

    def check(self) -> Iterator[str]:
        names, datasets = self.parameters["names"], self.parameters["datasets"]
        if names and len(names) != len(datasets):
            yield "names must be as many as datasets"

    def open(self, path: Path) -> dict[str, Source]:
        p = self.parameters
        try:
            with open_for_reading(path) as file:
                groups = dict(_result_groups(file))
                wanted = p["datasets"] or [name for name in groups if "-" not in name]
                if not wanted:
                    raise self.refused(f"{path.name} has no results of Savu.")
                missing = [name for name in wanted if name not in groups]
                if missing:
                    raise self.refused(
                        f"{path.name} has no result {missing[0]}; it has {', '.join(groups)}."
                    )
                sources: dict[str, Source] = {}
                for name, new in zip(wanted, p["names"] or wanted, strict=True):
                    preview = p["preview"]
                    asked = preview.get(name, []) if isinstance(preview, dict) else preview
                    sources[new] = self._source(path, file[groups[name]], name, asked)
                return sources
        except OSError as error:
            raise self.refused(f"{path.name}: {plain(error)}") from error

    def _source(self, path: Path, group: h5py.Group, name: str, preview: Any) -> Source:
        values = group.get("data")
        if not isinstance(values, h5py.Dataset):
            raise self.refused(f"the values of {name} are not where the file says.")
        if values.ndim != 3:
            raise self.refused(f"{name} has {values.ndim} dimensions; three can be worked on.")
        kind = _kind(group)
        if kind is None:
            raise self.refused(f"{name} has neither the patterns of projections nor of a volume.")
        selection = self.indices(preview, values.shape)
        first, second, third = (
            _axis(group, text_of(axis), index, values.shape[i])
            for i, (axis, index) in enumerate(zip(group.attrs["axes"], selection, strict=True))
        )
        centres = _meta(group, "centre_of_rotation")
        rows = selection[1]
        data = Dataset(
            kind,
            (first, second, third),
            centres=centres[rows] if centres is not None and len(centres) > rows[-1] else None,
            dtype=str(values.dtype),
            made_of=_scanned(group, len(rows)) if kind == "volume" else None,
        )
        stored = values.chunks[1] if values.chunks else 1
        frames, rows, columns = selection
        return Hdf5Source(path, f"{group.name}/data", frames, rows, columns, data, stored)


class _MappingLoader(Loader):
    """Data of a point by point scan over angles, heights and widths."""

    #: How the entry, or the group in it, that holds the data is known.
    definition: str

    def open(self, path: Path) -> dict[str, Source]:
        try:
            with open_for_reading(path) as file:
                found = next((entry for entry in _entries(file) if self.group(entry)), None)
                if found is None:
                    raise self.refused(f"{path.name} has no {self.definition}.")
                group = self.group(found)
                values = group.get("data") if group else None
                if not isinstance(values, h5py.Dataset) or values.ndim != 3:
                    raise self.refused(
                        f"the {self.definition} of {path.name} has no data of three dimensions: "
                        "angle, y and x."
                    )
                selection = self.indices(self.parameters["preview"], values.shape)
                angle, y, x = (
                    _mapped_axis(found, name, own, units, index, values.shape, i)
                    for i, ((name, own, units), index) in enumerate(
                        zip(_MAPPED_AXES, selection, strict=True)
                    )
                )
                data = Dataset("projections", (angle, y, x), dtype=str(values.dtype))
                stored = values.chunks[1] if values.chunks else 1
                frames, rows, columns = selection
                source = Hdf5Source(path, values.name, frames, rows, columns, data, stored)
        except OSError as error:
            raise self.refused(f"{path.name}: {plain(error)}") from error
        return {self.parameters["name"]: source}

    def group(self, entry: h5py.Group) -> h5py.Group | None:
        """Return the group of an entry that holds the data, None if this is another entry."""
        raise NotImplementedError


class NxstxmLoader(_MappingLoader):
    """Absorption, point by point."""

    definition = "NXstxm"

    def group(self, entry: h5py.Group) -> h5py.Group | None:
        definition = entry.get("definition")
        if isinstance(definition, h5py.Dataset) and text_of(definition[()]) == self.definition:
            return _classed(entry, "NXdata")
        return None


class NxmonitorLoader(_MappingLoader):
    """The monitor of the beam, point by point."""

    definition = "NXmonitor"

    def group(self, entry: h5py.Group) -> h5py.Group | None:
        return _classed(entry, self.definition)


def _entries(file: h5py.File) -> Iterator[h5py.Group]:
    """Yield the entries of a file, those inside of one first."""
    for entry in file.values():
        if isinstance(entry, h5py.Group):
            yield from (inner for inner in entry.values() if isinstance(inner, h5py.Group))
            yield entry


def _classed(entry: h5py.Group, wanted: str) -> h5py.Group | None:
    groups = (item for item in entry.values() if isinstance(item, h5py.Group))
    return next((group for group in groups if _class(group) == wanted), None)


def _class(group: h5py.Group) -> str:
    return text_of(group.attrs.get("NX_class", ""))


def _mapped_axis(
    entry: h5py.Group,
    name: str,
    own: str,
    units: str,
    index: Array,
    shape: tuple[int, ...],
    dimension: int,
) -> Axis:
    """Return an axis of mapped data, whose y and x are given for every point of a frame."""
    group = _classed(entry, "NXdata")
    found = group.get(own) if group else None
    values = np.arange(shape[dimension], dtype=np.float64)
    if isinstance(found, h5py.Dataset):
        units = text_of(found.attrs.get("units", units))
        stored = np.asarray(found[()], np.float64)
        if stored.ndim == 2:
            stored = stored[:, 0] if dimension == 1 else stored[0]
        if stored.shape == values.shape:
            values = stored
    return Axis(name, units, values[index])


def _result_groups(file: h5py.File) -> Iterator[tuple[str, str]]:
    """Yield the results in a file, final ones first, and where they are."""
    entry = file.get("entry")
    if not isinstance(entry, h5py.Group):
        return
    for name in entry:
        if name.startswith(_FINAL):
            yield name.removeprefix(_FINAL), f"entry/{name}"
    between = entry.get("intermediate")
    if isinstance(between, h5py.Group):
        yield from ((name, f"entry/intermediate/{name}") for name in between)


def _kind(group: h5py.Group) -> Kind | None:
    patterns = group.get("patterns", {})
    if "VOLUME_XZ" in patterns:
        return "volume"
    return "projections" if "SINOGRAM" in patterns else None


def _axis(group: h5py.Group, name: str, index: Array, length: int) -> Axis:
    found = group.get(name)
    values = np.arange(length, dtype=np.float64)
    units = "unit"
    if isinstance(found, h5py.Dataset):
        units = text_of(found.attrs.get("units", units))
        if found.shape == (length,):
            values = np.asarray(found[()], np.float64)
    return Axis(name, units, values[index])


def _meta(group: h5py.Group, name: str) -> Array | None:
    found = group.get(f"meta_data/{name}/{name}")
    return np.asarray(found[()], np.float64) if isinstance(found, h5py.Dataset) else None


def _scanned(group: h5py.Group, rows: int) -> Dataset | None:
    """Return the projections of which a volume was made, as far as they are known."""
    angles, columns = _meta(group, "rotation_angle"), _meta(group, "detector_x_length")
    if angles is None or columns is None:
        return None
    return projections(angles, rows, int(columns))
