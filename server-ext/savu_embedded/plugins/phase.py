"""Phase retrieval and sharpening."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from savu_embedded.arrays import Array, xp
from savu_embedded.datasets import Dataset
from savu_embedded.errors import RefusedError
from savu_embedded.methods import frequency
from savu_embedded.methods.phase_unwrapping import unwrap_phase
from savu_embedded.plugins.base import ImageFilter, Plugin
from savu_embedded.tiff import TiffError, open_images

_TRANSFER_SUFFIXES = (".npy", ".npz", ".tif", ".tiff")


class PaganinFilter(Plugin):
    """Thickness from transmission; the logarithm is taken, so a reconstruction must not."""

    cuts = ("frames",)
    runs: ClassVar = {"Padmethod": ("edge", "reflect", "symmetric", "wrap", "mean", "median")}

    def check(self) -> Iterator[str]:
        for name in ("Energy", "Resolution"):
            if self.parameters[name] <= 0:
                yield f"{name} must be positive"
        for name in ("Padtopbottom", "Padleftright"):
            if self.parameters[name] < 0:
                yield f"{name} must not be negative"

    def setup(self, data: Dataset) -> Dataset:
        p = self.parameters
        self._pad = (p["Padtopbottom"], p["Padleftright"])
        rows, columns = (
            length + 2 * pad for length, pad in zip(data.shape[1:], self._pad, strict=True)
        )
        self._factors = frequency.paganin_filter(
            (rows, columns), p["Ratio"], p["Energy"], p["Distance"], p["Resolution"]
        )
        return data

    def process_frame(self, frame: Array, number: int) -> Array:
        p = self.parameters
        return frequency.projected_thickness(
            frame, self._factors, self._pad, p["Padmethod"], p["Ratio"], p["increment"]
        )


class FresnelFilter(ImageFilter):
    """Smooths integrals, in sinograms across the columns only.

    Of frames, the first 10 rows are replaced, as in Savu, where cameras may stamp the time.
    Without `apply_log`, the data are integrals already.
    """

    def setup(self, data: Dataset) -> Dataset:
        if self.parameters["pattern"] == "PROJECTION" and data.shape[1] <= 10:
            raise RefusedError("FresnelFilter: frames of more than 10 rows are needed.")
        return data

    def process_image(self, image: Array) -> Array:
        pad, ratio = min(150, image.shape[1] // 10), self.parameters["ratio"]
        sinogram = self.parameters["pattern"] == "SINOGRAM"
        smooth = frequency.fresnel_sinogram if sinogram else frequency.fresnel_frame
        if self.parameters["apply_log"]:
            return xp.exp(-smooth(-xp.log(image), ratio, pad))
        return smooth(image, ratio, pad)


class PhaseUnwrapping(ImageFilter):
    """Makes phases continuous, which jump by full turns."""

    def check(self) -> Iterator[str]:
        yield from super().check()
        if self.parameters["n_iterations"] < 0:
            yield "n_iterations must not be negative"

    def process_image(self, image: Array) -> Array:
        return unwrap_phase(image, self.parameters["n_iterations"])


class MtfDeconvolution(Plugin):
    """Sharpens frames, before their flat field correction, and the flat field."""

    cuts = ("frames",)

    def check(self) -> Iterator[str]:
        if self.parameters["file_path"] in (None, "None"):
            yield "file_path must name the file of the transfer function"
        elif Path(self.parameters["file_path"]).suffix not in _TRANSFER_SUFFIXES:
            yield f"file_path: the file must be of a kind {', '.join(_TRANSFER_SUFFIXES)}"

    def setup(self, data: Dataset) -> Dataset:
        path = self.parameters["file_path"]
        try:
            transfer = _read_image(Path(path)).astype(xp.float32)
        except (OSError, ValueError, TiffError) as error:
            raise RefusedError(f"MtfDeconvolution: cannot read {path}: {error}") from error
        if transfer.shape != data.shape[1:]:
            raise RefusedError(
                f"MtfDeconvolution: the transfer function is {transfer.shape}, the frames are "
                f"{data.shape[1:]}."
            )
        transfer[transfer <= 0] = 1
        self._transfer = transfer / transfer.max()
        return data.with_flats(self._sharp)

    def process_frame(self, frame: Array, number: int) -> Array:
        return self._sharp(frame)

    def _sharp(self, frame: Array) -> Array:
        pad = max(0, self.parameters["pad_width"])
        return frequency.deconvolve(frame.astype(xp.float32), self._transfer, pad)


def _read_image(path: Path) -> Array:
    """Return the image in a file: of an archive or of many images, the first.

    Raises:
        OSError, ValueError, TiffError: there is none.
    """
    if path.suffix in (".tif", ".tiff"):
        image = next(open_images(path))
        return image.read(0, image.shape[0])
    found = xp.load(path, allow_pickle=False)
    return xp.asarray(found if isinstance(found, xp.ndarray) else found[found.files[0]])
