"""What is in a dataset as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from savu_embedded.arrays import Array


@dataclass(frozen=True)
class Statistics:
    """Of all values that are numbers; `deviation` is the standard deviation."""

    minimum: float
    maximum: float
    mean: float
    deviation: float


class Part(NamedTuple):
    """Of one row or frame: how many values, their least, greatest, mean and variance."""

    size: int
    minimum: float
    maximum: float
    mean: float
    variance: float


def part(values: Array) -> Part:
    """Return the part that `values` are; those that are not finite do not count."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        return Part(0, np.inf, -np.inf, 0.0, 0.0)
    low, high = float(finite.min()), float(finite.max())
    mean, variance = finite.mean(dtype=np.float64), finite.var(dtype=np.float64)
    return Part(finite.size, low, high, float(mean), float(variance))


def combine(parts: Sequence[Part]) -> Statistics:
    """Return the statistics of all parts; the same for any order in which they were made."""
    size, low, high, mean, variance = np.array(parts, np.float64).T
    total = size.sum()
    if not total:
        return Statistics(0.0, 0.0, 0.0, 0.0)
    average = (size * mean).sum() / total
    spread = (size * (variance + (mean - average) ** 2)).sum() / total
    return Statistics(float(low.min()), float(high.max()), float(average), float(spread**0.5))
