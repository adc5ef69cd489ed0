"""Low-pass filters of sinograms, as products with the few waves that they let pass.

A filter that passes few frequencies is a matrix of low rank, and two products with it cost much
less than transforms of the whole sinogram, whose length may have large factors. Borders that
continue the sinogram are folded into the matrix.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from savu_embedded.arrays import Array, xp

Border = Literal["edge", "reflect", "mean"]

# Frequencies of less than this weight, of one, count for nothing in 32 bits.
_LEAST_WEIGHT = 1e-8


@dataclass(frozen=True)
class Waves:
    """Cosines, and as many sines, of some samples (waves, length).

    `inner` are those of the samples, and `outer` those of the continued samples, folded. `even`
    and `odd` are the weights (waves / 2,) of cosines and sines of a filter that sums
    ``even cos(w (m - n)) + 1j odd sin(w (m - n))`` over frequencies w, between samples m and n.
    """

    inner: Array
    outer: Array
    even: Array
    odd: Array

    def amplitudes(self, values: Array) -> Array:
        """Return how much of each wave is in `values` (length, n), as (waves, n)."""
        return xp.asarray(self.outer @ values)

    def values(self, amplitudes: Array) -> Array:
        """Return the values (length, n) of so much of each wave."""
        return xp.asarray(self.inner.T @ amplitudes)

    def filtered(self, amplitudes: Array) -> Array:
        """Return the amplitudes after the even part of the filter."""
        return xp.tile(self.even, 2)[:, None] * amplitudes

    def turned(self, amplitudes: Array) -> Array:
        """Return the amplitudes after the odd part of the filter, without its imaginary unit."""
        cosine, sine = xp.split(amplitudes, 2)
        return xp.concatenate((-self.odd[:, None] * sine, self.odd[:, None] * cosine))


def make_waves(
    length: int,
    pad: int,
    border: Border,
    weight: Callable[[Array], Array],
    start: float = 0,
    precision: type = xp.float32,
) -> Waves:
    """Return the waves of `length` samples that are continued by `pad` samples at both ends.

    `weight` gives the weights of frequencies, in waves of the continued length, of either sign;
    the frequencies are `start`, 0 or one half, and those that follow in steps of one.
    """
    whole = length + 2 * pad
    frequency = xp.arange(start, whole / 2 + 0.25)
    above = xp.where(frequency < whole / 2, weight(frequency), 0)
    below = xp.where(frequency > 0, weight(-frequency), 0)
    kept = xp.maximum(xp.abs(above), xp.abs(below)) > _LEAST_WEIGHT
    even, odd = (above + below)[kept] / whole, (above - below)[kept] / whole
    # The phase is reduced before it is multiplied, for its last digits.
    turns = xp.outer(frequency[kept], xp.arange(whole)) / whole % 1
    waves = xp.concatenate((xp.cos(2 * xp.pi * turns), xp.sin(2 * xp.pi * turns)))
    inner = waves[:, pad : pad + length]
    found = (inner, _folded(waves, length, pad, border), even, odd)
    return Waves(*(array.astype(precision) for array in found))


@lru_cache(maxsize=8)
def gaussian_waves(
    length: int, pad: int, border: Border, sigma: float, precision: type = xp.float32
) -> Waves:
    """Return the waves of a Gaussian of width `sigma`, half a frequency off as Savu's is."""
    return make_waves(
        length,
        pad,
        border,
        lambda frequency: xp.exp(-((frequency + 0.5) ** 2) / (2 * sigma**2)),
        start=length % 2 / 2,
        precision=precision,
    )


def low_pass(values: Array, sigma: float, pad: int) -> Array:
    """Return `values` (length, n) times a Gaussian of `sigma` frequencies along the first axis.

    They are float32, and exact to the last digit, so that sorting tells them apart.
    """
    waves = gaussian_waves(len(values), pad, "reflect", sigma, xp.float64)
    return waves.values(waves.filtered(waves.amplitudes(values))).astype(xp.float32)


def low_pass_both(values: Array, sigmas: tuple[float, float], pad: int) -> Array:
    """Return the sinogram `values` times Gaussians in both directions, of these widths.

    It is continued by its mean along the first axis, and by its edge along the second.
    """
    along = gaussian_waves(values.shape[0], pad, "mean", sigmas[0])
    across = gaussian_waves(values.shape[1], pad, "edge", sigmas[1])
    both = along.amplitudes(across.amplitudes(values.T).T)
    even = across.filtered(along.filtered(both).T)
    odd = across.turned(along.turned(both).T)
    return along.values(across.values(even - odd).T)


def _folded(waves: Array, length: int, pad: int, border: Border) -> Array:
    """Return the waves such that products with samples are those with the continued samples."""
    if border == "mean":
        inner = waves[:, pad : pad + length]
        return inner + (waves.sum(axis=1) - inner.sum(axis=1))[:, None] / length
    folded = xp.zeros((len(waves), length))
    xp.add.at(folded.T, xp.pad(xp.arange(length), pad, mode=border), waves.T)
    return folded
