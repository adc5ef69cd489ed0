"""The arrays that methods work on, and the libraries that transform them: chosen here alone.

Methods and plugins take `xp` for NumPy, `fft` for transforms and `ndimage` for filters from here,
make a `sparse` matrix, and spread points onto a grid with `spreading_plan`; for a graphics card,
CuPy, cupyx.scipy and cuFINUFFT have modules of the same shape.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as xp
import scipy.fft as fft
import scipy.ndimage as ndimage
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Array = NDArray[Any]
Float32 = NDArray[xp.float32]
Sparse: TypeAlias = "csr_array[Any]"

__all__ = [
    "Array",
    "Float32",
    "Sparse",
    "Spreading",
    "fft",
    "ndimage",
    "sparse",
    "spreading_plan",
    "xp",
]


class Spreading(Protocol):
    """Carries values between scattered points and a periodic square grid, with a smooth kernel."""

    def setpts(self, x: Array, y: Array) -> None:
        """Set the points (n,) float32, in radians: a whole grid is 2 pi wide."""

    def execute(self, data: Array) -> Array:
        """Return the grid (length, length) of values (n,), or the values of a grid, complex64."""


def sparse(content: tuple[Any, ...], shape: tuple[int, int]) -> Sparse:
    """Return a matrix of compressed rows: `content` is (values, (rows, columns)), the same place
    given twice being summed, or (values, columns, begins of the rows).
    """
    # Here, since most runs start without it.
    from scipy.sparse import csr_array

    return csr_array(content, shape)


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
