"""Reading and writing images as TIFF files.

The library is loaded where it is used, since most runs start without it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from savu_embedded.arrays import Array


class TiffError(Exception):
    """A file is no TIFF file, or is stored in a way that cannot be read."""


@dataclass(frozen=True)
class TiffImage:
    """Image `number` of a file; `offset` is where its values begin if they lie in one piece."""

    path: Path
    number: int
    shape: tuple[int, int]
    dtype: str
    offset: int | None

    @property
    def contiguous(self) -> bool:
        return self.offset is not None

    def read(self, first: int, last: int) -> Array:
        """Return rows `first` to `last` (not included).

        Raises:
            TiffError: it cannot be decoded.
        """
        if self.offset is None:
            return self._decoded()[first:last]
        dtype = np.dtype(self.dtype)
        count, start = (last - first) * self.shape[1], first * self.shape[1] * dtype.itemsize
        values = np.fromfile(self.path, dtype, count, offset=self.offset + start)
        if values.size != count:
            raise TiffError(f"{self.path} is shorter than it says.")
        return values.reshape(-1, self.shape[1])

    def _decoded(self) -> Array:
        import tifffile

        try:
            return np.asarray(tifffile.imread(self.path, key=self.number))
        except (ValueError, tifffile.TiffFileError) as error:
            raise TiffError(f"{self.path} cannot be decoded: {error}") from error


def open_images(path: Path) -> Iterator[TiffImage]:
    """Yield the images of a file.

    Raises:
        TiffError: it is no TIFF file, or an image is not one of grey values.
        OSError: it cannot be read.
    """
    import tifffile

    try:
        with tifffile.TiffFile(path) as file:
            for number, page in enumerate(file.pages):
                page = page.aspage()
                if page.ndim != 2 or page.dtype is None:
                    raise TiffError(f"{path} has no image of grey values, but {page.shape}.")
                whole = page.is_contiguous
                dtype = page.dtype.newbyteorder(file.byteorder).str
                offset = page.dataoffsets[0] if whole else None
                yield TiffImage(path, number, page.shape, dtype, offset)
    except tifffile.TiffFileError as error:
        raise TiffError(f"{path} is no TIFF file: {error}") from error


def write_tiff(path: Path, image: Array) -> None:
    """Write `image` (rows, columns), of unsigned integers or float32, not compressed."""
    import tifffile

    tifffile.imwrite(path, image, byteorder="<", metadata=None, software=False)
