"""Storing a scan anew whose rows are stored together, so that each chunk is read once only.

Where a chunk of the file holds many rows, as with compressed frames, reading the data block by
block of rows would read and decompress each chunk once for every block.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from savu_embedded.arrays import Array
from savu_embedded.datasets import Span
from savu_embedded.memory import PROCESS, Need
from savu_embedded.result_files import ResultFile, create_result
from savu_embedded.sources import Source
from savu_embedded.worker import Later, Report

# Reading a chunk so often costs as much as storing it anew, and more.
_READS = 3


def is_worthwhile(source: Source, block: int, rows: int) -> bool:
    """Return whether a pass to store `rows` rows pays, that are read in blocks of so many."""
    return min(source.chunk_rows, rows) > (_READS - 1) * block


def need_of_frames(source: Source) -> Need:
    """Return what a worker needs for some frames: those read, worked on and written."""
    _, rows, columns = source.data.shape
    return Need(PROCESS, 4 * rows * columns * source.read_frames(0, 1).dtype.itemsize)


def create_store(path: Path, source: Source, rows: Span) -> ResultFile:
    """Make the file for some rows of a loaded dataset, in the type that it has."""
    path.unlink(missing_ok=True)
    frames, _, columns = source.data.shape
    shape = (frames, rows[1] - rows[0], columns)
    dtype = str(source.read_frames(0, 1).dtype)
    return create_result(path, "unpacked", shape, rows[0], "frames", dtype=dtype)[0]


@dataclass(frozen=True)
class Unpacking:
    """Copies frames of `source`, their rows as far as `store` has them."""

    source: Source
    store: ResultFile

    def read(self, task: Span) -> Array:
        first = self.store.first
        return self.source.read_frames(*task)[:, first : first + self.store.shape[1]]

    def run(
        self, task: Span, read: Array, report: Report, later: Later
    ) -> Callable[[], tuple[int, Span]]:
        """Copy some frames, and find how many of their values are no numbers."""
        later(lambda: self.store.write_frames(task[0], read))
        wrong = int(np.count_nonzero(~np.isfinite(read))) if read.dtype.kind == "f" else 0
        report(0, 1.0)
        return lambda: (wrong, task)
