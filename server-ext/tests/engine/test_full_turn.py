"""Scans of a full turn with the axis near one side."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest

from savu_embedded.methods.full_turn import join_half_turns, joined_centre
from savu_embedded.phantom import flange

from .conftest import MakeList
from .test_savu_agreement import kept, reference, run_case


@pytest.mark.parametrize("name", ["conv360_c103_25", "conv360_c24_mirror"])
def test_joined_sinograms_equal_those_of_savu(
    name: str, make_list: MakeList, tmp_path: Path
) -> None:
    found, expected = kept(run_case(name, make_list, tmp_path), name), reference(f"cases/{name}")
    assert found.shape == expected.shape
    # at the ends of the data, splines are continued in another way
    different = np.abs(found - expected)[1:-1] > 3e-5
    assert different.mean() < 0.25
    np.testing.assert_allclose(found, expected, atol=0.006)
    (processed,) = (tmp_path / "run").glob("*_processed.nxs")
    with h5py.File(processed) as file:
        centre = file["entry/final_result_tomo/meta_data/centre_of_rotation/centre_of_rotation"]
        np.testing.assert_array_equal(centre, 103 if "c103" in name else 152)


@pytest.mark.parametrize("centre", [52.0, 12.0, 50.4])
def test_half_a_turn_has_the_width_of_both_halves(centre: float) -> None:
    angles, columns = np.linspace(0, 2 * np.pi, 121), 64
    full = flange().integrals(0.1, angles, (np.arange(columns) - centre) / 50).astype(np.float32)
    found = join_half_turns(full, centre)
    middle = joined_centre(centre, columns) + (centre - np.floor(centre))
    position = (np.arange(2 * columns) - np.floor(middle)) / 50
    expected = flange().integrals(0.1, angles[:61], position)
    assert found.shape == (61, 128)
    inside = np.abs(np.arange(128) - middle) < 45

    def likeness(other: np.ndarray) -> float:
        return float(np.corrcoef(found[:, inside].ravel(), other[:, inside].ravel())[0, 1])

    # the spline smooths, so sharp edges are not quite the same
    assert likeness(expected) > 0.98
    assert likeness(np.roll(expected, 3, axis=1)) < 0.98
    assert likeness(expected[::-1]) < 0.96
