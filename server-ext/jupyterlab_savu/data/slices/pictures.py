"""What is made of the values of a plane: a picture in bytes, figures, a profile along a line."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Percentiles between which values are shown, and how many values they are taken from at most.
_PERCENTILES = (0.5, 99.5)
_SAMPLE = 1 << 16
#: Values that are handled at once, so that what is in between stays in the cache.
_BAND = 1 << 16
#: The byte of a value that is not a number; the darkest value is 1.
NOTHING = 0


def contrast(values: NDArray[Any], written: NDArray[np.bool_] | None = None) -> tuple[float, float]:
    """Where the picture should be black and where white, by percentiles of a sample.

    Where values were `written`, when only some were.
    """
    sample = _sampled(values)
    sample = _finite(sample if written is None else sample[_sampled(written)])
    if not sample.size:
        return 0.0, 1.0
    low, high = np.percentile(sample, _PERCENTILES)
    return (float(low), float(high)) if low < high else (float(low), float(low) + 1)


def to_bytes(values: NDArray[Any], low: float, high: float) -> NDArray[np.uint8]:
    """Values from `low` to `high` as 1 to 255, those beyond as the nearest, NaN as 0."""
    out = np.empty(values.shape, np.uint8)
    scale = np.float32(254 / max(high - low, np.finfo(np.float32).tiny))
    band = max(1, _BAND // max(values.shape[1], 1))
    for start in range(0, len(values), band):
        part = values[start : start + band]
        scaled = np.subtract(part, low, dtype=np.float64 if part.itemsize > 4 else np.float32)
        scaled *= scale
        scaled += np.float32(1.5)
        np.clip(scaled, 1, 255, out=scaled)
        if part.dtype.kind == "f":
            scaled[np.isnan(scaled)] = NOTHING
        out[start : start + band] = scaled
    return out


def statistics(
    values: NDArray[Any], bins: int, written: NDArray[np.bool_] | None = None
) -> dict[str, Any]:
    """Count, range, mean, standard deviation and histogram of the values that are finite.

    `not_finite` counts the others. Values that were not `written` are left out of all. Numbers are
    None where there are no values.
    """
    all_values = values.reshape(-1) if written is None else values[written]
    flat = _finite(all_values)
    told: dict[str, Any] = {
        "count": int(flat.size),
        "not_finite": int(all_values.size - flat.size),
    }
    if not flat.size:
        empty = dict.fromkeys(("min", "max", "mean", "std"))
        return {**told, **empty, "histogram": [], "edges": []}
    low, high = float(flat.min()), float(flat.max())
    counts, edges = _histogram(flat, bins, low, high if high > low else low + 1)
    with np.errstate(over="ignore", invalid="ignore"):
        mean, std = flat.mean(dtype=np.float64), flat.std(dtype=np.float64)
    return {
        **told,
        "min": low,
        "max": high,
        "mean": _number(mean),
        "std": _number(std),
        "histogram": counts.tolist(),
        "edges": [float(edge) for edge in edges],
    }


def _histogram(
    values: NDArray[Any], bins: int, low: float, high: float
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Counts and edges, also where the range is more than the type of the values can hold."""
    if values.dtype.kind == "f" and high - low > np.finfo(values.dtype).max / 2:
        counts, edges = np.histogram(values.astype(np.float64) / 4, bins, (low / 4, high / 4))
        return counts, edges * 4
    return np.histogram(values, bins, (low, high))


def profile(
    values: NDArray[Any],
    start: tuple[float, float],
    stop: tuple[float, float],
) -> tuple[list[float | None], list[float]]:
    """Values along a line, and how far each lies from the start, in pixels.

    `start` and `stop` are (row, column), where whole numbers are the centres of pixels. Between
    them the four neighbours are weighted (bilinear interpolation); None stands for not a number.
    """
    length = math.dist(start, stop)
    count = max(2, math.ceil(length) + 1)
    along = np.linspace(0, 1, count)
    limits = np.array(values.shape) - 1.0
    rows, columns = (
        np.clip(a + (b - a) * along, 0, limit)
        for a, b, limit in zip(start, stop, limits, strict=True)
    )
    y, x = rows.astype(np.intp), columns.astype(np.intp)
    down, right = rows - y, columns - x
    below, beside = np.minimum(y + 1, len(values) - 1), np.minimum(x + 1, values.shape[1] - 1)
    line = np.zeros(count)
    for row, column, weight in (
        (y, x, (1 - down) * (1 - right)),
        (below, x, down * (1 - right)),
        (y, beside, (1 - down) * right),
        (below, beside, down * right),
    ):
        # a neighbour without weight must not spread its NaN
        line += np.where(weight > 0, values[row, column].astype(np.float64), 0) * weight
    return [_number(value) for value in line], (along * length).tolist()


def _sampled(values: NDArray[Any]) -> NDArray[Any]:
    step = max(1, math.isqrt(values.size // _SAMPLE))
    return values[::step, ::step].reshape(-1)


def _finite(values: NDArray[Any]) -> NDArray[Any]:
    return values[np.isfinite(values)] if values.dtype.kind == "f" else values


def _number(value: Any) -> float | None:
    """A number as JSON can hold it."""
    return float(value) if np.isfinite(value) else None
