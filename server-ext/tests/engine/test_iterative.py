"""The projector, its adjoint, and the iterations that use them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from savu_embedded.methods.iterative import IterativeReconstruction, Projector
from savu_embedded.phantom import flange

COLUMNS = 64


@settings(deadline=None, max_examples=20)
@given(
    angles=st.integers(1, 20),
    columns=st.integers(2, 40),
    size=st.integers(2, 40),
    centre=st.floats(-5, 45),
    seed=st.integers(0, 2**32 - 1),
)
def test_backprojection_is_the_adjoint_of_projection(
    angles: int, columns: int, size: int, centre: float, seed: int
) -> None:
    random = np.random.default_rng(seed)
    projector = Projector(np.linspace(0, np.pi, angles), columns, size, (size - 1) / 2)
    image = random.normal(size=(size, size)).astype(np.float32)
    lines = random.normal(size=(angles, columns)).astype(np.float32)
    one = np.vdot(projector.project(image, centre), lines)
    other = np.vdot(image, projector.backproject(lines, centre))
    scale = float(np.linalg.norm(image) * np.linalg.norm(lines))
    assert float(one) == pytest.approx(float(other), abs=2e-3 * scale)


def sinogram(centre: float) -> np.ndarray:
    position = (np.arange(COLUMNS) - centre) / (0.5 * COLUMNS)
    angles = np.linspace(0, np.pi, 61)
    return flange().integrals(0.1, angles, position).astype(np.float32)


@pytest.mark.parametrize("method", ["SIRT", "CGLS"])
def test_iterations_come_nearer_to_what_was_measured(method: str) -> None:
    centre, angles = 31.5, np.linspace(0, np.pi, 61)
    measured = sinogram(centre)
    projector = Projector(angles, COLUMNS, COLUMNS, 31.5)
    misfits = []
    for iterations in (1, 4, 16):
        solve = IterativeReconstruction(method, iterations, angles, COLUMNS, COLUMNS, 31.5, False)
        told: list[float] = []
        (image,) = solve(measured[None], np.array([centre]), told.append)
        assert told[-1] == 1
        misfits.append(np.linalg.norm(projector.project(image, centre) - measured))
    assert misfits[0] > misfits[1] > misfits[2]
    assert misfits[2] < 0.1 * np.linalg.norm(measured)


@pytest.mark.parametrize("method", ["SIRT", "CGLS"])
def test_nothing_measured_gives_nothing(method: str) -> None:
    solve = IterativeReconstruction(method, 3, np.linspace(0, 3, 9), 16, 16, 7.5, True)
    assert not solve(np.zeros((2, 9, 16), np.float32), np.array([7.5, 8.0])).any()
