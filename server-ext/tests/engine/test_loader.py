"""Loading: whatever part a preview selects, and however the file is laid out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from savu_core.catalogue import new_plugin
from savu_embedded.errors import RefusedError
from savu_embedded.plugins.loaders import NxtomoLoader
from savu_embedded.sources import Source

FRAMES, ROWS, COLUMNS = 17, 6, 40
KEY = np.array([2, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3, 0, 1, 2])


def write(path: Path, entry: str = "entry1/tomo_entry", chunks: Any = None) -> np.ndarray:
    """Write a small scan and return its frames."""
    values = np.arange(FRAMES * ROWS * COLUMNS, dtype=np.uint16)
    frames = values.reshape(FRAMES, ROWS, COLUMNS)
    with h5py.File(path, "w") as file:
        group = file.create_group(entry)
        group["definition"] = "NXtomo"
        data = group.create_group("data")
        data.attrs["NX_class"] = "NXdata"
        data.create_dataset("data", data=frames, chunks=chunks)
        group["instrument/detector/image_key"] = KEY
        group["sample/rotation_angle"] = np.arange(FRAMES) * 10.0
        for name in entry.split("/"):
            file[entry[: entry.index(name) + len(name)]].attrs["NX_class"] = "NXentry"
    return frames


def load(path: Path, **parameters: Any) -> Source:
    plugin = new_plugin("NxtomoLoader")
    (source,) = NxtomoLoader({**plugin.parameters, **parameters}).open(path).values()
    return source


def entries(length: int) -> st.SearchStrategy[tuple[str, list[int]]]:
    """One entry of a preview and the indices that it means."""

    def entry(start: int, extent: int, step: int) -> tuple[str, list[int]]:
        stop = min(start + extent, length)
        return f"{start}:{stop}:{step}", list(range(start, stop, step))

    return st.builds(
        entry, st.integers(0, length - 1), st.integers(1, length), st.integers(1, length)
    )


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    preview=st.tuples(*(entries(n) for n in (np.count_nonzero(KEY == 0), ROWS, COLUMNS))),
    chunks=st.sampled_from([None, (1, ROWS, COLUMNS), (4, 1, COLUMNS)]),
    block=st.integers(1, ROWS),
)
def test_a_preview_loads_what_indexing_selects(
    tmp_path: Path, preview: tuple[tuple[str, list[int]], ...], chunks: Any, block: int
) -> None:
    path = tmp_path / "scan.nxs"
    frames = write(path, chunks=chunks)
    source = load(path, preview=[text for text, _ in preview])
    angles, rows, columns = (indices for _, indices in preview)
    expected = frames[KEY == 0][np.ix_(angles, rows, columns)]
    parts = [
        source.read(first, min(first + block, len(rows))) for first in range(0, len(rows), block)
    ]
    np.testing.assert_array_equal(np.concatenate(parts).swapaxes(0, 1), expected)
    data = source.data
    assert data.shape == expected.shape
    np.testing.assert_array_equal(data.angles, (np.flatnonzero(KEY == 0) * 10.0)[angles])
    for image, key in ((data.dark, 2), (data.flat, 1)):
        mean = frames[key == KEY].mean(axis=0)[np.ix_(rows, columns)]
        np.testing.assert_allclose(image, mean)


@pytest.mark.parametrize("entry", ["entry1/tomo_entry", "entry", "entry1", "entry/scan"])
def test_the_default_path_finds_the_scan_wherever_it_is(tmp_path: Path, entry: str) -> None:
    frames = write(tmp_path / "scan.nxs", entry)
    source = load(tmp_path / "scan.nxs")
    np.testing.assert_array_equal(source.read(0, ROWS).swapaxes(0, 1), frames[KEY == 0])


def test_dark_and_flat_fields_may_be_in_other_files(tmp_path: Path) -> None:
    frames = write(tmp_path / "scan.nxs")
    with h5py.File(tmp_path / "fields.h5", "w") as file:
        file["darks"] = frames[:3]
        file["flat"] = frames[5].astype(float)
    source = load(
        tmp_path / "scan.nxs",
        dark=["fields.h5", "darks", 1.0],
        flat=[str(tmp_path / "fields.h5"), "flat", 2.0],
        preview=[":", "1:5:2", "3:9"],
    )
    np.testing.assert_allclose(source.data.dark, frames[:3].mean(axis=0)[1:5:2, 3:9])
    np.testing.assert_allclose(source.data.flat, 2.0 * frames[5, 1:5:2, 3:9])
    with pytest.raises(RefusedError, match="has no dark fields at nothing"):
        load(tmp_path / "scan.nxs", dark=["fields.h5", "nothing", 1.0])
    with pytest.raises(RefusedError, match=r"cannot read the flat fields: There is no such file"):
        load(tmp_path / "scan.nxs", flat=["nowhere.h5", "flat", 1.0])


def test_without_an_image_key_all_frames_are_projections(tmp_path: Path) -> None:
    write(tmp_path / "scan.nxs")
    source = load(tmp_path / "scan.nxs", image_key_path=None)
    assert source.data.shape == (FRAMES, ROWS, COLUMNS)
    assert source.data.dark is None


def test_angles_may_be_given_as_a_range(tmp_path: Path) -> None:
    write(tmp_path / "scan.nxs")
    number = np.count_nonzero(KEY == 0)
    source = load(tmp_path / "scan.nxs", angles=f"np.linspace(0, 90, {number})")
    np.testing.assert_allclose(source.data.angles, np.linspace(0, 90, number))
    with pytest.raises(RefusedError, match="5 angles for 11 projections"):
        load(tmp_path / "scan.nxs", angles="np.linspace(0, 90, 5)")


@pytest.mark.parametrize(
    "text", ["open('x','w')", "np.linspace(0,180,f())", "np.zeros(3)", "[1, 2]"]
)
def test_angles_that_are_code_are_not_run(text: str) -> None:
    loader = NxtomoLoader({**new_plugin("NxtomoLoader").parameters, "angles": text})
    assert any("is not supported" in problem for problem in loader.check())


def test_a_preview_beyond_the_data_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "scan.nxs")
    with pytest.raises(RefusedError, match=r"NxtomoLoader, preview: .*beyond the data"):
        load(tmp_path / "scan.nxs", preview=[":", "0:7", ":"])
