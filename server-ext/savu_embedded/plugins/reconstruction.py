"""Reconstruction plugins: the same filtered backprojection, or iterations of it, each with the
conventions of the package that Savu's plugin of that name calls."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from typing import Any, ClassVar, NamedTuple

from savu_embedded.arrays import Array, xp
from savu_embedded.datasets import Dataset, volume
from savu_embedded.errors import RefusedError
from savu_embedded.methods import fbp, iterative
from savu_embedded.methods.fbp import FilteredBackprojection
from savu_embedded.methods.iterative import IterativeReconstruction, Rules
from savu_embedded.plugins.base import Plugin, Progress

#: The texts of log_func that the engine knows; the parameter is code, which is never run.
LOG_FUNCTIONS = ("np.nan_to_num(-np.log(sino))", "-np.log(sino)")
_NONE = (None, "None")


#: Makes images (n, size, size) of sinograms (n, angles, columns) and centres, telling progress.
Method = Callable[[Array, Array, Progress], Array]


# The last method that was planned, one for its memory; whatever the centre, slices share it.
_planned: dict[tuple[Any, ...], Method] = {}
_NOT_PLANNED = {"centre_of_rotation", "in_datasets", "out_datasets"}


class Geometry(NamedTuple):
    """Angles in radians, the widths of sinogram and image, and the pixel of the axis."""

    angles: Array
    columns: int
    size: int
    axis: float


class Reconstruction(Plugin):
    """What the plugins share: logarithm, centre, padding, mask and range of values."""

    runs: ClassVar = {
        "log_func": LOG_FUNCTIONS,
        "init_vol": _NONE,
        "preview": ([],),
    }
    makes = "volume"
    #: What the command line adds to methods that iterate.
    rules = Rules()
    #: Savu's filter names and those of `savu_embedded.methods.filters`.
    filters: ClassVar[dict[Any, str]]

    def check(self) -> Iterator[str]:
        centre = self.parameters["centre_of_rotation"]
        if isinstance(centre, bool) or not isinstance(centre, (int, float, str, dict)):
            yield f"centre_of_rotation cannot be {centre!r}"
        size = self.image_size()
        if size is not None and (isinstance(size, bool) or not isinstance(size, int) or size < 1):
            yield f"an image of size {size!r} is not supported: one whole number is"
        skipped = self.parameters["skip_projections"]
        if skipped not in _NONE and not (
            isinstance(skipped, list) and all(type(number) is int for number in skipped)
        ):
            yield "skip_projections must be a list of the numbers of projections, from 0"

    def setup(self, data: Dataset) -> Dataset:
        columns = data.shape[2]
        size = self.image_size() or columns
        centres = self.centres(data)
        if not xp.isfinite(centres).all():
            raise RefusedError(f"{self.name}: centre_of_rotation is not a finite number.")
        skipped = self.parameters["skip_projections"]
        self._skipped = [] if skipped in _NONE else skipped
        if any(not 0 <= number < len(data.angles) for number in self._skipped):
            raise RefusedError(
                f"{self.name}: skip_projections names one that is not among the "
                f"{len(data.angles)} loaded."
            )
        angles = xp.delete(data.angles, self._skipped)
        if not len(angles):
            raise RefusedError(f"{self.name}: skip_projections leaves none.")
        self._centres = self.effective_centres(centres, columns)
        self._padding = self.padding(self._centres, columns)
        self._geometry = Geometry(
            xp.deg2rad(angles), columns + sum(self._padding), size, self.axis(size)
        )
        self._outside = self.outside(size)
        # The logarithm of the block, maybe padded, and the grids that wait for more angles.
        waiting = fbp.waiting(*self._geometry[1:3], len(data.angles)) / (columns * len(data.angles))
        self.block_copies = math.ceil((2 if any(self._padding) else 1) + waiting)
        return volume(size, data).with_centres(centres)

    def process(self, block: Array, first_row: int, progress: Progress) -> Array:
        if self._skipped:
            block = xp.delete(block, self._skipped, axis=1)
        sinograms = minus_log(block) if self.parameters["log"] else xp.nan_to_num(block)
        before, after = self._padding
        if before or after:
            sinograms = xp.pad(sinograms, ((0, 0), (0, 0), (before, after)), mode="edge")
        centres = self._centres[first_row : first_row + len(block)] + before
        images = self._planned_method()(sinograms, centres, progress)
        if self._outside is not None:
            where, value = self._outside
            images[:, where] = value
        low, high = self.parameters["force_zero"]
        if low not in _NONE:
            images[images < low] = 0
        if high not in _NONE:
            images[images > high] = 0
        return images

    def _planned_method(self) -> Method:
        """Return the method with its plan, which cannot be sent to a worker."""
        others = {key: self.parameters[key] for key in self.parameters.keys() - _NOT_PLANNED}
        angles = self._geometry.angles.tobytes()
        key = (
            self.name,
            self.rules,
            angles,
            *self._geometry[1:],
            json.dumps(others, sort_keys=True),
        )
        if key not in _planned:
            _planned.clear()
            _planned[key] = self.method(self._geometry)
        return _planned[key]

    def workspace(self) -> int:
        return fbp.memory(len(self._geometry.angles), *self._geometry[1:3])

    def method(self, geometry: Geometry) -> Method:
        """Return what makes images of sinograms."""
        filter_name = self.filters[self.filter_value()]
        return FilteredBackprojection(*geometry, filter_name, self.scale(len(geometry.angles)))

    def centres(self, data: Dataset) -> Array:
        """Return the centre of every row, a column counted from 0; a measured one comes first.

        A dictionary {row: centre} is a straight line through its entries, by least squares, at
        the loaded rows 0, 1, 2 …; 0 means half the width, as in Savu.
        """
        value = self.parameters["centre_of_rotation"]
        rows, columns = data.shape[1:]
        if isinstance(value, str) and value not in data.centre_names:
            raise RefusedError(
                f"{self.name}: centre_of_rotation names the dataset {value}, and no centring "
                "plugin before it makes that."
            )
        if data.centres is not None:
            return data.centres
        if isinstance(value, dict):
            try:
                points = {float(row): float(centre) for row, centre in value.items()}
            except (TypeError, ValueError):
                points = {}
            if not points:
                raise RefusedError(
                    f"{self.name}: centre_of_rotation {value} is no {{row: centre}}."
                )
            if len(points) == 1:
                return xp.full(rows, next(iter(points.values())))
            line = xp.polynomial.Polynomial.fit(list(points), list(points.values()), 1)
            return xp.asarray(line(xp.arange(rows)))
        return xp.full(rows, float(value) or columns / 2)

    def effective_centres(self, centres: Array, columns: int) -> Array:
        """Return the centres as the plugin applies them."""
        return centres

    def padding(self, centres: Array, columns: int) -> tuple[int, int]:
        """Return the columns to add at both sides, filled with the value at the edge."""
        return 0, 0

    def axis(self, size: int) -> float:
        """Return the pixel on which the rotation axis lies, in both directions."""
        return size // 2

    def image_size(self) -> Any:
        """Return the size of the image that is asked for, None for the width of the data."""
        value = self.parameters["vol_shape"]
        return None if value == "fixed" else value

    def filter_value(self) -> Any:
        """Return the value of the parameter that names the filter."""
        raise NotImplementedError

    def scale(self, angles: int) -> float:
        """Return the weight of one projection; this one gives attenuation per pixel."""
        return math.pi / angles

    def outside(self, size: int) -> tuple[Array, float] | None:
        """Return which pixels (size, size) are replaced, and by what."""
        return None

    def _outside_ratio(self, size: int) -> tuple[Array, float]:
        ratio = self.parameters["ratio"]
        ratio, value = ratio if isinstance(ratio, list) else (ratio, 0.0)
        position = xp.linspace(-size / 2, size / 2, size)
        distance = xp.hypot(position[:, None], position[None, :])
        return distance > (size - 1) * ratio / 2, value

    def _outer_columns(self, columns: int) -> int:
        """Return how many columns outer_pad adds at each side."""
        factor = self.parameters["outer_pad"]
        factor = math.sqrt(2) - 1 if factor is True else float(factor)
        return math.ceil(factor * columns / 2)


class AstraReconCpu(Reconstruction):
    """The axis is in the middle, (n - 1) / 2, and the centre counts to half a column."""

    filters: ClassVar = {
        "ram-lak": "ramp",
        "shepp-logan": "shepp-logan",
        "cosine": "cosine",
        "hamming": "hamming",
        "hann": "hann",
        "parzen": "parzen",
        "none": "none",
    }
    runs: ClassVar = {
        **Reconstruction.runs,
        "algorithm": ("FBP", "BP", "SIRT", "CGLS"),
        "FBP_filter": tuple(filters),
    }

    def check(self) -> Iterator[str]:
        yield from super().check()
        iterations = self.parameters["n_iterations"]
        if self.is_iterative and (not isinstance(iterations, int) or iterations < 1):
            yield "n_iterations must be 1 or more"

    @property
    def is_iterative(self) -> bool:
        return self.parameters["algorithm"] in ("SIRT", "CGLS")

    def workspace(self) -> int:
        if not self.is_iterative:
            return super().workspace()
        return iterative.memory(len(self._geometry.angles), *self._geometry[1:3])

    def method(self, geometry: Geometry) -> Method:
        if not self.is_iterative:
            return super().method(geometry)
        p = self.parameters
        return IterativeReconstruction(
            p["algorithm"], p["n_iterations"], *geometry, whole=p["centre_pad"], rules=self.rules
        )

    def effective_centres(self, centres: Array, columns: int) -> Array:
        middle = (columns - 1) / 2
        return middle + xp.sign(centres - middle) * xp.round(2 * xp.abs(centres - middle)) / 2

    def padding(self, centres: Array, columns: int) -> tuple[int, int]:
        if not self.parameters["centre_pad"]:
            return 0, 0
        off = int(xp.max(xp.abs(2 * centres - (columns - 1))))
        outer = self._outer_columns(columns)
        left = bool(centres.mean() < (columns - 1) / 2)
        return outer + off * left, outer + off * (not left)

    def axis(self, size: int) -> float:
        return (size - 1) / 2

    def filter_value(self) -> Any:
        return self.parameters["FBP_filter"] if self.parameters["algorithm"] == "FBP" else "none"

    def scale(self, angles: int) -> float:
        # BP is the plain sum, and the filter "none" is one half.
        return super().scale(angles) if self.parameters["algorithm"] == "FBP" else 2.0

    def outside(self, size: int) -> tuple[Array, float] | None:
        return self._outside_ratio(size)


class TomopyRecon(Reconstruction):
    """The algorithms gridrec and fbp, both with the axis on pixel n // 2."""

    filters: ClassVar = {
        "ramlak": "ramp",
        "shepp": "shepp-logan",
        "cosine": "cosine",
        "hamming": "hamming",
        "hann": "hann",
        "None": "none",
        None: "none",
    }
    runs: ClassVar = {
        **Reconstruction.runs,
        "algorithm": ("gridrec", "fbp"),
        "filter_name": tuple(filters),
    }

    def padding(self, centres: Array, columns: int) -> tuple[int, int]:
        outer = self._outer_columns(columns)
        return outer, outer

    def filter_value(self) -> Any:
        return self.parameters["filter_name"]

    def outside(self, size: int) -> tuple[Array, float] | None:
        return self._outside_ratio(size)


class ScikitimageFilterBackProjection(Reconstruction):
    """The axis is on pixel n // 2; `ratio` has no effect, and `circle` is what masks.

    `interpolation` has none either: nothing is interpolated.
    """

    filters: ClassVar = {
        "ramp": "ramp",
        "shepp-logan": "shepp-logan",
        "cosine": "cosine",
        "hamming": "hamming",
        "hann": "hann",
        "None": "none",
        None: "none",
    }
    runs: ClassVar = {**Reconstruction.runs, "filter": tuple(filters)}

    def image_size(self) -> Any:
        value = self.parameters["output_size"]
        return None if value in ("auto", *_NONE) else value

    def filter_value(self) -> Any:
        return self.parameters["filter"]

    def outside(self, size: int) -> tuple[Array, float] | None:
        if not self.parameters["circle"]:
            return None
        position = xp.arange(size) - size // 2
        return xp.hypot(position[:, None], position[None, :]) > size // 2, 0.0


def minus_log(transmission: Array) -> Array:
    """Return -log(`transmission`), 0 where that is not a number or not finite, float32."""
    with xp.errstate(divide="ignore", invalid="ignore"):
        result = xp.log(transmission, dtype=xp.float32)
    xp.negative(result, out=result)
    return xp.nan_to_num(result, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
