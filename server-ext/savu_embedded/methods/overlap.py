"""Centre of rotation from a scan over a full turn, whose halves overlap at one side."""

from __future__ import annotations

from dataclasses import dataclass

from savu_embedded.arrays import Array, ndimage, xp

LEFT, RIGHT = 0, 1
# A window is at least so many columns wide.
_LEAST = 6
# Windows are halved so often to find overlaps that are narrower than the one asked for.
_HALVINGS = 3


@dataclass(frozen=True)
class OverlapSearch:
    """How to look for the overlap; the names are those of Savu's Centering360.

    `win_width` is the width of the window in columns, `side` the side of the axis, LEFT, RIGHT or
    None for either. `denoise` smooths the halves, `norm` brings their lines to one level, and
    `use_overlap` compares both with what they make when they fade into each other, too.
    """

    win_width: int = 100
    side: int | None = None
    denoise: bool = True
    norm: bool = True
    use_overlap: bool = True


@dataclass(frozen=True)
class _Found:
    """A centre, how sharply the best match stands out, and how badly the halves fit there."""

    centre: float
    sharpness: float
    misfit: float


def find_centre_of_full_turn(sinogram: Array, search: OverlapSearch) -> float:
    """Return the column of the rotation axis, counted from 0.

    `sinogram` is (angles, columns) float32 of transmission over a full turn. The second half,
    mirrored, continues the first one: a window at the side of one is looked for in the other by
    correlation. Vo, Drakopoulos, Atwood and Reinhard, doi:10.1364/OE.418448. A window wider than
    the overlap finds nothing that is right, so that narrower ones are tried, and the centre at
    which all of the overlap fits best is taken.
    """
    rows = len(sinogram) // 2 + 1
    first, second = sinogram[:rows], sinogram[-rows:, ::-1]
    if search.denoise:
        first, second = ndimage.gaussian_filter(first, 2), ndimage.gaussian_filter(second, 2)
    widest = int(xp.clip(search.win_width, _LEAST, max(_LEAST, sinogram.shape[1] // 2 - 1)))
    halves = [widest >> (number + 1) for number in range(_HALVINGS + 1)]
    found = [_find(first, second, half, search) for half in halves if 2 * half >= _LEAST]
    return min(found, key=lambda each: each.misfit).centre


def _find(first: Array, second: Array, half: int, search: OverlapSearch) -> _Found:
    """Return the best match of a window of twice `half` columns, on the side asked for or found."""
    sides = (LEFT, RIGHT) if search.side is None else (search.side,)
    matches = []
    for side in sides:
        # The left side is the right one of the mirrored halves.
        if side == RIGHT:
            found = _at_the_right(first, second, half, search)
        else:
            found = _at_the_right(first[:, ::-1], second[:, ::-1], half, search)
            found = _Found(first.shape[1] - 1 - found.centre, found.sharpness, found.misfit)
        matches.append(found)
    return max(matches, key=lambda each: each.sharpness)


def _at_the_right(first: Array, second: Array, half: int, search: OverlapSearch) -> _Found:
    """Return where the left window of `second` is in `first`."""
    columns = first.shape[1]
    window = second[:, : 2 * half]
    level = xp.abs(window).mean(axis=1)
    up = xp.linspace(0, 1, 2 * half, dtype=xp.float32)
    places = xp.arange(half, columns - half)
    misfits = xp.empty(len(places))
    for i, place in enumerate(places):
        other = first[:, place - half : place + half]
        if search.norm:
            # A line of zeros has no level, and is left as it is.
            own = xp.abs(other).mean(axis=1)
            other = other * xp.where(own > 0, level / xp.where(own > 0, own, 1), 1)[:, None]
        misfits[i] = _misfit(other, window)
        if search.use_overlap:
            joined = other * (1 - up) + window * up
            misfits[i] = (misfits[i] + _misfit(other, joined) + _misfit(window, joined)) / 3
    sharpness, position = _minimum(misfits / (misfits.min() or 1))
    overlap = columns - (position + half) + half
    shared = max(_LEAST, min(columns, round(overlap)))
    misfit = _misfit(first[:, columns - shared :], second[:, :shared])
    return _Found(columns - overlap / 2 - 0.5, sharpness, misfit)


def _misfit(one: Array, other: Array) -> float:
    """Return 1 less the correlation of two images; 2 where there is nothing to correlate."""
    a, b = one - one.mean(), other - other.mean()
    norm = float(xp.sqrt(xp.vdot(a, a) * xp.vdot(b, b)))
    return 1 - float(xp.vdot(a, b)) / norm if norm else 2.0


def _minimum(values: Array) -> tuple[float, float]:
    """Return the curvature around the least of `values` and, between points, where it lies."""
    if len(values) < 5:
        return 0.0, float(xp.argmin(values))
    least = int(xp.clip(xp.argmin(values), 2, len(values) - 3))
    curvature = xp.polyfit(xp.arange(5), values[least - 2 : least + 3], 2)[0]
    before, at, after = values[least - 1 : least + 2]
    bend = before - 2 * at + after
    step = 0.5 * (before - after) / bend if bend else 0.0
    return abs(float(curvature)), least + (float(step) if abs(step) <= 1 else 0.0)
