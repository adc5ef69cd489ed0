"""The work that is done block by block, here or in worker processes."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np

from savu_embedded import statistics
from savu_embedded.arrays import Array
from savu_embedded.datasets import Branch, Cut, Family, branches
from savu_embedded.plugins.base import Combination, Plugin
from savu_embedded.plugins.centring import Centring
from savu_embedded.pool import Report
from savu_embedded.result_files import JoinedFile, ResultFile
from savu_embedded.stages import Stage, measures
from savu_embedded.steps import Step


class Input(Protocol):
    """A dataset that blocks are read of: the scan, or what a stage before has written."""

    def read(self, first: int, last: int) -> Array:
        """Return rows `first` to `last` (not included) as (rows, dimension 0, dimension 2)."""

    def read_frames(self, first: int, last: int) -> Array:
        """Return frames `first` to `last` (not included) as (frames, rows, columns)."""


def read_block(source: Input, cut: Cut, first: int, last: int) -> Array:
    """Return the rows or frames from `first` to before `last`."""
    return source.read(first, last) if cut == "rows" else source.read_frames(first, last)


#: Told which of the tuned values is meant, and the datasets made with these.
Visit = Callable[[Branch, Mapping[str, Array]], None]


class Fault(NamedTuple):
    """So many values that are no numbers, in rows or frames of the loaded dataset `name`."""

    name: str
    cut: Cut
    number: int
    first: int
    last: int


@dataclass(frozen=True)
class Chain:
    """A stage, what it reads, and the files into which steps write, by index of the step.

    With `durable`, what is marked as written is on the disk, not only on its way.
    """

    stage: Stage
    inputs: Mapping[str, Family[Input]]
    files: Mapping[int, Family[ResultFile]]
    durable: bool = False

    def run(self, task: tuple[int, int], report: Report) -> list[Fault]:
        """Work on the rows or frames `task`, from the first to before the last."""
        faults = self.walk(task, report)
        for files in self.files.values():
            files.members[0].mark(*task, self.durable)
        return faults

    def walk(
        self, task: tuple[int, int], report: Report, visit: Visit | None = None
    ) -> list[Fault]:
        """Pass some rows or frames through all steps, for each combination of tuned values.

        `visit` is called where all steps are done. What is wrong with the loaded data is returned.
        """
        walk = _Walk(self, task, report, visit)
        walk.go(0, {}, {})
        return walk.faults

    def is_written(self, first: int, last: int) -> bool:
        """Return whether all files have these rows or frames."""
        files = [family.members[0] for family in self.files.values()]
        return bool(files) and all(file.is_written(first, last) for file in files)


@dataclass(frozen=True)
class _Walk:
    """One block on its way: before the first tuned step once, then with one value at a time."""

    chain: Chain
    task: tuple[int, int]
    report: Report
    visit: Visit | None
    faults: list[Fault] = field(default_factory=list)

    def go(self, at: int, branch: Branch, blocks: dict[str, Array]) -> None:
        """Do the steps from number `at` on; `blocks` are the datasets that are there by then."""
        steps = self.chain.stage.steps
        for number in range(at, len(steps)):
            step = steps[number]
            read = [self.chain.inputs[name] for name in step.inputs if name not in blocks]
            axes = [*(axis for family in read for axis in family.axes), *step.choices.axes]
            if new := [axis for axis in dict.fromkeys(axes) if axis.key not in branch]:
                for values in branches(new):
                    self.go(number, {**branch, **values}, dict(blocks))
                return
            for name in step.inputs:
                if name not in blocks and not step.halo:
                    source = self.chain.inputs[name][branch]
                    blocks[name] = read_block(source, self.chain.stage.cut, *self.task)
                    if not isinstance(source, (ResultFile, JoinedFile)):
                        self._check(name, blocks[name])
            if not measures(step):
                self._do(step, branch, blocks)
                self._forget(number, blocks)
        if self.visit is not None:
            self.visit(branch, blocks)

    def _check(self, name: str, block: Array) -> None:
        """Note values of a loaded dataset that are no numbers."""
        if block.dtype.kind == "f" and (wrong := int(np.count_nonzero(~np.isfinite(block)))):
            self.faults.append(Fault(name, self.chain.stage.cut, wrong, *self.task))

    def _do(self, step: Step, branch: Branch, blocks: dict[str, Array]) -> None:
        """Put into `blocks` what a step makes, and into its file."""
        cut = self.chain.stage.cut
        first = self.task[0]
        plugin, count = step.variants[branch], len(step.variants.members)
        done = step.variants.number(branch)
        self.report(step.index, done / count)
        told = _throttled(lambda part: self.report(step.index, (done + part) / count))
        if step.halo:
            block = self._with_halo(step, branch, told)
        else:
            block = _process(plugin, cut, [blocks[name] for name in step.inputs], first, told)
        own = {axis.key for axis in step.variants.axes}
        # What does not depend on a value is the same each time.
        if step.index in self.chain.files and not any(
            value for key, value in branch.items() if key not in own
        ):
            file = self.chain.files[step.index][branch]
            (file.write if cut == "rows" else file.write_frames)(first, block)
        blocks[step.output] = block
        self.report(step.index, (done + 1) / count)

    def _with_halo(self, step: Step, branch: Branch, told: Callable[[float], None]) -> Array:
        """Return the output of the first step, which sees more than the rows of the task."""
        first, last = self.task
        stage = self.chain.stage
        start = max(0, first - step.halo)
        stop = min(stage.length, last + step.halo)
        wide = read_block(self.chain.inputs[step.inputs[0]][branch], stage.cut, start, stop)
        block = _process(step.variants[branch], stage.cut, [wide], start, told)
        return block[first - start : last - start]

    def _forget(self, number: int, blocks: dict[str, Array]) -> None:
        """Drop the datasets that no step after `number` reads, which frees their memory."""
        needed = {name for step in self.chain.stage.steps[number + 1 :] for name in step.inputs}
        for name in blocks.keys() - needed:
            del blocks[name]


@dataclass(frozen=True)
class Measurement:
    """Centring on rows of the data that the steps before it make."""

    chain: Chain
    step: Step

    def run(self, task: Sequence[int], report: Report) -> list[list[float]]:
        """Return the centres of the measured rows with these numbers, for each variant."""
        # Rows and their groups depend on the data alone, which are alike for all variants.
        plugin = self._variant({axis.key: 0 for axis in self.step.variants.axes})
        averaged = plugin.averaged[list(task)]
        first, last = int(averaged.min()), int(averaged.max()) + 1
        measured: list[list[float]] = [[] for _ in self.step.variants.members]
        total = len(averaged) * len(measured)

        def measure(branch: Branch, blocks: Mapping[str, Array]) -> None:
            sinograms = blocks[self.step.inputs[0]].astype(np.float32, copy=False)
            number = self.step.variants.number(branch)
            for rows in averaged:
                centre = self._variant(branch).measure(sinograms[rows - first])
                measured[number].append(centre)
                report(self.step.index, (number * len(averaged) + len(measured[number])) / total)

        self.chain.walk((first, last), lambda _, __: report(self.step.index, 0.0), measure)
        return measured

    def _variant(self, branch: Branch) -> Centring:
        plugin = self.step.variants[branch]
        if not isinstance(plugin, Centring):
            raise TypeError(f"{plugin.name} measures nothing")
        return plugin


@dataclass(frozen=True)
class Survey:
    """Statistics of what a step reads, row by row or frame by frame, for each variant of it."""

    sources: Sequence[Input]
    cut: Cut

    def run(self, task: tuple[int, int], report: Report) -> list[list[statistics.Part]]:
        """Return the parts that the rows or frames of the task are."""
        return [
            [statistics.part(image) for image in read_block(source, self.cut, *task)]
            for source in self.sources
        ]


def _process(
    plugin: Plugin, cut: Cut, blocks: Sequence[Array], first: int, told: Callable[[float], None]
) -> Array:
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
