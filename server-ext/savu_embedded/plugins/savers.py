"""Savers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import numpy as np

from savu_embedded.arrays import Array
from savu_embedded.plugins.base import PATTERNS, ImageFilter, Plugin
from savu_embedded.tiff import write_tiff


class Hdf5Saver(Plugin):
    """Adds nothing: every result is in an HDF5 file already."""


class ImageWriter(ImageFilter):
    """Writes every image of a dataset to a file of its own, and passes the data on."""

    makes_dataset = False
    suffix = ".tiff"
    #: How many plugins that make datasets, or measure, come before.
    place: int
    #: Where the images go, and the scan that their names begin with; known when the run begins.
    folder: Path
    scan: str
    #: The number of the first image: those of all tuned values are numbered one after the other.
    first: int = 0

    def begin(self, run_folder: Path, scan: str, first: int) -> None:
        """Make the folder for the images in that of the run."""
        self.first = first
        self.folder = run_folder / f"{self.name}_{self.place}"
        self.folder.mkdir(exist_ok=True)
        self.scan = scan

    def process_sinogram(self, sinogram: Array, row: int) -> Array:
        self._write(sinogram, row)
        return sinogram

    def process_frame(self, frame: Array, number: int) -> Array:
        self._write(frame, number)
        return frame

    def _write(self, image: Array, number: int) -> None:
        prefix = self.parameters["prefix"]
        start = f"img_{self.scan}_" if prefix in (None, "None") else prefix
        write_tiff(
            self.folder / f"{start}{self.first + number:05d}{self.suffix}", self.encoded(image)
        )

    def encoded(self, image: Array) -> Array:
        """Return the values that are stored."""
        return image.astype(np.float32, copy=False)


class TiffSaver(ImageWriter):
    """As 32-bit TIFF."""

    runs: ClassVar = {"pattern": tuple(PATTERNS)}

    def check(self) -> Iterator[str]:
        yield from super().check()
        yield from _checked_prefix(self.parameters["prefix"])


class ImageSaver(ImageWriter):
    """As TIFF of 8 or 16 bits, which span the range of all values or the one given, or of 32."""

    runs: ClassVar = {**TiffSaver.runs, "format": ("tif",), "num_bit": (8, 16, 32)}
    suffix = ".tif"
    needs_statistics = True

    def check(self) -> Iterator[str]:
        yield from super().check()
        yield from _checked_prefix(self.parameters["prefix"])
        low, high = self.parameters["min"], self.parameters["max"]
        if low is not None and high is not None and low >= high:
            yield "min must be less than max"

    def encoded(self, image: Array) -> Array:
        bits = self.parameters["num_bit"]
        if bits == 32 or self.statistics is None:
            return super().encoded(image)
        low, high = self.parameters["min"], self.parameters["max"]
        low = self.statistics.minimum if low is None else low
        high = self.statistics.maximum if high is None else high
        scaled = (np.clip(np.nan_to_num(image), low, high) - low) / ((high - low) or 1.0)
        return (scaled * (2**bits - 1)).astype(np.uint8 if bits == 8 else np.uint16)


def _checked_prefix(prefix: str | None) -> Iterator[str]:
    if prefix is not None and ("/" in prefix or "\\" in prefix):
        yield "prefix must be the beginning of a file name, with no folder"
