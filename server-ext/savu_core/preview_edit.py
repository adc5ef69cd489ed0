"""Editing one dimension of a preview, so that what is written can be loaded.

Savu's configurator leaves parts open (``:end-2``, ``::2``), which its loaders refuse; here they
are written out.
"""

from __future__ import annotations

from typing import Any

from savu_core.positions import OperationError
from savu_core.preview import ALL, PreviewError, check_preview, preview_entries

#: Savu numbers no more dimensions than these.
MAX_DIMENSIONS = 20

#: The parts of an entry, in their order, and what stands for one that is not given.
PARTS = {"start": "start", "stop": "end", "step": "1", "chunk": "1"}


def entries_of(preview: Any) -> list[str]:
    """The entries of a preview, none where it takes everything.

    Raises:
        OperationError: when it is no list of entries.
    """
    if isinstance(preview, dict):
        raise OperationError("the preview has an entry for each data set; give all of it")
    try:
        return preview_entries(preview)
    except PreviewError as error:
        raise OperationError(str(error)) from None


def set_entry(preview: Any, dimension: int, part: str | None, text: str) -> list[str]:
    """The entries of a preview after one, or one `part` of it, was set.

    A start alone is that single index, as in Savu; a stop makes it a range.

    Args:
        preview: the value before.
        dimension: which entry, from 1.
        part: start, stop, step or chunk; None for the whole entry.
        text: the new entry or part.

    Raises:
        OperationError: when the preview has no such entry, or the new one is not valid.
    """
    entries = entries_of(preview)
    _check_dimension(dimension)
    if not entries and dimension == 1:
        entries = [ALL]
    if dimension > len(entries):
        count = f"has {len(entries)} dimensions" if entries else "takes everything"
        raise OperationError(
            f"the preview {count}; to set dimension {dimension}, give all of it, as [:,5:15,:]"
        )
    if part is not None and part not in PARTS:
        raise OperationError(f"{part} is no part of a preview: {', '.join(PARTS)} are")
    entry = text.strip() if part is None else _with_part(entries[dimension - 1], part, text)
    fault = check_preview([entry])
    if fault is not None:
        raise OperationError(fault)
    entries[dimension - 1] = entry
    return entries


def with_dimensions(preview: Any, count: int) -> list[str]:
    """The entries of a preview cut or filled up to `count` dimensions.

    Raises:
        OperationError: when there can be no such preview.
    """
    _check_dimension(count)
    entries = entries_of(preview)[:count]
    return entries + [ALL] * (count - len(entries))


def entry_parts(entry: str) -> dict[str, str]:
    """The parts of an entry that are given, by their names."""
    if entry == ALL:
        return {}
    return {
        name: text.strip()
        for name, text in zip(PARTS, entry.split(":"), strict=False)
        if text.strip()
    }


def _with_part(entry: str, part: str, text: str) -> str:
    parts = {**entry_parts(entry), part: text.strip()}
    last = max(i for i, name in enumerate(PARTS) if name in parts)
    return ":".join(parts.get(name, PARTS[name]) for name in list(PARTS)[: last + 1])


def _check_dimension(dimension: int) -> None:
    if not 1 <= dimension <= MAX_DIMENSIONS:
        raise OperationError(f"a dimension from 1 to {MAX_DIMENSIONS} is expected, not {dimension}")
