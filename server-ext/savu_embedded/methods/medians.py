"""Running medians of images and of blocks of neighbouring images.

The median of 3 x 3 or 3 x 3 x 3 values is found by a fixed sequence of minima and maxima, of whole
lines of values at a time, in which neighbours share what they have in common: it costs a tenth of
selecting in every neighbourhood. The sorting of nine is Floyd's, Knuth, The Art of Computer
Programming 3, section 5.3.4.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from savu_embedded.arrays import Array, ndimage, xp

Border = Literal["nearest", "reflect"]

# NumPy's names for the borders, by SciPy's.
_BORDERS: dict[Border, Literal["edge", "symmetric"]] = {"nearest": "edge", "reflect": "symmetric"}
# Values that are worked on at once, which a processor's cache holds.
_CACHED_VALUES = 16_384
# After the first sorting by threes, what else sorts nine values.
_NINE = ((1, 3), (5, 7), (2, 6), (4, 6), (2, 4), (2, 3), (5, 6))
# Merges two sorted fours; Batcher's.
_FOUR_AND_FOUR = ((0, 4), (1, 5), (2, 6), (3, 7), (2, 4), (3, 5), (1, 2), (3, 4), (5, 6))


def running_median(block: Array, size: int, border: Border, solid: bool) -> Array:
    """Return the median of `size` x `size` values around each value of images, float32.

    `block` is (images, rows, columns); if `solid`, the median is that of as many images, too.
    Where a value is not a number, the medians of its neighbours are none.
    """
    if size != 3:
        return ndimage.median_filter(block, (size if solid else 1, size, size), mode=border)
    width = ((1, 1) if solid else (0, 0), (1, 1), (1, 1))
    padded = xp.pad(block, width, mode=_BORDERS[border])
    result = xp.empty_like(block)
    rows = max(1, _CACHED_VALUES // block.shape[2])
    for number, image in enumerate(result):
        for first in range(0, len(image), rows):
            part = image[first : first + rows]
            lines = slice(first, first + len(part) + 2)
            if solid:
                _median_of_27(padded[number : number + 3, lines], part)
            else:
                _median_of_9(padded[number, lines], part)
    return result


def _median_of_9(lines: Array, out: Array) -> None:
    """Write the medians around the inner values of `lines` (rows + 2, columns + 2)."""
    low, middle, high = _sorted(lines[:-2], lines[1:-1], lines[2:])
    lowest = _greatest(*_beside(low))
    highest = _least(*_beside(high))
    out[:] = _middle(lowest, _middle(*_beside(middle)), highest)


def _median_of_27(lines: Array, out: Array) -> None:
    """Write the medians around the inner values of `lines` (3, rows + 2, columns + 2).

    With three sorted nines beside each other, 7 values lie below the median and 7 above for sure:
    what is left are three sorted rows of 4, 5 and 4, of which the seventh is looked for.
    """
    nine: list[Array] = [lines[0]] * 9
    for rank, values in enumerate(_sorted(*lines)):
        nine[rank::3] = _sorted(values[:-2], values[1:-1], values[2:])
    _exchange(nine, _NINE)
    fours = [_least(*_beside(nine[rank])) for rank in range(5, 9)]
    fours += [_greatest(*_beside(nine[rank])) for rank in range(4)]
    _exchange(fours, _FOUR_AND_FOUR)
    result = fours[6]
    for place, rank in enumerate(range(2, 7)):
        xp.minimum(result, xp.maximum(fours[5 - place], _middle(*_beside(nine[rank]))), out=result)
    out[:] = result


def _beside(values: Array) -> tuple[Array, Array, Array]:
    """Return the values before, at and after each inner column."""
    return values[:, :-2], values[:, 1:-1], values[:, 2:]


def _exchange(values: list[Array], places: Sequence[tuple[int, int]]) -> None:
    """Sort values at pairs of places, one pair after the other."""
    for i, j in places:
        values[i], values[j] = xp.minimum(values[i], values[j]), xp.maximum(values[i], values[j])


def _least(a: Array, b: Array, c: Array) -> Array:
    return xp.minimum(xp.minimum(a, b), c)


def _greatest(a: Array, b: Array, c: Array) -> Array:
    return xp.maximum(xp.maximum(a, b), c)


def _middle(a: Array, b: Array, c: Array) -> Array:
    return xp.maximum(xp.minimum(a, b), xp.minimum(xp.maximum(a, b), c))


def _sorted(a: Array, b: Array, c: Array) -> tuple[Array, Array, Array]:
    low, high = xp.minimum(a, b), xp.maximum(a, b)
    middle = xp.minimum(high, c)
    return xp.minimum(low, middle), xp.maximum(low, middle), xp.maximum(high, c)
