"""FBP of the embedded engine against other libraries, per slice of a stack, one thread each.

All reconstruct the same sinograms of the phantom, without noise, so that the error against its
truth (inside 0.8 of the circle) is that of the method; each is compared with the truth turned about
the pixel where the library has the axis. `transforms` are those that no method of this kind does
without: of the projections, and one of the engine's grid for each pair of slices.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from importlib.util import find_spec

import numpy as np
import scipy.fft
from measure import sinograms, take_turns, truth, use_one_thread, verdict
from skimage.transform import iradon

from savu_embedded.arrays import Array
from savu_embedded.methods.fbp import FilteredBackprojection, transform_length
from savu_embedded.methods.gridding import Gridding


def error(images: Array, true: Array) -> float:
    """Return the root mean square of the difference, relative to that of the truth."""
    size = true.shape[-1]
    inside = np.hypot(*(np.mgrid[:size, :size] - size // 2)) < 0.8 * size / 2
    difference = (images - true[: len(images)])[:, inside]
    return float(np.sqrt(np.mean(difference**2) / np.mean(true[: len(images), inside] ** 2)))


def engine(stack: Array, theta: Array) -> Callable[[], Array]:
    slices, angles, columns = stack.shape
    centre = np.full(slices, columns // 2)
    # A worker makes its plan once, for all blocks of its share.
    plan = FilteredBackprojection(
        theta, columns, columns, columns // 2, "ramp", np.pi / angles * columns / 2
    )
    return lambda: plan(stack, centre)


def transforms(stack: Array, columns: int) -> Callable[[], None]:
    slices, angles, _ = stack.shape
    projections = np.zeros((angles, transform_length(columns)), np.complex64)
    projections[:, :columns] = stack[0]
    length = Gridding(columns, columns // 2).length
    grid = np.ones((length, length), np.complex64)

    def work() -> None:
        for _ in range(0, slices, 2):
            scipy.fft.fft(projections, axis=1)
            scipy.fft.ifft2(grid)

    return work


def scikit_image(sinogram: Array, theta: Array) -> Array:
    size = sinogram.shape[1]
    image = iradon(
        sinogram.T, np.rad2deg(theta), output_size=size, filter_name="ramp", circle=False
    )
    return image[None] * size / 2


def algotom(sinogram: Array, theta: Array) -> Array:
    from algotom.rec.reconstruction import fbp_reconstruction

    size = sinogram.shape[1]
    image = fbp_reconstruction(
        sinogram,
        size // 2,
        theta,
        ratio=None,
        filter_name=None,
        apply_log=False,
        gpu=False,
        ncore=1,
    )
    return image[None] * size / 2


def astra(sinogram: Array, theta: Array) -> Array:
    import astra as toolbox

    size = sinogram.shape[1]
    # Its axis is between the columns in the middle: the sinogram is moved by half a column.
    frequency = np.fft.rfftfreq(2 * size)
    spectrum = np.fft.rfft(sinogram, 2 * size) * np.exp(1j * np.pi * frequency)
    moved = np.fft.irfft(spectrum)[:, :size].astype(np.float32)
    volume = toolbox.create_vol_geom(size, size)
    projections = toolbox.create_proj_geom("parallel", 1.0, size, theta)
    projector = toolbox.create_projector("linear", projections, volume)
    config = toolbox.astra_dict("FBP")
    config["ProjectorId"] = projector
    config["ProjectionDataId"] = toolbox.data2d.create("-sino", projections, moved)
    config["ReconstructionDataId"] = toolbox.data2d.create("-vol", volume)
    config["option"] = {"FilterType": "ram-lak"}
    algorithm = toolbox.algorithm.create(config)
    toolbox.algorithm.run(algorithm)
    image = toolbox.data2d.get(config["ReconstructionDataId"])
    toolbox.clear()
    return image[None] * size / 2


def main() -> int:
    """Print the table; exit with 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--angles", type=int, default=1801)
    parser.add_argument("--columns", type=int, default=1024)
    parser.add_argument("--slices", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    use_one_thread()
    size, slices = options.columns, options.slices
    stack, theta, heights = sinograms(options.angles, size, slices)
    others = {"scikit-image iradon": lambda: scikit_image(stack[0], theta)}
    for name, work in (("algotom", algotom), ("astra", astra)):
        if find_spec(name):
            others[f"{name} FBP"] = lambda work=work: work(stack[0], theta)
        else:
            print(f"{name} is not installed: it is left out")
    works = {"engine": engine(stack, theta), "transforms": transforms(stack, size), **others}
    # The first run of algotom compiles, and the slow ones need no second.
    rounds = dict.fromkeys(works, options.rounds) | {"scikit-image iradon": 1, "astra FBP": 1}
    seconds, images = take_turns(works, rounds)
    for name in ("engine", "transforms"):
        seconds[name] /= slices
    true = {axis: truth(heights, size, axis) for axis in (size // 2, (size - 1) / 2)}
    print(f"{options.angles} angles x {size} columns, stack of {slices}, one thread")
    print(f"{'method':22} {'ms per slice':>12} {'error':>7} {'engine is faster by':>20}")
    errors = {}
    for name, time in seconds.items():
        line = f"{name:22} {1000 * time:12.1f}"
        if images[name] is not None:
            errors[name] = min(error(images[name], image) for image in true.values())
            line += f" {errors[name]:7.4f}"
        print(f"{line:42} {time / seconds['engine']:20.1f}")
    claims = [("faster than scikit-image", seconds["scikit-image iradon"], 100)]
    if "algotom FBP" in seconds:
        claims.append(("faster than algotom", seconds["algotom FBP"], 30))
    claims = [(text, time / seconds["engine"], goal) for text, time, goal in claims]
    engine_error = errors.pop("engine")
    return verdict(
        [
            *claims,
            (
                "transforms alone, of 8 times these",
                8 * seconds["transforms"] / seconds["engine"],
                1,
            ),
            ("least error of the others, by the engine's", min(errors.values()) / engine_error, 1),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
