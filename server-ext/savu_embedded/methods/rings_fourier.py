"""Removal of stripes from sinograms by damping them in Fourier space.

Sinograms are (angles, columns) float32. A stripe has a low frequency along the angles, and a high
one along the columns. Savu's filters are not quite symmetric in frequency, for an even number of
angles or columns; here each is replaced by its symmetric part, which is all that acts on real data.
"""

from functools import lru_cache, partial

from savu_embedded.arrays import Array, fft, xp
from savu_embedded.methods import wavelets
from savu_embedded.methods.waves import Waves, make_waves


def remove_stripes_by_wavelets(
    sinogram: Array, sigma: float, level: int, moments: int, padding: int
) -> Array:
    """Damp, at every scale, the vertical details that hardly change along the angles.

    Details are those of `level` steps with Daubechies' wavelet of so many vanishing `moments`;
    `sigma` is the width of the damping, in frequency samples. The sinogram is continued by
    `padding` samples, with the mean along the angles and the edge across columns.
    Münch, Trtik, Marone and Stampanoni, doi:10.1364/OE.17.008567.

    All of it is linear, and what is damped are few waves along the angles: only these are
    decomposed across the columns, composed again and subtracted.
    """
    scales = _scales(len(sinogram), sigma, level, moments, padding)
    columns = sinogram.shape[1]
    result = sinogram.astype(xp.float32)
    for number, (analysis, synthesis) in enumerate(scales):
        lines = xp.pad(analysis @ sinogram, ((0, 0), (padding, padding)), mode="edge")
        widths = [lines.shape[1]]
        for _ in range(number):
            lines, _ = wavelets.decompose(lines, moments, 1)
            widths.append(lines.shape[1])
        smooth, lines = wavelets.decompose(lines, moments, 1)
        lines = wavelets.compose(xp.zeros_like(smooth), lines, moments, 1)[:, : widths.pop()]
        while widths:
            lines = wavelets.compose(lines, xp.zeros_like(lines), moments, 1)[:, : widths.pop()]
        result -= synthesis @ lines[:, padding : padding + columns]
    return result


def remove_stripes_by_fourier(
    sinogram: Array, cutoff: float, rows: int, order: int, padding: int
) -> Array:
    """Keep of the lowest frequencies along the angles only what is smooth across the columns.

    `cutoff` (frequency samples) and `order` shape a Butterworth low-pass on the frequencies of up
    to `rows` samples. The sinogram is continued by `padding` samples at all sides. Raven,
    doi:10.1063/1.1149043.
    """
    waves = _lowest(len(sinogram), rows, padding)
    amplitudes = waves.amplitudes(sinogram)
    lines = xp.pad(amplitudes, ((0, 0), (padding, padding)), mode="edge")
    width = lines.shape[1]
    # In Savu the filter's origin lies one sample before that of an even transform.
    across = xp.fft.fftfreq(width, 1 / width) + (width % 2 == 0)
    kept = 1 / (1 + (across / cutoff) ** (2 * order))
    mirror = xp.roll(kept[::-1], 1)
    up, off = xp.arange(len(waves.even)), len(sinogram) % 2 == 0
    here, there = ((xp.abs(sign * up + off) <= rows)[:, None] for sign in (1, -1))
    change = here * ((1 + 1j) * kept - 1) + there * ((1 - 1j) * mirror - 1)
    cosine, sine = xp.split(lines, 2)
    spectrum = fft.fft(cosine - 1j * sine, axis=1)
    spectrum *= (change / 2).astype(xp.complex64)
    damped = fft.ifft(spectrum, axis=1)[:, padding : width - padding]
    return sinogram + waves.values(waves.filtered(xp.concatenate((damped.real, -damped.imag))))


@lru_cache(maxsize=4)
def _lowest(angles: int, rows: int, padding: int) -> Waves:
    """Return the waves of up to `rows` frequency samples, and one more."""
    return make_waves(angles, padding, "edge", lambda w: 1.0 * (xp.abs(w) <= rows + 1))


def _damping(sigma: float, even: bool, frequency: Array) -> Array:
    """Return what is taken away; for an even length Savu's damping is half a sample off."""
    return xp.exp(-((frequency + even / 2) ** 2) / (2 * sigma**2))


@lru_cache(maxsize=4)
def _scales(
    angles: int, sigma: float, level: int, moments: int, padding: int
) -> list[tuple[Array, Array]]:
    """Return for every level what gives the damped amplitudes, and what to subtract of them.

    The arrays are (waves, angles) and (angles, waves) float32.
    """
    lengths = [angles + 2 * padding]
    for _ in range(level):
        lengths.append(wavelets.half_length(lengths[-1], moments))
    found = []
    for number in range(1, level + 1):
        length = lengths[number]
        waves = make_waves(length, 0, "edge", partial(_damping, sigma, length % 2 == 0))
        analysis, synthesis = waves.filtered(waves.outer), waves.inner.T
        for finer in lengths[number - 1 :: -1]:
            analysis = (wavelets.smoothing(finer, moments).T @ analysis.T).T
            synthesis = wavelets.compose(synthesis, xp.zeros_like(synthesis), moments, 0)[:finer]
        inner = slice(padding, padding + angles)
        border = analysis.sum(axis=1) - analysis[:, inner].sum(axis=1)
        analysis = analysis[:, inner] + border[:, None] / angles
        found.append((analysis.astype(xp.float32), synthesis[inner].astype(xp.float32)))
    return found
