"""Writing images as TIFF files, one uncompressed strip each (TIFF revision 6.0)."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

from savu_embedded.arrays import Array

_SHORT, _LONG = 3, 4
_UNSIGNED, _FLOAT = 1, 3


def write_tiff(path: Path, image: Array) -> None:
    """Write `image` (rows, columns), of unsigned integers or float32, to `path`."""
    height, width = image.shape
    values = np.ascontiguousarray(image, image.dtype.newbyteorder("<"))
    kind = _FLOAT if image.dtype.kind == "f" else _UNSIGNED
    tags = [
        (256, _LONG, width),
        (257, _LONG, height),
        (258, _SHORT, 8 * image.dtype.itemsize),
        (259, _SHORT, 1),  # not compressed
        (262, _SHORT, 1),  # 0 is black
        (273, _LONG, 0),  # where the strip begins, known once the tags are counted
        (277, _SHORT, 1),  # samples per pixel
        (278, _LONG, height),  # rows per strip
        (279, _LONG, values.nbytes),
        (339, _SHORT, kind),
    ]
    header, end = struct.pack("<2sHI", b"II", 42, 8), struct.pack("<I", 0)
    start = len(header) + 2 + 12 * len(tags) + len(end)
    entries = [
        struct.pack("<HHII", tag, kind_of, 1, start if tag == 273 else value)
        for tag, kind_of, value in tags
    ]
    directory = struct.pack("<H", len(tags)) + b"".join(entries) + end
    with path.open("wb") as file:
        file.write(header + directory)
        file.write(values.data)
