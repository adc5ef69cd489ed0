"""Filters of images, and of blocks of neighbouring images."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from savu_embedded.arrays import Array, ndimage, xp
from savu_embedded.methods import images
from savu_embedded.methods.medians import Border, running_median
from savu_embedded.methods.total_variation import denoise_bregman
from savu_embedded.plugins.base import PATTERNS, ImageFilter, Plugin, Progress

_DIMENSIONS = ("2D", "3D")


class _Median(ImageFilter):
    """Has a kernel in an image, or that reaches into the neighbouring images, too."""

    runs: ClassVar = {"kernel_dimension": _DIMENSIONS}

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        super().__init__(parameters)
        self._solid = parameters.get("kernel_dimension", "3D") == "3D"
        self.halo = parameters["kernel_size"] // 2 if self._solid else 0

    def check(self) -> Iterator[str]:
        yield from super().check()
        size = self.parameters["kernel_size"]
        if size < 1 or size % 2 == 0:
            yield "kernel_size must be odd"

    def process(self, block: Array, first_row: int, progress: Progress) -> Array:
        return self._filtered(block.astype(xp.float32, copy=False))

    def process_frames(self, block: Array, first_frame: int, progress: Progress) -> Array:
        return self._filtered(block.astype(xp.float32, copy=False))

    def _filtered(self, block: Array) -> Array:
        raise NotImplementedError

    def _median(self, block: Array, border: Border) -> Array:
        return running_median(block, self.parameters["kernel_size"], border, self._solid)


class MedianFilter(_Median):
    """The median; images at the ends and pixels at the edges are mirrored."""

    def _filtered(self, block: Array) -> Array:
        return self._median(block, "reflect")


class _Dezinger(_Median):
    """Replaces values that lie far from the median of their neighbours.

    Far is `outlier_mu` standard deviations of all values; in Savu it is those of the block that
    happens to be worked on.
    """

    needs_statistics = True

    def _filtered(self, block: Array) -> Array:
        median = self._median(block, "nearest")
        deviation = self.statistics.deviation if self.statistics else 1.0
        far = xp.float32(self.parameters["outlier_mu"] * deviation)
        return xp.where(xp.abs(block - median) >= far, median, block)


class DezingerSinogram(_Dezinger):
    """In sinograms."""

    pattern = "SINOGRAM"


class Dezinger(_Dezinger):
    """In frames, as a rule before the flat field correction."""

    runs: ClassVar = {}


class BandPass(Plugin):
    """Blurs the data along the angle and in the frames, or takes their blur away from them."""

    cuts = ("frames",)

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        super().__init__(parameters)
        self._widths = parameters["blur_width"]
        # The filter ends at four widths.
        self.halo = math.ceil(4 * self._widths[0]) if self._widths else 0

    def check(self) -> Iterator[str]:
        if len(self._widths) != 3 or min(self._widths) < 0:
            yield "blur_width must be three widths, along angle, row and column, none negative"

    def process_frames(self, block: Array, first_frame: int, progress: Progress) -> Array:
        values = block.astype(xp.float32, copy=False)
        blurred = ndimage.gaussian_filter(values, self._widths)
        return blurred if self.parameters["type"] == "Low" else values - blurred


class DenoiseBregmanFilter(ImageFilter):
    """Takes noise away from frames, and keeps edges.

    Savu takes the word Anisotropic for isotropic.
    """

    runs: ClassVar = {"isotropic": (False, "Isotropic", "Anisotropic")}

    def check(self) -> Iterator[str]:
        if self.parameters["weight"] <= 0:
            yield "weight must be positive"
        if self.parameters["max_iterations"] < 1:
            yield "max_iterations must be 1 or more"

    def process_image(self, image: Array) -> Array:
        p = self.parameters
        isotropic = p["isotropic"] == "Isotropic"
        return denoise_bregman(
            image, p["weight"], p["max_iterations"], p["error_threshold"], isotropic
        )


class HilbertFilter(Plugin):
    """Transforms every line of columns."""

    cuts = ("rows", "frames")

    def process_sinogram(self, sinogram: Array, row: int) -> Array:
        return images.hilbert(sinogram.astype(xp.float32, copy=False))

    def process_frame(self, frame: Array, number: int) -> Array:
        return images.hilbert(frame.astype(xp.float32, copy=False))


class OtsuThresh(ImageFilter):
    """Makes a mask of each image, 1 above its threshold and 0 below."""

    dtype = "uint8"
    runs: ClassVar = {"cropping": (False,)}

    def process_image(self, image: Array) -> Array:
        return images.otsu_mask(image).astype(xp.uint8)


class MorphProc(ImageFilter):
    """Works on masks, with a disc."""

    dtype = "uint8"
    runs: ClassVar = {
        "pattern": tuple(PATTERNS),
        "morph_operation": (
            "binary_erosion",
            "binary_dilation",
            "binary_opening",
            "binary_closing",
        ),
    }

    def check(self) -> Iterator[str]:
        yield from super().check()
        if self.parameters["disk_radius"] < 0:
            yield "disk_radius must not be negative"

    def process_image(self, image: Array) -> Array:
        p = self.parameters
        mask = images.morphology(image > 0, p["morph_operation"], p["disk_radius"])
        return mask.astype(xp.uint8)


class MorphRemoveObjects(ImageFilter):
    """Works on masks."""

    dtype = "uint8"
    runs: ClassVar = {"pattern": tuple(PATTERNS), "connectivity": (1, 2)}

    def process_image(self, image: Array) -> Array:
        p = self.parameters
        return images.remove_small(image > 0, p["min_size"], p["connectivity"]).astype(xp.uint8)
