"""Filters of values, images and frames agree with what real Savu computed, from file to file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from savu_embedded.methods import images

from .conftest import DATA, MakeList
from .test_savu_agreement import CASES, kept, reference, run_case

#: The largest difference, relative to the largest value.
EQUAL = {
    "arith_default_div_a": 1e-6,
    "dezsino_2d_c": 1e-6,
    "distortion_dffc_default_coeffs_a": 1e-6,
    "phaseunwrap_a": 1e-6,
    "subpixel_shift_d0_a": 1e-6,
    "time_based_a": 1e-6,
    "dezinger_mu2_k5_c": 0,
    "dezinger_zingers_c": 0,
    "dezinger_zingers_k5_c": 0,
    "bandpass_default_a": 1e-5,
    "bandpass_low_a": 1e-6,
    "datathreshold_default_sino_a": 1e-6,
    "dezsino_default_c": 1e-6,
    "dezsino_k5_c": 1e-6,
    "distortion_dffc_poly_a": 5e-6,
    "distortion_dffc_poly_crop_a": 5e-6,
    "downsample_noflip_a": 1e-6,
    "fresnel_default_a": 1e-6,
    "fresnel_projection_a": 1e-6,
    "hilbert_default_a": 1e-6,
    "median_sino_3d_c": 1e-6,
    "mtf_deconv_default_a": 1e-6,
    "mtf_deconv_pad20_a": 1e-6,
    "paganin_rows_preview_a": 5e-6,
    "paganin_set1_a": 5e-6,
    "rescale_default_a": 1e-6,
    "rescale_explicit_a": 1e-6,
    "rotate90_cw_a": 1e-6,
}


@pytest.mark.parametrize("name", EQUAL)
def test_every_value_is_equal(
    name: str, make_list: MakeList, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(DATA / "engine")
    found, expected = kept(run_case(name, make_list, tmp_path), name), reference(f"cases/{name}")
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=0, atol=EQUAL[name] * np.abs(expected).max())


@pytest.mark.parametrize("operation", ["addition", "multiplication"])
def test_two_datasets_are_combined(operation: str, make_list: MakeList, tmp_path: Path) -> None:
    name = f"elementwise_{operation}_c"
    found, expected = kept(run_case(name, make_list, tmp_path), name), reference(f"cases/{name}")
    # one of the two was sorted, which leaves the order of equal values open
    assert np.mean(np.abs(found - expected) > 1e-5) < 0.05
    np.testing.assert_allclose(found, expected, atol=0.01)


def test_a_threshold_leaves_two_values(make_list: MakeList, tmp_path: Path) -> None:
    name = "thresholdfilter_a"
    found = kept(run_case(name, make_list, tmp_path), name)
    # in place of the range of the data, Savu writes 0 and 31137 with statistics off
    np.testing.assert_array_equal(found == found.max(), reference(f"cases/{name}") == 31137)
    assert len(np.unique(found)) == 2


def test_binning_of_turned_frames_differs_at_the_edge_only(
    make_list: MakeList, tmp_path: Path
) -> None:
    name = "downsample_rotate_a"
    found, expected = kept(run_case(name, make_list, tmp_path), name), reference(f"cases/{name}")
    assert np.mean(np.abs(found - expected) > 1e-5) < 0.4
    np.testing.assert_allclose(found, expected, atol=0.005)


def test_masks_of_slices_are_equal(make_list: MakeList, tmp_path: Path) -> None:
    otsu = reference("cases/otsu_vol_a")[:, 0]
    # this slice is stored in half precision
    found = images.otsu_mask(reference("cases/skfbp_default_a")[:, 0])
    assert np.mean(found != otsu) < 0.001
    opened = images.morphology(otsu > 0, "binary_opening", 2)
    np.testing.assert_array_equal(opened, reference("cases/morphproc_a")[:, 0])
    without_small = images.remove_small(otsu > 0, 64, 1)
    np.testing.assert_array_equal(without_small, reference("cases/morphremove_a")[:, 0])
    for name in ("morphproc_a", "morphremove_a"):
        mask = run_case(name, make_list, tmp_path / name)
        assert mask.shape == (160, 2, 160)
        assert set(np.unique(mask)) == {0, 1}


def test_moving_along_the_columns_is_equal_but_for_the_edge(
    make_list: MakeList, tmp_path: Path
) -> None:
    name = "subpixel_shift_skimage_a"
    found, expected = kept(run_case(name, make_list, tmp_path), name), reference(f"cases/{name}")
    np.testing.assert_allclose(found[..., 2:], expected[..., 2:], atol=1e-6)
    # Savu's other module moves the angles
    smooth = run_case("subpixel_shift_p07_a", make_list, tmp_path / "cubic")[::12, :1, 2:]
    assert np.corrcoef(smooth.ravel(), expected[..., 2:].ravel())[0, 1] > 0.999


def test_frames_are_turned_as_in_savu_about_the_centre_that_it_takes(
    make_list: MakeList, tmp_path: Path
) -> None:
    name = "camera_rot_m08crop_a"
    case = {**CASES[name], "steps": CASES[name]["steps"][:1], "parameters": {"out_datasets": []}}
    corrected = run_case(name, make_list, tmp_path, case)
    turned = np.stack([images.rotate(frame, -0.8, (80, 24)) for frame in corrected])
    found = kept(turned[:, 2:-2, 2:-2], name)
    np.testing.assert_allclose(found, reference(f"cases/{name}"), atol=1e-6)
    assert run_case(name, make_list, tmp_path / "whole").shape == (4, 44, 156)
