"""Reconstruction by scikit-image's SART, and Savu's simple example."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from savu_embedded.arrays import Array, ndimage, xp
from savu_embedded.methods.algebraic import SimultaneousReconstruction
from savu_embedded.methods.simple_backprojection import SimpleBackprojection
from savu_embedded.plugins.base import Progress
from savu_embedded.plugins.reconstruction import (
    Geometry,
    Method,
    Reconstruction,
    ScikitimageFilterBackProjection,
)


class ScikitimageSart(Reconstruction):
    """Sweeps of SART from the filtered backprojection on; the axis is on pixel n // 2.

    Savu moves the data along the angles, too, as far as along the columns, which turns the image
    and loses projections; here they move along the columns only.
    """

    filters: ClassVar = ScikitimageFilterBackProjection.filters
    runs: ClassVar = {
        **ScikitimageFilterBackProjection.runs,
        "image": (None, "None"),
        "output_size": ("auto", None, "None"),
    }

    def check(self) -> Iterator[str]:
        yield from super().check()
        if self.parameters["iterations"] < 1:
            yield "iterations must be 1 or more"
        limits = self.parameters["clip"]
        if isinstance(limits, list) and (len(limits) != 2 or limits[0] > limits[1]):
            yield "clip must be two values, the lower one first"

    def image_size(self) -> Any:
        return None

    def filter_value(self) -> Any:
        return self.parameters["filter"]

    def method(self, geometry: Geometry) -> Method:
        p = self.parameters
        begin = super().method(geometry)
        sweep = SimultaneousReconstruction(
            geometry.angles,
            geometry.size,
            p["iterations"],
            p["relaxation"],
            tuple(p["clip"]) if isinstance(p["clip"], list) else None,
        )

        def reconstruct(sinograms: Array, centres: Array, progress: Progress) -> Array:
            start = begin(sinograms, centres, lambda _: None)
            moves = geometry.size // 2 - xp.asarray(centres)
            moved = [
                ndimage.shift(s, (0, by), order=3) for s, by in zip(sinograms, moves, strict=True)
            ]
            return sweep(xp.stack(moved), start, progress)

        return reconstruct


class SimpleRecon(Reconstruction):
    """A backprojection for a look at the data: its values are no attenuation."""

    runs: ClassVar = {**Reconstruction.runs, "skip_projections": (None, "None")}

    def method(self, geometry: Geometry) -> Method:
        return SimpleBackprojection(len(geometry.angles), geometry.columns, geometry.size)
