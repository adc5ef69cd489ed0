"""Phases that jump by full turns, made continuous, by Fourier transforms."""

from __future__ import annotations

from savu_embedded.arrays import Array, fft, xp

_TURN = 2 * xp.pi


def unwrap_phase(image: Array, iterations: int) -> Array:
    """Return the continuous phase, float32, mean 0, of `image` (rows, columns) in radians.

    The Laplacian of the phase does not feel the jumps, and is inverted. What the first solution
    leaves is unwrapped again, so many `iterations` times. Ghiglia and Romero,
    doi:10.1364/JOSAA.11.000107; Martinez-Carranza, Falaggis and Kozacki, doi:10.1364/AO.56.007079.
    """
    wrapped = image.astype(xp.float64)
    phase = _from_laplacian(wrapped)
    for _ in range(iterations):
        rest = wrapped - _wrap(phase)
        phase += _from_laplacian(_wrap(rest - rest.mean()))
    return phase.astype(xp.float32)


def _from_laplacian(wrapped: Array) -> Array:
    """Return the phase whose Laplacian is that of the complex wave of the `wrapped` one."""
    height, width = wrapped.shape
    # Mirrored at its edges, the image is periodic.
    mirrored = xp.pad(wrapped, ((height, 0), (0, width)), mode="symmetric")
    wave = xp.exp(1j * mirrored)
    up, across = (fft.fftfreq(2 * length, 0.5) for length in (height, width))
    laplacian = up[:, None] ** 2 + across**2
    curved = xp.imag(fft.ifft2(fft.fft2(wave) * laplacian) * wave.conj())
    laplacian[0, 0] = 1
    phase = fft.ifft2(fft.fft2(curved) / laplacian).real
    return xp.asarray(phase[height:, :width])


def _wrap(phase: Array) -> Array:
    return (phase + xp.pi) % _TURN - xp.pi
