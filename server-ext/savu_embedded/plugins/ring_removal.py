"""Removal of rings, as stripes in the sinograms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from savu_embedded.arrays import Array
from savu_embedded.datasets import Dataset
from savu_embedded.errors import RefusedError
from savu_embedded.methods import faulty_columns, rings, rings_fourier, wavelets
from savu_embedded.plugins.base import Plugin


class _Chunked(Plugin):
    """Treats so many chunks of the angles each by itself."""

    def check(self) -> Iterator[str]:
        if self.parameters["number_of_chunks"] < 1:
            yield "number_of_chunks must be 1 or more"

    def setup(self, data: Dataset) -> Dataset:
        if self.parameters["number_of_chunks"] > data.shape[0]:
            raise RefusedError(
                f"{self.name}: {data.shape[0]} projections cannot be cut into "
                f"{self.parameters['number_of_chunks']} chunks."
            )
        return data


class RingRemovalNormalization(_Chunked):
    """Stripes by their mean: subtracts what is not smooth in the mean along the angles."""

    def check(self) -> Iterator[str]:
        if self.parameters["radius"] <= 0:
            yield "radius must be positive"
        yield from super().check()

    def process_sinogram(self, sinogram: Array, row: int) -> Array:
        return rings.remove_stripes_by_normalisation(
            sinogram, self.parameters["radius"], self.parameters["number_of_chunks"]
        )


class RingRemovalRegularization(_Chunked):
    """Stripes by their mean: solves for the correction that makes the mean smooth."""

    def check(self) -> Iterator[str]:
        if self.parameters["alpha"] <= 0:
            yield "alpha must be positive"
        yield from super().check()

    def process_sinogram(self, sinogram: Array, row: int) -> Array:
        return rings.remove_stripes_by_regularisation(
            sinogram, self.parameters["alpha"], self.parameters["number_of_chunks"]
        )


class RingRemovalSorting(Plugin):
    """Stripes by sorting each column, smoothing across columns and sorting back."""

    def check(self) -> Iterator[str]:
        if self.parameters["size"] < 1:
            yield "size must be 1 or more"

    def process_sinogram(self, sinogram: Array, row: int) -> Array:
        width = min(self.parameters["size"], sinogram.shape[1])
        return rings.remove_stripes_by_sorting(sinogram, width)


class RingRemovalFiltering(Plugin):
    """Stripes by sorting what changes slowly along the angles."""

    def check(self) -> Iterator[str]:
        yield from _checked_width("size", self.parameters["size"])
        yield from _checked_positive(self.parameters, "sigma")

    def process_sinogram(self, sinogram: Array, row: int) -> Array:
        width = _width(self.parameters["size"], sinogram)
        return rings.remove_stripes_by_filtering(sinogram, self.parameters["sigma"], width)


class RingRemovalFitting(Plugin):
    """Stripes by fitting a polynomial to each column, and smoothing the fits."""

    def check(self) -> Iterator[str]:
        if self.parameters["order"] < 0:
            yield "order must be 0 or more"
        yield from _checked_positive(self.parameters, "sigmax", "sigmay")

    def setup(self, data: Dataset) -> Dataset:
        order, angles = self.parameters["order"], data.shape[0]
        if order > angles - 2:
            raise RefusedError(
                f"RingRemovalFitting: a polynomial of order {order} cannot be fitted to "
                f"{angles} projections."
            )
        return data

    def process_sinogram(self, sinogram: Array, row: int) -> Array:
        p = self.parameters
        return rings.remove_stripes_by_fitting(sinogram, p["order"], p["sigmay"], p["sigmax"])


class _Detecting(Plugin):
    """Finds the columns that stand out from the median of their neighbours."""

    widths: tuple[str, ...] = ("size",)

    def check(self) -> Iterator[str]:
        for name in self.widths:
            yield from _checked_width(name, self.parameters[name])

    @property
    def snr(self) -> float:
        # Below 1 everything would stand out; Savu takes 1 then, too.
        return max(1.0, self.parameters["snr"])


class RingRemovalInterpolation(_Detecting):
    """Columns of a level of their own are bridged."""

    def process_sinogram(self, sinogram: Array, row: int) -> Array:
        width = _width(self.parameters["size"], sinogram)
        return faulty_columns.remove_by_interpolation(sinogram, width, self.snr)


class RemoveUnresponsiveAndFluctuatingRings(_Detecting):
    """Columns that vary too little or too much are bridged."""

    def process_sinogram(self, sinogram: Array, row: int) -> Array:
        width = _width(self.parameters["size"], sinogram)
        bridged = faulty_columns.remove_unresponsive(sinogram, width, self.snr)
        if not self.parameters["residual"]:
            return bridged
        return faulty_columns.remove_large(bridged, width, self.snr)


class RemoveLargeRings(_Detecting):
    """Columns of a level of their own are rebuilt from sorted neighbours."""

    def process_sinogram(self, sinogram: Array, row: int) -> Array:
        width = _width(self.parameters["size"], sinogram)
        return faulty_columns.remove_large(sinogram, width, self.snr)


class RemoveAllRings(_Detecting):
    """Unresponsive columns, then large stripes, then the rest by sorting."""

    widths = ("la_size", "sm_size")

    def process_sinogram(self, sinogram: Array, row: int) -> Array:
        large, small = (_width(self.parameters[name], sinogram) for name in self.widths)
        return faulty_columns.remove_all(sinogram, large, small, self.snr)


class RingRemovalWaveletfft(Plugin):
    """Stripes by damping their part of each scale of a wavelet transform."""

    def check(self) -> Iterator[str]:
        if not 1 <= abs(self.parameters["nvalue"]) <= wavelets.MOST_MOMENTS:
            yield f"nvalue must be from 1 to {wavelets.MOST_MOMENTS}"
        if self.parameters["sigma"] == 0:
            yield "sigma must not be 0"
        if self.parameters["padFT"] < 0:
            yield "padFT must not be negative"

    def process_sinogram(self, sinogram: Array, row: int) -> Array:
        sigma, level, moments = (abs(self.parameters[n]) for n in ("sigma", "level", "nvalue"))
        return rings_fourier.remove_stripes_by_wavelets(
            sinogram, sigma, level, moments, self.parameters["padFT"]
        )


class RavenFilter(Plugin):
    """Stripes by a low-pass across the columns, for the lowest frequencies along the angles."""

    def check(self) -> Iterator[str]:
        if self.parameters["uvalue"] == 0:
            yield "uvalue must not be 0"
        if self.parameters["padFT"] < 0:
            yield "padFT must not be negative"

    def process_sinogram(self, sinogram: Array, row: int) -> Array:
        cutoff, rows, order = (abs(self.parameters[n]) for n in ("uvalue", "vvalue", "nvalue"))
        return rings_fourier.remove_stripes_by_fourier(
            sinogram, cutoff, rows, order, self.parameters["padFT"]
        )


def _checked_width(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, list):
        yield f"{name}: a window of several sizes is not supported"
    elif value < 1:
        yield f"{name} must be 1 or more"


def _checked_positive(parameters: Mapping[str, Any], *names: str) -> Iterator[str]:
    for name in names:
        if parameters[name] <= 0:
            yield f"{name} must be positive"


def _width(size: float, sinogram: Array) -> int:
    """Return the width of a median that fits the sinogram."""
    return max(1, min(int(size), sinogram.shape[1] - 1))
