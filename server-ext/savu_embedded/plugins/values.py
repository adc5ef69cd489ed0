"""Filters of single values."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import Any

from savu_embedded.arrays import Array, xp
from savu_embedded.plugins.base import Combination, ImageFilter, ValueFilter
from savu_embedded.statistics import Statistics

_OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "addition": operator.add,
    "subtraction": operator.sub,
    "multiplication": operator.mul,
    "division": operator.truediv,
}
_CONDITIONS: dict[str, Callable[[Any, Any], Any]] = {
    "less": operator.lt,
    "lessequal": operator.le,
    "equal": operator.eq,
    "greater": operator.gt,
    "greaterequal": operator.ge,
}
#: Until the values are known, anything will do.
_UNKNOWN = Statistics(0.0, 1.0, 0.5, 0.5)


class ArithmeticOperations(ValueFilter):
    """With a number, or the least, greatest or mean of all values where none is given."""

    def __init__(self, parameters: Any) -> None:
        super().__init__(parameters)
        self.needs_statistics = parameters["scalar_value"] is None

    def check(self) -> Iterator[str]:
        if self.parameters["operation"] == "division" and self.parameters["scalar_value"] == 0:
            yield "scalar_value must not be 0, which cannot be divided by"

    def process_values(self, values: Array) -> Array:
        scalar = self.parameters["scalar_value"]
        if scalar is None:
            known = self.statistics or _UNKNOWN
            names = {"min": known.minimum, "max": known.maximum, "mean": known.mean}
            scalar = names[self.parameters["metadata_value"]]
        result: Array = _OPERATIONS[self.parameters["operation"]](values, xp.float32(scalar))
        return result


class ElementwiseArraysArithmetics(Combination):
    """Two datasets of the same shape; the pattern does not matter."""

    def combine(self, first: Array, second: Array) -> Array:
        with xp.errstate(divide="ignore", invalid="ignore"):
            result: Array = _OPERATIONS[self.parameters["operation"]](first, second)
        return result


class RescaleIntensity(ValueFilter):
    """From the range of all values to 0 … 1; explicit limits have no effect, as in Savu."""

    needs_statistics = True

    def process_values(self, values: Array) -> Array:
        known = self.statistics or _UNKNOWN
        extent = known.maximum - known.minimum or 1.0
        return (values - xp.float32(known.minimum)) / xp.float32(extent)


class ThresholdFilter(ValueFilter):
    """To the greatest of all values, or the least, on either side of a threshold."""

    needs_statistics = True

    def process_values(self, values: Array) -> Array:
        known = self.statistics or _UNKNOWN
        threshold = self.parameters["intensity_threshold"]
        if not self.parameters["explicit_threshold"]:
            threshold = (known.minimum + known.maximum) / 2
        low, high = xp.float32(known.minimum), xp.float32(known.maximum)
        return xp.where(values >= threshold, high, low)


class DataThreshold(ImageFilter):
    """Puts another value where a condition holds."""

    def process_image(self, image: Array) -> Array:
        p = self.parameters
        found = _CONDITIONS[p["inequality_condition"]](image, p["given_value"])
        return xp.where(found, xp.float32(p["new_value"]), image)
