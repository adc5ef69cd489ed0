"""Sinograms of a full turn with the axis near one side, as ones of half a turn of twice the width.

Vo, Drakopoulos, Atwood and Reinhard, doi:10.1364/OE.418448.
"""

from savu_embedded.arrays import Array, ndimage, xp


def joined_centre(centre: float, columns: int) -> int:
    """Return the column of the axis in the sinogram that `join_half_turns` makes."""
    whole = int(xp.floor(centre))
    return columns + whole if centre < columns / 2 else whole


def join_half_turns(sinogram: Array, centre: float) -> Array:
    """Return the half turn (angles / 2 rounded up, 2 * columns) that `sinogram` makes up.

    `sinogram` is (angles, columns) float32 of a full turn, `centre` the column of its axis, from 1
    to columns - 1. Where the halves overlap they fade into each other, the second brought to the
    level of the first. As in Savu, the part of a pixel is moved by a spline that smooths a little.
    """
    angles, columns = sinogram.shape
    whole = int(xp.floor(centre))
    half = -(-angles // 2)
    moved = ndimage.shift(sinogram, (0, whole - centre), prefilter=False, mode="nearest")
    first, second = moved[:half], moved[-half:, ::-1]
    mirrored = centre < columns / 2
    if mirrored:
        first, second = first[:, ::-1], second[:, ::-1]
    overlap = min(columns, 2 * (whole if mirrored else columns - whole))
    fade = xp.ones(columns, xp.float32)
    fade[-overlap:] = xp.linspace(1, 0, overlap)
    level = xp.abs(first[:, -overlap:]).mean() / (xp.abs(second[:, :overlap]).mean() or 1)
    second = second * level * fade[::-1]
    result = xp.zeros((half, 2 * columns), xp.float32)
    result[:, :columns] = first * fade
    result[:, columns - overlap : 2 * columns - overlap] += second
    result[:, -overlap:] = second[:, -1:]
    return result[:, ::-1] if mirrored else result
