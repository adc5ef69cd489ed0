"""Loading stacks of TIFF images."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import numpy as np

from savu_embedded.arrays import Array
from savu_embedded.datasets import Dataset, Field, projections
from savu_embedded.faults import plain
from savu_embedded.plugins.loading import NONE, Loader, check_angles
from savu_embedded.sources import OneScan, Source
from savu_embedded.tiff import TiffError, TiffImage, open_images

_SUFFIXES = (".tif", ".tiff")


class ImageLoader(Loader):
    """One projection an image: a folder of TIFF files, or one file of many images.

    A file of one image stands for the folder that it is in.

    Files are in the order of the numbers in their names. Prefixes of dark and flat fields may
    begin with a folder, relative to that of the projections.
    """

    runs: ClassVar = {"frame_dim": (0,)}

    def check(self) -> Iterator[str]:
        yield from check_angles(self.parameters["angles"])

    def open(self, path: Path) -> dict[str, Source]:
        images = self._images(path, self.parameters["data_prefix"])
        if len(images) == 1 and path.is_file():
            images = self._images(path.parent, self.parameters["data_prefix"])
        shape = (len(images), *images[0].shape)
        odd = next((image for image in images if image.shape != shape[1:]), None)
        if odd is not None:
            raise self.refused(
                f"{odd.path.name} has {odd.shape[0]} x {odd.shape[1]} pixels, and "
                f"{images[0].path.name} {shape[1]} x {shape[2]}."
            )
        selected, rows, columns = self.indices(self.parameters["preview"], shape)
        angles = self.given_angles(path)
        if angles is None:
            angles = np.linspace(0, 180, len(images))
        if len(angles) != len(images):
            raise self.refused(f"{len(angles)} angles for {len(images)} projections do not fit.")
        fields = {
            name: self._field(path, f"{name}_prefix", shape, rows, columns)
            for name in ("dark", "flat")
        }
        data = projections(
            angles[selected], len(rows), len(columns), fields["dark"], fields["flat"]
        )
        data = replace(data, dtype=np.result_type(*(image.dtype for image in images)).name)
        loaded = [images[number] for number in selected]
        return {self.parameters["dataset_name"]: _ImageSource(loaded, rows, columns, data)}

    def _images(self, path: Path, prefix: str | None) -> list[TiffImage]:
        """Return the images of the files in `path` whose names begin with `prefix`."""
        beginning = "" if prefix in NONE else str(prefix)
        if path.is_dir():
            start = path / beginning
            folder, name = (path, "") if not beginning else (start.parent, start.name)
            other = [str(self.parameters[f"{kind}_prefix"]) for kind in ("dark", "flat")]
            files = [
                file
                for file in _listed(folder)
                if file.name.startswith(name)
                and not (not name and file.name.startswith(tuple(other)))
            ]
        else:
            files = [path]
        if not files:
            raise self.refused(f"{path} has no TIFF files whose names begin with {beginning!r}.")
        try:
            return [image for file in files for image in open_images(file)]
        except (OSError, TiffError) as error:
            raise self.refused(plain(error)) from error

    def _field(
        self, path: Path, parameter: str, shape: Sequence[int], rows: Array, columns: Array
    ) -> list[Field]:
        prefix = self.parameters[parameter]
        if prefix in NONE:
            return []
        folder = path if path.is_dir() else path.parent
        images = self._images(folder, prefix)
        if any(image.shape != tuple(shape[1:]) for image in images):
            raise self.refused(f"{parameter}: the images are not as large as the projections.")
        total = np.zeros((len(rows), len(columns)))
        for image in images:
            total += image.read(int(rows[0]), int(rows[-1]) + 1)[np.ix_(rows - rows[0], columns)]
        return [Field(total / len(images), len(images))]


@dataclass
class _ImageSource(OneScan):
    """Some rows and columns of images."""

    images: Sequence[TiffImage]
    rows: Array
    columns: Array
    data: Dataset

    @property
    def chunk_rows(self) -> int:
        """All rows of a compressed image are decoded to read one."""
        return 1 if all(image.contiguous for image in self.images) else len(self.rows)

    def link(self) -> None:
        return None

    def read(self, first: int, last: int) -> Array:
        return np.ascontiguousarray(self._read(self.images, self.rows[first:last]).swapaxes(0, 1))

    def read_frames(self, first: int, last: int) -> Array:
        return self._read(self.images[first:last], self.rows)

    def _read(self, images: Sequence[TiffImage], rows: Array) -> Array:
        first, inside = int(rows[0]), np.ix_(rows - rows[0], self.columns)
        return np.stack([image.read(first, int(rows[-1]) + 1)[inside] for image in images])


def _listed(folder: Path) -> list[Path]:
    """Return the TIFF files of a folder in the order of the numbers in their names."""
    if not folder.is_dir():
        return []
    files = [file for file in folder.iterdir() if file.suffix.lower() in _SUFFIXES]
    return sorted(files, key=lambda file: [_natural(part) for part in _PARTS.split(file.name)])


_PARTS = re.compile(r"(\d+)")


def _natural(part: str) -> tuple[int, str]:
    return (int(part), "") if part.isdigit() else (-1, part)
