"""The reconstruction is what its formula says, for any geometry."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.fft
from hypothesis import given, settings
from hypothesis import strategies as st

from savu_embedded.methods import fbp
from savu_embedded.methods.fbp import FilteredBackprojection
from savu_embedded.methods.filters import FILTER_NAMES, fbp_filter, ramp


def direct(
    sinogram: np.ndarray, angles: np.ndarray, size: int, axis: float, name: str, centre: float
) -> np.ndarray:
    """The same filtered backprojection, pixel by pixel and in double precision."""
    columns = sinogram.shape[1]
    length = fbp.transform_length(columns)
    filtered = np.fft.rfft(sinogram, length, axis=1) * fbp_filter(name, length)
    frequency = np.arange(filtered.shape[1]) / length
    weight = np.full(len(frequency), 2.0)
    weight[0], weight[-1] = 1, 0
    row, col = np.mgrid[:size, :size] - axis
    image = np.zeros((size, size))
    for line, angle in zip(filtered, angles, strict=True):
        t = centre + col * np.cos(angle) - row * np.sin(angle)
        wave = np.exp(2j * np.pi * t[..., None] * frequency)
        image += np.sum((wave * line * weight).real, axis=-1) / length
    return image


@settings(max_examples=30, deadline=None)
@given(
    angles=st.integers(1, 12),
    columns=st.integers(4, 23),
    size=st.integers(3, 20),
    on_pixel=st.booleans(),
    name=st.sampled_from(FILTER_NAMES),
    centres=st.tuples(st.floats(-2, 25), st.floats(-2, 25)),
    same=st.booleans(),
    seed=st.integers(0, 2**32 - 1),
)
def test_equals_the_sum_over_all_rays(
    angles: int,
    columns: int,
    size: int,
    on_pixel: bool,
    name: str,
    centres: tuple[float, float],
    same: bool,
    seed: int,
) -> None:
    random = np.random.default_rng(seed)
    theta = random.uniform(0, np.pi, angles)
    sinograms = random.standard_normal((2, angles, columns)).astype(np.float32)
    axis = size // 2 if on_pixel else (size - 1) / 2
    both = np.array((centres[0], centres[0] if same else centres[1]))
    backprojection = FilteredBackprojection(theta, columns, size, axis, name, 1.0)
    images = backprojection(sinograms, both)
    for image, sinogram, centre in zip(images, sinograms, both, strict=True):
        expected = direct(sinogram, theta, size, axis, name, centre)
        scale = np.abs(sinogram).max() * angles
        np.testing.assert_allclose(image, expected, atol=2e-4 * scale)


@given(columns=st.integers(2, 400))
def test_the_ramp_is_that_of_a_symmetric_kernel(columns: int) -> None:
    length = scipy.fft.next_fast_len(2 * columns)
    frequency = np.fft.rfftfreq(length)
    np.testing.assert_allclose(ramp(length), frequency, atol=0.3 / length)


def test_scaling_the_data_scales_the_image_and_sums_add() -> None:
    random = np.random.default_rng(0)
    first, second = random.standard_normal((2, 1, 30, 40)).astype(np.float32)
    backprojection = FilteredBackprojection(np.linspace(0, 3, 30), 40, 40, 19.5, "hann", 0.1)
    centre = np.array([20.2])
    total = backprojection(2 * first + second, centre)
    parts = 2 * backprojection(first, centre) + backprojection(second, centre)
    np.testing.assert_allclose(total, parts, atol=1e-4 * np.abs(parts).max())


def test_turning_the_object_by_a_quarter_turns_the_image() -> None:
    random = np.random.default_rng(1)
    sinogram = random.standard_normal((1, 25, 31)).astype(np.float32)
    angles = np.linspace(0, np.pi, 25)
    centre = np.array([14.6])
    image = FilteredBackprojection(angles, 31, 31, 15, "ramp", 1.0)(sinogram, centre)[0]
    turned = FilteredBackprojection(angles + np.pi / 2, 31, 31, 15, "ramp", 1.0)(sinogram, centre)
    np.testing.assert_allclose(turned[0], np.rot90(image), atol=1e-3 * np.abs(image).max())


def test_many_angles_are_transformed_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(2)
    sinograms = random.standard_normal((3, 50, 32)).astype(np.float32)
    angles, centres = np.linspace(0, np.pi, 50), np.full(3, 15.25)
    whole = FilteredBackprojection(angles, 32, 32, 16, "ramp", 1.0)(sinograms, centres)
    monkeypatch.setattr(fbp, "_BATCH_SAMPLES", 64 * 7)
    told: list[float] = []
    in_batches = FilteredBackprojection(angles, 32, 32, 16, "ramp", 1.0)(
        sinograms, centres, told.append
    )
    np.testing.assert_allclose(in_batches, whole, atol=1e-4 * np.abs(whole).max())
    assert told == sorted(told)
    assert told[-1] == 1
    assert len(told) == 8 * 2


def test_an_image_may_be_larger_than_the_detector_is_wide() -> None:
    random = np.random.default_rng(3)
    sinogram = random.standard_normal((1, 20, 24)).astype(np.float32)
    angles, centre = np.linspace(0, 3, 20), np.array([12.0])
    small = FilteredBackprojection(angles, 24, 24, 12, "ramp", 1.0)(sinogram, centre)[0]
    large = FilteredBackprojection(angles, 24, 40, 20, "ramp", 1.0)(sinogram, centre)[0]
    np.testing.assert_allclose(large[8:32, 8:32], small, atol=1e-3 * np.abs(small).max())
