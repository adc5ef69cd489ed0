"""What a plugin of the engine is.

To add one, write a class with the name of Savu's plugin, and list it in `savu_embedded.plugins`:

    class RingRemovalNormalization(Plugin):
        def process_sinogram(self, sinogram: Array, row: int) -> Array:
            return remove_stripes_by_normalisation(sinogram, self.parameters["radius"])
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar

from savu_embedded.arrays import Array, xp
from savu_embedded.datasets import Cut, Dataset, Kind
from savu_embedded.statistics import Statistics

Progress = Callable[[float], None]


class Plugin:
    """A step of the chain that works on blocks of the data.

    `parameters` holds all of Savu's parameters of the plugin. `runs` names those of which the
    engine runs only some values, and these values.
    """

    runs: ClassVar[Mapping[str, tuple[Any, ...]]] = {}
    #: What the plugin works on, None for anything.
    kind: Kind | None = "projections"
    #: What its output is, None for what its input was.
    makes: Kind | None = None
    #: Whether it makes a dataset; else its input goes on as it is.
    makes_dataset: bool = True
    #: NumPy's name of the type in which its output is stored.
    dtype: str = "float32"
    #: The blocks that it can work on.
    cuts: tuple[Cut, ...] = ("rows",)
    #: Rows on both sides of a block that it must see.
    halo: int = 0
    #: Memory beside input and output: copies, as 32-bit numbers, of one image and of the block.
    image_copies: int = 8
    block_copies: int = 0
    #: So many rows, or frames, of its input become one of its output.
    joins: int = 1
    #: Whether it must know what is in all of its input before it begins.
    needs_statistics: bool = False
    statistics: Statistics | None = None

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        self.parameters = parameters

    @property
    def name(self) -> str:
        return type(self).__name__

    def check(self) -> Iterator[str]:
        """Yield what the engine cannot do as the parameters ask, beyond `runs`."""
        yield from ()

    def setup(self, data: Dataset) -> Dataset:
        """Prepare for `data`, and return what the output will be.

        Raises:
            RefusedError: the plugin cannot work on these data.
        """
        return data

    def workspace(self) -> int:
        """Return the bytes that it keeps from block to block, once it is set up."""
        return 0

    def process(self, block: Array, first_row: int, progress: Progress) -> Array:
        """Return the output for some rows.

        `block` is (rows, angles, columns) of projections or (slices, image rows, image columns)
        of a volume, and starts with row `first_row` of the loaded ones. `progress` is told the
        fraction done as work goes on.
        """
        return _each(self.process_sinogram, block, first_row, progress)

    def process_frames(self, block: Array, first_frame: int, progress: Progress) -> Array:
        """Return the output for some frames, the blocks of `cuts` that hold "frames".

        `block` is (frames, rows, columns), and starts with frame `first_frame`.
        """
        return _each(self.process_frame, block, first_frame, progress)

    def process_sinogram(self, sinogram: Array, row: int) -> Array:
        """Return the output for one sinogram (angles, columns)."""
        raise NotImplementedError

    def process_frame(self, frame: Array, number: int) -> Array:
        """Return the output for one frame (rows, columns)."""
        raise NotImplementedError


class ValueFilter(Plugin):
    """Works on each value by itself, of projections and volumes."""

    kind = None
    cuts = ("rows", "frames")
    image_copies = 0
    block_copies = 2

    def process(self, block: Array, first_row: int, progress: Progress) -> Array:
        return self.process_values(block.astype(xp.float32, copy=False))

    def process_frames(self, block: Array, first_frame: int, progress: Progress) -> Array:
        return self.process_values(block.astype(xp.float32, copy=False))

    def process_values(self, values: Array) -> Array:
        """Return the output for values of any shape, float32."""
        raise NotImplementedError


class ImageFilter(Plugin):
    """Works alike on the images that its parameter `pattern` names."""

    pattern = "PROJECTION"

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        super().__init__(parameters)
        pattern = parameters.get("pattern", self.pattern)
        self.kind, cut = PATTERNS.get(pattern, ("projections", "rows"))
        self.cuts = (cut,)

    def check(self) -> Iterator[str]:
        pattern = self.parameters.get("pattern", self.pattern)
        if pattern not in PATTERNS:
            yield f"pattern {pattern} is not run; the embedded engine runs {', '.join(PATTERNS)}"

    def process_sinogram(self, sinogram: Array, row: int) -> Array:
        return self.process_image(sinogram.astype(xp.float32, copy=False))

    def process_frame(self, frame: Array, number: int) -> Array:
        return self.process_image(frame.astype(xp.float32, copy=False))

    def process_image(self, image: Array) -> Array:
        """Return the output for one image, float32."""
        raise NotImplementedError


class Combination(Plugin):
    """Makes one dataset of two, of the same shape, value by value."""

    kind = None
    cuts = ("rows", "frames")
    image_copies = 0
    block_copies = 2

    def combine(self, first: Array, second: Array) -> Array:
        """Return the output for two blocks of any shape, float32."""
        raise NotImplementedError


#: What Savu's patterns are images of, and how the data are cut into these.
PATTERNS: Mapping[str, tuple[Kind, Cut]] = {
    "PROJECTION": ("projections", "frames"),
    "SINOGRAM": ("projections", "rows"),
    "VOLUME_XZ": ("volume", "rows"),
    "VOLUME_YZ": ("volume", "frames"),
}


def _each(
    work: Callable[[Array, int], Array], block: Array, first: int, progress: Progress
) -> Array:
    output = xp.empty((0,), xp.float32)
    for i, image in enumerate(block):
        result = work(image, first + i)
        if i == 0:
            dtype = result.dtype if result.dtype.kind == "u" else xp.float32
            output = xp.empty((len(block), *result.shape), dtype)
        output[i] = result
        progress((i + 1) / len(block))
    return output
