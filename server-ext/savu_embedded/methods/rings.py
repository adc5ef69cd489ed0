"""Removal of stripes from sinograms, which are rings in a slice."""

import numpy as np
from scipy.ndimage import gaussian_filter1d, median_filter

from savu_embedded.arrays import Array

_SIGN = np.uint32(0x80000000)


def remove_stripes_by_normalisation(sinogram: Array, radius: int, chunks: int = 1) -> Array:
    """Subtract from each column how far its mean is from the smoothed mean.

    `sinogram` is (angles, columns) float32. It is cut along the angles into `chunks` parts of
    about equal length, each treated by itself; `radius` is the standard deviation, in columns, of
    the Gaussian that smooths the mean.
    """
    result = np.empty_like(sinogram)
    for rows in np.array_split(np.arange(sinogram.shape[0]), chunks):
        part = slice(rows[0], rows[-1] + 1)
        mean = sinogram[part].mean(axis=0, dtype=np.float64)
        stripe = mean - gaussian_filter1d(mean, radius)
        np.subtract(sinogram[part], stripe.astype(np.float32), out=result[part])
    return result


def remove_stripes_by_sorting(sinogram: Array, size: int) -> Array:
    """Sort every column, take the median across columns, and undo the sorting.

    `sinogram` is (angles, columns) float32, `size` the width of the median in columns. Algorithm 3
    of Vo, Atwood and Drakopoulos, doi:10.1364/OE.26.028396.
    """
    values, order = _sort_columns(sinogram)
    smooth = _median_across_columns(values.T, size).T
    result = np.empty_like(sinogram)
    np.put_along_axis(result.T, order, smooth, axis=1)
    return result


def _sort_columns(sinogram: Array) -> tuple[Array, Array]:
    """Return sorted columns and their angle indices, both as (columns, angles).

    Value and index are packed into one 64-bit integer: sorting these is several times as fast as
    an argsort, and ties keep the order of the angles, so the sorting is stable.
    """
    bits = np.ascontiguousarray(sinogram.T, dtype=np.float32).view(np.uint32)
    # The bits of floats order like integers once negative ones are inverted and the rest shifted.
    keys = np.where(bits & _SIGN, ~bits, bits | _SIGN).astype(np.uint64)
    keys <<= np.uint64(32)
    keys |= np.arange(sinogram.shape[0], dtype=np.uint64)
    keys.sort(axis=1)
    order = (keys & np.uint64(0xFFFFFFFF)).astype(np.intp)
    bits = (keys >> np.uint64(32)).astype(np.uint32)
    values = np.where(bits & _SIGN, bits ^ _SIGN, ~bits).view(np.float32)
    return values, order


def _median_across_columns(lines: Array, size: int) -> Array:
    """Return the running median of width `size` along the last axis of (lines, columns).

    SciPy's filter for one long line is far faster than its filter for images, so the lines are
    joined, each with a mirrored border of its own.
    """
    before, after = size // 2, size - 1 - size // 2
    padded = np.pad(lines, ((0, 0), (before, after)), mode="symmetric")
    joined = median_filter(padded.ravel(), size).reshape(padded.shape)
    return joined[:, before : before + lines.shape[1]]
