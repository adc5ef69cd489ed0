"""Filtered backprojection as an adjoint non-uniform Fourier transform.

By the Fourier slice theorem the transform of a projection is a line of the image's transform, so
the backprojection of filtered projections is one two-dimensional non-uniform transform of all the
lines. Its accuracy is that of the transform, with no interpolation between detector columns, and
its cost grows with the number of samples and not with samples times pixels.
"""

from __future__ import annotations

from collections.abc import Callable

from savu_embedded.arrays import Array, Float32, fft, xp
from savu_embedded.methods.filters import fbp_filter
from savu_embedded.methods.gridding import Gridding

# Samples in one transform, which bounds its memory (about 35 bytes a sample) for any scan.
_BATCH_SAMPLES = 4_000_000
# Samples that are transformed and filtered at once, which a processor's cache holds.
_CACHED_SAMPLES = 65_536
# Neighbouring frequencies of all angles are spread together, since they lie close to each other.
_RING = 16


def transform_length(columns: int) -> int:
    """Return the length of the transform of projections, twice their width or somewhat more."""
    return int(_RING * fft.next_fast_len(-(-2 * columns // _RING)))


def memory(angles: int, columns: int, size: int) -> int:
    """Return about how many bytes its plan takes, and its grids for one pair of slices."""
    samples = min(_BATCH_SAMPLES, angles * transform_length(columns))
    # Points with the order in which they are spread, and three grids.
    return 24 * samples + 26 * round(1.3 * size) ** 2


def waiting(columns: int, size: int, angles: int) -> float:
    """Return how many numbers of 32 bits a slice keeps while it waits for more of its angles."""
    return 1.7 * size**2 if angles * transform_length(columns) > _BATCH_SAMPLES else 0.0


class FilteredBackprojection:
    """Backprojects sinograms with the same angles and detector width.

    `angles` are in radians, `columns` is the width of the sinograms and `size` that of the square
    image, in pixels as wide as a detector column. `axis` is the pixel, in both directions, on
    which the rotation axis lies. A ray at column t and angle a passes the pixels with
    ``t - centre = (col - axis) cos(a) - (row - axis) sin(a)``: row 0 is the top, y points up.
    `scale` multiplies the sum over the angles; pi / len(angles) gives attenuation per pixel.
    """

    def __init__(
        self, angles: Array, columns: int, size: int, axis: float, filter_name: str, scale: float
    ) -> None:
        self.columns = columns
        self.size = size
        self._length = transform_length(columns)
        self._frequency = fft.fftfreq(self._length)
        half = fbp_filter(filter_name, self._length)
        self._weight = xp.concatenate((half, half[1:-1][::-1])) * (scale / self._length)
        # This frequency has no mirror, and would leak between the two slices of a pair.
        self._weight[self._length // 2] = 0
        self._angles = angles
        step = max(1, _BATCH_SAMPLES // self._length)
        self._batches = [slice(start, start + step) for start in range(0, len(angles), step)]
        self._gridding = Gridding(size, axis)
        self._points: slice | None = None

    def __call__(
        self, sinograms: Array, centres: Array, progress: Callable[[float], None] = lambda _: None
    ) -> Float32:
        """Return the images (n, size, size) of `sinograms` (n, angles, columns).

        `centres` (n,) are the columns of the rotation axis, counted from 0 and fractional.
        Slices are transformed in pairs, as real and imaginary part, starting with the first two:
        the last bits of a slice depend on its partner. `progress` is told the fraction done.
        """
        images = xp.empty((len(sinograms), self.size, self.size), xp.float32)
        pairs = [slice(first, first + 2) for first in range(0, len(sinograms), 2)]
        grids: dict[int, Array] = {}
        for number, batch in enumerate(self._batches):
            self._set_points(batch)
            for i, pair in enumerate(pairs):
                samples = self._samples(sinograms[pair, batch], centres[pair])
                grid = self._gridding.spread(samples)
                if number:
                    grid += grids.pop(i)
                if number < len(self._batches) - 1:
                    grids[i] = grid
                else:
                    image = self._gridding.image(grid)
                    for place, part in zip(images[pair], (image.real, image.imag), strict=False):
                        place[:] = part
                progress((number + (i + 1) / len(pairs)) / len(self._batches))
        return images

    def _set_points(self, batch: slice) -> None:
        """Make the Fourier samples of `batch`, a range of the angles, the points."""
        if self._points != batch:
            theta = self._angles[batch, None]
            frequency = 2 * xp.pi * self._frequency.reshape(-1, 1, _RING)
            # Rows run down and y up, hence the sign.
            self._gridding.set_points(
                (-xp.sin(theta) * frequency).ravel(), (xp.cos(theta) * frequency).ravel()
            )
            self._points = batch

    def _samples(self, pair: Array, centres: Array) -> Array:
        """Return the filtered Fourier samples of one sinogram, or of a first + 1j * a second."""
        angles = pair.shape[1]
        weight = (self._weight * self._shift(centres[0])).astype(xp.complex64)
        apart = None
        if len(pair) == 2 and centres[0] != centres[1]:
            apart = self._shift(centres[1] - centres[0]).astype(xp.complex64)
        samples = xp.empty((self._length // _RING, angles, _RING), xp.complex64)
        step = max(1, _CACHED_SAMPLES // self._length)
        for first in range(0, angles, step):
            lines = slice(first, min(first + step, angles))
            spectrum = self._spectrum(pair[:, lines], apart)
            rings = (spectrum * weight).reshape(-1, self._length // _RING, _RING)
            samples[:, lines] = rings.transpose(1, 0, 2)
        return samples.ravel()

    def _spectrum(self, pair: Array, apart: Array | None) -> Array:
        """Return the transforms of some lines; the second slice is moved by `apart`."""
        packed = xp.zeros((pair.shape[1], self._length), xp.complex64)
        packed.real[:, : self.columns] = pair[0]
        if len(pair) == 2 and apart is None:
            packed.imag[:, : self.columns] = pair[1]
        spectrum: Array = fft.fft(packed, axis=1, overwrite_x=True)
        if apart is not None:
            spectrum += fft.fft(1j * pair[1], self._length, axis=1) * apart
        return spectrum

    def _shift(self, columns: float) -> Array:
        """Return the factors that move a projection by so many columns to the left."""
        return xp.exp(2j * xp.pi * columns * self._frequency)
