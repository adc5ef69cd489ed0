"""Where the engine does otherwise than Savu, no other difference is left: the rest of the cases."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest
import tifffile
from scipy.ndimage import gaussian_filter, shift

from savu_embedded.methods.fbp import FilteredBackprojection
from savu_embedded.methods.images import rotate
from savu_embedded.plugins import PLUGINS
from savu_embedded.plugins.reconstruction import Geometry, minus_log

from .conftest import MakeList, final
from .test_savu_agreement import (
    CASES,
    CENTRES,
    FLAT_FIELDS,
    FORCED_TO_ZERO,
    ITERATIONS,
    NEAREST,
    NOT_RUN,
    NOT_ZERO_AT_THE_EDGE,
    RECONSTRUCTIONS,
    assert_same_image,
    kept,
    reference,
    run_case,
)
from .test_savu_filters import EQUAL
from .test_savu_rings import EQUAL as EQUAL_RINGS
from .test_savu_rings import SORTED

SART = ("sksart_default_a", "sksart_it3_a", "sksart_default_c")
CENTRES_OF_FULL_TURNS = ("centering360_default", "centering360_side1")
IMAGES = [name for name in CASES if "image_folder" in CASES[name]]
TURNED = ("camera_rot_autocrop_a", "camera_rot_centre2_a")
MONITORED = ("monitor_default_stxm_mm", "monitor_scaled_mm")
BINNED = ("downsample_vol_8bit_a", "downsample_vol_16bit_a")
TUNED = ("tuning_cor_fbp_a", "tuning_ring_a")
#: Tested alone, here or beside the others.
ALONE = {
    "camera_rot_m08crop_a",
    "centering360_convert_fbp",
    "conv360_c103_25",
    "conv360_c24_mirror",
    "denoise_bregman_a",
    "downsample_rotate_a",
    "elementwise_addition_c",
    "elementwise_multiplication_c",
    "median_vol_default_c",
    "morphproc_a",
    "morphremove_a",
    "otsu_vol_a",
    "ring_ringremovalfiltering_default_a",
    "ring_ringremovalfiltering_default_c",
    "ring_ringremovalnormalization_default_c",
    "ring_ringremovalsorting_default_a",
    "ring_ringremovalsorting_default_c",
    "saver_hdf5_a",
    "saver_hdf5_sino_a",
    "simplerecon_a",
    "subpixel_shift_m23_a",
    "subpixel_shift_p07_a",
    "subpixel_shift_skimage_a",
    "thresholdfilter_a",
}


def test_every_case_is_compared() -> None:
    compared = {*EQUAL, *EQUAL_RINGS, *SORTED, *CENTRES, *FLAT_FIELDS, *ITERATIONS, *ALONE, *SART}
    compared |= {*CENTRES_OF_FULL_TURNS, *IMAGES, *TURNED, *MONITORED, *TUNED, *RECONSTRUCTIONS}
    compared |= {*NOT_ZERO_AT_THE_EDGE, NEAREST, FORCED_TO_ZERO, *NOT_RUN, *BINNED}
    assert compared == set(CASES)


def before_last(name: str, make_list: MakeList, folder: Path) -> np.ndarray:
    """Return what reaches the last plugin of a case."""
    steps = CASES[name]["steps"][:-1]
    case = {**CASES[name], "steps": steps, "parameters": {**steps[-1][1], "out_datasets": []}}
    return run_case(name, make_list, folder, case)


@pytest.mark.parametrize("name", NOT_ZERO_AT_THE_EDGE)
def test_zeros_that_move_in_are_all_the_difference(
    name: str, make_list: MakeList, tmp_path: Path
) -> None:
    data = before_last(name, make_list, tmp_path)
    row = int(CASES[name]["kept"][1].split(":")[0])
    moved = shift(data[:, row], (0, 80 - CASES[name]["parameters"]["centre_of_rotation"]))
    angles = np.deg2rad(np.arange(121) * 1.5)
    reconstruct = FilteredBackprojection(angles, 160, 160, 80, "ramp", np.pi / 121)
    found = reconstruct(moved[None].astype(np.float32), np.array([80.0]))[0]
    assert_same_image(found, reference(f"cases/{name}")[:, 0])


@pytest.mark.parametrize("name", SART)
def test_sart_agrees_on_the_data_that_savu_moves_along_the_angles(
    name: str, make_list: MakeList, tmp_path: Path
) -> None:
    data = minus_log(before_last(name, make_list, tmp_path)[:, 0])
    parameters = CASES[name]["parameters"]
    moved = shift(data, [80 - parameters["centre_of_rotation"]] * 2)
    angles = np.deg2rad(np.linspace(0, 180, len(data)))
    plugin = PLUGINS["ScikitimageSart"](parameters)
    found = plugin.method(Geometry(angles, 160, 160, 80))(
        moved[None], np.array([80.0]), lambda _: None
    )
    assert_same_image(found[0], reference(f"cases/{name}")[:, 0])


def test_sart_is_not_turned_as_in_savu(make_list: MakeList, tmp_path: Path) -> None:
    found = run_case("sksart_it3_a", make_list, tmp_path)[:, 0]
    plain = run_case("skfbp_default_a", make_list, tmp_path / "fbp")[:, 0]
    inside = np.hypot(*(np.mgrid[:160, :160] - 80)) < 64
    ours, theirs, plain = (
        gaussian_filter(image, 2)[inside]
        for image in (found, reference("cases/sksart_it3_a")[:, 0], plain)
    )
    assert np.corrcoef(ours, plain)[0, 1] > 0.96 > 0.9 > np.corrcoef(theirs, plain)[0, 1]


def test_the_simple_reconstruction_is_equal(make_list: MakeList, tmp_path: Path) -> None:
    found = kept(run_case("simplerecon_a", make_list, tmp_path), "simplerecon_a")
    expected = reference("cases/simplerecon_a")
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5 * expected.max())


@pytest.mark.parametrize("name", CENTRES_OF_FULL_TURNS)
def test_the_centre_of_a_full_turn_is_right(name: str, make_list: MakeList, tmp_path: Path) -> None:
    run_case(name, make_list, tmp_path)
    with h5py.File(tmp_path / "run" / "cor_preview_p2_centering360.h5") as file:
        found = file["2-Centering360-cor_preview/data"][:, 0]
    np.testing.assert_allclose(found, 103.25, atol=0.2)
    # With a window that fits, Savu is half a pixel low; with its own it finds 94.
    if name == "centering360_side1":
        np.testing.assert_allclose(found, np.array(CASES[name]["centre"]) + 0.5, atol=0.05)


def test_a_full_turn_is_found_joined_and_reconstructed(make_list: MakeList, tmp_path: Path) -> None:
    name = "centering360_convert_fbp"
    found = kept(run_case(name, make_list, tmp_path), name)[:, 0]
    expected = reference(f"cases/{name}")[:, 0]
    # Savu joins half a pixel beside the axis, so that its image is blurred and moved.
    inside = np.hypot(*(np.mgrid[:256, :256] - 127.5)) < 100
    assert np.corrcoef(found[inside], expected[inside])[0, 1] > 0.9


@pytest.mark.parametrize("name", TURNED)
def test_frames_are_cropped_to_what_is_filled(
    name: str, make_list: MakeList, tmp_path: Path
) -> None:
    parameters = CASES[name]["parameters"]
    corrected = before_last(name, make_list, tmp_path)
    # Savu takes the row for the column of the middle, and the other way round.
    turned = np.stack([rotate(frame, parameters["angle"], (80, 24)) for frame in corrected])
    expected = reference(f"cases/{name}")
    tops = (turned[:, t : t + expected.shape[1]] for t in range(48 - expected.shape[1] + 1))
    parts = [
        part[..., c : c + expected.shape[2]]
        for part in tops
        for c in range(160 - expected.shape[2] + 1)
    ]
    # What turned in is empty here, and repeated there.
    assert min(np.median(np.abs(part - expected)) for part in parts) < 1e-6
    # The engine turns about the middle, so that nothing empty is left.
    assert run_case(name, make_list, tmp_path / "whole").min() > 0.05


def test_noise_is_removed_from_every_frame(make_list: MakeList, tmp_path: Path) -> None:
    found = run_case("denoise_bregman_a", make_list, tmp_path)
    expected = reference("cases/denoise_bregman_a")
    np.testing.assert_allclose(found[0], expected[0], atol=1e-6)
    # Savu gives all frames of a block what it made of the first.
    np.testing.assert_array_equal(expected[1], expected[0])
    assert np.abs(found[1] - found[0]).max() > 0.05


@pytest.mark.parametrize("name", MONITORED)
def test_the_monitor_correction_is_equal_for_the_same_monitor(
    name: str, make_list: MakeList, tmp_path: Path
) -> None:
    # In this file, Savu takes the absorption for the monitor.
    loaders = [["NxstxmLoader", {"name": part}] for part in ("stxm", "monitor")]
    found = kept(run_case(name, make_list, tmp_path, {**CASES[name], "loaders": loaders}), name)
    np.testing.assert_allclose(found, reference(f"cases/{name}"), rtol=1e-5)


def test_the_monitor_is_that_of_the_beam(make_list: MakeList, tmp_path: Path) -> None:
    name = "monitor_default_stxm_mm"
    found = run_case(name, make_list, tmp_path)
    assert found.shape == (52, 7, 16)
    with h5py.File(tmp_path / "run" / "savu_mm_processed.nxs") as file:
        data, monitor = (file[f"entry/input_data/{part}/data"][()] for part in ("stxm", "monitor"))
        assert file["entry/final_result_stxm/rotation_angle"].attrs["units"] == "degree"
    np.testing.assert_allclose(found, data / monitor, rtol=1e-5)


@pytest.mark.parametrize("name", BINNED)
def test_slices_are_binned_with_their_neighbours(
    name: str, make_list: MakeList, tmp_path: Path
) -> None:
    volume = before_last(name, make_list, tmp_path)
    found = run_case(name, make_list, tmp_path / "binned")
    p = CASES[name]["parameters"]
    low = volume.min() if p["min"] is None else p["min"]
    high = volume.max() if p["max"] is None else p["max"]
    binned = np.clip(volume, low, high).reshape(80, 2, 2, 2, 80, 2).mean(axis=(1, 3, 5))
    scaled = np.floor((binned - low) / (high - low) * (2 ** p["num_bit"] - 1))
    scaled = scaled[::-1] if p["flip_updown"] else scaled
    np.testing.assert_allclose(found.astype(float), scaled, atol=1)
    assert found.dtype == f"uint{p['num_bit']}"
    expected = reference(f"cases/{name}")
    assert np.corrcoef(kept(found, name).ravel(), expected.ravel())[0, 1] > 0.98


def test_a_median_of_slices_agrees(make_list: MakeList, tmp_path: Path) -> None:
    name = "median_vol_default_c"
    found, expected = kept(run_case(name, make_list, tmp_path), name), reference(f"cases/{name}")
    assert np.corrcoef(found.ravel(), expected.ravel())[0, 1] > 0.99


def test_columns_sorted_by_what_changes_slowly(make_list: MakeList, tmp_path: Path) -> None:
    name = "ring_ringremovalfiltering_default_a"
    found, expected = kept(run_case(name, make_list, tmp_path), name), reference(f"cases/{name}")
    assert np.mean(np.abs(found - expected) > 1e-5) < 0.001
    np.testing.assert_allclose(found, expected, atol=2e-3)


def test_columns_move_where_savu_moves_angles(make_list: MakeList, tmp_path: Path) -> None:
    name = "subpixel_shift_m23_a"
    moved = run_case(name, make_list, tmp_path)
    still = before_last(name, make_list, tmp_path / "still")
    angles = kept(shift(still[:, 0], (-2.3, 0))[:, None], name)
    assert np.median(np.abs(angles - reference(f"cases/{name}"))) < 1e-6
    columns = shift(still[:, 0], (0, -2.3), order=3, mode="grid-constant")
    np.testing.assert_allclose(moved[:, 0], columns, atol=1e-5)


@pytest.mark.parametrize("name", IMAGES)
def test_images_have_the_names_and_values_of_savu(
    name: str, make_list: MakeList, tmp_path: Path
) -> None:
    case = CASES[name]
    run_case(name, make_list, tmp_path)
    folder = tmp_path / "run" / case["image_folder"]
    assert sorted(path.name for path in folder.iterdir()) == case["images"]
    found = tifffile.imread(folder / case["images"][0])
    assert found.dtype == case["image_dtype"]
    expected = reference(f"cases/{name}")
    if found.dtype.kind == "u":
        # The noise is not that of Savu, and so is what is cut off, or its range.
        blurred = [gaussian_filter(image.astype(float), 2) for image in (found, expected)]
        inside = np.hypot(*(np.mgrid[:160, :160] - 80)) < 64
        assert np.corrcoef(*(image[inside] for image in blurred))[0, 1] > 0.99
    else:
        assert_same_image(found, expected)


@pytest.mark.parametrize("name", ["saver_hdf5_a", "saver_hdf5_sino_a"])
def test_an_hdf5_saver_adds_no_file(name: str, make_list: MakeList, tmp_path: Path) -> None:
    run_case(name, make_list, tmp_path)
    number = len(CASES[name]["steps"]) - 1
    (file,) = (tmp_path / "run").glob("*.h5")
    assert file.name.startswith(f"tomo_p{number}_")
    assert final(tmp_path / "run").ndim == 3


def test_tuned_values_follow_the_dimensions_of_the_data(
    make_list: MakeList, tmp_path: Path
) -> None:
    name = "tuning_cor_fbp_a"
    found, expected = run_case(name, make_list, tmp_path), reference(f"cases/{name}")
    assert found.shape == expected.shape == (160, 1, 160, 3)
    for number in range(3):
        assert_same_image(found[:, 0, :, number], expected[:, 0, :, number])


def test_tuned_stripes_are_equal_in_sorted_columns(make_list: MakeList, tmp_path: Path) -> None:
    name = "tuning_ring_a"
    found, expected = run_case(name, make_list, tmp_path), reference(f"cases/{name}")
    assert found.shape == expected.shape
    np.testing.assert_allclose(np.sort(found, axis=0), np.sort(expected, axis=0), atol=1e-5)
