"""What an index such as ``[..., 12]`` takes of a dataset, and the slices that it is read from."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from types import EllipsisType
from typing import SupportsIndex, TypeAlias

#: Indices of a dataset, as in NumPy: ``3``, ``(3, slice(0, 10))``, ``"3,0:10"``; None is all.
Selection: TypeAlias = (
    SupportsIndex | slice | EllipsisType | str | tuple[SupportsIndex | slice | EllipsisType, ...]
)

#: What a selection says of an axis.
Entry: TypeAlias = SupportsIndex | slice | EllipsisType

#: What is taken of an axis: one index, which the answer loses, or some.
Taken: TypeAlias = int | range

#: The most that the server leaves out between two values.
_MOST = 65536


def text_of(selection: Selection | None, ndim: Callable[[], int]) -> str | None:
    """The selection as the server reads it; `ndim` is only called for one with ``...``."""
    if selection is None or (isinstance(selection, str) and "..." not in selection):
        return selection
    entries = _entries(selection)
    return ",".join(map(_text, _spread(entries, ndim()) if ... in entries else entries))


def take(selection: Selection | None, shape: Sequence[int]) -> tuple[Taken, ...]:
    """What `selection` takes of each axis of a dataset of this shape.

    Raises:
        IndexError: an index is outside, or there are too many.
        TypeError: it is no index of NumPy's basic kind.
        ValueError: it is a text that is no selection.
    """
    entries = _spread(_entries(selection), len(shape))
    return tuple(
        _taken(entry, axis, length)
        for axis, (entry, length) in enumerate(zip(entries, shape, strict=True))
    )


@dataclass(frozen=True)
class Cut:
    """A window of one slice, as the server is asked for it.

    `at` has an index for each axis, and None for the two that are shown; `region` is row from and
    to, column from and to, of which every `step`-th value is wanted.
    """

    at: tuple[int | None, ...]
    walk: int | None
    region: tuple[int, int, int, int]
    step: int

    @property
    def plane(self) -> str:
        return ",".join(":" if index is None else str(index) for index in self.at)

    def halves(self) -> tuple[Cut, Cut] | None:
        """Two cuts that make up this one; None when it is a single value."""
        top, bottom, left, right = self.region
        rows, columns = (len(range(*pair, self.step)) for pair in ((top, bottom), (left, right)))
        if max(rows, columns) < 2:
            return None
        if rows >= columns:
            middle = top + rows // 2 * self.step
            regions = (top, middle, left, right), (middle, bottom, left, right)
        else:
            middle = left + columns // 2 * self.step
            regions = (top, bottom, left, middle), (top, bottom, middle, right)
        one, other = (Cut(self.at, self.walk, region, self.step) for region in regions)
        return one, other


@dataclass(frozen=True)
class Plan:
    """How a selection is read: in slices through two axes, as few as there can be."""

    taken: tuple[Taken, ...]
    shown: tuple[int, int]

    @classmethod
    def of(cls, taken: tuple[Taken, ...]) -> Plan:
        """The plan that shows the two axes of which most is taken, of equals the last."""
        order = sorted(
            range(len(taken)),
            key=lambda axis: (_length(taken[axis]), isinstance(taken[axis], range), axis),
        )
        rows, columns = sorted(order[-2:])
        return cls(taken, (rows, columns))

    @property
    def shape(self) -> tuple[int, ...]:
        """How much is taken of each axis."""
        return tuple(map(_length, self.taken))

    @property
    def steps(self) -> tuple[int, int, int]:
        """What the server leaves out of rows and columns, and what of these is left out here."""
        steps = [
            abs(part.step) if isinstance(part, range) and len(part) > 1 else 0
            for part in (self.taken[axis] for axis in self.shown)
        ]
        common = math.gcd(*steps) or 1
        common = common if common <= _MOST else 1
        return common, (steps[0] or common) // common, (steps[1] or common) // common

    def cuts(self) -> Iterator[tuple[tuple[int | slice, ...], Cut]]:
        """Where each cut belongs in an answer with the axes of the dataset, in rising order."""
        others = [axis for axis in range(len(self.taken)) if axis not in self.shown]
        walk = max(others, key=lambda axis: self.shape[axis], default=None)
        region = tuple(limit for axis in self.shown for limit in _limits(self.taken[axis]))
        top, bottom, left, right = region
        for indices in product(*(_indices(self.taken[axis]) for axis in others)):
            at: list[int | None] = [None] * len(self.taken)
            where: list[int | slice] = [slice(None)] * len(self.taken)
            for axis, (position, index) in zip(others, indices, strict=True):
                at[axis], where[axis] = index, position
            yield tuple(where), Cut(tuple(at), walk, (top, bottom, left, right), self.steps[0])


def _entries(selection: Selection | None) -> list[Entry]:
    """What a selection says, axis by axis."""
    if selection is None:
        return [...]
    if isinstance(selection, str):
        return [_entry(text.strip(), selection) for text in selection.split(",")]
    return list(selection) if isinstance(selection, tuple) else [selection]


def _spread(entries: list[Entry], ndim: int) -> list[Entry]:
    """An entry for each axis: ``...``, or else the end, stands for the axes that are left."""
    ellipses = [position for position, entry in enumerate(entries) if entry is ...]
    if len(ellipses) > 1:
        raise IndexError("an index can only have one '...'")
    left = ndim - len(entries) + len(ellipses)
    if left < 0:
        raise IndexError(f"{len(entries) - len(ellipses)} indices for {ndim} axes")
    at = ellipses[0] if ellipses else len(entries)
    return [*entries[:at], *[slice(None)] * left, *entries[at + len(ellipses) :]]


def _entry(text: str, selection: str) -> Entry:
    if text == "...":
        return ...
    try:
        parts = [int(part) if part.strip() else None for part in text.split(":")]
    except ValueError:
        parts = []
    if len(parts) == 1 and parts[0] is not None:
        return parts[0]
    if len(parts) in (2, 3):
        return slice(*parts)
    raise ValueError(f"{selection!r} is no selection; one is, for example, '3,0:10,:'")


def _taken(entry: Entry, axis: int, length: int) -> Taken:
    if isinstance(entry, slice):
        return range(*entry.indices(length))
    index = _index(entry)
    if not -length <= index < length:
        raise IndexError(f"axis {axis} has {length} indices; {index} is none of them")
    return index % length


def _index(entry: Entry) -> int:
    if isinstance(entry, (bool, EllipsisType)) or not hasattr(entry, "__index__"):
        raise TypeError(
            f"{entry!r} is no index of a volume: take whole numbers, slices and '...', "
            "and index the array that comes of it with anything else"
        )
    return operator.index(entry)


def _text(entry: Entry) -> str:
    if not isinstance(entry, slice):
        return str(_index(entry))
    parts = (entry.start, entry.stop, *([] if entry.step is None else [entry.step]))
    return ":".join("" if part is None else str(int(part)) for part in parts)


def _length(taken: Taken) -> int:
    return len(taken) if isinstance(taken, range) else 1


def _indices(taken: Taken) -> list[tuple[int, int]]:
    """In rising order, whichever way they were asked for."""
    return list(enumerate(sorted(taken) if isinstance(taken, range) else [taken]))


def _limits(taken: Taken) -> tuple[int, int]:
    if isinstance(taken, range):
        return min(taken), max(taken) + 1
    return taken, taken + 1
