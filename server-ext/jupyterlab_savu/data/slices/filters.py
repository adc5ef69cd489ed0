"""Undoing HDF5's filters without HDF5, so that several chunks are decoded at once.

HDF5 holds one lock while it decodes. The functions here hold none: deflate through libdeflate,
shuffle through NumPy, the filters of hdf5plugin through their own libraries.
"""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import deflate
import numpy as np
from numpy.typing import NDArray

from jupyterlab_savu.data.slices.bitshuffle import BITSHUFFLE, BlockCoder

Bytes = NDArray[np.uint8]

DEFLATE, SHUFFLE, FLETCHER32 = 1, 2, 3

#: The libraries of hdf5plugin whose decoders touch nothing of HDF5, by filter.
_LIBRARIES = {
    307: "libh5bzip2",
    32001: "libh5blosc",
    32004: "libh5lz4",
    BITSHUFFLE: "libh5bshuf",
    32015: "libh5zstd",
    32026: "libh5blosc2",
}
_REVERSE = 0x100
#: Room for checksums that were compressed with the values.
_CHECKSUMS = 64


class NotReadable(Exception):  # noqa: N818 - says what it is: only HDF5 can read this
    """The bytes cannot be read without HDF5; the message says why."""


@dataclass(frozen=True)
class Filter:
    """One step of a dataset's filter pipeline: HDF5's number of it and its settings."""

    number: int
    settings: tuple[int, ...]


class Decoder:
    """Turns stored chunks of one dataset into their values.

    Args:
        filters: the pipeline, in the order in which it was applied.
        shape: of a chunk.
        dtype: of the values as stored.

    Raises:
        NotReadable: when a filter is not known here.
    """

    def __init__(
        self, filters: Sequence[Filter], shape: tuple[int, ...], dtype: np.dtype[Any]
    ) -> None:
        self.shape = shape
        self.dtype = dtype
        self.size = int(np.prod(shape)) * dtype.itemsize
        self._filters = filters
        self._blocks: BlockCoder | None = None
        for step in filters:
            if step.number not in (DEFLATE, SHUFFLE, FLETCHER32):
                _plugin(step.number)
        if len(filters) == 1 and filters[0].number == BITSHUFFLE:
            self._blocks = BlockCoder.of(
                _plugin(BITSHUFFLE).library, filters[0].settings, dtype.itemsize
            )

    def part(
        self,
        raw: bytes,
        mask: int,
        cut: tuple[slice, ...],
        into: NDArray[Any] | None = None,
        helper: Executor | None = None,
    ) -> NDArray[Any]:
        """The values `cut` of a chunk, stored as `raw`; bits of `mask` are filters left out.

        What is returned may lie in memory that the next call of this thread uses again, or in
        `into`, memory as large as the chunk, where the chunk can be decoded right there. A
        `helper` may do a part of the work.

        Raises:
            ValueError: when the chunk is damaged.
        """
        first = self._filters[0]
        if self._blocks is not None and not mask:
            out = _scratch("whole", self.size) if into is None else into.reshape(-1).view(np.uint8)
            if self._blocks.decode(raw, out, self.shape, cut, helper):
                return out.view(self.dtype).reshape(self.shape)[cut]
        item = self.dtype.itemsize
        if first.number == SHUFFLE and not mask & 1 and item > 1 and first.settings[0] == item:
            # put together only the values that are wanted
            planes = self._decode(raw, mask, down_to=1).reshape((item, *self.shape))
            where: tuple[slice, ...] = (slice(None), *cut)
            planes = planes[where]
            values = np.empty((*planes.shape[1:], item), np.uint8)
            for k in range(item):
                values[..., k] = planes[k]
            return values.view(self.dtype).reshape(planes.shape[1:])
        return self._decode(raw, mask).view(self.dtype).reshape(self.shape)[cut]

    def _decode(self, raw: bytes, mask: int, down_to: int = 0) -> Bytes:
        """All bytes of a chunk, with the filters before `down_to` left on."""
        current: Any = raw
        for k in range(len(self._filters) - 1, down_to - 1, -1):
            if mask >> k & 1:
                continue
            step = self._filters[k]
            if step.number == DEFLATE:
                try:
                    current = deflate.zlib_decompress(current, self.size + _CHECKSUMS)
                except deflate.DeflateError as error:
                    raise ValueError(f"deflate: {error}") from None
            elif step.number == SHUFFLE:
                current = _unshuffle(current, step.settings[0], _scratch(k, self.size))
            elif step.number == FLETCHER32:
                current = memoryview(current)[:-4]
            else:
                current = _plugin(step.number).decode(
                    current, step.settings, _scratch(k, self.size)
                )
        decoded = np.frombuffer(current, np.uint8)
        if decoded.nbytes != self.size:
            raise ValueError(f"a chunk has {decoded.nbytes} bytes instead of {self.size}")
        return decoded


def _unshuffle(data: Any, item: int, out: Bytes) -> Bytes:
    source = np.frombuffer(data, np.uint8)
    if item < 2:
        return source
    whole = source.nbytes // item * item
    if whole > out.nbytes:
        raise ValueError("shuffled bytes do not fit the chunk")
    np.copyto(out[:whole].reshape(-1, item), source[:whole].reshape(item, -1).T)
    out[whole : source.nbytes] = source[whole:]
    return out[: source.nbytes]


_reused = threading.local()


def _scratch(name: object, size: int) -> Bytes:
    """Memory of this thread; fresh memory for each chunk costs as much as decoding it."""
    buffers: dict[Any, Bytes] = _reused.__dict__
    buffer = buffers.get(name)
    if buffer is None or buffer.nbytes != size:
        buffer = buffers[name] = np.empty(size, np.uint8)
    return buffer


class _FilterClass(ctypes.Structure):
    """H5Z_class2_t of the HDF5 filter interface."""

    _fields_ = (
        ("version", ctypes.c_int),
        ("id", ctypes.c_int),
        ("encoder", ctypes.c_uint),
        ("decoder", ctypes.c_uint),
        ("name", ctypes.c_char_p),
        ("can_apply", ctypes.c_void_p),
        ("set_local", ctypes.c_void_p),
        ("filter", ctypes.c_void_p),
    )


_FilterFunction = ctypes.CFUNCTYPE(
    ctypes.c_size_t,
    ctypes.c_uint,
    ctypes.c_size_t,
    ctypes.POINTER(ctypes.c_uint),
    ctypes.c_size_t,
    ctypes.POINTER(ctypes.c_size_t),
    ctypes.POINTER(ctypes.c_void_p),
)


class _Plugin:
    """A filter of hdf5plugin, called through HDF5's filter interface but not by HDF5."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self.library = library
        library.H5PLget_plugin_info.restype = ctypes.POINTER(_FilterClass)
        self._function = _FilterFunction(library.H5PLget_plugin_info().contents.filter)
        self._memory = ctypes.CDLL(None)
        self._memory.malloc.restype = ctypes.c_void_p
        self._memory.malloc.argtypes = [ctypes.c_size_t]
        self._memory.free.restype = None
        self._memory.free.argtypes = [ctypes.c_void_p]

    def decode(self, data: Any, settings: tuple[int, ...], out: Bytes) -> Bytes:
        source = np.frombuffer(data, np.uint8)
        # the filter frees what it is given and hands back memory of its own
        block = ctypes.c_void_p(self._memory.malloc(max(source.nbytes, 1)))
        if not block:
            raise MemoryError
        try:
            ctypes.memmove(block, source.ctypes.data, source.nbytes)
            room = ctypes.c_size_t(source.nbytes)
            values = (ctypes.c_uint * max(1, len(settings)))(*settings)
            length = self._function(
                _REVERSE,
                len(settings),
                values,
                source.nbytes,
                ctypes.byref(room),
                ctypes.byref(block),
            )
            if not length or length > out.nbytes:
                raise ValueError("the chunk is damaged")
            ctypes.memmove(out.ctypes.data, block, length)
        finally:
            self._memory.free(block)
        return out[:length]


@cache
def _plugin(number: int) -> _Plugin:
    if os.name == "nt" or number not in _LIBRARIES:
        raise NotReadable(f"filter {number}")
    import hdf5plugin

    for path in Path(hdf5plugin.PLUGIN_PATH).glob(f"{_LIBRARIES[number]}.*"):
        try:
            return _Plugin(ctypes.CDLL(str(path)))
        except (OSError, AttributeError) as error:
            raise NotReadable(f"filter {number}: {error}") from None
    raise NotReadable(f"filter {number}")
