"""Where the values of a dataset lie in its file, asked of HDF5 once."""

from __future__ import annotations

import math
import os
import time
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import h5py
import hdf5plugin  # noqa: F401 - registers its compression filters
import numpy as np
from numpy.typing import NDArray

from jupyterlab_savu.data.confined import ConfinedFile
from jupyterlab_savu.data.roots import Roots
from jupyterlab_savu.data.slices.filters import Decoder, Filter, NotReadable
from jupyterlab_savu.data.slices.marks import Marks

_MAX_CHUNKS = 4_000_000
#: Chunks whose places are noted together.
_AT_ONCE = 1 << 16
#: Seconds: a file that changed more recently may change again within one tick of its clock.
_SETTLED = 2.0


class Changed(Exception):  # noqa: N818 - says what happened
    """The file is not as it was when its layout was read."""


@dataclass(frozen=True)
class Stamp:
    """What changes when a file does."""

    path: Path
    device: int
    inode: int
    size: int
    modified: int

    @classmethod
    def of(cls, path: Path) -> Stamp:
        info = path.stat()
        return cls(path, info.st_dev, info.st_ino, info.st_size, info.st_mtime_ns)

    def holds(self) -> bool:
        try:
            return Stamp.of(self.path) == self
        except OSError:
            return False

    def may_follow(self, earlier: Stamp) -> bool:
        """Whether this may be the same file after more was written into it."""
        place = (self.path, self.device, self.inode)
        return place == (earlier.path, earlier.device, earlier.inode) and self.size >= earlier.size


@dataclass(frozen=True)
class Facts:
    """What is known of a dataset whatever its layout; `stamps` are those of its files.

    `marks` tell what of it was written, where somebody keeps any.
    """

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    fill: Any
    stamps: tuple[Stamp, ...]
    read_at: float
    marks: Marks | None

    @property
    def settled(self) -> bool:
        """Whether the files had been at rest when the layout was read."""
        return all(self.read_at - stamp.modified / 1e9 > _SETTLED for stamp in self.stamps)

    def hold(self) -> bool:
        return all(stamp.holds() for stamp in self.stamps)

    def may_follow(self, earlier: Facts) -> bool:
        """Whether these may be those of the same dataset after more was written into it."""
        return (
            (self.shape, self.dtype, self.marks) == (earlier.shape, earlier.dtype, earlier.marks)
            and len(self.stamps) == len(earlier.stamps)
            and all(
                now.may_follow(then) for now, then in zip(self.stamps, earlier.stamps, strict=True)
            )
        )


class _Stored:
    """The open file of a layout; closed when nobody uses it any more."""

    def __init__(self, facts: Facts, path: Path) -> None:
        self.facts = facts
        self.file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))

    def __del__(self) -> None:
        os.close(self.file)


class Contiguous(_Stored):
    """Values in one run, in C order, from `offset` on; `values` is a mapping of them."""

    def __init__(self, facts: Facts, path: Path, offset: int) -> None:
        super().__init__(facts, path)
        self.offset = offset
        self.values: NDArray[Any] = np.memmap(path, facts.dtype, "r", offset, facts.shape)

    def follows(self, earlier: Layout) -> bool:
        """Whether all that `earlier` says is still so, whatever was added since."""
        return (
            isinstance(earlier, Contiguous)
            and self.offset == earlier.offset
            and self.facts.may_follow(earlier.facts)
        )


class Chunked(_Stored):
    """Values in chunks: address, stored size and filter mask of each, -1 where none is written.

    Without filters, `mapping` holds the bytes of the file.
    """

    def __init__(
        self, facts: Facts, path: Path, dataset: h5py.Dataset, filters: list[Filter]
    ) -> None:
        super().__init__(facts, path)
        self.chunks: tuple[int, ...] = dataset.chunks
        self.grid = tuple(-(-n // c) for n, c in zip(facts.shape, self.chunks, strict=True))
        self.addresses = np.full(self.grid, -1, np.int64)
        self._sizes = np.zeros(self.grid, np.int64)
        self._masks = np.zeros(self.grid, np.uint32)
        found: list[Any] = []

        def note(stored: Any) -> None:
            found.append(stored)
            if len(found) == _AT_ONCE:
                self._note(found)

        dataset.id.chunk_iter(note)
        self._note(found)
        self._size = int(np.prod(self.chunks)) * facts.dtype.itemsize
        self._decoder = Decoder(filters, self.chunks, facts.dtype) if filters else None
        self.mapping: NDArray[np.uint8] | None = None if filters else np.memmap(path, mode="r")

    def _note(self, found: list[Any]) -> None:
        """Take over what HDF5 told of some chunks, which are forgotten then."""
        if not found:
            return
        offsets = np.array([stored.chunk_offset for stored in found])
        place = tuple((offsets // self.chunks).T)
        self.addresses[place] = [stored.byte_offset for stored in found]
        self._sizes[place] = [stored.size for stored in found]
        self._masks[place] = [stored.filter_mask for stored in found]
        found.clear()

    def follows(self, earlier: Layout) -> bool:
        """Whether all that `earlier` says is still so, whatever was added since."""
        if not isinstance(earlier, Chunked) or not self.facts.may_follow(earlier.facts):
            return False
        if self.chunks != earlier.chunks:
            return False
        known = earlier.addresses >= 0
        return all(
            np.array_equal(now[known], then[known])
            for now, then in (
                (self.addresses, earlier.addresses),
                (self._sizes, earlier._sizes),
                (self._masks, earlier._masks),
            )
        )

    def part(
        self,
        place: tuple[int, ...],
        cut: tuple[slice, ...],
        target: NDArray[Any] | None = None,
        helper: Executor | None = None,
    ) -> NDArray[Any] | None:
        """The values `cut` of the chunk at `place` in the grid; None where none is written.

        They may lie in memory that the next call of this thread uses again, or already in
        `target`, where they will be copied to in any case. A `helper` may do a part of the work.

        Raises:
            Changed: when the file has become shorter.
            ValueError: when the chunk is damaged.
        """
        address = int(self.addresses[place])
        if address < 0:
            return None
        fits = (
            target is not None
            and target.nbytes == self._size
            and target.dtype == self.facts.dtype
            and target.flags.c_contiguous
        )
        if target is not None and fits and self._decoder is None:
            # faster than to fault in a mapping
            if (
                os.preadv(self.file, [target.reshape(-1).view(np.uint8).data], address)
                != self._size
            ):
                raise Changed("shorter than it was")
            return target
        if self.mapping is not None:
            whole = self.mapping[address : address + self._size]
            if whole.nbytes != self._size:
                raise Changed("shorter than it was")
            return whole.view(self.facts.dtype).reshape(self.chunks)[cut]
        size = int(self._sizes[place])
        raw = os.pread(self.file, size, address)
        if len(raw) != size:
            raise Changed("shorter than it was")
        if self._decoder is None:
            raise NotReadable("no filters")
        return self._decoder.part(
            raw, int(self._masks[place]), cut, target if fits else None, helper
        )


Layout: TypeAlias = Contiguous | Chunked


def read_layout(path: Path, name: str, roots: Roots) -> Layout:
    """The layout of the dataset `name` in a file, links followed inside `roots`.

    Raises:
        NotReadable: when only HDF5 can read it, saying why.
        KeyError: when there is none.
        OSError: when the file cannot be opened.
    """
    if not hasattr(os, "pread"):
        raise NotReadable("no positioned reads on this system")
    read_at = time.time()
    stamp = Stamp.of(path)
    with ConfinedFile(path, roots) as file:
        dataset = file[name]
        if not isinstance(dataset, h5py.Dataset):
            raise KeyError(name)
        owner = Path(dataset.file.filename)
        stamps = (stamp,) if owner == path else (stamp, Stamp.of(owner))
        dtype = dataset.dtype
        if dtype.kind not in "iuf" or dtype.itemsize > 8:
            raise NotReadable(f"values of type {dtype}")
        if dataset.id.get_type().get_size() != dtype.itemsize:
            raise NotReadable("a type that HDF5 converts")
        if dataset.ndim < 2 or 0 in dataset.shape:
            raise NotReadable("no planes")
        if dataset.is_virtual or dataset.external:
            raise NotReadable("values in other files")
        marks = Marks.of(dataset)
        facts = Facts(dataset.shape, dtype, dataset.fillvalue, stamps, read_at, marks)
        created = dataset.id.get_create_plist()
        layout = created.get_layout()
        if layout == h5py.h5d.CONTIGUOUS:
            offset = dataset.id.get_offset()
            if offset is None:
                raise NotReadable("nothing is written yet")
            if offset + dataset.size * dtype.itemsize > stamps[-1].size:
                raise NotReadable("the file is shorter than its data")
            return Contiguous(facts, owner, offset)
        if layout != h5py.h5d.CHUNKED:
            raise NotReadable("values in the header")
        grid = (-(-n // c) for n, c in zip(dataset.shape, dataset.chunks, strict=True))
        if math.prod(grid) > _MAX_CHUNKS:
            raise NotReadable("too many chunks")
        steps = [created.get_filter(k) for k in range(created.get_nfilters())]
        filters = [Filter(step[0], tuple(step[2])) for step in steps]
        return Chunked(facts, owner, dataset, filters)
