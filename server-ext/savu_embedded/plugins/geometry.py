"""Turning, moving and binning frames, and joining the halves of a full turn."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from savu_embedded.arrays import Array, ndimage, xp
from savu_embedded.datasets import Cut, Dataset
from savu_embedded.errors import RefusedError
from savu_embedded.faults import plain
from savu_embedded.methods import full_turn, images
from savu_embedded.plugins.base import PATTERNS, Plugin, Progress


class _FrameChange(Plugin):
    """Changes all frames alike, with the dark and the flat field."""

    cuts: tuple[Cut, ...] = ("frames",)

    def setup(self, data: Dataset) -> Dataset:
        return data.with_frames(self.changed)

    def process_frame(self, frame: Array, number: int) -> Array:
        return self.changed(frame.astype(xp.float32, copy=False))

    def changed(self, frame: Array) -> Array:
        """Return what becomes of a frame (rows, columns)."""
        raise NotImplementedError


class Rotate90(_FrameChange):
    """By a quarter turn, frames or slices."""

    runs: ClassVar = {"pattern": ("PROJECTION", "VOLUME_XZ")}

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        super().__init__(parameters)
        self.kind, cut = PATTERNS[parameters.get("pattern", "PROJECTION")]
        self.cuts = (cut,)

    def setup(self, data: Dataset) -> Dataset:
        if self.kind == "projections":
            return super().setup(data)
        x, y, z = data.axes
        return replace(data, axes=(replace(x, values=z.values), y, replace(z, values=x.values)))

    def process_sinogram(self, sinogram: Array, row: int) -> Array:
        return self.changed(sinogram)

    def changed(self, frame: Array) -> Array:
        return xp.rot90(frame, 1 if self.parameters["direction"] == "ACW" else -1)


class DownsampleFilter(_FrameChange):
    """Bins frames, or slices together with their neighbours, turned and flipped if asked.

    With 8 or 16 bits, values span those from `min` to `max`, or all of them.
    """

    runs: ClassVar = {"pattern": ("PROJECTION", "VOLUME_XZ"), "num_bit": (8, 16, 32)}

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        super().__init__(parameters)
        self.kind, cut = PATTERNS[parameters["pattern"]]
        self.cuts = (cut,)
        self.joins = max(1, parameters["bin_size"]) if self.kind == "volume" else 1
        bits = parameters["num_bit"]
        self.dtype = "float32" if bits == 32 else f"uint{bits}"
        self.needs_statistics = bits != 32 and None in (parameters["min"], parameters["max"])

    def check(self) -> Iterator[str]:
        if self.parameters["rotate_angle"] and self.kind == "volume":
            yield "rotate_angle is for frames"
        if self.parameters["bin_size"] < 1:
            yield "bin_size must be 1 or more"
        angle: Any = self.parameters["rotate_angle"]
        if isinstance(angle, bool) or not isinstance(angle, (int, float)):
            yield "rotate_angle must be one number"

    def setup(self, data: Dataset) -> Dataset:
        if self.kind == "projections":
            return super().setup(data)
        x, y, z = (
            replace(axis, values=axis.values[:: self.parameters["bin_size"]]) for axis in data.axes
        )
        return replace(data, axes=(x, y, z))

    def process(self, block: Array, first_row: int, progress: Progress) -> Array:
        p = self.parameters
        values = self._limited(block.astype(xp.float32, copy=False))
        return self._stored(self._flipped(images.downsample(values, p["bin_size"], p["mode"])))

    def process_frame(self, frame: Array, number: int) -> Array:
        return self._stored(self.changed(self._limited(frame.astype(xp.float32, copy=False))))

    def changed(self, frame: Array) -> Array:
        p = self.parameters
        if p["rotate_angle"]:
            frame = ndimage.rotate(frame, p["rotate_angle"], reshape=False, mode="nearest")
        return self._flipped(images.downsample(frame, p["bin_size"], p["mode"]))

    def _flipped(self, values: Array) -> Array:
        if self.parameters["flip_updown"]:
            values = xp.flip(values, axis=-2)
        return xp.flip(values, axis=-1) if self.parameters["flip_leftright"] else values

    def _range(self) -> tuple[float, float]:
        known = self.statistics
        low, high = self.parameters["min"], self.parameters["max"]
        low = (known.minimum if known else 0.0) if low is None else low
        return low, (known.maximum if known else 1.0) if high is None else high

    def _limited(self, values: Array) -> Array:
        return values if self.dtype == "float32" else xp.clip(values, *self._range())

    def _stored(self, values: Array) -> Array:
        if self.dtype == "float32":
            return values
        low, high = self._range()
        scale = (2 ** self.parameters["num_bit"] - 1) / ((high - low) or 1.0)
        return xp.floor((values - low) * scale).astype(self.dtype)


class SubpixelShift(Plugin):
    """Moves the data along the columns; what comes from outside is 0.

    Savu's module scipy moves them along the angles instead, which helps nobody.
    """

    cuts = ("rows", "frames")

    def process_sinogram(self, sinogram: Array, row: int) -> Array:
        order = 3 if self.parameters["transform_module"] == "scipy" else 1
        shift = (0, self.parameters["x_shift"])
        values = sinogram.astype(xp.float32, copy=False)
        return ndimage.shift(values, shift, order=order, mode="grid-constant")

    def process_frame(self, frame: Array, number: int) -> Array:
        return self.process_sinogram(frame, number)


class CameraRotCorrection(_FrameChange):
    """Turns frames about their middle, or a given pixel, and cuts off what turned in if asked.

    Savu confuses row and column of the middle, so its frames are displaced, and stops with an
    error where a pixel is given.
    """

    def check(self) -> Iterator[str]:
        if self.parameters["crop_edges"] < 0:
            yield "crop_edges must not be negative"
        if self.parameters["auto_crop"] and not self.parameters["use_auto_centre"]:
            yield "auto_crop is for frames that are turned about their middle"

    def setup(self, data: Dataset) -> Dataset:
        rows, columns = ((length - 1) / 2 for length in data.shape[1:])
        self._centre = (rows, columns)
        if not self.parameters["use_auto_centre"]:
            self._centre = (self.parameters["centre_y"], self.parameters["center_x"])
        crop: list[float] = [self.parameters["crop_edges"]] * 2
        if self.parameters["auto_crop"]:
            angle = math.radians(abs(self.parameters["angle"]))
            sine, cosine, scale = math.sin(angle), math.cos(angle), math.cos(2 * angle)
            if scale <= 0:
                raise RefusedError("CameraRotCorrection: auto_crop is for angles below 45 degrees.")
            crop[0] += rows - (rows * cosine - columns * sine) / scale
            crop[1] += columns - (columns * cosine - rows * sine) / scale
        self._crop = [math.ceil(round(margin, 6)) for margin in crop]
        if 2 * self._crop[0] >= data.shape[1] or 2 * self._crop[1] >= data.shape[2]:
            raise RefusedError(
                f"CameraRotCorrection: nothing of the {data.shape[1]} x {data.shape[2]} frames "
                "would be left: crop less, or load more rows."
            )
        return super().setup(data)

    def changed(self, frame: Array) -> Array:
        turned = images.rotate(frame, self.parameters["angle"], self._centre)
        return _without_edges(turned, *self._crop)


class DistortionCorrection(_FrameChange):
    """Straightens frames that a lens has distorted radially.

    Centre and coefficients are those of the parameters, or of a text file with lines such as
    `xcenter = 1280.5`, `ycenter = 1079.0` and `factor0 = 1.0`.
    """

    def check(self) -> Iterator[str]:
        if self.parameters["crop_edges"] < 0:
            yield "crop_edges must not be negative"

    def setup(self, data: Dataset) -> Dataset:
        p = self.parameters
        if 2 * p["crop_edges"] >= min(data.shape[1:]):
            raise RefusedError("DistortionCorrection: crop_edges leaves nothing of the frames.")
        if data.origin is None:
            raise RefusedError(
                "DistortionCorrection: the place of the frames on the detector must be known: load "
                "adjacent rows and columns, and straighten before frames are turned or binned."
            )
        down, right, coefficients = self._coefficients()
        top, left = data.origin
        shape = data.shape[1:]
        self._places = images.distorted_places(shape, (down - top, right - left), coefficients)
        return replace(super().setup(data), origin=(top + p["crop_edges"], left + p["crop_edges"]))

    def _coefficients(self) -> tuple[float, float, list[float]]:
        """Return row and column of the centre, and the coefficients, the constant one first."""
        p = self.parameters
        path = p["file_path"]
        if path in (None, "None"):
            return p["center_from_top"], p["center_from_left"], p["polynomial_coeffs"]
        try:
            lines = Path(path).read_text(encoding="utf-8").splitlines()
            values = {
                name.strip(): float(value)
                for name, sign, value in (line.partition("=") for line in lines)
                if sign
            }
            factors = [name for name in values if name.startswith("factor")]
            factors.sort(key=lambda name: int(name.removeprefix("factor")))
            if not factors:
                raise ValueError("it has no factor0")
            return values["ycenter"], values["xcenter"], [values[name] for name in factors]
        except KeyError as error:
            raise RefusedError(f"DistortionCorrection: {path} has no {error.args[0]}.") from error
        except (OSError, ValueError) as error:
            raise RefusedError(
                f"DistortionCorrection: cannot read the coefficients in {path}: {plain(error)}"
            ) from error

    def changed(self, frame: Array) -> Array:
        crop = self.parameters["crop_edges"]
        return _without_edges(images.straighten(frame, self._places), crop, crop)


class Convert360180Sinogram(Plugin):
    """Makes half a turn of a full one; a reconstruction takes the new centre from it.

    The centre is the measured one unless it is given; 0 means that none is.
    """

    def setup(self, data: Dataset) -> Dataset:
        angles, rows, columns = data.shape
        centre = self.parameters["center"]
        measured = xp.full(rows, columns / 2) if data.centres is None else data.centres
        self._centres = xp.full(rows, centre) if centre else measured
        if self._centres.min() < 1 or self._centres.max() > columns - 1:
            raise RefusedError(
                f"Convert360180Sinogram: the centre {self._centres.max():g} is not on the "
                f"detector of {columns} columns."
            )
        first, row, column = data.axes
        joined = replace(
            data,
            axes=(
                replace(first, values=first.values[: -(-angles // 2)]),
                row,
                replace(column, values=xp.arange(2 * columns)),
            ),
            darks=(),
            flats=(),
        )
        return joined.with_centres(
            xp.array([full_turn.joined_centre(centre, columns) for centre in self._centres], float)
        )

    def process_sinogram(self, sinogram: Array, row: int) -> Array:
        values = sinogram.astype(xp.float32, copy=False)
        return full_turn.join_half_turns(values, float(self._centres[row]))


def _without_edges(frame: Array, rows: int, columns: int) -> Array:
    height, width = frame.shape
    return frame[rows : height - rows, columns : width - columns]
