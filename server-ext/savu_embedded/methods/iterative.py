"""Iterative reconstruction with a projector and its exact adjoint, both non-uniform transforms.

By the Fourier slice theorem the transform of a projection is a line of the image's: a type 2
transform makes all projections of an image, and type 1 with the same points is the adjoint.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce

from savu_embedded.arrays import Array, Float32, fft, xp
from savu_embedded.methods.gridding import Gridding
from savu_embedded.methods.total_variation import least_variation

# Rays and pixels of less than this part of the greatest weight see next to nothing.
_LEAST_WEIGHT = 0.01


def memory(angles: int, columns: int, size: int) -> int:
    """Return about how many bytes it takes beside its input and output."""
    samples = min(_BATCH_SAMPLES, angles * (columns + 1))
    # Points with their order in both directions, and spectra; a few sinograms; grids.
    return 48 * samples + 24 * angles * columns + 64 * round(1.3 * size) ** 2


# Samples in one transform, which bounds its memory (about 50 bytes a sample) for any scan.
_BATCH_SAMPLES = 4_000_000
# Conjugate gradients are constrained, and begin anew, after so many iterations.
_ROUND = 5
# Iterations of a denoising within those of the reconstruction.
_DENOISING = 10


class Projector:
    """Line integrals of square images of `size` pixels, and the adjoint.

    Geometry and parameters are those of `fbp.FilteredBackprojection`.
    """

    def __init__(self, angles: Array, columns: int, size: int, axis: float) -> None:
        self._columns = columns
        self._angles = angles
        self._length = 2 * columns
        self._frequency = fft.rfftfreq(self._length)
        # All frequencies but the first and the last stand for their mirror, too.
        self._weight = xp.full(len(self._frequency), 2 / self._length)
        self._weight[[0, -1]] = 1 / self._length
        self._gridding = Gridding(size, axis, both_ways=True)
        step = max(1, _BATCH_SAMPLES // len(self._frequency))
        self._batches = [slice(start, start + step) for start in range(0, len(angles), step)]
        self._points: slice | None = None

    def project(self, image: Array, centre: float) -> Float32:
        """Return the sinogram (angles, columns) of `image`, its axis at column `centre`."""
        shift = self._shift(centre).astype(xp.complex64)
        grid = self._gridding.expanded(image)
        sinogram = xp.empty((len(self._angles), self._columns), xp.float32)
        for batch in self._batches:
            self._set_points(batch)
            spectrum = self._gridding.interpolate(grid).reshape(-1, len(shift)) * shift
            sinogram[batch] = fft.irfft(spectrum, self._length, axis=1)[:, : self._columns]
        return sinogram

    def backproject(self, sinogram: Array, centre: float) -> Float32:
        """Return the adjoint of `project`, (size, size)."""
        shift = (self._shift(centre).conj() * self._weight).astype(xp.complex64)

        def spread(batch: slice) -> Array:
            self._set_points(batch)
            lines = sinogram[batch].astype(xp.float32, copy=False)
            spectrum = fft.rfft(lines, self._length, axis=1) * shift
            return self._gridding.spread(spectrum.ravel())

        grid = reduce(xp.add, map(spread, self._batches))
        return xp.ascontiguousarray(self._gridding.image(grid).real)

    def _set_points(self, batch: slice) -> None:
        """Make the Fourier samples of `batch`, a range of the angles, the points."""
        if self._points != batch:
            theta, frequency = self._angles[batch], 2 * xp.pi * self._frequency
            # Rows run down and y up, hence the sign.
            x, y = (xp.outer(part, frequency) for part in (-xp.sin(theta), xp.cos(theta)))
            self._gridding.set_points(x.ravel(), y.ravel())
            self._points = batch

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


@dataclass(frozen=True)
class Rules:
    """What is asked of the image, and when to stop before the last iteration; 0 is never.

    `variation` weighs the total variation against the squared change that each iteration makes:
    differences between neighbours of about this much are taken for noise. `change` is that of the
    image in one iteration, relative to the image, and `misfit` the root mean square difference
    between what was measured and the projections of the image, as the noise makes it.
    """

    nonnegative: bool = False
    variation: float = 0.0
    change: float = 0.0
    misfit: float = 0.0

    @property
    def constrain(self) -> bool:
        """Whether anything is asked of the image."""
        return self.nonnegative or self.variation > 0

    def applied(self, image: Array) -> Array:
        """Return the image that is nearest to `image` and as it is asked to be."""
        if self.variation:
            image = least_variation(image, self.variation, _DENOISING)
        return xp.maximum(image, 0) if self.nonnegative else image

    def fits(self, misfit: Array, rays: Rays) -> bool:
        """Return whether the difference (angles, columns) is not above that of noise."""
        count = max(1.0, len(misfit) * float(rays.used.sum()))
        return bool(self.misfit) and _square(misfit) <= self.misfit**2 * count

    def settled(self, change: Array, image: Array) -> bool:
        """Return whether the last change of the image was small."""
        return bool(self.change) and _square(change) <= self.change**2 * _square(image)


class IterativeReconstruction:
    """Reconstructs sinograms by `method`, one of "SIRT" and "CGLS", in so many iterations.

    Of columns that see only one side of the axis, those with no counterpart do not count unless
    `whole`. `rules` add to the method. The other parameters are those of `Projector`.
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
        rules: Rules = Rules(),
    ) -> None:
        self._solve = {"SIRT": sirt, "CGLS": cgls}[method]
        self._iterations = iterations
        self._projector = Projector(angles, columns, size, axis)
        self._whole = whole
        self._rules = rules

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
            images.append(self._solve(rays, sinogram * used, self._iterations, self._rules, told))
            told(1)
        return xp.stack(images)


def sirt(
    rays: Rays, sinogram: Array, iterations: int, rules: Rules, progress: Callable[[float], None]
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
        if rules.fits(misfit, rays):
            break
        before = image
        image = rules.applied(image + pixel_weight * rays.backproject(ray_weight * misfit))
        progress((number + 1) / iterations)
        if rules.settled(image - before, image):
            break
    return image


def cgls(
    rays: Rays, sinogram: Array, iterations: int, rules: Rules, progress: Callable[[float], None]
) -> Float32:
    """Return the image by conjugate gradients on the least squares (Hestenes and Stiefel 1952).

    What is asked of the image ends a round of iterations, after which the gradients begin anew.
    """
    residual = sinogram.astype(xp.float32)
    direction = gradient = rays.backproject(residual)
    image = xp.zeros_like(gradient)
    steepness = _square(gradient)
    for number in range(iterations):
        if steepness == 0 or rules.fits(residual, rays):
            break
        lines = rays.project(direction)
        step = xp.float32(steepness / max(_square(lines), xp.finfo(xp.float32).tiny))
        change = step * direction
        image = image + change
        residual -= step * lines
        progress((number + 1) / iterations)
        if rules.settled(change, image):
            break
        anew = rules.constrain and (number + 1) % _ROUND == 0
        if anew:
            image = rules.applied(image)
            residual = sinogram - rays.project(image)
        gradient = rays.backproject(residual)
        before, steepness = steepness, _square(gradient)
        direction = gradient if anew else gradient + xp.float32(steepness / before) * direction
    return rules.applied(image)


def _inverse(weights: Array) -> Array:
    least = _LEAST_WEIGHT * weights.max()
    return xp.where(weights > least, 1 / xp.maximum(weights, least), 0).astype(xp.float32)


def _square(values: Array) -> float:
    return float(xp.vdot(values, values).real)
