"""Ring removal, flat field and centring as methods on arrays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import median_filter

from savu_embedded.methods import flat_field, rings
from savu_embedded.methods.centring import CentreError, CentreSearch, find_centre
from savu_embedded.phantom import flange


def simple_sorting(sinogram: np.ndarray, size: int) -> np.ndarray:
    """The same method, as it reads in the paper."""
    order = np.argsort(sinogram, axis=0, kind="stable")
    smooth = median_filter(np.take_along_axis(sinogram, order, 0), (1, size))
    result = np.empty_like(sinogram)
    np.put_along_axis(result, order, smooth, axis=0)
    return result


@settings(deadline=None)
@given(
    angles=st.integers(1, 40),
    columns=st.integers(1, 40),
    size=st.integers(1, 40),
    levels=st.integers(2, 1000),
    seed=st.integers(0, 2**32 - 1),
)
def test_packed_sorting_equals_plain_sorting(
    angles: int, columns: int, size: int, levels: int, seed: int
) -> None:
    size = min(size, columns)
    random = np.random.default_rng(seed)
    # few levels make ties, and both signs order their bits differently
    sinogram = (random.integers(-levels, levels, (angles, columns)) / 7).astype(np.float32)
    found = rings.remove_stripes_by_sorting(sinogram, size)
    np.testing.assert_array_equal(found, simple_sorting(sinogram, size))


def test_a_stripe_is_removed_and_the_rest_stays() -> None:
    angle, column = np.mgrid[:90, :80]
    clean = (1 + 0.04 * np.sin(column / 15) * np.cos(angle / 30)).astype(np.float32)
    striped = clean.copy()
    striped[:, 40] += 0.05
    for method in (
        lambda s: rings.remove_stripes_by_normalisation(s, 9),
        lambda s: rings.remove_stripes_by_normalisation(s, 9, chunks=7),
        lambda s: rings.remove_stripes_by_sorting(s, 15),
    ):
        found = method(striped)
        assert abs(found[:, 40].mean() - clean[:, 40].mean()) < 0.008
        assert np.abs(found - clean)[:, :30].max() < 0.02


def test_flat_field_of_a_dead_pixel_is_finite() -> None:
    dark = np.array([[100.0, 50.0]])
    flat = np.array([[1100.0, 50.0]])
    dark32, scale = flat_field.correction_factors(dark, flat)
    raw = np.array([[600, 60], [100, 50]], np.uint16)
    found = flat_field.correct(raw, dark32[0], scale[0])
    np.testing.assert_allclose(found, [[0.5, 10], [0, 0]], atol=1e-6)
    bounded = flat_field.correct(raw, dark32[0], scale[0], 0.1, 1)
    np.testing.assert_allclose(bounded, [[0.5, 1], [0.1, 0.1]], atol=1e-6)


@pytest.mark.parametrize("centre", [47.0, 63.5, 69.3, 80.0])
@pytest.mark.parametrize("logarithm", [False, True])
def test_the_centre_of_a_phantom_is_found(centre: float, logarithm: bool) -> None:
    columns = 128
    position = (np.arange(columns) - centre) / (0.6 * columns)
    integrals = flange().integrals(0.1, np.linspace(0, np.pi, 181), position)
    sinogram = integrals if logarithm else np.exp(-integrals)
    search = CentreSearch(step=0.1)
    assert find_centre(sinogram.astype(np.float32), search) == pytest.approx(centre, abs=0.25)


def test_the_centre_is_searched_where_it_is_asked_for() -> None:
    position = (np.arange(128) - 80) / 77
    sinogram = np.exp(-flange().integrals(0.1, np.linspace(0, np.pi, 91), position))
    away = CentreSearch(search_area=(-10, 0), search_radius=2)
    assert find_centre(sinogram, away) <= 66
    near = CentreSearch(search_area=(-5, 5), start_pixel=78)
    assert find_centre(sinogram, near) == pytest.approx(80, abs=0.5)
    with pytest.raises(CentreError, match="lies outside a detector of 128 columns"):
        find_centre(sinogram, CentreSearch(start_pixel=500))
