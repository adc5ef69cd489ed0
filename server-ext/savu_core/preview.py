"""Savu's previews: which part of the data is used, one entry for each dimension.

An entry is ``start:stop:step:chunk``, shorter from the right, with sums and products of whole
numbers and `start`, `mid` and `end`. A single number is one index; a negative x means n + 1 + x;
`mid` is ceil(n / 2) - 1. A chunk takes that many neighbours around each index.
"""

from __future__ import annotations

import ast
import copy
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from savu_core.catalogue import plugin_kind
from savu_core.model import Plugin, ProcessList

#: Everything along one dimension.
ALL = ":"

_MAX_TEXT = 100
_EXPRESSION = re.compile(r"(?:\s|[-+*/()]|\d+(?:\.\d*)?(?![\w.])|(?:start|mid|end)(?!\w))+")
_NOT_A_PLACE = "{} is not a place in the data: use whole numbers, start, mid and end"
_NAMES = ("start", "mid", "end")


class PreviewError(ValueError):
    """A preview is not valid, or does not fit the data; the message says why."""


@dataclass(frozen=True)
class PreviewSlice:
    """The part of one dimension: as Python's slice, each index with `chunk` - 1 neighbours."""

    start: int
    stop: int
    step: int = 1
    chunk: int = 1

    def __len__(self) -> int:
        return len(range(self.start, self.stop, self.step)) * self.chunk

    def indices(self) -> list[int]:
        """The indices that are used, in order."""
        first = -(self.chunk // 2)
        return [
            index + first + k
            for index in range(self.start, self.stop, self.step)
            for k in range(self.chunk)
        ]


def parse_preview(value: Any, shape: Sequence[int]) -> list[PreviewSlice]:
    """The slices that a preview takes of data of `shape`, one for each dimension.

    Raises:
        PreviewError: when it is no preview, or reaches beyond the data.
    """
    entries = preview_entries(value)
    if not entries:
        entries = [ALL] * len(shape)
    if len(entries) != len(shape):
        raise PreviewError(
            f"the preview has {len(entries)} entries, the data have {len(shape)} dimensions"
        )
    return [_slice(entry, int(n)) for entry, n in zip(entries, shape, strict=True)]


def check_preview(value: Any) -> str | None:
    """What is wrong with a preview whatever the data are, or None."""
    try:
        for entry in preview_entries(value):
            _parts(entry, n=_ANY_LENGTH)
    except PreviewError as error:
        return str(error)
    return None


def preview_entries(value: Any) -> list[str]:
    """The entries of a preview as text; none stands for everything.

    Raises:
        PreviewError: when it is not a list of entries.
    """
    if isinstance(value, str) and value.startswith("[") and value.endswith("]"):
        value = [entry for entry in value[1:-1].split(",") if value != "[]"]
    if not isinstance(value, list):
        raise PreviewError("a preview is a list with an entry for each dimension, as [:,5:15,:]")
    for entry in value:
        if isinstance(entry, bool) or not isinstance(entry, (int, float, str)):
            raise PreviewError(f"{entry!r} is not an entry of a preview, as 5:15")
    return [str(entry).strip() for entry in value]


def restrict_rows(
    plist: ProcessList, scan_shape: Sequence[int], row_dimension: int = 1, rows: int = 8
) -> ProcessList:
    """A list that loads only the `rows` middle rows.

    Nothing changes when the loader is already told which rows to take, or there are no more.
    Previews of later plugins that then reach beyond the rows take the middle one instead.

    Args:
        plist: the list.
        scan_shape: shape of the data, of which only the number of rows matters.
        row_dimension: which dimension the rows are.
        rows: how many to keep.

    Raises:
        PreviewError: when the loader's preview is not valid.
    """
    n_rows = int(scan_shape[row_dimension])
    loader = _loader_with_rows(plist)
    if loader is None or n_rows <= rows:
        return plist
    entries = _loader_entries(loader, scan_shape, row_dimension)
    if _slice(entries[row_dimension], n_rows) != PreviewSlice(0, n_rows):
        return plist
    first = (n_rows - rows) // 2
    return take_rows(plist, scan_shape, f"{first}:{first + rows}", row_dimension)


def take_rows(
    plist: ProcessList, scan_shape: Sequence[int], entry: str, row_dimension: int = 1
) -> ProcessList:
    """A copy of a list that loads the rows of `entry`, as ``60:68``, whatever it was told before.

    Previews of later plugins that then reach beyond the rows take the middle one instead.

    Args:
        plist: the list; one whose loader takes several data sets is left as it is.
        scan_shape: shape of the data, of which only the number of rows matters.
        entry: the entry of a preview for the rows.
        row_dimension: which dimension the rows are.

    Raises:
        PreviewError: when the loader's preview or the entry is not valid.
    """
    plist = copy.deepcopy(plist)
    rows = _slice(entry, int(scan_shape[row_dimension]))
    loader = _loader_with_rows(plist)
    if loader is None:
        return plist
    entries = _loader_entries(loader, scan_shape, row_dimension)
    entries[row_dimension] = entry
    loader.parameters["preview"] = entries
    for plugin in plist.active:
        preview = plugin.parameters.get("preview")
        if plugin is not loader and isinstance(preview, list) and len(preview) > row_dimension:
            try:
                _slice(str(preview[row_dimension]), len(rows))
            except PreviewError:
                preview[row_dimension] = "mid"
    return plist


def _loader_with_rows(plist: ProcessList) -> Plugin | None:
    """The loader, unless it takes several data sets, each with rows of its own."""
    loader = next((p for p in plist.active if plugin_kind(p.name) == "loader"), None)
    if loader is None or isinstance(loader.parameters.get("preview"), dict):
        return None
    return loader


def _loader_entries(loader: Plugin, scan_shape: Sequence[int], row_dimension: int) -> list[str]:
    entries = preview_entries(loader.parameters.get("preview", [])) or [ALL] * len(scan_shape)
    if row_dimension >= len(entries):
        raise PreviewError(f"the loader's preview has no entry for dimension {row_dimension + 1}")
    return entries


#: Long enough that no sensible entry reaches beyond it.
_ANY_LENGTH = 10**6


def _slice(entry: str, n: int) -> PreviewSlice:
    part = PreviewSlice(*_parts(entry, n))
    where = f"{entry} of 0 to {n}"
    if part.start < 0 or part.stop > n:
        raise PreviewError(f"{where}: {part.start}:{part.stop} reaches beyond the data")
    if part.stop <= part.start:
        raise PreviewError(f"{where}: stop {part.stop} is not after start {part.start}")
    if part.chunk > 1:
        used = part.indices()
        if used[0] < 0 or used[-1] >= n:
            raise PreviewError(f"{where}: a chunk of {part.chunk} reaches beyond the data")
    return part


def _parts(entry: str, n: int) -> tuple[int, int, int, int]:
    """start, stop, step and chunk; a single index is start:start + 1."""
    if entry == ALL:
        return 0, n, 1, 1
    texts = entry.split(":")
    if len(texts) > 4:
        raise PreviewError(f"{entry} has more than start:stop:step:chunk")
    if not all(text.strip() for text in texts):
        raise PreviewError(
            f"{entry} leaves a part open, which Savu cannot load; write start or end"
        )
    numbers = [_evaluate(text, n) for text in texts]
    if len(numbers) == 1:
        start, stop = numbers[0], numbers[0] + 1
    else:
        start, stop = numbers[:2]
    step = numbers[2] if len(numbers) > 2 else 1
    chunk = numbers[3] if len(numbers) > 3 else 1
    if step < 1 or chunk < 1:
        raise PreviewError(f"{entry}: step and chunk must be 1 or more")
    return _from_end(start, n), _from_end(stop, n), step, chunk


def _from_end(index: int, n: int) -> int:
    return index if index >= 0 else n + 1 + index


def _evaluate(text: str, n: int) -> int:
    """The whole number that an expression of start, mid, end and numbers gives."""
    if len(text) > _MAX_TEXT:
        raise PreviewError(f"{text[:20]}… is too long for an entry of a preview")
    if not _EXPRESSION.fullmatch(text):
        raise PreviewError(_NOT_A_PLACE.format(text))
    try:
        tree = ast.parse(text.strip(), mode="eval").body
        value = _value(tree, dict(zip(_NAMES, (0, math.ceil(n / 2) - 1, n), strict=True)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise PreviewError(_NOT_A_PLACE.format(text)) from None
    except (ZeroDivisionError, OverflowError):
        raise PreviewError(f"{text} divides by zero or is too large") from None
    if value != int(value):
        raise PreviewError(f"{text} gives {value}, not a whole number; divide with //")
    return int(value)


def _value(node: ast.expr, names: dict[str, int]) -> int | float:
    if isinstance(node, ast.Constant) and not isinstance(node.value, bool):
        if isinstance(node.value, (int, float)) and math.isfinite(node.value):
            return node.value
        raise ValueError
    if isinstance(node, ast.Name) and node.id in names:
        return names[node.id]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        value = _value(node.operand, names)
        return -value if isinstance(node.op, ast.USub) else value
    if isinstance(node, ast.BinOp):
        left, right = _value(node.left, names), _value(node.right, names)
        if isinstance(node.op, ast.Add):
            return left + right
        if isinstance(node.op, ast.Sub):
            return left - right
        if isinstance(node.op, ast.Mult):
            return left * right
        if isinstance(node.op, ast.FloorDiv):
            return left // right
        if isinstance(node.op, ast.Div):
            return left / right
    raise ValueError
