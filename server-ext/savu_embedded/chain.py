"""The work that is done block by block, here or in worker processes."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np

from savu_embedded import statistics
from savu_embedded.arrays import Array
from savu_embedded.datasets import Cut
from savu_embedded.output import ResultFile
from savu_embedded.plan import Step
from savu_embedded.plugins.base import Combination
from savu_embedded.plugins.centring import Centring
from savu_embedded.pool import Report
from savu_embedded.stages import Stage


class Input(Protocol):
    """A dataset that blocks are read of: the scan, or what a stage before has written."""

    def read(self, first: int, last: int) -> Array:
        """Return rows `first` to `last` (not included) as (rows, dimension 0, dimension 2)."""

    def read_frames(self, first: int, last: int) -> Array:
        """Return frames `first` to `last` (not included) as (frames, rows, columns)."""


def read_block(source: Input, cut: Cut, first: int, last: int) -> Array:
    """Return the rows or frames from `first` to before `last`."""
    return source.read(first, last) if cut == "rows" else source.read_frames(first, last)


@dataclass(frozen=True)
class Chain:
    """A stage, what it reads, and the files into which steps write, by number of the step."""

    stage: Stage
    inputs: Mapping[str, Input]
    files: Mapping[int, ResultFile]

    def run(self, task: tuple[int, int], report: Report) -> None:
        """Work on the rows or frames `task`, from the first to before the last."""
        self.blocks(task, report)

    def blocks(self, task: tuple[int, int], report: Report) -> dict[str, Array]:
        """Return the datasets after all steps, for some rows or frames."""
        first, last = task
        cut = self.stage.cut
        blocks: dict[str, Array] = {}
        for step in self.stage.steps:
            for name in step.inputs:
                if name not in blocks:
                    blocks[name] = read_block(self.inputs[name], cut, first, last)
            if isinstance(step.plugin, Centring):
                continue
            report(step.number, 0.0)
            told = _throttled(partial(report, step.number))
            if step.plugin.halo:
                block = self._with_halo(step, task, told)
            else:
                block = _process(step, cut, [blocks[name] for name in step.inputs], first, told)
            if step.number in self.files:
                file = self.files[step.number]
                (file.write if cut == "rows" else file.write_frames)(first, block)
            blocks[step.output] = block
            report(step.number, 1.0)
        return blocks

    def _with_halo(self, step: Step, task: tuple[int, int], told: Callable[[float], None]) -> Array:
        """Return the output of the first step, which sees more than the rows of the task."""
        first, last = task
        start = max(0, first - step.plugin.halo)
        stop = min(self.stage.length, last + step.plugin.halo)
        wide = read_block(self.inputs[step.inputs[0]], self.stage.cut, start, stop)
        return _process(step, self.stage.cut, [wide], start, told)[first - start : last - start]


@dataclass(frozen=True)
class Measurement:
    """Centring on rows of the data that the steps before it make."""

    chain: Chain
    step: Step

    def run(self, task: Sequence[int], report: Report) -> list[float]:
        """Return the centres of the measured rows with these numbers."""
        plugin = self.step.plugin
        if not isinstance(plugin, Centring):
            raise TypeError(f"{plugin.name} measures nothing")
        averaged = plugin.averaged[list(task)]
        first, last = int(averaged.min()), int(averaged.max()) + 1
        blocks = self.chain.blocks((first, last), lambda _, __: report(self.step.number, 0.0))
        sinograms = blocks[self.step.inputs[0]].astype(np.float32, copy=False)
        centres = []
        for i, rows in enumerate(averaged):
            centres.append(plugin.measure(sinograms[rows - first]))
            report(self.step.number, (i + 1) / len(averaged))
        return centres


@dataclass(frozen=True)
class Survey:
    """Statistics of what a step reads, row by row or frame by frame."""

    source: Input
    cut: Cut

    def run(self, task: tuple[int, int], report: Report) -> list[statistics.Part]:
        """Return the parts that the rows or frames of the task are."""
        return [statistics.part(image) for image in read_block(self.source, self.cut, *task)]


def _process(
    step: Step, cut: Cut, blocks: Sequence[Array], first: int, told: Callable[[float], None]
) -> Array:
    plugin = step.plugin
    if isinstance(plugin, Combination):
        one, other = (block.astype(np.float32, copy=False) for block in blocks)
        return plugin.combine(one, other)
    work = plugin.process if cut == "rows" else plugin.process_frames
    return work(blocks[0], first, told)


def _throttled(tell: Callable[[float], None], interval: float = 0.1) -> Callable[[float], None]:
    """Return `tell`, but at most once in `interval` seconds."""
    last = time.monotonic()

    def told(done: float) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= interval:
            last = now
            tell(done)

    return told
