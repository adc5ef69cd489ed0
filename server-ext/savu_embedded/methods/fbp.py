"""Filtered backprojection as an adjoint non-uniform Fourier transform.

By the Fourier slice theorem the transform of a projection is a line of the image's transform, so
the backprojection of filtered projections is one two-dimensional non-uniform transform (type 1)
of all the lines. Its accuracy is that of the transform, with no interpolation between detector
columns, and its cost grows with the number of samples and not with samples times pixels.
"""

from collections.abc import Callable

import finufft
import numpy as np
import scipy.fft

from savu_embedded.arrays import Array, Float32
from savu_embedded.methods.filters import fbp_filter

# Relative accuracy of the transform: far below the noise of any scan.
_ACCURACY = 1e-4
# Samples in one transform, which bounds its memory (about 50 bytes a sample) for any scan.
_BATCH_SAMPLES = 3_000_000


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
        self._length = scipy.fft.next_fast_len(2 * columns)
        self._frequency = np.fft.fftfreq(self._length)
        half = fbp_filter(filter_name, self._length)
        mirror = half[1 : (self._length + 1) // 2][::-1]
        self._weight = np.concatenate((half, mirror)) * (scale / self._length)
        if self._length % 2 == 0:
            # This frequency has no mirror, and would leak between the two slices of a pair.
            self._weight[self._length // 2] = 0
        self._angles = angles
        self._axis = axis
        step = max(1, _BATCH_SAMPLES // self._length)
        self._batches = [slice(start, start + step) for start in range(0, len(angles), step)]
        self._plan = finufft.Plan(
            1, (size, size), isign=1, eps=_ACCURACY, dtype="complex64", nthreads=1
        )
        self._points: _Points | None = None

    def __call__(
        self, sinograms: Array, centres: Array, progress: Callable[[float], None] = lambda _: None
    ) -> Float32:
        """Return the images (n, size, size) of `sinograms` (n, angles, columns).

        `centres` (n,) are the columns of the rotation axis, counted from 0 and fractional.
        Slices are transformed in pairs, as real and imaginary part, starting with the first two:
        the last bits of a slice depend on its partner. `progress` is told the fraction done.
        """
        images = np.zeros((len(sinograms), self.size, self.size), np.float32)
        for number, batch in enumerate(self._batches):
            points = self._set_points(batch)
            for first in range(0, len(sinograms), 2):
                pair = slice(first, first + 2)
                samples = self._samples(points, sinograms[pair], centres[pair])
                total = self._plan.execute(samples.ravel())
                images[first] += total.real
                if first + 1 < len(sinograms):
                    images[first + 1] += total.imag
                done = number + min(1.0, (first + 2) / len(sinograms))
                progress(done / len(self._batches))
        return images

    def _set_points(self, batch: slice) -> "_Points":
        """Make `batch`, a range of the angles, the points of the transform."""
        if self._points is None or self._points.angles != batch:
            theta = self._angles[batch]
            self._points = _Points(batch, theta, self._frequency, self.size // 2 - self._axis)
            self._plan.setpts(self._points.x, self._points.y)
        return self._points

    def _samples(self, points: "_Points", pair: Array, centres: Array) -> Array:
        """Return the filtered Fourier samples of one sinogram, or of a first + 1j * a second."""
        first = pair[0, points.angles]
        if len(pair) == 1:
            spectrum = self._transform(first)
        elif centres[0] == centres[1]:
            packed = np.empty(first.shape, np.complex64)
            packed.real = first
            packed.imag = pair[1, points.angles]
            spectrum = self._transform(packed)
        else:
            apart = 1j * self._shift(centres[1] - centres[0])
            spectrum = self._transform(pair[1, points.angles])
            spectrum *= apart.astype(np.complex64)
            spectrum += self._transform(first)
        spectrum *= (self._weight * self._shift(centres[0])).astype(np.complex64)
        if points.pixel_shift is not None:
            spectrum *= points.pixel_shift
        return spectrum

    def _transform(self, sinogram: Array) -> Array:
        return np.asarray(scipy.fft.fft(sinogram, self._length, axis=1))

    def _shift(self, columns: float) -> Array:
        """Return the factors that move a projection by so many columns to the left."""
        return np.exp(2j * np.pi * columns * self._frequency)


class _Points:
    """The points in the Fourier plane of some of the angles.

    `offset` is how far the rotation axis lies before the transform's own origin, in pixels.
    """

    def __init__(self, angles: slice, theta: Array, frequency: Array, offset: float) -> None:
        self.angles = angles
        # Rows run down and y up, hence the sign.
        x = -2 * np.pi * np.outer(np.sin(theta), frequency)
        y = 2 * np.pi * np.outer(np.cos(theta), frequency)
        self.pixel_shift = np.exp(1j * offset * (x + y)).astype(np.complex64) if offset else None
        self.x = x.ravel().astype(np.float32)
        self.y = y.ravel().astype(np.float32)
