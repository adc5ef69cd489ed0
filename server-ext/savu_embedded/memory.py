"""How much memory a worker needs for a block, from what passes through a stage."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from savu_embedded.datasets import Cut, Dataset, Family
from savu_embedded.stages import Stage, measures

#: A worker with its libraries, before it has seen any data.
PROCESS = 135_000_000
_FLOAT = 4


@dataclass(frozen=True)
class Need:
    """Bytes that a worker needs for a block: whatever its length, and for each row or frame."""

    fixed: int
    each: int

    def of(self, length: int) -> int:
        return self.fixed + self.each * length

    def most(self, limit: int) -> int:
        """Return how many rows or frames fit into `limit` bytes, 0 if none."""
        return max(0, (limit - self.fixed) // max(1, self.each))


def need_of(
    stage: Stage, inputs: Mapping[str, Family[Dataset]], made: Mapping[int, Family[Dataset]]
) -> Need:
    """Return what a stage needs that reads `inputs`; `made` is what steps make, by index.

    While a block is worked on, the next one is read, and the last one is written.
    """
    data = {name: family.members[0] for name, family in inputs.items()}
    sizes = {name: _bytes(one, stage.cut) for name, one in data.items()}
    read = sum(sizes.values())
    alive: set[str] = set()
    kept, passing, most, written = 0, 0, 0, 0
    for number, step in enumerate(stage.steps):
        if measures(step):
            continue
        plugin = step.variants.members[0]
        first = data[step.inputs[0]]
        alive |= set(step.inputs)
        output = made[step.index].members[0]
        values = _values(first, stage.cut)
        passing = max(passing, _FLOAT * plugin.image_copies * values)
        kept += plugin.workspace()
        working = sum(sizes[name] for name in alive) + _FLOAT * plugin.block_copies * values
        sizes[step.output] = _bytes(output, stage.cut)
        most = max(most, working + sizes[step.output])
        written = max(written, sizes[step.output])
        data[step.output] = output
        alive.add(step.output)
        # With several values, what comes before them waits for the others.
        if not step.choices.axes:
            alive &= {name for later in stage.steps[number + 1 :] for name in later.inputs}
            alive.add(step.output)
    halo = 2 * stage.halo * (read + written)
    return Need(PROCESS + kept + passing + halo, max(most, read) + read + written)


def _values(data: Dataset, cut: Cut) -> int:
    """Return the number of values in a row, or in a frame, of the data."""
    return math.prod(data.shape) // data.shape[1 if cut == "rows" else 0]


def _bytes(data: Dataset, cut: Cut) -> int:
    return _values(data, cut) * np.dtype(data.dtype).itemsize
