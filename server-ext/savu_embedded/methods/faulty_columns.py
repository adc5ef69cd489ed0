"""Stripes of faulty detector columns: found by how they stand out, and repaired.

Algorithms 3 to 6 of Vo, Atwood and Drakopoulos, doi:10.1364/OE.26.028396. Sinograms are
(angles, columns) float32. `size` is the width, in columns, of the median that tells what a column
should be; `snr` is how far a column must stand out, and larger finds fewer.
"""

from savu_embedded.arrays import Array, ndimage, xp
from savu_embedded.methods.rings import (
    median_across_columns,
    sort_columns,
    unsort_columns,
)

# Values of a column that do not count for its level, at either end of the sorted ones.
_DROPPED = 0.05
# Angles over which a column that works is smooth.
_SMOOTH_ANGLES = 10
# Angles that are worked on at once, which a processor's cache holds.
_ANGLES_AT_ONCE = 64


def find_outliers(values: Array, snr: float) -> Array:
    """Return which of `values` (n,) stand out from a straight line through the sorted ones.

    The line is fitted to the middle half (algorithm 4); its rise is the noise. No value stands
    out when there are too few for a line, or all are alike.
    """
    ordered = xp.sort(values)[::-1].astype(xp.float64)
    place = xp.arange(len(ordered))
    drop = len(ordered) // 4
    middle = slice(drop, len(ordered) - drop - 1)
    if len(place[middle]) < 2:
        return xp.zeros(len(values), bool)
    slope, top = xp.polyfit(place[middle], ordered[middle], 1)
    bottom = top + slope * place[-1]
    noise = max(abs(bottom - top), 1e-6)
    found = xp.zeros(len(values), bool)
    if abs(ordered[0] - top) >= snr * noise:
        found |= values > top + noise * snr / 2
    if abs(ordered[-1] - bottom) >= snr * noise:
        found |= values <= bottom - noise * snr / 2
    return found


def bridge_columns(sinogram: Array, missing: Array) -> Array:
    """Return `sinogram` with the columns `missing` (columns,) bool on lines between the others."""
    good, bad = xp.flatnonzero(~missing), xp.flatnonzero(missing)
    result = sinogram.copy()
    if len(good) and len(bad):
        after = xp.clip(xp.searchsorted(good, bad), 1, len(good) - 1)
        left, right = good[after - 1], good[after]
        weight = xp.clip((bad - left) / (right - left), 0, 1).astype(xp.float32)
        result[:, bad] = sinogram[:, left] * (1 - weight) + sinogram[:, right] * weight
    return result


def remove_unresponsive(sinogram: Array, size: int, snr: float) -> Array:
    """Bridge columns that vary much more, or much less, from angle to angle than their neighbours.

    Algorithm 6, but for the residual stripes that `remove_large` takes away.
    """
    roughness = _roughness(sinogram)
    usual = ndimage.median_filter(roughness, size)
    usual[usual == 0] = xp.abs(usual).mean() or 1
    missing = ndimage.binary_dilation(find_outliers(roughness / usual, snr))
    missing[:2] = missing[-2:] = False
    if missing.sum() >= len(missing) // 3:
        return sinogram.copy()
    return bridge_columns(sinogram, missing)


def remove_large(sinogram: Array, size: int, snr: float) -> Array:
    """Bring all columns to the level of their neighbours, and rebuild those that stand out.

    Algorithm 5: those columns take the values of the smoothed, sorted sinogram.
    """
    ordered, order = sort_columns(sinogram)
    factor, bad, rebuilt = _rebuilt(ordered, size, snr)
    result = sinogram / factor
    result[:, bad] = unsort_columns(rebuilt, order[bad])
    return result


def remove_by_interpolation(sinogram: Array, size: int, snr: float) -> Array:
    """Bring all columns to the level of their neighbours, and bridge those that stand out."""
    ordered = xp.sort(sinogram, axis=0)
    factor = _level(ordered, median_across_columns(ordered, size))
    missing = ndimage.binary_dilation(find_outliers(factor, snr))
    missing[:2] = missing[-2:] = False
    return bridge_columns(sinogram / factor, missing)


def remove_all(sinogram: Array, large: int, small: int, snr: float) -> Array:
    """Remove unresponsive columns and large stripes with `large`, and the rest with `small`.

    `remove_large` keeps the order of each column, so they are sorted once for both.
    """
    ordered, order = sort_columns(remove_unresponsive(sinogram, large, snr))
    factor, bad, rebuilt = _rebuilt(ordered, large, snr)
    ordered /= factor
    ordered[:, bad] = rebuilt
    turned = xp.flatnonzero(factor < 0)
    ordered[:, turned], order[turned] = ordered[::-1, turned], order[turned, ::-1]
    return unsort_columns(median_across_columns(ordered, small), order)


def _rebuilt(ordered: Array, size: int, snr: float) -> tuple[Array, Array, Array]:
    """Return the levels of sorted columns, the numbers of those that stand out, and new ones."""
    smooth = median_across_columns(ordered, size)
    factor = _level(ordered, smooth)
    bad = xp.flatnonzero(ndimage.binary_dilation(find_outliers(factor, snr)))
    return factor, bad, smooth[:, bad]


def _roughness(sinogram: Array) -> Array:
    """Return how far each column (columns,) is in all from its mean over neighbouring angles."""
    before = _SMOOTH_ANGLES // 2
    width = ((before, _SMOOTH_ANGLES - 1 - before), (0, 0))
    padded = xp.pad(sinogram, width, mode="symmetric")
    total = xp.zeros(sinogram.shape[1])
    for first in range(0, len(sinogram), _ANGLES_AT_ONCE):
        part = sinogram[first : first + _ANGLES_AT_ONCE]
        mean = sum(padded[first + i : first + i + len(part)] for i in range(_SMOOTH_ANGLES))
        total += xp.abs(part - mean / xp.float32(_SMOOTH_ANGLES)).sum(axis=0, dtype=xp.float64)
    return total


def _level(ordered: Array, smooth: Array) -> Array:
    """Return the factor (columns,) float32 by which each column exceeds the smoothed one."""
    drop = int(_DROPPED * len(ordered))
    used = slice(drop, len(ordered) - drop)
    mean = ordered[used].mean(axis=0, dtype=xp.float64)
    expected = smooth[used].mean(axis=0, dtype=xp.float64)
    factor = xp.divide(mean, expected, out=xp.ones_like(mean), where=expected != 0)
    return factor.astype(xp.float32)
