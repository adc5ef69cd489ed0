"""Parameter values: Savu's types, whether a value is of one, and reading what somebody typed.

A type is a name (``int``, ``str``, ``float``, ``bool``, ``dir``, ``filepath``, ``h5path``,
``yamlfilepath``, ``nptype``, ``preview``, ``list``, ``dict``, ``None``), a list or dictionary of
types (``list[float,float]``, ``list[str]`` of any length but 0, ``list[]`` for the empty list,
``dict{int:float}``, ``dict{}``), or a choice (``[None,float]``).

Savu evaluates texts as Python when it loads a list, so a text that reads as a number, a list or
None is not a text to it. Nothing is evaluated here.
"""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from savu_core.literals import is_json, literal
from savu_core.preview import check_preview
from savu_core.sight import Kind, Look
from savu_core.tuning import TuningError, is_tuned, tuned_values

_NAME = re.compile(r"\w+")
_RANGE = re.compile(r"[-+.\deE]+(\s*:\s*[-+.\deE]+){2}")
_QUOTED = re.compile(r"(?<![^;\s])(['\"])([^'\";]*)\1(?![^;\s])")
_BARE_PREVIEW = re.compile(r"[\s\w+\-*/]*:[\s\w:+\-*/]*(,[\s\w:+\-*/]*)+")
_NAMES = {
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "bool": "true or false",
    "dir": "the path of a folder",
    "filepath": "the path of a file",
    "yamlfilepath": "the path of a YAML file, *.yml or *.yaml",
    "h5path": "a path in an HDF5 file",
    "nptype": "the name of a NumPy type",
    "preview": "a preview, as [:,5:15,:]",
    "list": "a list",
    "dict": "a dictionary",
    "None": "None",
}
#: NumPy's types have numbers below this, which Savu takes for their names.
_NUMPY_TYPES = 24
#: No value has lists in lists deeper than this.
_MAX_DEPTH = 20
_TEXTS = ("str", "dir", "filepath", "yamlfilepath", "h5path")
_PATHS: dict[str, Kind] = {"dir": "folder", "filepath": "file", "yamlfilepath": "file"}
#: To Savu, what begins so lies in its own folder.
_OWN_FILES = "Savu/"


_IsSeen = Callable[[str, Kind], bool]


@dataclass(frozen=True)
class DType:
    """A parsed type: `kind` is a name, or "choice"; `items` are None where all are allowed."""

    kind: str
    items: tuple[DType, ...] | None = None

    def __str__(self) -> str:
        if self.kind == "choice":
            return " or ".join(str(item) for item in self.items or ())
        if self.items is None:
            return _NAMES[self.kind]
        if not self.items:
            return f"an empty {_NAMES[self.kind].removeprefix('a ')}"
        if self.kind == "dict":
            key, value = self.items
            return f"a dictionary from {key} to {value}"
        of = ", ".join(str(item) for item in self.items)
        return f"a list of [{of}]" if len(self.items) > 1 else f"a list, each item {of}"


@cache
def parse_dtype(text: str) -> DType:
    """The type that `text` describes.

    Raises:
        ValueError: when it is not in the grammar.
    """
    dtype, rest = _dtype("".join(text.split()))
    if rest:
        raise ValueError(f"{text!r} is not a parameter type")
    return dtype


def check_value(dtype: str, value: Any, options: Sequence[Any] | None = None) -> str | None:
    """None when a saved value is right, else what is expected, as "a number or None".

    A tuned text is right when each value that it stands for is. Types of another Savu, which are
    not in the grammar, are left to it.
    """
    try:
        parsed = parse_dtype(dtype)
    except ValueError:
        return None
    try:
        values = _single_values(parsed, value)
    except TuningError as error:
        return str(error)
    if options is not None:
        if all(any(_same(item, option) for option in options) for item in values):
            return None
        return "one of " + ", ".join(str(option) for option in options)
    if all(_matches(parsed, item) for item in values):
        return None
    if parsed.kind == "preview":
        return check_preview(value)
    return str(parsed)


def missing_file(dtype: str, value: Any, look: Look) -> str | None:
    """Why the file or folder that a right value names is not found; None when it is.

    A text that may be anything else, too, need not be a path, and Savu's own files are known to
    it alone.
    """
    try:
        parsed = parse_dtype(dtype)
    except ValueError:
        return None
    reasons: list[str] = []

    def is_seen(path: str, kind: Kind) -> bool:
        reason = None if path.startswith(_OWN_FILES) else look(path, kind)
        if reason is not None:
            reasons.append(reason)
        return reason is None

    found = all(_matches(parsed, item, is_seen) for item in _single_values(parsed, value))
    return None if found or not reasons else reasons[-1]


def parse_text(dtype: str, text: str, *, ranges: bool = True) -> Any:
    """The value that a typed `text` means for a parameter; :func:`check_value` then judges it.

    Numbers, lists and dictionaries are written as in Python, names in lists need no quotes, and
    a range such as ``0:10:2`` becomes a tuning unless `ranges` says otherwise.
    """
    parsed = parse_dtype(dtype)
    text = text.strip()
    if is_tuned(text) and not _is_only_preview(parsed):
        return _QUOTED.sub(r"\2", text)
    if _is_only_preview(parsed):
        value = _as_preview(_read(text, entries=True))
    elif ranges and _RANGE.fullmatch(text):
        return f"{text};"
    else:
        value = _read(text, entries=not ranges)
    if value == "None":
        value = None
    # quotes may protect a text, or stand around a number by mistake
    if isinstance(value, str) and value != text and _matches(parsed, _read(value)):
        return _read(value)
    if check_value(dtype, value) is None:
        return value
    if value in ("true", "false") and _matches(parsed, True):
        return value == "true"
    return value if is_json(value) else text


def _dtype(text: str) -> tuple[DType, str]:
    if text.startswith("["):
        items, rest = _sequence(text[1:], "]")
        if not items:
            raise ValueError("a choice of no type")
        return DType("choice", items), rest
    match = _NAME.match(text)
    if match is None or match.group() not in _NAMES:
        raise ValueError(f"{text!r} does not begin with the name of a parameter type")
    name, rest = match.group(), text[match.end() :]
    if name == "list" and rest.startswith("["):
        items, rest = _sequence(rest[1:], "]")
        return DType(name, items), rest
    if name == "dict" and rest.startswith("{"):
        items, rest = _sequence(rest[1:].replace(":", ",", 1), "}")
        return DType(name, items), rest
    return DType(name), rest


def _sequence(text: str, closing: str) -> tuple[tuple[DType, ...], str]:
    items: list[DType] = []
    while not text.startswith(closing):
        if items:
            if not text.startswith(","):
                raise ValueError(f"{closing!r} is missing in a parameter type")
            text = text[1:]
        item, text = _dtype(text)
        items.append(item)
    return tuple(items), text[1:]


def _is_only_preview(dtype: DType) -> bool:
    return dtype.kind == "preview" or (
        dtype.kind == "choice" and any(item.kind == "preview" for item in dtype.items or ())
    )


def _single_values(dtype: DType, value: Any) -> list[Any]:
    """What a value stands for: itself, or the values of a tuning."""
    return tuned_values(value) if is_tuned(value) and not _is_only_preview(dtype) else [value]


def _as_preview(value: Any) -> Any:
    """A preview's entries, which are all texts without blanks unless all are numbers."""
    if isinstance(value, dict):
        return {key: _as_preview(entry) for key, entry in value.items()}
    if isinstance(value, list) and any(isinstance(entry, str) for entry in value):
        return ["".join(str(entry).split()) for entry in value]
    return value


def _anywhere(_path: str, _kind: Kind) -> bool:
    """For judging a value without looking for files."""
    return True


def _matches(dtype: DType, value: Any, is_seen: _IsSeen = _anywhere) -> bool:
    kind, items = dtype.kind, dtype.items
    if kind == "choice":
        return any(_matches(item, value, is_seen) for item in items or ())
    if kind == "list":
        return isinstance(value, list) and _matches_items(items, value, is_seen)
    if kind == "dict":
        return isinstance(value, dict) and _matches_entries(items, value, is_seen)
    if kind == "preview":
        return check_preview(value) is None
    if kind == "yamlfilepath" and not str(value).lower().endswith((".yml", ".yaml")):
        return False
    if kind in _TEXTS:
        is_text = isinstance(value, str) and bool(value) and isinstance(_read(value), str)
        return is_text and (kind not in _PATHS or is_seen(value, _PATHS[kind]))
    if kind == "nptype":
        return _is_numpy_type(str(value))
    if kind == "None":
        return value is None or value == "None"
    if kind == "bool":
        return isinstance(value, bool)
    if isinstance(value, str):
        # a number in quotes is a number to Savu
        value = _read(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return math.isfinite(value) and (kind == "float" or isinstance(value, int))


def _matches_items(items: tuple[DType, ...] | None, value: list[Any], is_seen: _IsSeen) -> bool:
    if items is None:
        return True
    if len(items) == 1:
        return bool(value) and all(_matches(items[0], item, is_seen) for item in value)
    return len(items) == len(value) and all(
        _matches(dtype, item, is_seen) for dtype, item in zip(items, value, strict=True)
    )


def _matches_entries(
    items: tuple[DType, ...] | None, value: dict[Any, Any], is_seen: _IsSeen
) -> bool:
    if items is None:
        return True
    if not items:
        return not value
    key, entry = items
    # keys are texts in JSON, whatever they are to Savu
    return bool(value) and all(
        _matches(key, k, is_seen) and _matches(entry, v, is_seen) for k, v in value.items()
    )


def _same(value: Any, option: Any) -> bool:
    # some definitions give texts for values of another type, as "True"
    return value == option or str(value) == str(option)


def _is_numpy_type(name: str) -> bool:
    if name.isdecimal():
        return len(name) <= 2 and int(name) < _NUMPY_TYPES
    try:
        with warnings.catch_warnings():
            # a name that NumPy gives up is still one
            warnings.simplefilter("ignore")
            return _NAME.fullmatch(name) is not None and np.dtype(name).kind in "biufc"
    except TypeError:
        return False


def _read(text: str, entries: bool = False, depth: int = 0) -> Any:
    """What a text is as a Python literal, with names in lists taken as texts.

    With `entries`, the items of lists may be those of a preview. `depth` counts the brackets
    around the text.
    """
    if depth > _MAX_DEPTH:
        return text
    if _BARE_PREVIEW.fullmatch(text):
        # to Savu a preview without its brackets is neither a text nor a list
        return ()
    try:
        return _without_quotes(literal(text))
    except ValueError:
        return _read_brackets(text, entries, depth + 1)


def _without_quotes(value: Any) -> Any:
    """Quotes around an item of a list do not make it a text, as ``['1', 'None']`` shows."""
    if isinstance(value, list):
        return [_read(item) if isinstance(item, str) else _without_quotes(item) for item in value]
    return value


def _read_brackets(text: str, entries: bool, depth: int) -> Any:
    if text.startswith("[") and text.endswith("]"):
        items = _split(text[1:-1])
        if not entries and any(item.startswith(":") for item in items):
            # a preview where none is expected
            return ()
        return [_read(item, entries, depth) for item in items]
    if text.startswith("{") and text.endswith("}"):
        pairs = [item.partition(":") for item in _split(text[1:-1])]
        return {
            str(_read(key.strip(), depth=depth)): _read(item.strip(), entries, depth)
            for key, _, item in pairs
        }
    return text


def _split(text: str) -> list[str]:
    """Split at the commas that are not inside brackets."""
    parts, depth, begin = [], 0, 0
    for i, char in enumerate(text):
        depth += (char in "[{(") - (char in "]})")
        if char == "," and not depth:
            parts.append(text[begin:i].strip())
            begin = i + 1
    parts.append(text[begin:].strip())
    return parts
