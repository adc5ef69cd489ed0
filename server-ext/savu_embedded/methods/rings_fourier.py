"""Removal of stripes from sinograms by damping them in Fourier space.

Sinograms are (angles, columns) float32. A stripe has a low frequency along the angles, and a high
one along the columns. Savu's filters are not quite symmetric in frequency, for an even number of
angles or columns; here each is replaced by its symmetric part, which is all that acts on real data.
"""

import numpy as np
import scipy.fft

from savu_embedded.arrays import Array
from savu_embedded.methods import wavelets


def remove_stripes_by_wavelets(
    sinogram: Array, sigma: float, level: int, moments: int, padding: int
) -> Array:
    """Damp, at every scale, the vertical details that hardly change along the angles.

    Details are those of `level` steps with Daubechies' wavelet of so many vanishing `moments`;
    `sigma` is the width of the damping, in frequency samples. The sinogram is continued by
    `padding` samples, with the mean along the angles and the edge across columns.
    Münch, Trtik, Marone and Stampanoni, doi:10.1364/OE.17.008567.
    """
    smooth = np.pad(sinogram, ((padding, padding), (0, 0)), mode="mean")
    smooth = np.pad(smooth, ((0, 0), (padding, padding)), mode="edge")
    details = []
    for _ in range(level):
        low, high = wavelets.decompose(smooth, moments, 0)
        across = wavelets.decompose(high, moments, 1)
        smooth, stripes = wavelets.decompose(low, moments, 1)
        details.append((_without_constant(stripes, sigma), across))
    for stripes, across in reversed(details):
        rows, columns = stripes.shape
        low = wavelets.compose(smooth[:rows, :columns], stripes, moments, 1)
        smooth = wavelets.compose(low, wavelets.compose(*across, moments, 1), moments, 0)
    rows, columns = (slice(padding, padding + length) for length in sinogram.shape)
    return np.ascontiguousarray(smooth[rows, columns])


def remove_stripes_by_fourier(
    sinogram: Array, cutoff: float, rows: int, order: int, padding: int
) -> Array:
    """Keep of the lowest frequencies along the angles only what is smooth across the columns.

    `cutoff` (frequency samples) and `order` shape a Butterworth low-pass on the frequencies of up
    to `rows` samples. The sinogram is continued by `padding` samples at all sides. Raven,
    doi:10.1063/1.1149043.
    """
    padded = np.pad(sinogram, padding, mode="edge")
    height, width = padded.shape
    # In Savu the filter's origin lies one sample before that of an even transform.
    up = np.fft.fftfreq(height, 1 / height) + (height % 2 == 0)
    across = np.fft.fftfreq(width, 1 / width) + (width % 2 == 0)
    kept = 1 / (1 + (across / cutoff) ** (2 * order))
    weight = np.where(np.abs(up)[:, None] <= rows, (1 + 1j) * kept, 1)
    mirror = np.roll(weight[::-1, ::-1], 1, axis=(0, 1))
    symmetric = ((weight + mirror.conj()) / 2)[:, : width // 2 + 1].astype(np.complex64)
    spectrum = scipy.fft.rfft2(padded)
    spectrum *= symmetric
    filtered = scipy.fft.irfft2(spectrum, padded.shape)
    return np.ascontiguousarray(
        filtered[padding : height - padding, padding : width - padding], dtype=np.float32
    )


def low_pass(values: Array, sigma: float, axis: int) -> Array:
    """Return `values` times a Gaussian of `sigma` samples in the frequencies along `axis`."""
    length = values.shape[axis]
    shape = [1] * values.ndim
    shape[axis] = length
    sign = ((-1.0) ** np.arange(length)).astype(np.float32).reshape(shape)
    window = _gaussian(length, sigma)
    shape[axis] = -1
    symmetric = (window + np.roll(window[::-1], 1))[: length // 2 + 1] / 2
    spectrum = scipy.fft.rfft(values * sign, axis=axis)
    spectrum *= symmetric.astype(np.float32).reshape(shape)
    return np.asarray(scipy.fft.irfft(spectrum, length, axis=axis) * sign)


def low_pass_both(values: Array, sigmas: tuple[float, float]) -> Array:
    """Return the image `values` times a Gaussian in both frequencies, of these widths."""
    height, width = values.shape
    sign = (-1.0) ** (np.arange(height)[:, None] + np.arange(width))
    up, across = (_gaussian(n, s) for n, s in zip(values.shape, sigmas, strict=True))
    mirror = [np.roll(window[::-1], 1) for window in (up, across)]
    half = slice(0, width // 2 + 1)
    symmetric = np.outer(up, across[half]) + np.outer(mirror[0], mirror[1][half])
    signed = (values * sign).astype(np.float32)
    spectrum = scipy.fft.rfft2(signed) * (symmetric / 2).astype(np.float32)
    return np.asarray(scipy.fft.irfft2(spectrum, values.shape) * sign.astype(np.float32))


def _gaussian(length: int, sigma: float) -> Array:
    place = np.arange(length) - (length - 1) / 2
    return np.exp(-(place**2) / (2 * sigma**2))


def _without_constant(details: Array, sigma: float) -> Array:
    """Damp the low frequencies along the first axis."""
    length = len(details)
    place = np.fft.ifftshift(np.arange(length) - length // 2 + 0.5 * (length % 2 == 0))
    damping = 1 - np.exp(-(place**2) / (2 * sigma**2))
    symmetric = (damping + np.roll(damping[::-1], 1))[: length // 2 + 1] / 2
    spectrum = scipy.fft.rfft(details, axis=0)
    spectrum *= symmetric.astype(np.float32)[:, None]
    return np.asarray(scipy.fft.irfft(spectrum, length, axis=0))
