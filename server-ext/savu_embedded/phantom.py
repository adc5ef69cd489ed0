"""A synthetic NXtomo scan of a machined part, with its truth.

    python -m savu_embedded.phantom OUT.nxs [--preset demo|tiny|bench]

The part is a flange: a disc with a keyed bore, cooling slots, bolt holes (some with bolts), pores
and inclusions. Line integrals are analytic, so the truth is exact; it is stored in /truth:
`centre` (the column of the rotation axis, from 0), `shapes` (see `Shapes`), `attenuation` (per
pixel, of a shape value of one) and `heights` (of the detector rows, as the shapes' z).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

from savu_embedded.arrays import Array

_ELLIPSOID, _CYLINDER, _BOX = range(3)
# The largest line integral of the part, in units of one over attenuation.
_LARGEST_INTEGRAL = 1.6
_COUNTS, _DARK_COUNTS = 30_000, 120
_FRAMES_AT_ONCE = 16
# Sub-pixels of detector columns and of pixels of the true image, in each direction.
_DETECTOR_SUB, _IMAGE_SUB = 3, 3


@dataclass(frozen=True)
class Preset:
    """Size of a scan; `off_axis` is how far the axis is from the middle column."""

    angles: int
    rows: int
    columns: int
    off_axis: float
    fields: int = 10


PRESETS = {
    "demo": Preset(181, 128, 512, 7.5),
    "tiny": Preset(91, 8, 128, -3.5, fields=5),
    "bench": Preset(1801, 128, 1024, -11.75),
}


class Shapes:
    """The shapes whose sum is the part.

    `table` has a line for each: kind (0 ellipsoid, 1 elliptic cylinder, 2 box), position x, y, z,
    half sizes a, b, c, rotation about z in radians, value. The field of view is -1 to 1 in x, y.
    """

    def __init__(self, table: Array) -> None:
        self.table = table

    def at(self, height: float) -> Iterator[tuple[bool, Array]]:
        """Yield the cross sections at a height: whether a box, and (x, y, a, b, angle, value)."""
        for kind, x, y, z, a, b, c, angle, value in self.table:
            level = abs(height - z) / c
            if level < 1:
                narrow = np.sqrt(1 - level**2) if kind == _ELLIPSOID else 1.0
                yield kind == _BOX, np.array((x, y, a * narrow, b * narrow, angle, value))

    def image(self, height: float, size: int, axis: float, half_width: float) -> Array:
        """Return the cross section as (size, size), row 0 at the top (largest y).

        The rotation axis is at pixel `axis`, and `half_width` pixels are one unit.
        """
        sub = _IMAGE_SUB
        position = ((np.arange(size * sub) + 0.5) / sub - 0.5 - axis) / half_width
        image = np.zeros((size * sub, size * sub), np.float32)
        for is_box, (x, y, a, b, angle, value) in self.at(height):
            reach = np.hypot(a, b)
            columns = slice(*np.searchsorted(position, (x - reach, x + reach)))
            rows = slice(*np.searchsorted(position, (-y - reach, -y + reach)))
            across, up = position[None, columns] - x, -position[rows, None] - y
            u = (across * np.cos(angle) + up * np.sin(angle)) / a
            v = (up * np.cos(angle) - across * np.sin(angle)) / b
            inside = np.maximum(np.abs(u), np.abs(v)) <= 1 if is_box else u * u + v * v <= 1
            image[rows, columns][inside] += value
        return image.reshape(size, sub, size, sub).mean(axis=(1, 3))

    def integrals(self, height: float, angles: Array, positions: Array) -> Array:
        """Return line integrals (angles, positions) along ``x cos + y sin = position``."""
        total = np.zeros((len(angles), len(positions)), np.float32)
        for is_box, (x, y, a, b, angle, value) in self.at(height):
            middle = x * np.cos(angles) + y * np.sin(angles)
            along = np.abs(a * np.cos(angles - angle))
            beside = np.abs(b * np.sin(angles - angle))
            reach = along + beside if is_box else np.hypot(along, beside)
            first, last = np.searchsorted(
                positions, ((middle - reach).min(), (middle + reach).max())
            )
            distance = np.abs(positions[None, first:last] - middle[:, None])
            if is_box:
                longest = 2 * a * b / np.maximum(along, beside)
                slope = 2 * np.maximum(np.minimum(along, beside), 1e-6)
                share = np.clip((reach[:, None] - distance) / slope[:, None], 0, 1)
                chord = longest[:, None] * share
            else:
                inside = np.maximum(reach[:, None] ** 2 - distance**2, 0)
                chord = (2 * a * b / reach**2)[:, None] * np.sqrt(inside)
            total[:, first:last] += value * chord
        return total


def flange(seed: int = 0) -> Shapes:
    """Return the part; `seed` places its pores and inclusions."""
    random = np.random.default_rng(seed)
    table: list[Sequence[float]] = [
        (_CYLINDER, 0, 0, 0, 0.86, 0.86, 9, 0, 1.0),
        (_CYLINDER, 0, 0, 0, 0.80, 0.80, 9, 0, -0.25),
        (_CYLINDER, 0, 0, 0, 0.30, 0.30, 9, 0, 0.35),
        (_CYLINDER, 0, 0, 0, 0.19, 0.19, 9, 0, -1.10),
        (_BOX, 0.245, 0, 0, 0.05, 0.05, 9, 0, -1.10),
    ]
    for i in range(6):
        turn = np.pi * (i + 0.25) / 3
        x, y = 0.56 * np.cos(turn), 0.56 * np.sin(turn)
        table.append((_CYLINDER, x, y, 0, 0.10, 0.10, 9, 0, -0.75))
        if i % 2:
            table.append((_CYLINDER, x, y, 0, 0.075, 0.075, 9, 0, 1.50))
            table.append((_BOX, x, y, 0.75, 0.045, 0.012, 0.25, turn, -1.50))
        turn += np.pi / 6
        x, y = 0.60 * np.cos(turn), 0.60 * np.sin(turn)
        table.append((_BOX, x, y, 0.2, 0.11, 0.022, 0.9, turn, -0.75))
    for _ in range(160):
        radius, turn = np.sqrt(random.uniform(0.34**2, 0.76**2)), random.uniform(0, 2 * np.pi)
        size = random.uniform(0.010, 0.035)
        height, flat = random.uniform(-1, 1), random.uniform(0.5, 1)
        value = random.choice((-0.6, -0.6, -0.6, 0.9))
        x, y = radius * np.cos(turn), radius * np.sin(turn)
        table.append((_ELLIPSOID, x, y, height, size, size * flat, 2 * size, turn, value))
    return Shapes(np.array(table, float))


def write_scan(path: Path, preset: Preset, seed: int = 0) -> None:
    """Write the scan to the new file `path`, a few frames at a time.

    Raises:
        OSError: the file exists, or cannot be written.
    """
    random = np.random.default_rng(seed + 1)
    shapes = flange(seed)
    rows, columns, half = preset.rows, preset.columns, preset.columns / 2
    centre = (columns - 1) / 2 + preset.off_axis
    heights = np.linspace(0.95, -0.95, rows)
    attenuation = _LARGEST_INTEGRAL / half
    sub = _DETECTOR_SUB
    positions = ((np.arange(columns * sub) + 0.5) / sub - 0.5 - centre) / half
    beam, stripes = _detector(random, rows, columns)
    n, fields = preset.angles, preset.fields
    key = np.repeat(np.array([2, 1, 0], np.uint8), [fields, fields, n])
    angles = np.concatenate((np.zeros(2 * fields), np.linspace(0, 180, n)))
    temporary = path.with_name(f".{path.name}.part")
    try:
        with h5py.File(temporary, "w") as file:
            frames = _write_structure(file, key, angles, rows, columns)
            _write_truth(file, shapes, centre, attenuation, heights)
            for first in range(0, len(key), _FRAMES_AT_ONCE):
                part = slice(first, first + _FRAMES_AT_ONCE)
                light = np.zeros((len(key[part]), rows, columns), np.float32)
                light[key[part] == 1] = beam
                exposed = np.deg2rad(angles[part][key[part] == 0])
                if len(exposed):
                    integrals = _integrals(shapes, heights, exposed, positions)
                    integrals = integrals.reshape(len(exposed), rows, columns, sub).mean(axis=3)
                    # One unit is `half` pixels.
                    through = np.exp(-attenuation * half * integrals)
                    light[key[part] == 0] = beam * stripes * through
                frames[part] = _expose(random, light)
        if path.exists():
            raise FileExistsError(f"{path} exists already")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def true_slice(scan: Path, row: int, size: int, axis: float | None = None) -> Array:
    """Return the true attenuation per pixel, (size, size), of detector `row` of a phantom scan.

    Row 0 of the image is the top. `axis` is the pixel of the rotation axis, by default the
    middle, (size - 1) / 2.

    Raises:
        KeyError: the scan has no truth.
    """
    with h5py.File(scan, "r") as file:
        truth = file["truth"]
        shapes = Shapes(truth["shapes"][()])
        attenuation, height = truth["attenuation"][()], truth["heights"][row]
        half_width = file["entry1/tomo_entry/data/data"].shape[2] / 2
    middle = (size - 1) / 2 if axis is None else axis
    return np.asarray(attenuation * shapes.image(height, size, middle, half_width), np.float32)


def _integrals(shapes: Shapes, heights: Array, angles: Array, positions: Array) -> Array:
    """Return line integrals (angles, heights, positions).

    Most shapes are the same at many heights, so neighbouring heights share what they can.
    """
    kinds = shapes.table[:, 0]
    lasting = Shapes(shapes.table[kinds != _ELLIPSOID])
    passing = Shapes(shapes.table[kinds == _ELLIPSOID])
    total = np.empty((len(angles), len(heights), len(positions)), np.float32)
    known: dict[tuple[float, ...], Array] = {}
    for i, height in enumerate(heights):
        present = tuple(np.abs(height - lasting.table[:, 3]) < lasting.table[:, 6])
        if present not in known:
            known[present] = lasting.integrals(height, angles, positions)
        total[:, i] = known[present] + passing.integrals(height, angles, positions)
    return total


def _detector(random: np.random.Generator, rows: int, columns: int) -> tuple[Array, Array]:
    """Return the beam on the detector and what its flat field misses, both (rows, columns)."""
    y, x = np.mgrid[0:rows, 0:columns]
    shape = ((x / columns - 0.45) / 0.9) ** 2 + ((y / rows - 0.5) / 1.3) ** 2
    beam = _COUNTS * np.exp(-shape) * random.normal(1, 0.02, (rows, columns))
    stripes = np.ones((rows, columns))
    for column in random.choice(columns, max(3, columns // 40), replace=False):
        top, height = random.integers(rows), random.integers(2, max(3, rows // 2))
        stripes[top : top + height, column] += random.normal(0, 0.03)
    return beam.astype(np.float32), stripes.astype(np.float32)


def _expose(random: np.random.Generator, light: Array) -> Array:
    """Return counts, with photon and read-out noise."""
    counts = random.standard_normal(light.shape, np.float32)
    counts *= np.sqrt(light + 9)
    counts += light + _DARK_COUNTS
    return np.clip(np.rint(counts), 0, 65535).astype(np.uint16)


def _write_structure(
    file: h5py.File, key: Array, angles: Array, rows: int, columns: int
) -> h5py.Dataset:
    """Write all but the frames, and return the dataset for these, (frames, rows, columns)."""

    def group(parent: h5py.Group, name: str, nx_class: str) -> h5py.Group:
        made = parent.create_group(name)
        made.attrs["NX_class"] = nx_class
        return made

    file.attrs["default"] = "entry1"
    entry = group(file, "entry1", "NXentry")
    entry.attrs["default"] = "tomo_entry"
    tomo = group(entry, "tomo_entry", "NXsubentry")
    tomo.attrs["default"] = "data"
    tomo["definition"] = "NXtomo"
    tomo["title"] = "Synthetic scan of a flange"
    detector = group(group(tomo, "instrument", "NXinstrument"), "detector", "NXdetector")
    frames = detector.create_dataset("data", (len(key), rows, columns), np.uint16)
    detector["image_key"] = key
    sample = group(tomo, "sample", "NXsample")
    sample["name"] = "flange"
    sample["rotation_angle"] = angles
    sample["rotation_angle"].attrs["units"] = "degree"
    plot = group(tomo, "data", "NXdata")
    plot["data"] = frames
    plot["image_key"] = detector["image_key"]
    plot["rotation_angle"] = sample["rotation_angle"]
    for name, length in (("detector_y", rows), ("detector_x", columns)):
        plot[name] = np.arange(length)
        plot[name].attrs["units"] = "pixel"
    plot.attrs["signal"] = "data"
    plot.attrs["axes"] = ["rotation_angle", "detector_y", "detector_x"]
    # The first frames are dark.
    plot.attrs["default_slice"] = [str(len(key) - np.count_nonzero(key == 0)), ".", "."]
    group(tomo, "control", "NXmonitor")["data"] = np.ones(len(key))
    return frames


def _write_truth(
    file: h5py.File, shapes: Shapes, centre: float, attenuation: float, heights: Array
) -> None:
    truth = file.create_group("truth")
    truth["centre"] = centre
    truth["shapes"] = shapes.table
    truth["attenuation"] = attenuation
    truth["heights"] = heights


def main() -> None:
    """Write the scan that the command line asks for."""
    parser = argparse.ArgumentParser(description="Write a synthetic tomography scan.")
    parser.add_argument("out", type=Path, metavar="OUT.nxs")
    parser.add_argument("--preset", choices=PRESETS, default="demo")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    write_scan(options.out, PRESETS[options.preset], options.seed)
    print(f"{options.out}: {options.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
