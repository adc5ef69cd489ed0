"""What a plugin of the engine is.

To add one, write a class with the name of Savu's plugin, and list it in `savu_embedded.plugins`:

    class RingRemovalNormalization(Plugin):
        def process_sinogram(self, sinogram: Array, row: int) -> Array:
            return remove_stripes_by_normalisation(sinogram, self.parameters["radius"])
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar

import numpy as np

from savu_embedded.arrays import Array
from savu_embedded.datasets import Dataset, Kind

Progress = Callable[[float], None]


class Plugin:
    """A step of the chain that works on blocks of detector rows.

    `parameters` holds all of Savu's parameters of the plugin. `runs` names those of which the
    engine runs only some values, and these values; `kind` is what the plugin works on, and
    `makes` what its output is.
    """

    kind: ClassVar[Kind] = "projections"
    makes: ClassVar[Kind] = "projections"
    runs: ClassVar[Mapping[str, tuple[Any, ...]]] = {}

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

    def process(self, block: Array, first_row: int, progress: Progress) -> Array:
        """Return the output for some rows.

        `block` is (rows, angles, columns) of projections or (slices, image rows, image columns)
        of a volume, and starts with row `first_row` of the loaded ones. `progress` is told the
        fraction done as work goes on.
        """
        output = np.empty(block.shape, np.float32)
        for i, sinogram in enumerate(block):
            output[i] = self.process_sinogram(sinogram, first_row + i)
            progress((i + 1) / len(block))
        return output

    def process_sinogram(self, sinogram: Array, row: int) -> Array:
        """Return the output for one sinogram (angles, columns) of the same shape."""
        raise NotImplementedError
