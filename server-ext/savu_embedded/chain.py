"""The work that is done block by block, here or in worker processes."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple, Protocol

import numpy as np

from savu_embedded import statistics
from savu_embedded.arrays import Array
from savu_embedded.datasets import Branch, Cut, Family, Span, branches
from savu_embedded.plugins.base import Combination, Plugin
from savu_embedded.plugins.centring import Centring
from savu_embedded.result_files import JoinedFile, ResultFile
from savu_embedded.stages import Stage, measures
from savu_embedded.steps import Step
from savu_embedded.worker import Later, Report


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

    def read(self, task: Span) -> dict[str, Array]:
        """Return the datasets that the stage reads, but for those with tuned values."""
        return {
            name: read_block(self.inputs[name].members[0], self.stage.cut, *self.sees(step, task))
            for name, step in self.stage.inputs().items()
            if not self.inputs[name].axes
        }

    def sees(self, step: Step, task: Span) -> Span:
        """Return the rows or frames that a step needs for those of the task."""
        return self.stage.sees(task) if step is self.stage.steps[0] else task

    def run(
        self, task: Span, read: dict[str, Array], report: Report, later: Later
    ) -> Callable[[], list[Fault]]:
        """Work on the rows or frames `task`, from the first to before the last."""
        walk = _Walk(self, task, report, later, read)
        walk.go(0, {}, {})

        def end() -> list[Fault]:
            for files in self.files.values():
                files.members[0].mark(*task, self.durable)
            return walk.faults

        return end

    def walk(self, task: Span, report: Report, visit: Visit) -> None:
        """Pass some rows or frames through all steps, and call `visit` after the last.

        That is done for each combination of tuned values.
        """
        _Walk(self, task, report, lambda act: act(), {}, visit).go(0, {}, {})

    def is_written(self, first: int, last: int) -> bool:
        """Return whether all files have these rows or frames."""
        files = [family.members[0] for family in self.files.values()]
        return bool(files) and all(file.is_written(first, last) for file in files)


@dataclass(frozen=True)
class _Walk:
    """One block on its way: before the first tuned step once, then with one value at a time."""

    chain: Chain
    task: Span
    report: Report
    later: Later
    #: What was read before, until it is used.
    read: dict[str, Array]
    visit: Visit | None = None
    faults: list[Fault] = field(default_factory=list)

    def go(self, at: int, branch: Branch, blocks: dict[str, Array]) -> None:
        """Do the steps from number `at` on; `blocks` are the datasets that are there by then."""
        steps = self.chain.stage.steps
        for number in range(at, len(steps)):
            step = steps[number]
            inputs = [self.chain.inputs[name] for name in step.inputs if name not in blocks]
            axes = [*(axis for family in inputs for axis in family.axes), *step.choices.axes]
            if new := [axis for axis in dict.fromkeys(axes) if axis.key not in branch]:
                for values in branches(new):
                    self.go(number, {**branch, **values}, dict(blocks))
                return
            for name in step.inputs:
                if name not in blocks and not step.halo:
                    blocks[name] = self._input(name, step, branch)
            if not measures(step):
                needed = {name for later in steps[number + 1 :] for name in later.inputs}
                self._do(step, branch, blocks, step.output in needed)
                for name in blocks.keys() - needed:
                    # Nothing reads it any more.
                    del blocks[name]
        if self.visit is not None:
            self.visit(branch, blocks)

    def _input(self, name: str, step: Step, branch: Branch) -> Array:
        """Return what a step sees of a dataset from before the stage."""
        source = self.chain.inputs[name][branch]
        if name in self.read:
            block = self.read.pop(name)
        else:
            block = read_block(source, self.chain.stage.cut, *self.chain.sees(step, self.task))
        # Rows beside a block are those of another.
        if not step.halo and not isinstance(source, (ResultFile, JoinedFile)):
            self._check(name, block)
        return block

    def _check(self, name: str, block: Array) -> None:
        """Note values of a loaded dataset that are no numbers."""
        if block.dtype.kind == "f" and (wrong := int(np.count_nonzero(~np.isfinite(block)))):
            self.faults.append(Fault(name, self.chain.stage.cut, wrong, *self.task))

    def _do(self, step: Step, branch: Branch, blocks: dict[str, Array], is_read: bool) -> None:
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
            write = partial(file.write if cut == "rows" else file.write_frames, first, block)
            if is_read:
                # The next step may work in place.
                write()
            else:
                self.later(write)
        blocks[step.output] = block
        self.report(step.index, (done + 1) / count)

    def _with_halo(self, step: Step, branch: Branch, told: Callable[[float], None]) -> Array:
        """Return the output of the first step, which sees more than the rows of the task."""
        first, last = self.task
        start, _ = self.chain.sees(step, self.task)
        wide = self._input(step.inputs[0], step, branch)
        block = _process(step.variants[branch], self.chain.stage.cut, [wide], start, told)
        return block[first - start : last - start]


@dataclass(frozen=True)
class Measurement:
    """Centring on rows of the data that the steps before it make."""

    chain: Chain
    step: Step

    def read(self, task: Sequence[int]) -> None:
        """Read nothing ahead: tasks are few."""

    def run(
        self, task: Sequence[int], _: None, report: Report, later: Later
    ) -> Callable[[], list[list[float]]]:
        """Find the centres of the measured rows with these numbers, for each variant."""
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
        return lambda: measured

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

    def read(self, task: Span) -> Array:
        """Return what the first variant has of the task."""
        return read_block(self.sources[0], self.cut, *task)

    def run(
        self, task: Span, read: Array, report: Report, later: Later
    ) -> Callable[[], list[list[statistics.Part]]]:
        """Find the parts that the rows or frames of the task are."""
        parts = [[statistics.part(image) for image in read]]
        for source in self.sources[1:]:
            block = read_block(source, self.cut, *task)
            parts.append([statistics.part(image) for image in block])
        return lambda: parts


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
