"""The reconstruction of Savu's SimpleRecon, which shows where things are, and not how dense."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from savu_embedded.arrays import Array, Float32


class SimpleBackprojection:
    """Backprojects smoothed logarithms without interpolation, as Savu's example plugin does.

    The angles are taken to be `angles` equal parts of half a turn, whatever they are. The filter
    is greatest at frequency 0 and falls to the highest one. Images have `size` pixels in both
    directions, the axis on pixel size // 2; beyond the detector there is nothing.
    """

    def __init__(self, angles: int, columns: int, size: int) -> None:
        place = np.arange(size) - size // 2
        theta = np.arange(angles) * np.pi / angles
        self._rows, self._columns = place[:, None] * np.sin(theta), place[:, None] * np.cos(theta)
        self._filter = np.abs(np.arange(columns) - columns // 2)
        self._size = size

    def __call__(
        self, sinograms: Array, centres: Array, progress: Callable[[float], None] = lambda _: None
    ) -> Float32:
        """Return the images (n, size, size) of `sinograms` (n, angles, columns) of integrals."""
        columns = sinograms.shape[2]
        logarithms = np.log(sinograms.astype(np.float64) + 1)
        smooth = np.fft.ifft(np.fft.fft(logarithms, axis=2) * self._filter, axis=2).real
        # A column of nothing, for rays beyond the detector.
        smooth = np.pad(np.nan_to_num(smooth), ((0, 0), (0, 0), (0, 1)))
        images = np.zeros((len(sinograms), self._size, self._size))
        for number in range(sinograms.shape[1]):
            place = self._columns[None, :, number] - self._rows[:, None, number]
            for image, lines, centre in zip(images, smooth, centres, strict=True):
                ray = np.floor(place + centre).astype(int)
                ray[(ray < 0) | (ray >= columns)] = columns
                image += lines[number][ray]
            progress((number + 1) / sinograms.shape[1])
        return images.astype(np.float32)
