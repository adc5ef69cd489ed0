"""Ring removal agrees with what real Savu computed, from file to file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from .conftest import MakeList
from .test_savu_agreement import kept, reference, run_case

#: Savu sorts without keeping the order of equal values, so of these any may come first.
SORTED = (
    "ring_removeallrings_set1_c",
    "ring_removeallrings_default_b",
    "ring_removeunresponsiveandfluctuatingrings_default_c",
    "ring_removeunresponsiveandfluctuatingrings_default_a",
)
EQUAL = (
    "ring_ravenfilter_default_a",
    "ring_ravenfilter_default_c",
    "ring_ringremovalfitting_default_a",
    "ring_ringremovalinterpolation_default_c",
    "ring_ringremovalregularization_default_c",
    "ring_ringremovalwaveletfft_default_a",
    "ring_removeunresponsiveandfluctuatingrings_set1_c",
    "ring_ringremovalfitting_default_c",
    "ring_ringremovalinterpolation_default_a",
    "ring_ringremovalregularization_set1_c",
    "ring_ringremovalwaveletfft_default_c",
    "ring_ringremovalwaveletfft_set1_c",
)


def found_and_expected(
    name: str, make_list: MakeList, folder: Path
) -> tuple[np.ndarray, np.ndarray]:
    return kept(run_case(name, make_list, folder), name), reference(f"cases/{name}")


@pytest.mark.parametrize("name", EQUAL)
def test_every_value_is_equal(name: str, make_list: MakeList, tmp_path: Path) -> None:
    found, expected = found_and_expected(name, make_list, tmp_path)
    np.testing.assert_allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize("name", SORTED)
def test_sorted_columns_are_equal(name: str, make_list: MakeList, tmp_path: Path) -> None:
    found, expected = found_and_expected(name, make_list, tmp_path)
    assert np.mean(np.abs(found - expected) > 1e-5) < 0.3
    np.testing.assert_allclose(np.sort(found, axis=0), np.sort(expected, axis=0), atol=1e-5)


def test_filtering_is_equal_but_for_near_ties(make_list: MakeList, tmp_path: Path) -> None:
    name = "ring_ringremovalfiltering_default_c"
    found, expected = found_and_expected(name, make_list, tmp_path)
    assert np.mean(np.abs(found - expected) > 1e-5) < 0.001
    np.testing.assert_allclose(found, expected, atol=2e-4)
