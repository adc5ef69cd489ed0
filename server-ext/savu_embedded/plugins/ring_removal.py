"""Removal of rings, as stripes in the sinograms."""

from __future__ import annotations

from collections.abc import Iterator

from savu_embedded.arrays import Array
from savu_embedded.datasets import Dataset
from savu_embedded.errors import RefusedError
from savu_embedded.methods import rings
from savu_embedded.plugins.base import Plugin


class RingRemovalNormalization(Plugin):
    """Stripes by their mean: subtracts what is not smooth in the mean along the angles."""

    def check(self) -> Iterator[str]:
        if self.parameters["radius"] <= 0:
            yield "radius must be positive"
        if self.parameters["number_of_chunks"] < 1:
            yield "number_of_chunks must be 1 or more"

    def setup(self, data: Dataset) -> Dataset:
        if self.parameters["number_of_chunks"] > data.shape[0]:
            raise RefusedError(
                f"RingRemovalNormalization: {data.shape[0]} projections cannot be cut into "
                f"{self.parameters['number_of_chunks']} chunks."
            )
        return data

    def process_sinogram(self, sinogram: Array, row: int) -> Array:
        return rings.remove_stripes_by_normalisation(
            sinogram, self.parameters["radius"], self.parameters["number_of_chunks"]
        )


class RingRemovalSorting(Plugin):
    """Stripes by sorting each column, smoothing across columns and sorting back."""

    def check(self) -> Iterator[str]:
        if self.parameters["size"] < 1:
            yield "size must be 1 or more"

    def process_sinogram(self, sinogram: Array, row: int) -> Array:
        width = min(self.parameters["size"], sinogram.shape[1])
        return rings.remove_stripes_by_sorting(sinogram, width)
