"""The discrete wavelet transform with Daubechies' filters.

Daubechies, Ten Lectures on Wavelets, doi:10.1137/1.9781611970104, chapter 6.
"""

from __future__ import annotations

from functools import lru_cache
from math import comb

from savu_embedded.arrays import Array, Sparse, sparse, xp

#: Filters of more vanishing moments are not accurate in double precision.
MOST_MOMENTS = 20


@lru_cache
def _filters(moments: int) -> tuple[Array, Array]:
    """Return the low-pass and high-pass filters (2 * moments,) of the analysis."""
    # Of each pair of roots z, 1/z of the half-band polynomial, the one inside the circle.
    half_band = [comb(moments - 1 + k, k) for k in range(moments)]
    low = xp.ones(1, complex)
    for y in xp.roots(half_band[::-1]):
        b = 1 - 2 * y
        z = b + xp.sqrt(b * b - 1)
        low = xp.convolve(low, [1, -(z if abs(z) < 1 else 1 / z)])
    for _ in range(moments):
        low = xp.convolve(low, [1, 1])
    scaling = low.real * xp.sqrt(2) / low.real.sum()
    mirror = scaling * (-1.0) ** xp.arange(len(scaling))
    return scaling[::-1].astype(xp.float32), mirror.astype(xp.float32)


def half_length(length: int, moments: int) -> int:
    """Return the length of both halves of so many samples."""
    return (length + 2 * moments - 1) // 2


def smoothing(length: int, moments: int) -> Sparse:
    """Return the matrix (half length, length) that makes the smooth half of so many samples."""
    taps, count = 2 * moments, half_length(length, moments)
    mirrored = xp.pad(xp.arange(length), taps - 1, mode="symmetric")
    place = taps - xp.arange(taps)[:, None] + 2 * xp.arange(count)
    weights = xp.repeat(_filters(moments)[0], count)
    halves = xp.tile(xp.arange(count), taps)
    return sparse((weights, (halves, mirrored[place].ravel())), (count, length))


def decompose(values: Array, moments: int, axis: int) -> tuple[Array, Array]:
    """Return the smooth and the detail half of `values` along `axis`, float32.

    Both have (n + 2 * moments - 1) // 2 samples; the ends are mirrored.
    """
    lines = xp.moveaxis(values, axis, 0)
    length = 2 * moments
    width = ((0, 0),) * (lines.ndim - 1)
    padded = xp.pad(lines, ((length - 1, length - 1), *width), mode="symmetric")
    count = half_length(lines.shape[0], moments)
    low, high = (
        sum(
            weight * padded[length - tap : length - tap + 2 * count - 1 : 2]
            for tap, weight in enumerate(taps)
        )
        for taps in _filters(moments)
    )
    return xp.moveaxis(low, 0, axis), xp.moveaxis(high, 0, axis)


def compose(low: Array, high: Array, moments: int, axis: int) -> Array:
    """Return the values (2 * n - 2 * moments + 2 along `axis`) whose halves these are."""
    halves = (xp.moveaxis(low, axis, 0), xp.moveaxis(high, axis, 0))
    length, count = 2 * moments, halves[0].shape[0]
    full = xp.zeros((2 * count + length - 2, *halves[0].shape[1:]), xp.float32)
    for half, taps in zip(halves, _filters(moments), strict=True):
        for tap, weight in enumerate(taps[::-1]):
            full[tap : tap + 2 * count - 1 : 2] += weight * half
    return xp.moveaxis(full[length - 2 : 2 * count], 0, axis)
