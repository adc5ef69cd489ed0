"""What is known of a dataset before its values are: axes, patterns and what belongs to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Generic, Literal, TypeVar

import numpy as np

from savu_embedded.arrays import Array

#: Dimensions of one slice, and those along which the slices follow each other.
PatternDims = tuple[tuple[int, ...], tuple[int, ...]]

Member = TypeVar("Member")

Kind = Literal["projections", "volume"]

#: The first row or frame, and the one after the last.
Span = tuple[int, int]

#: How data are cut into blocks: by detector row, or slice; or by frame, along the first dimension.
Cut = Literal["frames", "rows"]

_PROJECTION_PATTERNS: dict[str, PatternDims] = {
    "PROJECTION": ((2, 1), (0,)),
    "SINOGRAM": ((2, 0), (1,)),
    "TANGENTOGRAM": ((0, 1), (2,)),
}
_VOLUME_PATTERNS: dict[str, PatternDims] = {
    "VOLUME_XY": ((0, 1), (2,)),
    "VOLUME_XZ": ((0, 2), (1,)),
    "VOLUME_YZ": ((1, 2), (0,)),
}


@dataclass(frozen=True)
class Axis:
    """One dimension of a dataset: its name, unit and coordinates."""

    name: str
    units: str
    values: Array


@dataclass(frozen=True)
class Field:
    """The mean image (rows, columns), float64, of `number` adjacent dark or flat frames.

    They were taken after so many of the loaded projections.
    """

    image: Array
    number: int = 1
    after: int = 0


@dataclass(frozen=True)
class Dataset:
    """Projections (angle, row, column) or a volume (image row, slice, image column).

    The detector rows, or slices, are dimension 1 of both. `darks` and `flats` are the fields in
    the order in which they were taken; `centres` holds the column of the rotation axis for every
    row, in pixels, once it was measured, and `centre_names` the names of the datasets that hold
    them.
    """

    kind: Kind
    axes: tuple[Axis, Axis, Axis]
    darks: tuple[Field, ...] = ()
    flats: tuple[Field, ...] = ()
    centres: Array | None = None
    centre_names: tuple[str, ...] = ()
    #: The first row and column of the detector, if adjacent ones follow and none was moved.
    origin: tuple[int, int] | None = None
    #: NumPy's name of the type in which the values are stored.
    dtype: str = "float32"
    #: The projections of which a volume was made.
    made_of: Dataset | None = None

    @property
    def shape(self) -> tuple[int, int, int]:
        first, second, third = (len(axis.values) for axis in self.axes)
        return first, second, third

    @property
    def dark(self) -> Array | None:
        """The mean (rows, columns) of all dark frames."""
        return _mean(self.darks)

    @property
    def flat(self) -> Array | None:
        """The mean (rows, columns) of all flat frames."""
        return _mean(self.flats)

    @property
    def patterns(self) -> Mapping[str, PatternDims]:
        return _PROJECTION_PATTERNS if self.kind == "projections" else _VOLUME_PATTERNS

    @property
    def angles(self) -> Array:
        """Rotation angles of projections, in degrees."""
        return self.axes[0].values

    def with_frames(self, change: Callable[[Array], Array]) -> Dataset:
        """Return projections all of whose frames, dark and flat are what `change` makes of them."""
        angle, row, column = self.axes
        height, width = change(np.zeros(self.shape[1:], np.float32)).shape
        return replace(
            self,
            axes=(
                angle,
                replace(row, values=np.arange(height)),
                replace(column, values=np.arange(width)),
            ),
            darks=_changed(self.darks, change),
            flats=_changed(self.flats, change),
            centres=None,
            origin=None,
        )

    def with_flats(self, change: Callable[[Array], Array]) -> Dataset:
        """Return the same data with flat fields that are what `change` makes of these."""
        return replace(self, flats=_changed(self.flats, change))

    def with_centres(self, centres: Array, names: Iterable[str] = ()) -> Dataset:
        return replace(self, centres=centres, centre_names=tuple(names))


#: Which value is meant of each tuned parameter, by the keys of their axes.
Branch = Mapping["AxisKey", int]
#: The index of the step that is tuned, and the name of the parameter.
AxisKey = tuple[int, str]


@dataclass(frozen=True)
class TunedAxis:
    """The values of a tuned parameter, a dimension that follows those of the data."""

    key: AxisKey
    name: str
    values: tuple[Any, ...]
    units: str


@dataclass(frozen=True)
class Family(Generic[Member]):
    """What there is once for each combination of tuned values; the last value changes first."""

    axes: tuple[TunedAxis, ...]
    members: tuple[Member, ...]

    @property
    def lengths(self) -> tuple[int, ...]:
        return tuple(len(axis.values) for axis in self.axes)

    def number(self, branch: Branch) -> int:
        """Return the number of the member for `branch`, which may have other axes, too."""
        number = 0
        for axis in self.axes:
            number = number * len(axis.values) + branch[axis.key]
        return number

    def __getitem__(self, branch: Branch) -> Member:
        return self.members[self.number(branch)]


def branches(axes: Iterable[TunedAxis]) -> Iterator[dict[AxisKey, int]]:
    """Yield all combinations of values of `axes`, the last changing first; one if there is none."""
    axes = tuple(axes)
    for indices in product(*(range(len(axis.values)) for axis in axes)):
        yield {axis.key: index for axis, index in zip(axes, indices, strict=True)}


def projections(
    angles: Array, rows: int, columns: int, darks: Iterable[Field] = (), flats: Iterable[Field] = ()
) -> Dataset:
    """Projections at `angles` (degrees)."""
    axes = (
        Axis("rotation_angle", "degrees", np.asarray(angles, np.float64)),
        Axis("detector_y", "pixel", np.arange(rows)),
        Axis("detector_x", "pixel", np.arange(columns)),
    )
    return Dataset("projections", axes, tuple(darks), tuple(flats))


def _mean(fields: Iterable[Field]) -> Array | None:
    """Return the mean of all frames behind the fields, None if there are none."""
    found = list(fields)
    if not found:
        return None
    total = sum(field.number for field in found)
    return np.asarray(sum(field.image * (field.number / total) for field in found))


def _changed(fields: Iterable[Field], change: Callable[[Array], Array]) -> tuple[Field, ...]:
    return tuple(replace(field, image=change(field.image)) for field in fields)


def volume(size: int, made_of: Dataset) -> Dataset:
    """A stack of square slices; Savu calls the dimensions voxel_x (rows), voxel_y and voxel_z."""
    lengths = (size, made_of.shape[1], size)
    x, y, z = (
        Axis(name, "voxels", np.arange(length))
        for name, length in zip(("voxel_x", "voxel_y", "voxel_z"), lengths, strict=True)
    )
    return Dataset("volume", (x, y, z), made_of=made_of)
