"""Decoding only those blocks of a bitshuffle-LZ4 chunk that are wanted.

The chunk is a row of independent blocks behind a header of 12 bytes: the size of the whole and the
size of a block, big-endian; each block behind its compressed size. Source of the format:
https://github.com/kiyo-masui/bitshuffle (Masui et al. 2015, doi:10.1016/j.ascom.2015.07.002).
"""

from __future__ import annotations

import ctypes
import struct
from concurrent.futures import Executor, wait
from typing import Any

import numpy as np
from numpy.typing import NDArray

BITSHUFFLE = 32008
_LZ4 = 2
_HEADER = struct.Struct(">QI")
_LENGTH = struct.Struct(">I")
#: Blocks from which on a second thread is worth being woken.
_WORTH_SHARING = 64


class BlockCoder:
    """Decodes runs of blocks; `function` is bitshuffle's own decoder."""

    def __init__(self, function: Any, item: int) -> None:
        self._function = function
        self._item = item

    @classmethod
    def of(cls, library: ctypes.CDLL, settings: tuple[int, ...], item: int) -> BlockCoder | None:
        """None when the chunks of a filter with these settings are not such blocks."""
        if len(settings) < 5 or settings[4] != _LZ4 or settings[2] != item:
            return None
        try:
            function = library.bshuf_decompress_lz4
        except AttributeError:
            return None
        function.restype = ctypes.c_int64
        function.argtypes = [ctypes.c_void_p, ctypes.c_void_p, *[ctypes.c_size_t] * 3]
        return cls(function, item)

    def decode(
        self,
        raw: bytes,
        out: NDArray[np.uint8],
        shape: tuple[int, ...],
        cut: tuple[slice, ...],
        helper: Executor | None = None,
    ) -> bool:
        """Decode what `cut` of a chunk of `shape` needs, to its place in `out`.

        A `helper` does half of a whole chunk. False when the chunk has another form, and nothing
        is done.

        Raises:
            ValueError: when it is damaged.
        """
        if len(raw) < _HEADER.size:
            return False
        total, block = _HEADER.unpack_from(raw)
        if total != out.nbytes or block < self._item * 8 or block % self._item:
            return False
        count = total // block
        runs = _runs(shape, cut, self._item, block)
        wanted = sum(stop - start for start, stop in runs)
        if wanted * 2 <= count and runs[-1][1] <= count:
            starts = _starts(raw, count)
            for start, stop in runs:
                bounds = starts[start], starts[stop]
                self._run(raw, bounds, out[start * block : stop * block], block)
            return True
        # the whole chunk, also the end that does not fill a block
        if helper is None or count < _WORTH_SHARING:
            self._run(raw, (_HEADER.size, len(raw)), out, block)
            return True
        half = count // 2
        start = _starts(raw, count)[half]
        other = helper.submit(self._run, raw, (start, len(raw)), out[half * block :], block)
        try:
            self._run(raw, (_HEADER.size, start), out[: half * block], block)
        finally:
            # nobody writes to the memory afterwards
            wait((other,))
        other.result()
        return True

    def _run(self, raw: bytes, bounds: tuple[int, int], out: NDArray[np.uint8], block: int) -> None:
        """Decode the blocks between two places of a chunk."""
        done = self._function(
            np.frombuffer(raw, np.uint8).ctypes.data + bounds[0],
            out.ctypes.data,
            out.nbytes // self._item,
            self._item,
            block // self._item,
        )
        if done != bounds[1] - bounds[0]:
            raise ValueError("bitshuffle: the chunk is damaged")


def _runs(
    shape: tuple[int, ...], cut: tuple[slice, ...], item: int, block: int
) -> list[tuple[int, int]]:
    """The blocks, from and to, that hold `cut`: runs along the second axis in each first index."""
    if len(shape) < 2:
        start, stop = cut[0].start * item, cut[0].stop * item
        return [(start // block, -(-stop // block))]
    row = int(np.prod(shape[2:])) * item
    plane = shape[1] * row
    first, second = cut[0], cut[1]
    if second.start == 0 and second.stop == shape[1]:
        spans = [(first.start * plane, first.stop * plane)]
    else:
        spans = [
            (z * plane + second.start * row, z * plane + second.stop * row)
            for z in range(first.start, first.stop)
        ]
    return [(start // block, -(-stop // block)) for start, stop in spans]


def _starts(raw: bytes, count: int) -> list[int]:
    """Where each block begins, and the last one ends."""
    starts, here = [], _HEADER.size
    for _ in range(count):
        starts.append(here)
        if here + _LENGTH.size > len(raw):
            raise ValueError("bitshuffle: the sizes do not fit the chunk")
        here += _LENGTH.size + _LENGTH.unpack_from(raw, here)[0]
    if here > len(raw):
        raise ValueError("bitshuffle: the sizes do not fit the chunk")
    return [*starts, here]
