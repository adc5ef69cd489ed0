"""What the benchmarks share: a phantom's sinograms with their truth, one thread, and a clock.

Times are processor times, which other work on the machine hardly changes, of runs that take turns,
so that what changes anyway meets all alike; the shortest counts.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from savu_embedded.arrays import Array
from savu_embedded.phantom import flange

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


def use_one_thread() -> None:
    """Start the program anew with one thread for each library, which read this when loaded."""
    if any(os.environ.get(variable) != "1" for variable in THREADS):
        one = dict.fromkeys(THREADS, "1")
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **one})


def sinograms(angles: int, columns: int, slices: int) -> tuple[Array, Array, Array]:
    """Return integrals (slices, angles, columns) float32, angles in radians, and the heights.

    The axis is on column `columns` // 2, and half the columns are one unit of length.
    """
    theta = np.linspace(0, np.pi, angles, endpoint=False)
    half, axis = columns / 2, columns // 2
    # Detector columns have a width: three rays each.
    position = ((np.arange(3 * columns) - 1) / 3 - axis) / half
    heights = np.linspace(-0.5, 0.5, slices)
    rays = np.stack([flange().integrals(z, theta, position) for z in heights])
    mean = rays.reshape(slices, angles, columns, 3).mean(axis=3)
    return mean.astype(np.float32), theta, heights


def truth(heights: Iterable[float], size: int, axis: float) -> Array:
    """Return the slices (n, size, size) at some heights, with the rotation axis on pixel `axis`."""
    return np.stack([flange().image(z, size, axis, size / 2) for z in heights])


def take_turns(
    works: Mapping[str, Callable[[], Any]], rounds: Mapping[str, int]
) -> tuple[dict[str, float], dict[str, Any]]:
    """Return the shortest processor time of each work, in seconds, and its result.

    `rounds` says how often each is run, in turns; the first run of some libraries compiles.
    """
    best = dict.fromkeys(works, np.inf)
    results: dict[str, Any] = {}
    for turn in range(max(rounds.values())):
        for name, work in works.items():
            if turn < rounds[name]:
                began = time.process_time()
                results[name] = work()
                best[name] = min(best[name], time.process_time() - began)
    return best, results


def verdict(claims: Iterable[tuple[str, float, float]]) -> int:
    """Print claims that a figure is at least a goal, and return 1 unless all hold."""
    failed = 0
    for text, figure, goal in claims:
        holds = figure >= goal
        failed |= not holds
        print(f"{'holds' if holds else 'FAILS'}: {text}: {figure:.1f} (goal {goal:g})")
    return failed
