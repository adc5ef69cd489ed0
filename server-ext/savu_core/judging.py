"""Values of a plugin's parameter: what a typed text means for it, and whether a value fits."""

from __future__ import annotations

from typing import Any

from savu_core.catalogue import Parameter
from savu_core.sight import Look
from savu_core.tuning import is_tuned
from savu_core.values import check_value, missing_file, parse_text

#: Parameters in whose texts colons make no range, as Savu has it.
_WITHOUT_RANGES = ("indices",)


def read(parameter: Parameter, text: str) -> Any:
    """The value that somebody means who types `text`; :func:`expected` then judges it."""
    return parse_text(parameter.dtype, text, ranges=parameter.name not in _WITHOUT_RANGES)


def expected(parameter: Parameter, value: Any) -> str | None:
    """None when a value is right, else what is expected; a default is always right.

    Whether files that it names are there is told by :func:`missing`.
    """
    if _is_default(parameter, value):
        return None
    if parameter.name in _WITHOUT_RANGES and _is_slice(value):
        return None
    return check_value(parameter.dtype, value, parameter.options)


def missing(parameter: Parameter, value: Any, look: Look) -> str | None:
    """Why the file or folder that a right value names is not found; None when it is."""
    return None if _is_default(parameter, value) else missing_file(parameter.dtype, value, look)


def _is_default(parameter: Parameter, value: Any) -> bool:
    return value == parameter.default and type(value) is type(parameter.default)


def _is_slice(value: Any) -> bool:
    return isinstance(value, str) and ":" in value and not is_tuned(value)
