"""The engine agrees with what real Savu computed, plugin by plugin, from file to file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from savu_embedded.__main__ import main

from .conftest import DATA, Engine, MakeList, final

CASES: dict[str, dict[str, Any]] = json.loads((DATA / "engine" / "savu_reference.json").read_text())


#: What the engine refuses, and the words with which it does.
NOT_RUN = {
    "astra_art_a": "algorithm: 'ART' is not run",
    "astra_fbp_gaussian_a": "FBP_filter: 'gaussian' is not run",
}


def run_case(
    name: str, make_list: MakeList, folder: Path, case: dict[str, Any] | None = None
) -> np.ndarray:
    case = case or CASES[name]
    *before, (last, _) = case["steps"]
    loaders = case.get("loaders", [("NxtomoLoader", {"preview": case["preview"]})])
    plist = make_list(*map(tuple, loaders), *map(tuple, before), (last, case["parameters"]))
    assert main([str(DATA / case["scan"]), str(plist), str(folder), "-f", "run", "-q"]) == 0
    outputs = case["parameters"]["out_datasets"]
    return final(folder / "run", outputs[0] if outputs and "Centering" not in last else "tomo")


def kept(found: np.ndarray, name: str) -> np.ndarray:
    """Return the values that are kept of Savu's result."""
    parts = (text.split(":") for text in CASES[name].get("kept", [":"]))
    return found[tuple(slice(*(int(n) if n else None for n in part)) for part in parts)]


def reference(name: str) -> np.ndarray:
    with h5py.File(DATA / "engine" / "savu_reference.h5") as file:
        return np.asarray(file[name][()], np.float32)


def assert_same_image(found: np.ndarray, expected: np.ndarray) -> None:
    """Blurred by 2 pixels, inside 0.8 of the circle: correlated, and of the same scale."""
    size = len(expected)
    inside = np.hypot(*(np.mgrid[:size, :size] - (size - 1) / 2)) < 0.8 * size / 2
    a, b = gaussian_filter(found, 2)[inside], gaussian_filter(expected, 2)[inside]
    assert np.corrcoef(a, b)[0, 1] >= 0.999
    assert np.dot(a, b) / np.dot(b, b) == pytest.approx(1, abs=0.01)


def test_the_basic_list_gives_the_slices_of_a_real_run(engine: Engine, tmp_path: Path) -> None:
    plist = DATA / "lists" / "made_basic_fbp_phantom_tomo_a.nxs"
    done = engine(DATA / "phantom_tomo_a.nxs", plist)
    assert done.returncode == 0, done.stderr
    volume = final(tmp_path / "run")
    assert volume.shape == (160, 5, 160)
    expected = reference("basic_run/slices")
    for i in range(3):
        assert_same_image(volume[:, 2 * i], expected[:, i])
        # half a pixel beside it, the axis would not be where Savu puts it
        shifted = gaussian_filter(expected[:, i], 2)
        shifted = (shifted + np.roll(shifted, 1, axis=0)) / 2
        inside = np.hypot(*(np.mgrid[:160, :160] - 80)) < 64
        ours = gaussian_filter(volume[:, 2 * i], 2)[inside]
        assert np.corrcoef(ours, shifted[inside])[0, 1] < 0.999


FLAT_FIELDS = [name for name in CASES if name.startswith("dffc")]


@pytest.mark.parametrize("name", FLAT_FIELDS)
def test_flat_field_equals_savu(name: str, make_list: MakeList, tmp_path: Path) -> None:
    found = run_case(name, make_list, tmp_path)
    found = kept(found, name) if "kept" in CASES[name] else found[:, -1:]
    expected = reference(f"cases/{name}")
    np.testing.assert_allclose(found, expected[:, -found.shape[1] :], atol=1e-5)


@pytest.mark.parametrize("scan", ["a", "c"])
def test_sorting_equals_savu(scan: str, make_list: MakeList, tmp_path: Path) -> None:
    name = f"ring_ringremovalsorting_default_{scan}"
    found = run_case(name, make_list, tmp_path)[:, 0]
    expected = reference(f"cases/{name}")[:, 0]
    before = reference(f"inputs/corrected_{scan}")[:, 0]
    np.testing.assert_allclose(np.sort(found, axis=0), np.sort(expected, axis=0), atol=1e-5)
    # Of equal values in a column, Savu's unstable sort takes any order.
    alone = np.array([[np.sum(column == v) == 1 for v in column] for column in before.T]).T
    assert alone.mean() > 0.25
    np.testing.assert_allclose(found[alone], expected[alone], atol=1e-5)


def test_normalisation_equals_savu(make_list: MakeList, tmp_path: Path) -> None:
    name = "ring_ringremovalnormalization_default_c"
    found = run_case(name, make_list, tmp_path)
    np.testing.assert_allclose(found[:, :1], reference(f"cases/{name}"), atol=1e-5)


CENTRES = [name for name in CASES if name.startswith("vo_") and "centre" in CASES[name]]


@pytest.mark.parametrize("name", CENTRES)
def test_the_centre_agrees_with_savu(name: str, make_list: MakeList, tmp_path: Path) -> None:
    run_case(name, make_list, tmp_path)
    expected = CASES[name]["centre"]
    with h5py.File(tmp_path / "run" / "cor_preview_p2_vo_centering.h5") as file:
        found = file["2-VoCentering-cor_preview/data"][()]
    assert found.shape == (len(expected), 1)
    np.testing.assert_allclose(found[:, 0], expected, atol=0.5)
    with h5py.File(tmp_path / "run" / "cor_broadcast_p2_vo_centering.h5") as file:
        spread = file["2-VoCentering-cor_broadcast/data"][()]
    assert spread.shape == (final(tmp_path / "run").shape[1], 1)
    np.testing.assert_allclose(spread, expected[0], atol=0.5)


#: Beside the object, these data are not 0, so that the edge of the detector makes a difference:
#: Savu moves zeros in there.
NOT_ZERO_AT_THE_EDGE = ["skfbp_nolog_a", "chain_rings_paganin_fbp_nolog_a"]
#: Savu takes the nearest column for a value, which makes errors of its own.
NEAREST = "skfbp_nearest_a"
FORCED_TO_ZERO = "skfbp_forcezero_a"
ITERATIONS = ["astra_sirt10_a", "astra_sirt50_c", "astra_cgls10_c"]
RECONSTRUCTIONS = [
    name
    for name in CASES
    if name.startswith(("skfbp", "astra", "vo_centering_fbp", "chain_"))
    and name not in (*ITERATIONS, *NOT_ZERO_AT_THE_EDGE, NEAREST, FORCED_TO_ZERO, *NOT_RUN)
]


@pytest.mark.parametrize("name", RECONSTRUCTIONS)
def test_reconstructions_agree_with_savu(name: str, make_list: MakeList, tmp_path: Path) -> None:
    found = run_case(name, make_list, tmp_path)
    expected = reference(f"cases/{name}")
    if "kept" in CASES[name]:
        found = kept(found, name)
    if name == "astra_bp_a":
        expected *= 256
    for i in range(expected.shape[1]):
        image, other = found[:, i], expected[:, i]
        # Masks are the same; a few values of noise are too small for the stored half precision.
        assert np.mean((image == 0) != (other == 0)) < 0.002
        assert_same_image(image, other)


@pytest.mark.parametrize("name", ITERATIONS)
def test_iterations_agree_with_savu(name: str, make_list: MakeList, tmp_path: Path) -> None:
    found = kept(run_case(name, make_list, tmp_path), name)[:, 0]
    expected = reference(f"cases/{name}")[:, 0]
    assert_same_image(found, expected)
    inside = np.hypot(*(np.mgrid[:160, :160] - 79.5)) < 64
    a, b = gaussian_filter(found, 2)[inside], gaussian_filter(expected, 2)[inside]
    assert np.corrcoef(a, b)[0, 1] > 0.9999


def test_the_nearest_column_makes_errors_that_the_engine_does_not(
    make_list: MakeList, tmp_path: Path
) -> None:
    found = kept(run_case(NEAREST, make_list, tmp_path), NEAREST)[:, 0]
    linear, nearest = (reference(f"cases/{name}")[:, 0] for name in ("skfbp_default_a", NEAREST))
    assert_same_image(found, linear)
    inside = np.hypot(*(np.mgrid[:160, :160] - 79.5)) < 64
    a, b = gaussian_filter(found, 2)[inside], gaussian_filter(nearest, 2)[inside]
    assert np.corrcoef(a, b)[0, 1] > 0.98


def test_force_zero_leaves_only_values_in_its_range(make_list: MakeList, tmp_path: Path) -> None:
    plain = run_case("skfbp_default_a", make_list, tmp_path / "plain")
    forced = run_case(FORCED_TO_ZERO, make_list, tmp_path / "forced")
    low, high = CASES[FORCED_TO_ZERO]["parameters"]["force_zero"]
    expected = np.where((plain < low) | (plain > high), 0, plain)
    np.testing.assert_array_equal(forced, expected)
    savu = reference(f"cases/{FORCED_TO_ZERO}")
    assert savu.min() == forced.min() == 0
    assert savu.max() == pytest.approx(forced.max(), abs=1e-4)


@pytest.mark.parametrize("name", NOT_RUN)
def test_what_is_not_run_is_refused(
    name: str, make_list: MakeList, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    *before, (last, _) = CASES[name]["steps"]
    plist = make_list("NxtomoLoader", *map(tuple, before), (last, CASES[name]["parameters"]))
    assert main([str(DATA / CASES[name]["scan"]), str(plist), str(tmp_path), "-q"]) == 2
    assert NOT_RUN[name] in capsys.readouterr().err
