"""Filters of filtered backprojection."""

from collections.abc import Callable

from savu_embedded.arrays import Array, xp


def _parzen(frequency: Array) -> Array:
    x = 2 * frequency
    return xp.where(x <= 0.5, 1 - 6 * x**2 * (1 - x), 2 * (1 - x) ** 3)


# Windows on top of the ramp, as functions of the frequency in cycles per pixel (0 to 0.5).
_WINDOWS: dict[str, Callable[[Array], Array]] = {
    "ramp": xp.ones_like,
    "shepp-logan": xp.sinc,
    "cosine": lambda w: xp.cos(xp.pi * w),
    "hamming": lambda w: 0.54 + 0.46 * xp.cos(2 * xp.pi * w),
    "hann": lambda w: 0.5 + 0.5 * xp.cos(2 * xp.pi * w),
    "parzen": _parzen,
}

FILTER_NAMES = (*_WINDOWS, "none")


def ramp(length: int) -> Array:
    """Return the ramp |w| at the frequencies of a real FFT of `length`, float64.

    It is the transform of the band-limited kernel in space, which keeps the mean of the image
    right where a ramp sampled in frequency does not (Kak and Slaney, Principles of Computerized
    Tomographic Imaging, chapter 3). The kernel is symmetric in the lag for odd and even lengths.
    """
    lag = xp.minimum(xp.arange(length), length - xp.arange(length))
    odd = lag % 2 == 1
    kernel = xp.zeros(length)
    kernel[0] = 0.25
    kernel[odd] = -1 / (xp.pi * lag[odd]) ** 2
    return xp.fft.rfft(kernel).real


def fbp_filter(name: str, length: int) -> Array:
    """Return the filter `name` (one of `FILTER_NAMES`) for a real FFT of `length`, float64.

    "none" is one half everywhere: the backprojection that Savu's plugins scale by
    pi / (2 * number of angles).
    """
    if name == "none":
        return xp.full(length // 2 + 1, 0.5)
    return ramp(length) * _WINDOWS[name](xp.fft.rfftfreq(length))
