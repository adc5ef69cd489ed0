"""Several values of a parameter in one run, and plugins that run several times."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest

from savu_core.files import read_process_list, write_process_list
from savu_core.model import IterateGroup
from savu_core.runs import read_run
from savu_embedded.__main__ import main

from .conftest import CHAIN, FBP, MakeList, final, user_log

RINGS = ("RingRemovalNormalization", {"radius": "5;11;21"})
RECON = ("ScikitimageFilterBackProjection", {"centre_of_rotation": "59:62:1;"})


def run(scan: Path, plist: Path, folder: Path, *options: str) -> int:
    arguments = [str(scan), str(plist), str(folder.parent), "-f", folder.name, "-q", *options]
    return main(arguments)


def looped(path: Path, start: int, end: int, rounds: int) -> Path:
    plist, _ = read_process_list(path)
    plist.groups.append(IterateGroup(start, end, rounds))
    write_process_list(path, plist)
    return path


def test_tuned_values_are_dimensions_as_in_savu(
    scan: Path, make_list: MakeList, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    assert run(scan, make_list(*CHAIN[:2], RINGS, RECON), folder, "--keep") == 0
    with h5py.File(folder / "tiny_processed.nxs") as file:
        result = file["entry/final_result_tomo"]
        assert result["data"].shape == (128, 8, 128, 3, 3)
        axes = ["voxel_x", "voxel_y", "voxel_z", "radius_params", "centre_of_rotation_params"]
        assert list(result.attrs["axes"]) == axes
        assert result.attrs["centre_of_rotation_params_indices"] == 4
        assert result["radius_params"][()].tolist() == [5, 11, 21]
        assert result["radius_params"].attrs["units"] == "int"
        assert result["centre_of_rotation_params"][()].tolist() == [59, 60, 61]
        assert result["centre_of_rotation_params"].attrs["units"] == "int64"
        assert result["meta_data/radius_params/radius_params"][()].tolist() == [5, 11, 21]
        patterns = result["patterns"]
        assert patterns["VOLUME_XZ/slice_dims"][()].tolist() == [1, 3, 4]
        assert patterns["VOLUME_3D/core_dims"][()].tolist() == [0, 1, 2]
        assert patterns["VOLUME_3D/slice_dims"][()].tolist() == [3, 4]
        between = file["entry/intermediate/2-RingRemovalNormalization-tomo"]
        assert between["data"].shape == (91, 8, 128, 3)
        assert between["patterns/SINOGRAM/slice_dims"][()].tolist() == [1, 3]
    # the first plugin ran once, the others begin anew for each of their values
    begun = [line.split(" - ", 1)[1] for line in user_log(folder).splitlines() if "  0%" in line]
    assert [sum(name in line for line in begun) for name in (CHAIN[1], RINGS[0], RECON[0])] == [
        1,
        3,
        3,
    ]
    assert [step.fraction for step in read_run(folder).steps] == [1, 1, 1, 1]


def test_each_combination_is_what_a_run_with_it_makes(
    scan: Path, make_list: MakeList, tmp_path: Path
) -> None:
    median = ("MedianFilter", {"kernel_size": 3})
    assert run(scan, make_list(*CHAIN[:2], RINGS, RECON, median), tmp_path / "all") == 0
    every = final(tmp_path / "all")
    for i, radius in ((0, 5), (2, 21)):
        for j, centre in ((0, 59), (1, 60)):
            one = make_list(
                *CHAIN[:2],
                (RINGS[0], {"radius": radius}),
                (RECON[0], {"centre_of_rotation": centre}),
                median,
            )
            assert run(scan, one, tmp_path / f"{radius} {centre}") == 0
            np.testing.assert_array_equal(every[..., i, j], final(tmp_path / f"{radius} {centre}"))


def test_a_tuned_dataset_meets_one_that_is_not(
    scan: Path, make_list: MakeList, tmp_path: Path
) -> None:
    smooth = ("BandPass", {"type": "Low", "in_datasets": ["tomo"], "out_datasets": ["smooth"]})
    first = ("BandPass", {**smooth[1], "out_datasets": ["first"]})
    kind = {"operation": "subtraction", "in_datasets": ["tomo", "smooth"]}
    take = ("ElementwiseArraysArithmetics", {**kind, "out_datasets": ["change"]})
    kind["in_datasets"] = ["change", "first"]
    rest = ("ElementwiseArraysArithmetics", {**kind, "out_datasets": ["rest"]})
    for name, radius in (("all", "5;21"), ("5", 5), ("21", 21)):
        names = {"in_datasets": ["tomo"], "out_datasets": ["tomo"], "radius": radius}
        rings = (RINGS[0], names)
        plist = make_list(*CHAIN[:2], first, rings, smooth, take, rest)
        assert run(scan, plist, tmp_path / name) == 0
    every = final(tmp_path / "all", "rest")
    assert every.shape == (91, 8, 128, 2)
    np.testing.assert_array_equal(every[..., 0], final(tmp_path / "5", "rest"))
    np.testing.assert_array_equal(every[..., 1], final(tmp_path / "21", "rest"))
    assert final(tmp_path / "all", "first").shape == (91, 8, 128)


def test_a_centre_is_measured_for_each_tuned_value(
    scan: Path, make_list: MakeList, tmp_path: Path
) -> None:
    centring = ("VoCentering", {"in_datasets": ["tomo"]})
    recon = ("AstraReconCpu", {"in_datasets": ["tomo"]})
    plist = make_list(*CHAIN[:2], (RINGS[0], {"radius": "5;21"}), centring, recon)
    assert run(scan, plist, tmp_path / "all") == 0
    one = make_list(*CHAIN[:2], (RINGS[0], {"radius": 21}), centring, recon)
    assert run(scan, one, tmp_path / "one") == 0
    np.testing.assert_array_equal(final(tmp_path / "all")[..., 1], final(tmp_path / "one"))
    centres = []
    for name in ("all", "one"):
        with h5py.File(tmp_path / name / "cor_preview_p3_vo_centering.h5") as file:
            centres.append(file["3-VoCentering-cor_preview/data"][()])
    assert centres[0].shape == (*centres[1].shape, 2)
    np.testing.assert_array_equal(centres[0][..., 1], centres[1])


def test_texts_are_tuned_and_a_name_is_there_once(
    scan: Path, make_list: MakeList, tmp_path: Path
) -> None:
    names = ("RingRemovalNormalization", {"radius": "5;11"})
    recon = (FBP[0], {**FBP[1], "FBP_filter": "ram-lak;hann"})
    plist = make_list(*CHAIN[:2], names, names, recon)
    assert run(scan, plist, tmp_path / "run", "--processes", "2", "--block", "2") == 0
    with h5py.File(tmp_path / "run" / "tiny_processed.nxs") as file:
        result = file["entry/final_result_tomo"]
        assert list(result.attrs["axes"])[3:] == [
            "radius_params",
            "radius_params_3",
            "FBP_filter_params",
        ]
        assert result["FBP_filter_params"].asstr()[()].tolist() == ["ram-lak", "hann"]
        assert result["FBP_filter_params"].attrs["units"] == "str"
        assert result["data"].shape == (128, 8, 128, 2, 2, 2)


@pytest.mark.parametrize(
    ("plugins", "expected"),
    [
        ([*CHAIN, (FBP[0], {"FBP_filter": "hann;kaiser"})], "'kaiser' is not run"),
        ([*CHAIN, (FBP[0], {"vol_shape": "64;128"})], "make results of different shapes"),
        ([*CHAIN, ("VoCentering", {"step": "0.5;1"}), FBP], "makes no dataset, so it cannot"),
        (
            [*CHAIN, ("DataThreshold", {"pattern": "PROJECTION;SINOGRAM"})],
            "pattern cannot be tuned",
        ),
    ],
)
def test_what_cannot_be_tuned_is_named(
    plugins: list[object],
    expected: str,
    scan: Path,
    make_list: MakeList,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(scan, make_list(*plugins), tmp_path / "run") == 2
    assert expected in capsys.readouterr().err


def test_a_loop_repeats_its_plugins(scan: Path, make_list: MakeList, tmp_path: Path) -> None:
    frames = ("BandPass", {"type": "Low", "blur_width": [0, 1, 1]})
    rings = ("RingRemovalNormalization", {"radius": 5})
    once = make_list(*CHAIN[:2], frames, rings, FBP, name="loop.nxs")
    assert run(scan, looped(once, 3, 4, 3), tmp_path / "loop", "--keep") == 0
    written_out = make_list(*CHAIN[:2], *[frames, rings] * 3, FBP)
    assert run(scan, written_out, tmp_path / "plain") == 0
    np.testing.assert_array_equal(final(tmp_path / "loop"), final(tmp_path / "plain"))
    assert sorted(path.name for path in (tmp_path / "loop").glob("*.h5")) == [
        "tomo_p1_dark_flat_field_correction.h5",
        "tomo_p2_band_pass.h5",
        "tomo_p3_ring_removal_normalization.h5",
        "tomo_p4_astra_recon_cpu.h5",
    ]
    assert user_log(tmp_path / "loop").count("*Running the BandPass plugin*") == 3
    assert [step.fraction for step in read_run(tmp_path / "loop").steps] == [1] * 5


def test_a_loop_that_does_not_close_is_refused(
    scan: Path, make_list: MakeList, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    away = ("BandPass", {"in_datasets": ["tomo"], "out_datasets": ["smooth"]})
    plist = looped(make_list(*CHAIN[:2], away), 2, 3, 2)
    assert run(scan, plist, tmp_path / "run") == 2
    assert "must make the dataset that the first one reads, tomo" in capsys.readouterr().err
    loader = looped(make_list(*CHAIN, FBP, name="loader.nxs"), 1, 2, 2)
    assert run(scan, loader, tmp_path / "loader") == 2
    assert "1 NxtomoLoader: only plugins that process data" in capsys.readouterr().err
