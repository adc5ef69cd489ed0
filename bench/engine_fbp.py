"""FBP of the embedded engine against scikit-image's iradon, per slice of a stack, one thread each.

Both reconstruct the same sinograms of the phantom in this run, without noise, so that the error
against its truth (inside 0.8 of the circle) is that of the method. Times are processor times, which
other work on the machine hardly changes.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable

import numpy as np
from skimage.transform import iradon

from savu_embedded.arrays import Array
from savu_embedded.methods.fbp import FilteredBackprojection
from savu_embedded.phantom import flange

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def stack(angles: int, columns: int, slices: int) -> tuple[Array, Array, Array]:
    """Return sinograms (slices, angles, columns), angles in radians and the true slices."""
    theta = np.linspace(0, np.pi, angles, endpoint=False)
    half, axis = columns / 2, columns // 2
    # Detector columns have a width: three rays each.
    position = ((np.arange(3 * columns) - 1) / 3 - axis) / half
    heights = np.linspace(-0.5, 0.5, slices)
    shapes = flange()
    rays = np.stack([shapes.integrals(z, theta, position) for z in heights])
    sinograms = rays.reshape(slices, angles, columns, 3).mean(axis=3)
    truth = np.stack([shapes.image(z, columns, axis, half) for z in heights])
    return sinograms.astype(np.float32), theta, truth


def timed(work: Callable[[], Array], repeats: int) -> tuple[float, Array]:
    """Return the shortest processor time of some runs, in seconds, and the result."""
    best, result = np.inf, np.empty(0)
    for _ in range(repeats):
        began = time.process_time()
        result = work()
        best = min(best, time.process_time() - began)
    return best, result


def error(images: Array, truth: Array) -> float:
    """Return the root mean square of the difference, relative to that of the truth."""
    size = truth.shape[-1]
    inside = np.hypot(*(np.mgrid[:size, :size] - size // 2)) < 0.8 * size / 2
    difference = (images - truth)[:, inside]
    return float(np.sqrt(np.mean(difference**2) / np.mean(truth[:, inside] ** 2)))


def main() -> int:
    """Print the table; exit with 1 when the engine is not `--goal` times as fast."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--angles", type=int, default=901)
    parser.add_argument("--columns", type=int, default=512)
    parser.add_argument("--slices", type=int, default=16)
    parser.add_argument("--goal", type=float, default=50)
    options = parser.parse_args()
    if any(os.environ.get(variable) != "1" for variable in THREADS):
        # Libraries read these when they are loaded.
        os.execve(
            sys.executable,
            [sys.executable, *sys.argv],
            {**os.environ, **dict.fromkeys(THREADS, "1")},
        )
    angles, columns, slices = options.angles, options.columns, options.slices
    sinograms, theta, truth = stack(angles, columns, slices)
    degrees, half = np.rad2deg(theta), columns / 2

    def engine() -> Array:
        # The plan is part of the work: a worker makes it once for all its blocks.
        backprojection = FilteredBackprojection(
            theta, columns, columns, columns // 2, "ramp", np.pi / angles
        )
        return backprojection(sinograms, np.full(slices, columns // 2)) * half

    def scikit_image() -> Array:
        return (
            np.stack(
                [
                    iradon(
                        s.T, theta=degrees, output_size=columns, filter_name="ramp", circle=False
                    )
                    for s in sinograms
                ]
            )
            * half
        )

    fast, found = timed(engine, 3)
    slow, other = timed(scikit_image, 1)
    print(f"{angles} angles x {columns} columns, stack of {slices}, one thread")
    print(f"{'method':22} {'ms per slice':>12} {'error':>7}")
    for name, seconds, images in (
        ("engine", fast, found),
        ("scikit-image iradon", slow, other),
    ):
        print(f"{name:22} {1000 * seconds / slices:12.1f} {error(images, truth):7.3f}")
    print(f"engine is {slow / fast:.0f} times as fast (goal {options.goal:g})")
    return int(slow < options.goal * fast)


if __name__ == "__main__":
    sys.exit(main())
