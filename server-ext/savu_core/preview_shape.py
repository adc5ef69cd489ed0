"""What a preview takes of some data, dimension by dimension, for those who are still typing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from savu_core.preview import (
    ALL,
    PreviewError,
    PreviewSlice,
    check_preview,
    parse_preview,
    preview_entries,
)

#: What Savu's tomography loaders call the dimensions of projections.
PROJECTION_AXES = ("rotation_angle", "detector_y", "detector_x")


@dataclass(frozen=True)
class Dimension:
    """One dimension of the data and what an entry takes of it.

    `part` and `count`, the number of indices, are None where the entry is not valid, which
    `problem` explains, or the length is not known.
    """

    name: str
    length: int | None
    entry: str
    part: PreviewSlice | None
    count: int | None
    problem: str | None


def describe_preview(value: Any, shape: Sequence[int] | None) -> list[Dimension]:
    """The dimensions of data of `shape`, and what a preview takes of each.

    Without a shape the entries are only judged as they are written. An entry more than there are
    dimensions has no length, and says so; a dimension without an entry is taken whole.

    Raises:
        PreviewError: when `value` is no list of entries.
    """
    entries = preview_entries(value)
    length = len(entries) if shape is None else max(len(entries), len(shape))
    dimensions = []
    for index in range(length):
        size = int(shape[index]) if shape is not None and index < len(shape) else None
        entry = entries[index] if index < len(entries) else ALL
        part, problem = None, None
        if entries and index >= len(entries):
            problem = "this dimension has no entry; a preview has one for each"
        elif shape is not None and size is None:
            problem = f"the data have only {len(shape)} dimensions"
        elif size is None:
            problem = check_preview([entry])
        else:
            try:
                (part,) = parse_preview([entry], [size])
            except PreviewError as error:
                problem = str(error)
        count = None if part is None else len(part)
        dimensions.append(Dimension(_name(index, shape), size, entry, part, count, problem))
    return dimensions


def _name(index: int, shape: Sequence[int] | None) -> str:
    if shape is not None and len(shape) == len(PROJECTION_AXES) > index:
        return PROJECTION_AXES[index]
    return f"dim{index + 1}"
