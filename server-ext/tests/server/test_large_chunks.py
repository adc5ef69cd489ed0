"""Chunks that are worth being decoded by two threads."""

from __future__ import annotations

from pathlib import Path

import h5py
import hdf5plugin
import numpy as np
import pytest

from jupyterlab_savu.data.roots import Root, Roots
from jupyterlab_savu.data.slices.filters import NotReadable
from jupyterlab_savu.data.slices.planes import Plane
from jupyterlab_savu.data.slices.reader import Request, SliceReader, Values

#: Each frame is one chunk of 140 blocks and a last one that is not full.
SHAPE = (3, 409, 703)
VALUES = np.random.default_rng(5).integers(0, 900, SHAPE).astype("<f4")


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    path = tmp_path / "large.h5"
    with h5py.File(path, "w") as file:
        file.create_dataset("data", data=VALUES, chunks=(1, *SHAPE[1:]), **hdf5plugin.Bitshuffle())
    return path


def read(
    path: Path, frame: int, region: tuple[int, int, int, int] | None = None, step: int = 1
) -> Values:
    reader = SliceReader(Roots([Root("data", path.parent, False)]), 1 << 24)
    plane = Plane((frame, None, None), 0)
    return reader.read(Request(path, "data", plane, region, step), np.empty(1 << 22, np.uint8))


@pytest.mark.parametrize("frame", range(SHAPE[0]))
def test_a_frame_of_one_large_chunk(stored: Path, frame: int) -> None:
    assert np.array_equal(read(stored, frame).values, VALUES[frame])
    part = read(stored, frame, (5, 409, 0, 650), 3).values
    assert np.array_equal(part, VALUES[frame, 5:409:3, :650:3])
    assert np.array_equal(read(stored, frame, (200, 203, 1, 9)).values, VALUES[frame, 200:203, 1:9])


@pytest.mark.parametrize("share", [0.1, 0.9])
def test_damage_in_either_half_is_noticed(stored: Path, share: float) -> None:
    with h5py.File(stored) as file:
        info = file["data"].id.get_chunk_info(1)
    with stored.open("r+b") as raw:
        raw.seek(info.byte_offset + int(share * info.size))
        raw.write(b"\xff" * 4000)
    with pytest.raises(NotReadable):
        read(stored, 1)
    assert np.array_equal(read(stored, 2).values, VALUES[2])
