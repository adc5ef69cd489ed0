"""The reconstruction of Savu's SimpleRecon, which shows where things are, and not how dense."""

from __future__ import annotations

from collections.abc import Callable

from savu_embedded.arrays import Array, Float32, xp


class SimpleBackprojection:
    """Backprojects smoothed logarithms without interpolation, as Savu's example plugin does.

    The angles are taken to be `angles` equal parts of half a turn, whatever they are. The filter
    is greatest at frequency 0 and falls to the highest one. Images have `size` pixels in both
    directions, the axis on pixel size // 2; beyond the detector there is nothing.
    """

    def __init__(self, angles: int, columns: int, size: int) -> None:
        place = xp.arange(size) - size // 2
        theta = xp.arange(angles) * xp.pi / angles
        self._rows, self._columns = place[:, None] * xp.sin(theta), place[:, None] * xp.cos(theta)
        self._filter = xp.abs(xp.arange(columns) - columns // 2)
        self._size = size

    def __call__(
        self, sinograms: Array, centres: Array, progress: Callable[[float], None] = lambda _: None
    ) -> Float32:
        """Return the images (n, size, size) of `sinograms` (n, angles, columns) of integrals."""
        columns = sinograms.shape[2]
        logarithms = xp.log(sinograms.astype(xp.float64) + 1)
        smooth = xp.fft.ifft(xp.fft.fft(logarithms, axis=2) * self._filter, axis=2).real
        # A column of nothing, for rays beyond the detector.
        smooth = xp.pad(xp.nan_to_num(smooth), ((0, 0), (0, 0), (0, 1)))
        images = xp.zeros((len(sinograms), self._size, self._size))
        for number in range(sinograms.shape[1]):
            place = self._columns[None, :, number] - self._rows[:, None, number]
            for image, lines, centre in zip(images, smooth, centres, strict=True):
                ray = xp.floor(place + centre).astype(int)
                ray[(ray < 0) | (ray >= columns)] = columns
                image += lines[number][ray]
            progress((number + 1) / sinograms.shape[1])
        return images.astype(xp.float32)
