"""Corrections of the projections."""

from __future__ import annotations

from typing import Any

from savu_embedded.arrays import Array
from savu_embedded.datasets import Dataset
from savu_embedded.errors import RefusedError
from savu_embedded.methods import flat_field
from savu_embedded.plugins.base import Plugin


class DarkFlatFieldCorrection(Plugin):
    """Transmission from counts; both of Savu's patterns give the same numbers."""

    cuts = ("rows", "frames")

    def setup(self, data: Dataset) -> Dataset:
        missing = [name for name in ("dark", "flat") if getattr(data, name) is None]
        if missing or data.dark is None or data.flat is None:
            raise RefusedError(
                f"DarkFlatFieldCorrection needs {' and '.join(missing)} fields, and the scan has "
                "none: give a file in the loader's parameters, or switch the plugin off."
            )
        self._dark, self._scale = flat_field.correction_factors(data.dark, data.flat)
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
