"""Running medians are those of SciPy, which selects in every neighbourhood."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import median_filter

from savu_embedded.methods import medians
from savu_embedded.methods.medians import Border, running_median


@settings(deadline=None, max_examples=60)
@given(
    shape=st.tuples(st.integers(1, 6), st.integers(1, 9), st.integers(1, 12)),
    size=st.sampled_from([1, 3, 3, 3, 5]),
    border=st.sampled_from(["nearest", "reflect"]),
    solid=st.booleans(),
    levels=st.integers(1, 50),
    seed=st.integers(0, 2**32 - 1),
)
def test_the_median_is_that_of_all_neighbours(
    shape: tuple[int, int, int], size: int, border: Border, solid: bool, levels: int, seed: int
) -> None:
    values = np.random.default_rng(seed).integers(-levels, levels, shape).astype(np.float32)
    found = running_median(values, size, border, solid)
    expected = median_filter(values, (size if solid else 1, size, size), mode=border)
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("solid", [False, True])
def test_large_images_are_worked_on_in_parts(solid: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(0).normal(size=(3, 40, 31)).astype(np.float32)
    monkeypatch.setattr(medians, "_CACHED_VALUES", 100)
    expected = median_filter(values, (3 if solid else 1, 3, 3), mode="nearest")
    np.testing.assert_array_equal(running_median(values, 3, "nearest", solid), expected)
