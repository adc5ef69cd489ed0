"""What holds for any data: sums, scales, turns, and that a part is worked on as the whole."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import rotate

from savu_core.catalogue import new_plugin
from savu_embedded.methods import faulty_columns, rings, rings_fourier
from savu_embedded.methods.fbp import FilteredBackprojection
from savu_embedded.methods.gridding import Gridding
from savu_embedded.plugins import PLUGINS
from savu_embedded.plugins.base import Plugin
from savu_embedded.plugins.centring import Centring
from savu_embedded.statistics import combine, part

from .test_fuzz import STEPS, block, dataset

SHAPE = (24, 6, 32)


def runs_by_default(name: str) -> bool:
    plugin = PLUGINS[name](new_plugin(name, "1").parameters)
    return (
        isinstance(plugin, Plugin)
        and not isinstance(plugin, Centring)
        and not plugin.halo
        and not list(plugin.check())
    )


@pytest.mark.parametrize("name", [name for name in STEPS if runs_by_default(name)])
def test_a_part_of_the_data_gives_that_part_of_the_result(name: str) -> None:
    plugin = PLUGINS[name](new_plugin(name, "1").parameters)
    assert isinstance(plugin, Plugin)
    data = dataset(plugin.kind or "projections", SHAPE)
    angles, rows, columns = data.shape
    by_rows = "rows" in plugin.cuts
    whole = block("noise", (rows, angles, columns) if by_rows else (angles, rows, columns), 1)
    plugin.statistics = combine([part(image) for image in whole])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plugin.setup(data)
        work = plugin.process if by_rows else plugin.process_frames
        # Slices are reconstructed in pairs, so parts begin at an even row.
        expected = work(whole.copy(), 0, lambda _: None)[2:6]
        found = work(whole[2:6].copy(), 2, lambda _: None)
    np.testing.assert_array_equal(found, expected)


@settings(max_examples=15, deadline=None)
@given(
    angles=st.integers(1, 20),
    columns=st.integers(3, 30),
    factor=st.floats(-3, 3),
    seed=st.integers(0, 2**32 - 1),
)
def test_backprojection_is_linear(angles: int, columns: int, factor: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    first, second = random.normal(size=(2, 1, angles, columns)).astype(np.float32)
    theta, centre = random.uniform(0, np.pi, angles), np.array([columns / 2])
    method = FilteredBackprojection(theta, columns, columns, columns // 2, "ramp", 1 / angles)
    total = method(np.float32(factor) * first + second, centre)
    parts = factor * method(first, centre) + method(second, centre)
    np.testing.assert_allclose(total, parts, atol=1e-5 * max(1, np.abs(first).max() * 4))


@settings(max_examples=15, deadline=None)
@given(
    size=st.integers(1, 40),
    points=st.integers(1, 60),
    axis=st.floats(0, 1),
    seed=st.integers(0, 2**32 - 1),
)
def test_the_transforms_are_adjoint_and_right(
    size: int, points: int, axis: float, seed: int
) -> None:
    random = np.random.default_rng(seed)
    gridding = Gridding(size, axis * (size - 1), both_ways=True)
    x, y = random.uniform(-np.pi, np.pi, (2, points))
    values, image = (
        (random.normal(size=n) + 1j * random.normal(size=n)).astype(np.complex64)
        for n in (points, (size, size))
    )
    gridding.set_points(x, y)
    spread = gridding.image(gridding.spread(values))
    place = np.arange(size) - axis * (size - 1)
    waves = np.exp(1j * np.outer(x, place)), np.exp(1j * np.outer(y, place))
    exact = np.einsum("p,pr,pc->rc", values, *waves)
    np.testing.assert_allclose(spread, exact, atol=4e-3 * np.abs(values).sum())
    one = np.vdot(image, spread)
    other = np.vdot(gridding.interpolate(gridding.expanded(image)), values)
    scale = float(np.linalg.norm(image) * np.linalg.norm(spread))
    assert abs(one - other) <= 1e-5 * max(scale, float(np.abs(values).sum()))


@settings(max_examples=8, deadline=None)
@given(degrees=st.floats(-180, 180), x=st.floats(-9, 9), y=st.floats(-9, 9))
def test_turning_the_object_turns_the_image(degrees: float, x: float, y: float) -> None:
    theta = np.linspace(0, np.pi, 90, endpoint=False)
    column = np.arange(61)[None, :]
    place = 30 + x * np.cos(theta)[:, None] - y * np.sin(theta)[:, None]
    sinogram = np.exp(-((column - place) ** 2) / 18).astype(np.float32)[None]
    centre = np.array([30.0])

    def image(angles: np.ndarray) -> np.ndarray:
        return FilteredBackprojection(angles, 61, 61, 30, "ramp", np.pi / 90)(sinogram, centre)[0]

    expected = rotate(image(theta), degrees, reshape=False)
    inside = np.hypot(*(np.mgrid[:61, :61] - 30)) < 25
    turned = image(theta + np.deg2rad(degrees))
    np.testing.assert_allclose(turned[inside], expected[inside], atol=0.02 * turned.max())


METHODS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "sorting": lambda s: rings.remove_stripes_by_sorting(s, 7),
    "filtering": lambda s: rings.remove_stripes_by_filtering(s, 3, 7),
    "fitting": lambda s: rings.remove_stripes_by_fitting(s, 2, 20, 5),
    "normalisation": lambda s: rings.remove_stripes_by_normalisation(s, 5),
    "wavelets": lambda s: rings_fourier.remove_stripes_by_wavelets(s, 1, 3, 5, 10),
    "Fourier": lambda s: rings_fourier.remove_stripes_by_fourier(s, 10, 2, 4, 10),
    "large": lambda s: faulty_columns.remove_large(s, 15, 3),
    "interpolation": lambda s: faulty_columns.remove_by_interpolation(s, 15, 3),
    "all": lambda s: faulty_columns.remove_all(s, 15, 7, 3),
}


@pytest.mark.parametrize("method", METHODS)
def test_ring_removal_follows_the_scale_of_the_data(method: str) -> None:
    sinogram = block("noise", (40, 50), 3)
    sinogram[:, 20] *= 1.3
    # A power of two changes no digit.
    np.testing.assert_allclose(
        METHODS[method](sinogram * 4), METHODS[method](sinogram) * 4, rtol=1e-5
    )
