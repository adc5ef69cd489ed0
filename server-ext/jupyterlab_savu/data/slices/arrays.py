"""Moving the planes of an array to the front, with the caches of the processor in mind."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Bytes that stay in a processor's second cache while they are turned.
_TILE = 1 << 19
#: Runs this long are read at full speed in any order.
_LONG = 1 << 15


def copy_last_axis_first(target: NDArray[Any], source: NDArray[Any]) -> None:
    """``target[k, z, y] = source[z, y, k]``, in tiles that stay in the cache.

    The calls are few and large: each hands Python's lock to other threads.
    """
    if source.shape[2] == 1 or source.shape[2] * source.itemsize >= _LONG:
        target[...] = np.moveaxis(source, 2, 0)
        return
    rows = max(1, _TILE // (source.shape[1] * source.shape[2] * source.itemsize))
    for start in range(0, source.shape[0], rows):
        tile = np.ascontiguousarray(source[start : start + rows])
        target[:, start : start + rows] = np.moveaxis(tile, 2, 0)


def runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """From and to of each run of true values in a row."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False]))))
    return [(int(start), int(stop)) for start, stop in edges.reshape(-1, 2)]
