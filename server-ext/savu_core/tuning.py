"""Parameter tuning: a text such as ``1;2;3`` or ``0:10:2;`` stands for several values.

A range means what NumPy's `arange` makes of it: start, start + step, … below stop. Savu 4.2 reads
a range differently, see :func:`values_in_savu`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from savu_core.literals import literal
from savu_core.model import ProcessList

#: A tuning with more values would fill any disk; the text is a slip of the finger.
MAX_VALUES = 10_000


class TuningError(ValueError):
    """A text is no tuning; the message says why."""


def is_tuned(value: Any) -> bool:
    return isinstance(value, str) and ";" in value


def tuned_values(text: str) -> list[Any]:
    """The values that a tuning stands for: numbers where they read as such, else texts.

    Raises:
        TuningError: when there are none, or far too many, or a range is not one.
    """
    values: list[Any] = []
    for item in _items(text):
        if not _is_range(item):
            values.append(_value(item))
        elif values:
            raise TuningError(f"{item}: only the first may be a range; write the values out")
        else:
            values += _range(item)
    if not values:
        raise TuningError(f"{text!r} stands for no value")
    return values


def tuned_units(text: str) -> str:
    """The type that Savu notes for the values of a tuning: a range is one of NumPy's.

    Raises:
        TuningError: as :func:`tuned_values`.
    """
    name = type(tuned_values(text)[0]).__name__
    return f"{name}64" if _is_range(_items(text)[0]) else name


def values_in_savu(text: str) -> list[Any]:
    """The values that Savu 4.2 runs a tuning with.

    It leaves 0 out of a range, and does not read on after one.

    Raises:
        TuningError: as :func:`tuned_values`.
    """
    values = tuned_values(text)
    first = _items(text)[0]
    return [value for value in _range(first) if value] if _is_range(first) else values


def same_in_savu(text: str) -> str:
    """A tuning of the same values, which Savu 4.2 runs with these values, too.

    A range that Savu reads differently is written out; the digits that sums of fractions
    leave behind (0.30000000000000004) are dropped.

    Raises:
        TuningError: as :func:`tuned_values`.
    """
    text = text.strip()
    values = tuned_values(text)
    if values_in_savu(text) == values:
        return text if ";" in text else f"{text};"
    written = [str(float(f"{v:.12g}")) if isinstance(v, float) else str(v) for v in values]
    return ";".join(written) if len(written) > 1 else f"{written[0]};"


def count_tunings(parameters: Iterable[Any]) -> int:
    """How many times a plugin runs for all combinations of its tuned parameters."""
    count = 1
    for value in parameters:
        if is_tuned(value):
            try:
                count *= len(tuned_values(value))
            except TuningError:
                continue
    return count


@dataclass(frozen=True)
class Tuning:
    """A tuned parameter. `plugin` is an index into the list, from 0; `values` is their number."""

    plugin: int
    parameter: str
    values: int


def tunings(plist: ProcessList) -> list[Tuning]:
    """What a run of the list tunes, without texts that are no tuning: the check names these."""
    found = []
    for index, plugin in enumerate(plist.plugins):
        for name, value in plugin.parameters.items():
            if plugin.active and name != "preview" and is_tuned(value):
                try:
                    found.append(Tuning(index, name, len(tuned_values(value))))
                except TuningError:
                    continue
    return found


def _items(text: str) -> list[str]:
    return [item.strip() for item in text.split(";") if item.strip()]


def _is_range(item: str) -> bool:
    """Whether it is meant as a range: other values with colons are in brackets or quotes."""
    return ":" in item and item[0] not in "[{('\""


def _range(item: str) -> list[Any]:
    parts = [_value(part) for part in item.split(":")]
    if len(parts) not in (2, 3) or not all(isinstance(p, (int, float)) for p in parts):
        raise TuningError(f"{item!r} is not a range; write start:stop:step; with numbers")
    start, stop, *rest = parts
    step = rest[0] if rest else 1
    if not step:
        raise TuningError(f"the step of {item!r} is 0")
    length = (stop - start) / step
    if not math.isfinite(length) or length > MAX_VALUES:
        raise TuningError(f"{item!r} stands for more than {MAX_VALUES} values")
    return [start + i * step for i in range(max(0, math.ceil(length)))]


def _value(text: str) -> Any:
    try:
        return literal(text)
    except ValueError:
        return text.strip()
