"""Algebraic reconstruction: images are corrected by one projection after the other."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

from savu_embedded.arrays import Array, Float32, Sparse, sparse, xp

# Samples of rays whose weights are in memory at once, about 70 bytes each.
_SAMPLES_AT_ONCE = 1_000_000
# Of the window along a ray, which leaves its ends out.
_HAMMING = 0.46164


class SimultaneousReconstruction:
    """SART with linear interpolation: Andersen and Kak, doi:10.1016/0161-7346(84)90008-7.

    `angles` (radians, anticlockwise, rows running down and y up) are used in the order in which
    each differs most from those before. Images have `size` pixels in both directions, the axis on
    pixel size // 2, and are reconstructed in the circle around it.
    """

    def __init__(
        self,
        angles: Array,
        size: int,
        sweeps: int,
        relaxation: float,
        limits: tuple[float, float] | None = None,
    ) -> None:
        """`sweeps` over all angles; after each projection, values are clipped to `limits`."""
        self._angles = angles
        self._size = size
        self._sweeps = sweeps
        self._relaxation = xp.float32(relaxation)
        self._limits = limits

    def __call__(
        self,
        sinograms: Array,
        start: Array,
        progress: Callable[[float], None] = lambda _: None,
    ) -> Float32:
        """Return the images (n, size, size) of `sinograms` (n, angles, size) of integrals.

        The axis is on column size // 2 of the sinograms. `start` are the images to begin with.
        """
        images = xp.ascontiguousarray(start.reshape(len(start), -1).T, xp.float32)
        order = golden_order(xp.rad2deg(self._angles))
        for number in range(self._sweeps * len(order)):
            angle = order[number % len(order)]
            correction = xp.zeros_like(images)
            for rays, weights, windowed, squares in self._footprints(self._angles[angle]):
                misfit = sinograms[:, angle, rays].T - weights @ images
                correction += windowed.T @ (misfit / squares[:, None])
            images += self._relaxation * correction
            if self._limits is not None:
                xp.clip(images, *self._limits, out=images)
            progress((number + 1) / (self._sweeps * len(order)))
        return xp.ascontiguousarray(images.T).reshape(-1, self._size, self._size)

    def _footprints(self, angle: float) -> Iterator[tuple[Array, Sparse, Sparse, Array]]:
        """Yield some rays of a projection, the weights of their pixels, and those windowed.

        Weights are (rays, pixels); a ray is sampled about every half pixel. The last are the sums
        of the squares of the weights of each ray.
        """
        radius = self._size // 2 - 1
        offset = xp.arange(self._size) - self._size // 2
        inside = xp.flatnonzero(xp.abs(offset) < radius)
        half = xp.sqrt(radius**2 - offset[inside] ** 2)
        steps = 2 * xp.ceil(2 * half).astype(int)
        share = max(1, _SAMPLES_AT_ONCE // (2 * self._size))
        for first in range(0, len(inside), share):
            some = slice(first, first + share)
            yield inside[some], *self._weights(angle, offset[inside[some]], half[some], steps[some])

    def _weights(
        self, angle: float, offset: Array, half: Array, steps: Array
    ) -> tuple[Sparse, Sparse, Array]:
        ray = xp.repeat(xp.arange(len(offset)), steps + 1)
        sample = xp.concatenate([xp.arange(count + 1) for count in steps])
        length = (2 * half / steps)[ray]
        along = half[ray] - sample * length
        across = offset[ray]
        sine, cosine = math.sin(angle), math.cos(angle)
        column = along * sine + across * cosine + self._size // 2
        row = along * cosine - across * sine + self._size // 2
        # Where a ray ends on the last pixel, the four neighbours must be pixels of the image, too.
        left, top = (
            xp.minimum(xp.floor(place), self._size - 2).astype(xp.int32) for place in (column, row)
        )
        column, row = column - left, row - top
        window = 1 - _HAMMING - _HAMMING * xp.cos(2 * xp.pi * sample / (steps - 1)[ray])
        pixel = top * self._size + left
        pixels = xp.stack((pixel, pixel + 1, pixel + self._size, pixel + self._size + 1), axis=1)
        weights = xp.stack(
            ((1 - row) * (1 - column), (1 - row) * column, row * (1 - column), row * column), axis=1
        )
        weights *= length[:, None]
        begins = xp.concatenate(([0], 4 * xp.cumsum(steps + 1)))
        shape = (len(offset), self._size**2)
        indices = pixels.ravel()
        values = weights.astype(xp.float32).ravel()
        windowed = (weights * window[:, None]).astype(xp.float32).ravel()
        return (
            sparse((values, indices, begins), shape),
            sparse((windowed, indices, begins), shape),
            xp.add.reduceat(values**2, begins[:-1]),
        )


def golden_order(degrees: Sequence[float] | Array) -> list[int]:
    """Return the numbers of the angles, each far from those before, of half a turn.

    Köhler, doi:10.1109/NSSMIC.2004.1466745: one goes on by the golden section of half a turn, to
    the nearest angle that is left.
    """
    angles = xp.asarray(degrees, float)
    left = [int(number) for number in xp.argsort(angles, kind="stable")]
    step = 180 * (3 - math.sqrt(5)) / 2
    order = [left.pop(0)]
    wanted = angles[order[0]]
    while left:
        wanted = (wanted + step) % 180
        remaining = angles[left]
        above = int(xp.searchsorted(remaining, wanted)) % len(left)
        below, above_by = above - 1, abs(remaining[above] - wanted)
        order.append(left.pop(below if abs(remaining[below] - wanted) < above_by else above))
    return order
