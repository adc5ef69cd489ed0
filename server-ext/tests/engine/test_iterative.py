"""The projector, its adjoint, and the iterations that use them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from savu_embedded.methods import iterative
from savu_embedded.methods.iterative import IterativeReconstruction, Projector, Rules
from savu_embedded.methods.total_variation import least_variation
from savu_embedded.phantom import flange

from .conftest import CHAIN, FBP, Engine, MakeList, final

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


def solve(method: str, rules: Rules, iterations: int = 20) -> tuple[np.ndarray, int]:
    """Reconstruct a noisy slice of few angles; return it, and how many iterations there were."""
    angles, noise = (
        np.linspace(0, np.pi, 61),
        np.random.default_rng(0).normal(0, 0.5, (61, COLUMNS)),
    )
    told: list[float] = []
    reconstruction = IterativeReconstruction(
        method, iterations, angles, COLUMNS, COLUMNS, 31.5, False, rules
    )
    measured = COLUMNS / 2 * sinogram(31.5) + noise.astype(np.float32)
    (image,) = reconstruction(measured[None], np.array([31.5]), told.append)
    return image, len(told) - 1


def roughness(image: np.ndarray) -> float:
    return float(np.abs(np.diff(image, axis=0)).sum() + np.abs(np.diff(image, axis=1)).sum())


@pytest.mark.parametrize("method", ["SIRT", "CGLS"])
def test_rules_constrain_the_image_and_stop_it(method: str) -> None:
    plain, iterations = solve(method, Rules())
    assert iterations == 20
    assert plain.min() < 0
    assert solve(method, Rules(nonnegative=True))[0].min() >= 0
    smooth, _ = solve(method, Rules(variation=0.05))
    assert roughness(smooth) < 0.8 * roughness(plain)
    # What the noise explains is not fitted, and a small change ends it.
    assert 1 < solve(method, Rules(misfit=3))[1] < 20
    assert 1 < solve(method, Rules(change=0.2))[1] < 20


def test_total_variation_brings_a_noisy_slice_nearer_to_its_truth() -> None:
    true = flange().image(0.1, COLUMNS, 31.5, COLUMNS / 2)
    inside = np.hypot(*(np.mgrid[:COLUMNS, :COLUMNS] - 31.5)) < 28
    errors = [
        np.linalg.norm((solve("CGLS", rules, 40)[0] - true)[inside])
        for rules in (Rules(), Rules(nonnegative=True, variation=0.05))
    ]
    assert errors[1] < 0.85 * errors[0]


def test_an_image_of_least_variation_is_the_least() -> None:
    random = np.random.default_rng(3)
    image = random.normal(size=(12, 15)).astype(np.float32)
    found = least_variation(image, 0.3, 200)

    def cost(values: np.ndarray) -> float:
        across, down = np.zeros((2, 12, 15))
        down[:-1], across[:, :-1] = np.diff(values, axis=0), np.diff(values, axis=1)
        return float(0.3 * np.hypot(across, down).sum() + ((values - image) ** 2).sum() / 2)

    for _ in range(20):
        assert cost(found) < cost(found + 0.05 * random.normal(size=image.shape)) + 1e-3
    assert cost(found) < cost(image)


def test_angles_are_transformed_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(4)
    image = random.normal(size=(32, 32)).astype(np.float32)
    lines = random.normal(size=(20, 32)).astype(np.float32)
    angles = np.linspace(0, np.pi, 20)
    whole = Projector(angles, 32, 32, 15.5)
    monkeypatch.setattr(iterative, "_BATCH_SAMPLES", 33 * 7)
    parts = Projector(angles, 32, 32, 15.5)
    projected, back = whole.project(image, 15), whole.backproject(lines, 15)
    np.testing.assert_allclose(parts.project(image, 15), projected, atol=1e-4)
    np.testing.assert_allclose(parts.backproject(lines, 15), back, atol=1e-4)


def test_the_command_takes_rules(
    scan: Path, make_list: MakeList, engine: Engine, tmp_path: Path
) -> None:
    sirt = ("AstraReconCpu", {"algorithm": "SIRT", "n_iterations": 5})
    plist = make_list(*CHAIN, sirt)
    assert engine(scan, plist, folder="plain").returncode == 0
    assert engine(scan, plist, "--iterate", "nonnegative,change=0.001").returncode == 0
    assert final(tmp_path / "plain").min() < 0
    assert final(tmp_path / "run").min() == 0
    wrong = engine(scan, plist, "--iterate", "nonnegative,change=-1", folder="wrong")
    assert "'change=-1' is no rule" in wrong.stderr
    fbp = engine(scan, make_list(*CHAIN, FBP), "--iterate", "nonnegative", folder="fbp")
    assert fbp.returncode == 2
    assert "no plugin of the list iterates" in fbp.stderr
