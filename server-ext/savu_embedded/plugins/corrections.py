"""Corrections of the projections."""

from __future__ import annotations

from typing import Any

from savu_embedded.arrays import Array, xp
from savu_embedded.datasets import Dataset, Field
from savu_embedded.errors import RefusedError
from savu_embedded.methods import flat_field
from savu_embedded.plugins.base import Combination, Plugin


class DarkFlatFieldCorrection(Plugin):
    """Transmission from counts; both of Savu's patterns give the same numbers."""

    cuts = ("rows", "frames")

    def setup(self, data: Dataset) -> Dataset:
        dark, flat = _fields_of(self.name, data)
        self._dark, self._scale = flat_field.correction_factors(dark, flat)
        return data

    def process_sinogram(self, sinogram: Array, row: int) -> Array:
        return self._correct(sinogram, self._dark[row], self._scale[row])

    def process_frame(self, frame: Array, number: int) -> Array:
        return self._correct(frame, self._dark, self._scale)

    def _correct(self, raw: Array, dark: Array, scale: Array) -> Array:
        lower, upper = self._bound("lower_bound"), self._bound("upper_bound")
        return flat_field.correct(raw, dark, scale, lower, upper)

    def _bound(self, name: str) -> float | None:
        value: Any = self.parameters[name]
        return None if value in (None, "None") else float(value)


class TimeBasedCorrection(Plugin):
    """Transmission from counts, by the fields at the time of each projection.

    Between two batches of fields they change in proportion to the projections taken since the
    first; before the first and after the last batch they stay.
    """

    cuts = ("rows", "frames")

    def setup(self, data: Dataset) -> Dataset:
        _fields_of(self.name, data)
        self._darks, self._dark_weights = _batches(data.darks, data.shape[0])
        self._flats, self._flat_weights = _batches(data.flats, data.shape[0])
        return data

    def process_sinogram(self, sinogram: Array, row: int) -> Array:
        dark = self._dark_weights @ self._darks[:, row]
        return self._correct(sinogram, dark, self._flat_weights @ self._flats[:, row])

    def process_frame(self, frame: Array, number: int) -> Array:
        dark = xp.tensordot(self._dark_weights[number], self._darks, 1)
        flat = xp.tensordot(self._flat_weights[number], self._flats, 1)
        return self._correct(frame, dark, flat)

    def _correct(self, raw: Array, dark: Array, flat: Array) -> Array:
        limits = (0.0, 1.0) if self.parameters["in_range"] else (None, None)
        return flat_field.correct(raw, *flat_field.correction_factors(dark, flat), *limits)


class MonitorCorrection(Combination):
    """Divides data by a monitor of the beam, both scaled and offset."""

    def combine(self, first: Array, second: Array) -> Array:
        p = self.parameters
        data = first * xp.float32(p["nominator_scale"]) + xp.float32(p["nominator_offset"])
        monitor = second * xp.float32(p["denominator_scale"]) + xp.float32(p["denominator_offset"])
        with xp.errstate(divide="ignore", invalid="ignore"):
            return xp.nan_to_num(data / monitor)


def _fields_of(name: str, data: Dataset) -> tuple[Array, Array]:
    """Return the mean dark and flat field.

    Raises:
        RefusedError: the scan lacks one.
    """
    dark, flat = data.dark, data.flat
    if dark is None or flat is None:
        missing = [which for which, mean in (("dark", dark), ("flat", flat)) if mean is None]
        raise RefusedError(
            f"{name} needs {' and '.join(missing)} fields, and the scan has none: give a file in "
            "the loader's parameters, or switch the plugin off."
        )
    return dark, flat


def _batches(fields: tuple[Field, ...], frames: int) -> tuple[Array, Array]:
    """Return the images (batches, rows, columns), and their weights (frames, batches)."""
    at = xp.array([field.after for field in fields], float)
    middle = xp.arange(frames) + 0.5
    weights = [xp.interp(middle, at, one) for one in xp.eye(len(fields))]
    return xp.stack([field.image for field in fields]), xp.stack(weights, axis=1)
