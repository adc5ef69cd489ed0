"""Lists whose data are cut by rows here and by frames there."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from savu_core.runs import read_run
from savu_embedded import statistics
from savu_embedded.result_files import create_result

from .conftest import CHAIN, FBP, Engine, MakeList, final, user_log

PAGANIN = ("PaganinFilter", {"Padtopbottom": 4, "Padleftright": 8})
MEDIAN = ("MedianFilter", {"kernel_size": 3})
NO_LOG = (FBP[0], {**FBP[1], "log": False})


def test_a_filter_of_frames_streams_before_a_reconstruction(
    scan: Path, make_list: MakeList, engine: Engine, tmp_path: Path
) -> None:
    plist = make_list(*CHAIN, PAGANIN, NO_LOG, MEDIAN, "Hdf5Saver")
    done = engine(scan, plist)
    assert done.returncode == 0, done.stderr
    assert final(tmp_path / "run").shape == (128, 8, 128)
    # what went from stage to stage is gone
    assert [path.name for path in (tmp_path / "run").glob("*.h5")] == ["tomo_p5_median_filter.h5"]
    status = read_run(tmp_path / "run")
    assert (status.state, status.fraction) == ("succeeded", 1)
    log = user_log(tmp_path / "run")
    names = ("RingRemovalSorting", "PaganinFilter", "AstraReconCpu", "MedianFilter")
    assert sorted(names, key=log.index) == list(names)


def test_workers_and_blocks_do_not_matter(
    scan: Path, make_list: MakeList, engine: Engine, tmp_path: Path
) -> None:
    zingers = ("DezingerSinogram", {"kernel_size": 3})
    plist = make_list(*CHAIN, PAGANIN, zingers, NO_LOG, MEDIAN)
    assert engine(scan, plist, folder="one").returncode == 0
    assert engine(scan, plist, "--processes", 2, "--block", 2, folder="two").returncode == 0
    np.testing.assert_array_equal(final(tmp_path / "one"), final(tmp_path / "two"))


def test_blocks_do_not_matter_where_slices_become_fewer(
    scan: Path, make_list: MakeList, engine: Engine, tmp_path: Path
) -> None:
    binned = ("DownsampleFilter", {"pattern": "VOLUME_XZ", "bin_size": 3, "num_bit": 8})
    blur = ("MedianFilter", {"kernel_dimension": "2D"})
    plist = make_list(*CHAIN, FBP, binned, blur)
    assert engine(scan, plist, "--keep", folder="one").returncode == 0
    assert engine(scan, plist, "--processes", 2, "--block", 2, folder="two").returncode == 0
    found = final(tmp_path / "one")
    assert found.shape == (43, 3, 43)
    np.testing.assert_array_equal(found, final(tmp_path / "two"))
    with h5py.File(tmp_path / "one" / "tomo_p4_downsample_filter.h5") as file:
        assert file["4-DownsampleFilter-tomo/data"].dtype == np.uint8


def test_a_dataset_outlives_the_stages_between(
    scan: Path, make_list: MakeList, engine: Engine, tmp_path: Path
) -> None:
    named = {"in_datasets": ["tomo"], "out_datasets": ["smooth"]}
    low = ("BandPass", {"type": "Low", **named})
    both = {"in_datasets": ["tomo", "smooth"], "out_datasets": ["rest"]}
    take = ("ElementwiseArraysArithmetics", {"operation": "subtraction", **both})
    high = ("BandPass", {"type": "High", "in_datasets": ["tomo"], "out_datasets": ["high"]})
    done = engine(scan, make_list(*CHAIN, low, take, high), "--keep")
    assert done.returncode == 0, done.stderr
    np.testing.assert_allclose(
        final(tmp_path / "run", "rest"), final(tmp_path / "run", "high"), atol=1e-6
    )


def test_centring_and_flat_fields_follow_a_change_of_the_frames(
    scan: Path, make_list: MakeList, engine: Engine, tmp_path: Path
) -> None:
    halved = ("DownsampleFilter", {"bin_size": 2, "flip_updown": False})
    names = {"in_datasets": ["tomo"], "out_datasets": ["cor", "spread"]}
    centre = ("VoCentering", {**names, "search_area": [-8, 8]})
    done = engine(scan, make_list("NxtomoLoader", halved, CHAIN[1], centre, FBP[0]))
    assert done.returncode == 0, done.stderr
    assert final(tmp_path / "run").shape == (64, 4, 64)
    with h5py.File(tmp_path / "run" / "spread_p3_vo_centering.h5") as file:
        assert file["3-VoCentering-spread/data"][0, 0] == pytest.approx(30, abs=1)


def test_two_datasets_of_different_shapes_are_refused(
    scan: Path, make_list: MakeList, engine: Engine
) -> None:
    halved = {"bin_size": 2, "in_datasets": ["tomo"], "out_datasets": ["small"]}
    both = {"in_datasets": ["tomo", "small"], "out_datasets": ["sum"]}
    plist = make_list(*CHAIN, ("DownsampleFilter", halved), ("ElementwiseArraysArithmetics", both))
    done = engine(scan, plist)
    assert done.returncode == 2
    assert "tomo and small have different shapes" in done.stderr


def test_a_file_is_read_as_it_was_written_by_rows_and_by_frames(tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(size=(5, 6, 7)).astype(np.float32)
    by_rows = create_result(tmp_path / "rows.h5", "group", values.shape)[0]
    by_frames = create_result(tmp_path / "frames.h5", "group", values.shape)[0]
    for first in (4, 0, 2):
        by_rows.write(first, values[:, first : first + 2].swapaxes(0, 1))
    for first in (3, 0):
        by_frames.write_frames(first, values[first : first + 3])
    for file in (by_rows, by_frames):
        np.testing.assert_array_equal(file.read(1, 4), values[:, 1:4].swapaxes(0, 1))
        np.testing.assert_array_equal(file.read_frames(2, 5), values[2:5])


@given(st.lists(st.lists(st.floats(-1e3, 1e3), min_size=1), min_size=1, max_size=6))
def test_statistics_of_parts_are_those_of_the_whole(parts: list[list[float]]) -> None:
    found = statistics.combine([statistics.part(np.array(part)) for part in parts])
    whole = np.concatenate([np.array(part) for part in parts])
    assert (found.minimum, found.maximum) == (whole.min(), whole.max())
    assert found.mean == pytest.approx(whole.mean(), abs=1e-9)
    assert found.deviation == pytest.approx(whole.std(), abs=1e-6)


def test_values_that_are_no_numbers_do_not_count() -> None:
    found = statistics.combine([statistics.part(np.array([np.nan, 1.0, np.inf, 3.0]))])
    assert found == statistics.Statistics(1, 3, 2, 1)
    nothing = statistics.combine([statistics.part(np.array([np.nan]))])
    assert nothing == statistics.Statistics(0, 0, 0, 0)


def test_distortion_needs_to_know_where_the_frames_are(
    scan: Path, make_list: MakeList, engine: Engine
) -> None:
    straighten = ("DistortionCorrection", {"center_from_top": 4.0, "center_from_left": 64.0})
    every_second = ("NxtomoLoader", {"preview": [":", ":", "0:128:2"]})
    done = engine(scan, make_list(every_second, CHAIN[1], straighten))
    assert done.returncode == 2
    assert "load adjacent rows and columns" in done.stderr
