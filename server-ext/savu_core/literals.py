"""Python literals in texts, which are read but never evaluated."""

from __future__ import annotations

import ast
import warnings
from typing import Any


def literal(text: str) -> Any:
    """The value of a Python literal such as ``1e-3``, ``'a'`` or ``[1, None]``.

    Keys of dictionaries become texts, as they are in JSON.

    Raises:
        ValueError: when `text` is none.
    """
    try:
        with warnings.catch_warnings():
            # what somebody is typing is not Python that deserves advice
            warnings.simplefilter("ignore")
            return _with_text_keys(ast.literal_eval(text.strip()))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        raise ValueError(f"{text[:80]!r} is not a literal") from None


def is_json(value: Any) -> bool:
    """Whether a literal's value also exists in JSON, which has no tuples, sets or bytes."""
    if isinstance(value, dict):
        return all(is_json(item) for item in value.values())
    if isinstance(value, list):
        return all(is_json(item) for item in value)
    return value is None or isinstance(value, (bool, int, float, str))


def _with_text_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _with_text_keys(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_text_keys(item) for item in value]
    return value
