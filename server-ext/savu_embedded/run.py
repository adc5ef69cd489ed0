"""Running a plan, stage by stage: what must be measured, then all blocks through its steps."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from savu_core.runs import (
    RunLog,
    file_name,
    group_name,
    processed_name,
    stop_requested,
)
from savu_embedded.arrays import Array
from savu_embedded.chain import Chain, Input, Measurement, Survey
from savu_embedded.datasets import Dataset
from savu_embedded.errors import StoppedError
from savu_embedded.output import ProcessedFile, Result, ResultFile, create_result, write_small
from savu_embedded.plan import Plan, Step
from savu_embedded.plugins.centring import Centring
from savu_embedded.plugins.savers import ImageWriter
from savu_embedded.pool import run_tasks
from savu_embedded.progress import Progress
from savu_embedded.stages import Stage, make_stages, needed_after
from savu_embedded.statistics import Statistics, combine

# A read of fewer rows than this from frames costs as much as one of so many.
_ROWS = 8
# The values of one block, which bounds the memory of a worker.
_BLOCK_VALUES = 100_000_000
# Work on fewer values than this is done before worker processes have started.
_VALUES_WORTH_WORKERS = 20_000_000
# Rows to measure are worked on in groups that span at most this many.
_MEASURED_SPAN = 24


@dataclass(frozen=True)
class Options:
    """`processes` and `block` (rows) are chosen when None; `keep` keeps intermediate results."""

    processes: int | None = None
    block: int | None = None
    keep: bool = False


def run_plan(
    plan: Plan, folder: Path, log: RunLog, options: Options, say: Callable[[str], None]
) -> Path:
    """Run `plan` into `folder` and return the file that links the results.

    Raises:
        EngineError: it failed, or was stopped through the folder's kill signal.
        OSError: a file could not be read or written.
    """
    processed = ProcessedFile(folder / processed_name(plan.scan), plan.plist, plan.sources)
    processed.write()

    def poll() -> None:
        if stop_requested(folder):
            raise StoppedError("The run was stopped by its kill signal.")

    run = _Run(plan, folder, log, options, poll, say)
    results = run.stages()
    final = {step.number for step in plan.final.values()}
    processed.write(
        [result for number, result in results.items() if number in final],
        {result.file.group: result for number, result in results.items() if number not in final},
    )
    return processed.path


class _Run:
    """The stages of a plan, one after the other."""

    def __init__(
        self,
        plan: Plan,
        folder: Path,
        log: RunLog,
        options: Options,
        poll: Callable[[], None],
        say: Callable[[str], None],
    ) -> None:
        self._plan = plan
        self._folder = folder
        self._log = log
        self._options = options
        self._poll = poll
        self._say = say
        self._centres: dict[int, Array] = {}
        self._statistics: dict[int, Statistics] = {}
        self._inputs: dict[str, Input] = dict(plan.sources)
        self._data: dict[str, Dataset] = plan.loaded()

    def stages(self) -> dict[int, Result]:
        """Run all stages, and return the results that are kept, by number of their step."""
        plan = self._plan
        kept = set(_kept(plan, self._options))
        results: dict[int, Result] = {}
        temporary: list[tuple[str, ResultFile]] = []
        stages = make_stages(plan.steps, plan.loaded(), self._setup())
        for number, stage in enumerate(stages):
            self._prepare(stage)
            made = self._setup()
            later = set(needed_after(stages, number))
            last = {step.output: step.number for step in _making(stage)}
            handed_on = {last[name] for name in later & set(last)}
            written = {
                step.number: self._result(step, made[step.number])
                for step in _making(stage)
                if step.number in kept | handed_on
            }
            files = {key: result.file for key, result in written.items()}
            self._work(Chain(stage, dict(self._inputs), files))
            results.update((key, result) for key, result in written.items() if key in kept)
            for key in handed_on:
                self._inputs[written[key].name] = files[key]
                self._data[written[key].name] = made[key]
            temporary += [
                (result.name, result.file) for key, result in written.items() if key not in kept
            ]
            for name, file in temporary.copy():
                if name not in later or self._inputs[name] is not file:
                    temporary.remove((name, file))
                    file.path.unlink()
        return results

    def _setup(self) -> dict[int, Dataset]:
        return self._plan.setup(self._centres, self._statistics)

    def _prepare(self, stage: Stage) -> None:
        """Measure what the steps of the stage must know before they begin."""
        for i, step in enumerate(stage.steps):
            if isinstance(step.plugin, ImageWriter):
                step.plugin.begin(self._folder, self._plan.scan.stem)
            if isinstance(step.plugin, Centring):
                self._setup()
                until = replace(stage, steps=stage.steps[: i + 1])
                chain = Chain(until, dict(self._inputs), {})
                self._centres[step.number] = self._measure(chain, step, step.plugin)
            elif step.plugin.needs_statistics:
                self._statistics[step.number] = self._survey(stage, step)

    def _result(self, step: Step, data: Dataset) -> Result:
        file = create_result(
            self._folder / file_name(step.number, step.item, step.output),
            group_name(step.number, step.item, step.output),
            data.shape,
            data.dtype,
        )
        return Result(step.output, file, data)

    def _measure(self, chain: Chain, step: Step, plugin: Centring) -> Array:
        """Return the centre of every row, after writing what was measured and saying so."""
        job = Measurement(chain, step)
        tasks = _measured_groups(plugin)
        names = {step.number: plugin.name}
        progress = Progress(self._log, names, [len(task) for task in tasks], reported=names)
        # A centre costs about as much as reconstructing 20 rows.
        sinogram = max(math.prod(data.shape) // data.shape[1] for data in self._data.values())
        processes = _processes(self._options, 20 * len(plugin.rows) * sinogram)
        measured = run_tasks(job, tasks, processes, progress.update, self._poll)
        centres = np.concatenate([np.asarray(part) for part in measured])
        spread = plugin.broadcast(centres)
        names_out = step.item.parameters["out_datasets"]
        for name, values in zip(names_out, (centres, spread), strict=False):
            write_small(
                self._folder / file_name(step.number, step.item, name),
                group_name(step.number, step.item, name),
                values[:, None],
            )
        progress.finish(
            step.number,
            f"centre of rotation {np.median(centres):g} (rows measured: {len(centres)}, "
            f"from {centres.min():g} to {centres.max():g})",
        )
        return spread

    def _survey(self, stage: Stage, step: Step) -> Statistics:
        """Return the statistics of what a step reads."""
        name = step.inputs[0]
        tasks, processes = self._tasks(stage, [name])
        job = Survey(self._inputs[name], stage.cut)
        parts = run_tasks(job, tasks, processes, lambda *_: None, self._poll)
        return combine([part for some in parts for part in some])

    def _work(self, chain: Chain) -> None:
        """Run a stage on all its rows or frames."""
        stage = chain.stage
        steps = [step for step in stage.steps if not isinstance(step.plugin, Centring)]
        if not steps:
            return
        tasks, processes = self._tasks(stage, list(stage.inputs()))
        where = f"{min(processes, len(tasks))} worker processes" if processes else "this process"
        self._say(
            f"{stage.length} {stage.cut} in blocks of {tasks[0][1] - tasks[0][0]}, in {where}"
        )
        names = {step.number: step.plugin.name for step in steps}
        progress = Progress(self._log, names, [last - first for first, last in tasks])
        run_tasks(chain, tasks, processes, progress.update, self._poll)

    def _tasks(self, stage: Stage, names: Sequence[str]) -> tuple[list[tuple[int, int]], int]:
        """Return the blocks of a stage that reads the datasets `names`, and how many processes."""
        values = max(math.prod(self._data[name].shape) for name in names)
        processes = _processes(self._options, values)
        sources = self._plan.sources.values()
        stored = max(source.chunk_rows for source in sources) if stage.cut == "rows" else 1
        block = _block_length(stage, values // stage.length, stored, self._options, processes)
        firsts = range(0, stage.length, block)
        return [(first, min(first + block, stage.length)) for first in firsts], processes


def _making(stage: Stage) -> list[Step]:
    """Return the steps that make a dataset."""
    return [step for step in stage.steps if step.plugin.makes_dataset]


def _kept(plan: Plan, options: Options) -> Iterator[int]:
    """Yield the steps whose output is a result: those that make a final one, or all."""
    final = [step.number for step in plan.final.values()]
    for step in plan.steps:
        if step.number in final or (options.keep and step.plugin.makes_dataset):
            yield step.number


def _measured_groups(plugin: Centring) -> list[list[int]]:
    """Return the numbers of the measured rows in groups that share most of what is averaged."""
    groups: list[list[int]] = []
    for number, averaged in enumerate(plugin.averaged):
        if groups and averaged.max() - plugin.averaged[groups[-1][0]].min() < _MEASURED_SPAN:
            groups[-1].append(number)
        else:
            groups.append([number])
    return groups


def _block_length(stage: Stage, image: int, stored: int, options: Options, processes: int) -> int:
    """Return how many rows or frames of `image` values a block has.

    It is even, since slices are reconstructed in pairs. Rows that are stored together are read
    together, as far as memory allows, but no process waits while others have more than one pair.
    """
    if options.block is not None:
        return max(2, options.block + options.block % 2)
    most = max(2, _BLOCK_VALUES // image)
    share = math.ceil(stage.length / max(1, processes))
    block = min(max(_ROWS, stored), most, share + share % 2)
    return max(2, block - block % 2)


def _processes(options: Options, values: int) -> int:
    """Return how many processes to start for work on so many values, 0 for none."""
    if options.processes is not None:
        return max(1, options.processes)
    if values < _VALUES_WORTH_WORKERS:
        return 0
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(usable or 1, 16)
