"""Turning, moving and binning frames, and joining the halves of a full turn."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
from scipy import ndimage

from savu_embedded.arrays import Array
from savu_embedded.datasets import Dataset
from savu_embedded.errors import RefusedError
from savu_embedded.methods import full_turn, images
from savu_embedded.plugins.base import Plugin


class _FrameChange(Plugin):
    """Changes all frames alike, with the dark and the flat field."""

    cuts = ("frames",)

    def setup(self, data: Dataset) -> Dataset:
        return data.with_frames(self.changed)

    def process_frame(self, frame: Array, number: int) -> Array:
        return self.changed(frame.astype(np.float32, copy=False))

    def changed(self, frame: Array) -> Array:
        """Return what becomes of a frame (rows, columns)."""
        raise NotImplementedError


class Rotate90(_FrameChange):
    """By a quarter turn."""

    runs: ClassVar = {"pattern": ("PROJECTION",)}

    def changed(self, frame: Array) -> Array:
        return np.rot90(frame, 1 if self.parameters["direction"] == "ACW" else -1)


class DownsampleFilter(_FrameChange):
    """Bins frames, turned and flipped if asked."""

    runs: ClassVar = {"pattern": ("PROJECTION",), "num_bit": (32,)}

    def check(self) -> Iterator[str]:
        if self.parameters["bin_size"] < 1:
            yield "bin_size must be 1 or more"
        angle: Any = self.parameters["rotate_angle"]
        if isinstance(angle, bool) or not isinstance(angle, (int, float)):
            yield "rotate_angle must be one number"

    def changed(self, frame: Array) -> Array:
        p = self.parameters
        if p["rotate_angle"]:
            frame = ndimage.rotate(frame, p["rotate_angle"], reshape=False, mode="nearest")
        binned = images.downsample(frame, p["bin_size"], p["mode"])
        if p["flip_updown"]:
            binned = np.flipud(binned)
        return np.fliplr(binned) if p["flip_leftright"] else binned


class SubpixelShift(Plugin):
    """Moves the data along the columns; what comes from outside is 0.

    Savu's module scipy moves them along the angles instead, which helps nobody.
    """

    cuts = ("rows", "frames")

    def process_sinogram(self, sinogram: Array, row: int) -> Array:
        order = 3 if self.parameters["transform_module"] == "scipy" else 1
        shift = (0, self.parameters["x_shift"])
        values = sinogram.astype(np.float32, copy=False)
        return ndimage.shift(values, shift, order=order, mode="grid-constant")

    def process_frame(self, frame: Array, number: int) -> Array:
        return self.process_sinogram(frame, number)


class CameraRotCorrection(_FrameChange):
    """Turns frames about their middle, and cuts off what turned in if asked.

    Savu confuses row and column of the middle, so its frames are displaced.
    """

    runs: ClassVar = {"use_auto_centre": (True,)}

    def check(self) -> Iterator[str]:
        if self.parameters["crop_edges"] < 0:
            yield "crop_edges must not be negative"

    def setup(self, data: Dataset) -> Dataset:
        rows, columns = ((length - 1) / 2 for length in data.shape[1:])
        self._centre = (rows, columns)
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
    """Straightens frames that a lens has distorted radially."""

    runs: ClassVar = {"file_path": (None, "None")}

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
        top, left = data.origin
        centre = (p["center_from_top"] - top, p["center_from_left"] - left)
        shape = data.shape[1:]
        self._places = images.distorted_places(shape, centre, p["polynomial_coeffs"])
        return replace(super().setup(data), origin=(top + p["crop_edges"], left + p["crop_edges"]))

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
        measured = np.full(rows, columns / 2) if data.centres is None else data.centres
        self._centres = np.full(rows, centre) if centre else measured
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
                replace(column, values=np.arange(2 * columns)),
            ),
            darks=(),
            flats=(),
        )
        return joined.with_centres(
            np.array([full_turn.joined_centre(centre, columns) for centre in self._centres], float)
        )

    def process_sinogram(self, sinogram: Array, row: int) -> Array:
        values = sinogram.astype(np.float32, copy=False)
        return full_turn.join_half_turns(values, float(self._centres[row]))


def _without_edges(frame: Array, rows: int, columns: int) -> Array:
    height, width = frame.shape
    return frame[rows : height - rows, columns : width - columns]
