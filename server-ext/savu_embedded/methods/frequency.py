"""Filters of projections in Fourier space: phase retrieval and deconvolution, float32."""

from typing import Any

from savu_embedded.arrays import Array, fft, xp

# Frames may have a time stamp in their first rows.
_STAMP_ROWS = 10


def paganin_filter(
    shape: tuple[int, int], ratio: float, energy: float, distance: float, pixel: float
) -> Array:
    """Return the factors, float32, by which the spectrum of a frame (rows, columns) is multiplied.

    `ratio` is delta / beta, `energy` in keV, `distance` in metres, `pixel` in micrometres. As in
    Savu, the modulus is that of a filter with equal real and imaginary part, and its origin lies
    one sample before that of a transform of even length. Paganin and others,
    doi:10.1046/j.1365-2818.2002.01010.x.
    """
    up, across = (_savu_frequencies(length) / (pixel * 1e-6) for length in shape)
    wavelength = 1240 / (1000 * energy) * 1e-9
    roughness = up[:, None] ** 2 + across**2
    blur = 1 + ratio * xp.pi * wavelength * distance * roughness
    return xp.asarray(1 / (xp.sqrt(2) * blur), xp.float32)


def projected_thickness(
    frame: Array, factors: Array, pad: tuple[int, int], pad_mode: Any, ratio: float, floor: float
) -> Array:
    """Return -ratio / 2 * log of the filtered `frame`: the logarithm is taken already.

    `pad` are the rows and columns added at each side; `floor` is added before the logarithm.
    """
    clean = xp.nan_to_num(frame.astype(xp.float32, copy=False))
    clean = xp.where(clean == 0, xp.float32(1), clean)
    (rows, columns), padded = pad, xp.pad(clean, [(n, n) for n in pad], pad_mode)
    spectrum = fft.fft2(padded)
    spectrum *= factors
    filtered = xp.abs(fft.ifft2(spectrum))
    inner = filtered[rows : rows + frame.shape[0], columns : columns + frame.shape[1]]
    with xp.errstate(divide="ignore"):
        return xp.asarray(-0.5 * ratio * xp.log(inner + xp.float32(floor)))


def fresnel_sinogram(sinogram: Array, ratio: float, pad: int) -> Array:
    """Return `sinogram` (integrals) smoothed across its columns, more for a larger `ratio`."""
    width = sinogram.shape[1]
    integrals = xp.pad(sinogram, ((0, 0), (pad, pad)), mode="edge")
    window = xp.pad(1 + ratio * _centred(width) ** 2, pad, mode="edge")
    smooth = _divided(integrals, xp.fft.ifftshift(window), axes=(1,))
    return xp.asarray(smooth[:, pad : pad + width].real)


def fresnel_frame(frame: Array, ratio: float, pad: int) -> Array:
    """Return `frame` (integrals) smoothed in both directions, more for a larger `ratio`."""
    height, width = frame.shape
    integrals = xp.pad(frame[_STAMP_ROWS:], ((pad + _STAMP_ROWS, pad), (pad, pad)), mode="edge")
    window = 1 + ratio * (_centred(height)[:, None] ** 2 + _centred(width) ** 2)
    window = xp.fft.ifftshift(xp.pad(window, pad, mode="edge"))
    smooth = _divided(integrals, window, axes=(0, 1))
    return xp.asarray(smooth[pad : pad + height, pad : pad + width].real)


def deconvolve(image: Array, transfer: Array, pad: int) -> Array:
    """Return `image` without the blur whose transfer function is `transfer`, of the same shape.

    The zero frequency of `transfer` is in its middle. Vo, Atwood and Drakopoulos,
    doi:10.1117/12.2530324.
    """
    height, width = image.shape
    padded = xp.pad(image, pad, mode="reflect")
    window = xp.fft.ifftshift(xp.pad(transfer, pad, constant_values=1))
    sharp = _divided(padded, window, axes=(0, 1))
    return xp.abs(sharp[pad : pad + height, pad : pad + width])


def _savu_frequencies(length: int) -> Array:
    """Return the frequencies (length,) of Savu's filter, in cycles per pixel."""
    return xp.fft.fftfreq(length) + (length % 2 == 0) / length


def _centred(length: int) -> Array:
    """Return the frequencies (length,) in cycles per pixel, the zero in the middle."""
    return xp.fft.fftshift(xp.fft.fftfreq(length))


def _divided(image: Array, window: Array, axes: tuple[int, ...]) -> Array:
    spectrum = fft.fftn(image.astype(xp.float32, copy=False), axes=axes)
    return xp.asarray(fft.ifftn(spectrum / window.astype(xp.float32), axes=axes))
