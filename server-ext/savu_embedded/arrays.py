"""The arrays that methods work on, and the libraries that transform them: chosen here alone.

Methods take `xp` for NumPy and `fft` for its transforms from here, and spread points onto a grid
with `spreading_plan`; for a graphics card, CuPy and cuFINUFFT have modules of the same shape.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import numpy as xp
import scipy.fft as fft
from numpy.typing import NDArray

Array = NDArray[Any]
Float32 = NDArray[np.float32]

__all__ = ["Array", "Float32", "Spreading", "fft", "spreading_plan", "xp"]


class Spreading(Protocol):
    """Carries values between scattered points and a periodic square grid, with a smooth kernel."""

    def setpts(self, x: Array, y: Array) -> None:
        """Set the points (n,) float32, in radians: a whole grid is 2 pi wide."""

    def execute(self, data: Array) -> Array:
        """Return the grid (length, length) of values (n,), or the values of a grid, complex64."""


def spreading_plan(length: int, *, onto: bool, accuracy: float, oversampling: float) -> Spreading:
    """Return what spreads values `onto` a grid (length, length), or interpolates on it.

    The kernel depends on the relative `accuracy` and on the `oversampling` of the grid alone.
    """
    # Here, since a command that only looks at files need not wait for it.
    import finufft

    plan: Spreading = finufft.Plan(
        1 if onto else 2,
        (length, length),
        eps=accuracy,
        upsampfac=oversampling,
        spreadinterponly=1,
        # Points that lie together are spread together, whatever their number.
        spread_sort=1,
        dtype="complex64",
        nthreads=1,
    )
    return plan
