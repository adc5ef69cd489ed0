"""Iterative reconstruction with a projector and its exact adjoint, both non-uniform transforms.

By the Fourier slice theorem the transform of a projection is a line of the image's: a type 2
transform makes all projections of an image, and type 1 with the same points is the adjoint.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from savu_embedded.arrays import Array, Float32, fft, xp
from savu_embedded.methods.gridding import Gridding

# Rays and pixels of less than this part of the greatest weight see next to nothing.
_LEAST_WEIGHT = 0.01


def memory(angles: int, columns: int, size: int) -> int:
    """Return about how many bytes it takes beside its input and output."""
    return 56 * angles * (columns + 1) + 64 * round(1.3 * size) ** 2


class Projector:
    """Line integrals of square images of `size` pixels, and the adjoint.

    Geometry and parameters are those of `fbp.FilteredBackprojection`; all angles (radians) are
    transformed at once, which takes about 50 bytes for each value of a sinogram.
    """

    def __init__(self, angles: Array, columns: int, size: int, axis: float) -> None:
        self._columns = columns
        self._length = 2 * columns
        self._frequency = fft.rfftfreq(self._length)
        self._shape = (len(angles), len(self._frequency))
        # All frequencies but the first and the last stand for their mirror, too.
        self._weight = xp.full(len(self._frequency), 2 / self._length)
        self._weight[[0, -1]] = 1 / self._length
        self._gridding = Gridding(size, axis, both_ways=True)
        frequency = 2 * xp.pi * self._frequency
        # Rows run down and y up, hence the sign.
        self._gridding.set_points(
            -xp.outer(xp.sin(angles), frequency).ravel(),
            xp.outer(xp.cos(angles), frequency).ravel(),
        )

    def project(self, image: Array, centre: float) -> Float32:
        """Return the sinogram (angles, columns) of `image`, its axis at column `centre`."""
        spectrum = self._gridding.values(image).reshape(self._shape)
        spectrum *= self._shift(centre).astype(xp.complex64)
        lines = fft.irfft(spectrum, self._length, axis=1)
        return xp.ascontiguousarray(lines[:, : self._columns], xp.float32)

    def backproject(self, sinogram: Array, centre: float) -> Float32:
        """Return the adjoint of `project`, (size, size)."""
        spectrum = fft.rfft(sinogram.astype(xp.float32, copy=False), self._length, axis=1)
        spectrum *= (self._shift(centre).conj() * self._weight).astype(xp.complex64)
        return xp.ascontiguousarray(
            self._gridding.image(self._gridding.spread(spectrum.ravel())).real
        )

    def _shift(self, centre: float) -> Array:
        return xp.exp(-2j * xp.pi * centre * self._frequency)


@dataclass(frozen=True)
class Rays:
    """The projector of one slice, of whose columns some are `used` (columns,), 1 or 0."""

    projector: Projector
    centre: float
    used: Array

    def project(self, image: Array) -> Float32:
        return self.projector.project(image, self.centre) * self.used

    def backproject(self, sinogram: Array) -> Float32:
        return self.projector.backproject(sinogram * self.used, self.centre)


class IterativeReconstruction:
    """Reconstructs sinograms by `method`, one of "SIRT" and "CGLS", in so many iterations.

    Of columns that see only one side of the axis, those with no counterpart do not count unless
    `whole`. The other parameters are those of `Projector`.
    """

    def __init__(
        self,
        method: str,
        iterations: int,
        angles: Array,
        columns: int,
        size: int,
        axis: float,
        whole: bool,
    ) -> None:
        self._solve = {"SIRT": sirt, "CGLS": cgls}[method]
        self._iterations = iterations
        self._projector = Projector(angles, columns, size, axis)
        self._whole = whole

    def __call__(
        self, sinograms: Array, centres: Array, progress: Callable[[float], None] = lambda _: None
    ) -> Float32:
        """Return the images (n, size, size) of `sinograms` (n, angles, columns)."""
        images = []
        for i, (sinogram, centre) in enumerate(zip(sinograms, centres, strict=True)):
            column = xp.arange(sinogram.shape[1])
            reach = xp.inf if self._whole else min(centre, len(column) - 1 - centre) + 0.25
            used = (xp.abs(column - centre) <= reach).astype(xp.float32)

            def told(done: float, number: int = i) -> None:
                progress((number + done) / len(sinograms))

            rays = Rays(self._projector, centre, used)
            images.append(self._solve(rays, sinogram * used, self._iterations, told))
        return xp.stack(images)


def sirt(
    rays: Rays, sinogram: Array, iterations: int, progress: Callable[[float], None]
) -> Float32:
    """Return the image after steps weighted by the lengths of the rays and of the pixels' sums.

    Gregor and Benson, doi:10.1109/TMI.2008.923696.
    """
    pixels = rays.backproject(xp.ones_like(sinogram))
    lengths = rays.project(xp.ones_like(pixels))
    pixel_weight, ray_weight = _inverse(pixels), _inverse(lengths)
    image = xp.zeros_like(pixels)
    for number in range(iterations):
        misfit = sinogram - rays.project(image)
        image += pixel_weight * rays.backproject(ray_weight * misfit)
        progress((number + 1) / iterations)
    return image


def cgls(
    rays: Rays, sinogram: Array, iterations: int, progress: Callable[[float], None]
) -> Float32:
    """Return the image by conjugate gradients on the least squares (Hestenes and Stiefel 1952)."""
    residual = sinogram.astype(xp.float32)
    gradient = rays.backproject(residual)
    image, direction = xp.zeros_like(gradient), gradient
    steepness = _square(gradient)
    for number in range(iterations):
        if steepness == 0:
            break
        lines = rays.project(direction)
        step = xp.float32(steepness / max(_square(lines), xp.finfo(xp.float32).tiny))
        image += step * direction
        residual -= step * lines
        gradient = rays.backproject(residual)
        before, steepness = steepness, _square(gradient)
        direction = gradient + xp.float32(steepness / before) * direction
        progress((number + 1) / iterations)
    return image


def _inverse(weights: Array) -> Array:
    least = _LEAST_WEIGHT * weights.max()
    return xp.where(weights > least, 1 / xp.maximum(weights, least), 0).astype(xp.float32)


def _square(values: Array) -> float:
    return float(xp.vdot(values, values).real)
