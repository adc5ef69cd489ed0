"""Methods of ring removal on sinograms with stripes that are known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from savu_embedded.methods import faulty_columns, rings, rings_fourier, wavelets

METHODS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "filtering": lambda s: rings.remove_stripes_by_filtering(s, 3, 15),
    "fitting": lambda s: rings.remove_stripes_by_fitting(s, 2, 30, 5),
    "regularisation": lambda s: rings.remove_stripes_by_regularisation(s, 0.005),
    "wavelets": lambda s: rings_fourier.remove_stripes_by_wavelets(s, 1, 3, 5, 20),
    "Fourier": lambda s: rings_fourier.remove_stripes_by_fourier(s, 10, 2, 4, 20),
    "large": lambda s: faulty_columns.remove_large(s, 31, 3),
    "interpolation": lambda s: faulty_columns.remove_by_interpolation(s, 31, 3),
    "all": lambda s: faulty_columns.remove_all(s, 31, 15, 3),
}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("angles", "columns"), [(90, 120), (91, 121)])
def test_a_stripe_is_weakened_and_the_rest_stays(method: str, angles: int, columns: int) -> None:
    angle, column = np.mgrid[:angles, :columns]
    clean = (1 + 0.1 * np.sin(column / 15) * np.cos(angle / 30)).astype(np.float32)
    striped = clean.copy()
    striped[:, 60] *= 1.1
    found = METHODS[method](striped)
    assert found.dtype == np.float32
    assert np.abs(found[:, 60] - clean[:, 60]).mean() < 0.05
    assert np.abs(found - clean)[:, 70:110].mean() < 0.02


def test_dead_and_unsteady_columns_are_bridged() -> None:
    random = np.random.default_rng(1)
    angle, column = np.mgrid[:180, :160]
    clean = 1 + 0.1 * np.sin(column / 15) * np.cos(angle / 30)
    noisy = (clean + random.normal(0, 0.01, clean.shape)).astype(np.float32)
    faulty = noisy.copy()
    faulty[:, 40] = 0.3
    faulty[:, 90] += random.normal(0, 0.3, 180)
    found = faulty_columns.remove_unresponsive(faulty, 51, 3)
    assert np.abs(found - clean)[:, [40, 90]].max() < 0.05
    np.testing.assert_array_equal(found[:, 100:150], faulty[:, 100:150])


def test_a_constant_sinogram_stays_as_it_is() -> None:
    constant = np.full((40, 50), 0.7, np.float32)
    for name, method in METHODS.items():
        np.testing.assert_allclose(method(constant), constant, atol=0.02, err_msg=name)


def test_of_alike_values_none_stands_out() -> None:
    assert not faulty_columns.find_outliers(np.ones(30), 3).any()
    assert not faulty_columns.find_outliers(np.array([1.0, 5.0]), 3).any()


@settings(deadline=None, max_examples=40)
@given(
    moments=st.integers(1, wavelets.MOST_MOMENTS),
    rows=st.integers(1, 60),
    axis=st.sampled_from([0, 1]),
    seed=st.integers(0, 2**32 - 1),
)
def test_wavelet_halves_compose_to_what_they_came_from(
    moments: int, rows: int, axis: int, seed: int
) -> None:
    values = np.random.default_rng(seed).normal(size=(rows, 41)).astype(np.float32)
    halves = wavelets.decompose(values, moments, axis)
    composed = wavelets.compose(*halves, moments, axis)
    assert composed.shape[axis] - values.shape[axis] in (0, 1)
    np.testing.assert_allclose(composed[:rows, :41], values, atol=1e-5)


def test_a_wavelet_of_two_moments_sees_no_straight_line() -> None:
    line = np.arange(40, dtype=np.float32)[:, None]
    _, detail = wavelets.decompose(line, 2, 0)
    assert np.abs(detail[2:-2]).max() < 1e-4
    _, detail = wavelets.decompose(line, 1, 0)
    np.testing.assert_allclose(np.abs(detail), np.sqrt(0.5), rtol=1e-5)
