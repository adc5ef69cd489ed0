"""Non-uniform Fourier transforms between points of the Fourier plane and square images.

Values are spread onto a grid that is somewhat finer than the image, which is transformed, cropped
and divided by the transform of the spreading kernel; the other direction is the exact adjoint.
Barnett, Magland and af Klinteberg, doi:10.1137/18M120885X. With the steps apart, a transform that
is summed over batches of points is completed once, and the transforms skip what is cropped.
"""

from __future__ import annotations

import math

from savu_embedded.arrays import Array, Spreading, fft, spreading_plan, xp

# Relative accuracy: far below the noise of any scan.
_ACCURACY = 1e-3
# The grid is so much finer than the image.
_OVERSAMPLING = 1.25
# Cells at each side of the grid, as many as the kernel reaches and more.
_MARGIN = 4
# For its transform the kernel is sampled on a grid of this length, at so many places between.
_KERNEL_GRID, _KERNEL_PLACES = 32, 16


class Gridding:
    """Relates values at points (x, y), in radians per pixel, and an image (size, size).

    An image has at row r and column c the sum of the values, each times
    ``exp(i (x (r - axis) + y (c - axis)))``; `axis` lies anywhere in the image.
    """

    def __init__(self, size: int, axis: float, *, both_ways: bool = False) -> None:
        place = xp.arange(size) - axis
        reach = float(xp.abs(place).max()) + 0.5
        self._size = size
        #: The length of the transforms. Parts of a pixel are not periodic, hence the margin.
        self.length = 2 * fft.next_fast_len(max(_KERNEL_GRID, math.ceil(reach * _OVERSAMPLING)))
        grid = self.length + 2 * _MARGIN
        self._plans = [_plan(grid, onto) for onto in ((True, False) if both_ways else (True,))]
        turns = (xp.arange(grid) - grid / 2) / self.length
        self._phase = xp.exp(-2j * xp.pi * axis * turns).astype(xp.complex64)
        first = xp.exp(2j * xp.pi * xp.arange(size) * turns[0])
        self._factor = (first / _kernel_transform(place / self.length)).astype(xp.complex64)

    def set_points(self, x: Array, y: Array) -> None:
        """Set the points (n,), from -pi to pi."""
        scale = self.length / len(self._phase)
        points = (x * scale).astype(xp.float32), (y * scale).astype(xp.float32)
        for plan in self._plans:
            plan.setpts(*points)

    def spread(self, values: Array) -> Array:
        """Return the grid of `values` (n,) complex64; grids of several values can be added."""
        return self._plans[0].execute(values)

    def image(self, grid: Array) -> Array:
        """Return the image (size, size) complex64 that a grid stands for."""
        rows = grid * self._phase[:, None]
        rows[: 2 * _MARGIN] += rows[self.length :]
        rows = fft.ifft(rows[: self.length], axis=0, norm="forward", overwrite_x=True)
        rows = rows[: self._size] * self._phase
        rows[:, : 2 * _MARGIN] += rows[:, self.length :]
        image = fft.ifft(rows[:, : self.length], axis=1, norm="forward", overwrite_x=True)
        image = image[:, : self._size] * self._factor
        image *= self._factor[:, None]
        return image

    def expanded(self, image: Array) -> Array:
        """Return the grid of an image (size, size): the adjoint of `image`."""
        factor, phase = self._factor.conj(), self._phase.conj()
        rows = fft.fft(image * factor * factor[:, None], self.length, axis=1, overwrite_x=True)
        rows = xp.concatenate((rows, rows[:, : 2 * _MARGIN]), axis=1)
        rows *= phase
        grid = fft.fft(rows, self.length, axis=0, overwrite_x=True)
        grid = xp.concatenate((grid, grid[: 2 * _MARGIN]))
        grid *= phase[:, None]
        return grid

    def interpolate(self, grid: Array) -> Array:
        """Return the values (n,) complex64 at the points: the adjoint of `spread`."""
        return self._plans[1].execute(grid)


def _plan(length: int, onto: bool) -> Spreading:
    return spreading_plan(length, onto=onto, accuracy=_ACCURACY, oversampling=_OVERSAMPLING)


def _kernel_transform(frequency: Array) -> Array:
    """Return the Fourier transform of the kernel at frequencies in cycles per cell."""
    plan = _plan(_KERNEL_GRID, True)
    middle = _KERNEL_GRID // 2
    total, height = xp.zeros(len(frequency)), 1.0
    for place in xp.arange(_KERNEL_PLACES) / _KERNEL_PLACES:
        x = xp.array([2 * xp.pi * place / _KERNEL_GRID], xp.float32)
        plan.setpts(x, xp.zeros(1, xp.float32))
        kernel = plan.execute(xp.ones(1, xp.complex64)).real
        if place == 0:
            # Both directions have the same kernel, and here it is squared.
            height = math.sqrt(kernel[middle, middle])
        cell = xp.arange(_KERNEL_GRID) - middle - place
        total += xp.cos(2 * xp.pi * frequency[:, None] * cell) @ kernel[:, middle] / height
    return total / _KERNEL_PLACES
