"""Running a plan: first what must be measured, then all rows in blocks, through all steps."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
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
from savu_embedded.errors import StoppedError
from savu_embedded.output import ProcessedFile, Result, ResultFile, create_result, write_small
from savu_embedded.plan import Plan, Step
from savu_embedded.plugins.centring import VoCentering
from savu_embedded.plugins.loaders import Source
from savu_embedded.pool import Report, run_tasks
from savu_embedded.progress import Progress

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


@dataclass(frozen=True)
class Chain:
    """Steps in order, and the files into which some of them write, by number of the step."""

    source: Source
    name: str
    steps: Sequence[Step]
    files: dict[int, ResultFile]

    def run(self, task: tuple[int, int], report: Report) -> None:
        """Work on the loaded rows `task`, from the first to before the last."""
        self.rows(task, report)

    def rows(self, task: tuple[int, int], report: Report) -> dict[str, Array]:
        """Return the datasets after all steps, for some rows."""
        first, last = task
        blocks: dict[str, Array] = {self.name: self.source.read(first, last)}
        for step in self.steps:
            if isinstance(step.plugin, VoCentering):
                continue
            report(step.number, 0.0)
            told = _throttled(partial(report, step.number))
            block = step.plugin.process(blocks[step.input], first, told)
            if step.number in self.files:
                self.files[step.number].write(first, block)
            blocks[step.output] = block
            report(step.number, 1.0)
        return blocks


@dataclass(frozen=True)
class Measurement:
    """Centring on rows of the data that the steps before it make."""

    chain: Chain
    step: Step

    def run(self, task: Sequence[int], report: Report) -> list[float]:
        """Return the centres of the measured rows with these numbers."""
        plugin = self.step.plugin
        if not isinstance(plugin, VoCentering):
            raise TypeError(f"{plugin.name} measures nothing")
        averaged = plugin.averaged[list(task)]
        first, last = int(averaged.min()), int(averaged.max()) + 1
        blocks = self.chain.rows((first, last), lambda _, __: report(self.step.number, 0.0))
        sinograms = blocks[self.step.input].astype(np.float32, copy=False)
        centres = []
        for i, rows in enumerate(averaged):
            centres.append(plugin.measure(sinograms[rows - first]))
            report(self.step.number, (i + 1) / len(averaged))
        return centres


def run_plan(
    plan: Plan, folder: Path, log: RunLog, options: Options, say: Callable[[str], None]
) -> Path:
    """Run `plan` into `folder` and return the file that links the results.

    Raises:
        EngineError: it failed, or was stopped through the folder's kill signal.
        OSError: a file could not be read or written.
    """
    source = plan.source
    processed = ProcessedFile(
        folder / processed_name(source.path), plan.plist, source.path, source.data_path
    )
    processed.write(plan.name, source.data)

    def poll() -> None:
        if stop_requested(folder):
            raise StoppedError("The run was stopped by its kill signal.")

    centres: dict[int, Array] = {}
    for step in plan.steps:
        if isinstance(step.plugin, VoCentering):
            plan.setup(centres)
            centres[step.number] = _measure(plan, step, folder, log, options, poll)
    made = plan.setup(centres)
    results = {
        step.number: Result(
            step.output,
            create_result(
                folder / file_name(step.number, step.item, step.output),
                group_name(step.number, step.item, step.output),
                made[step.number].shape,
            ),
            made[step.number],
            source.data.angles,
            source.data.shape[2],
        )
        for step in _kept(plan, options)
    }
    _reconstruct(plan, results, log, options, poll, say)
    final = {step.number for step in plan.final.values()}
    processed.write(
        plan.name,
        source.data,
        [result for number, result in results.items() if number in final],
        {result.file.group: result for number, result in results.items() if number not in final},
    )
    return processed.path


def _kept(plan: Plan, options: Options) -> Iterator[Step]:
    """Yield the steps whose output becomes a file: those that make a final result, or all."""
    final = [step.number for step in plan.final.values()]
    for step in plan.steps:
        if step.number in final or (options.keep and not isinstance(step.plugin, VoCentering)):
            yield step


def _measure(
    plan: Plan,
    step: Step,
    folder: Path,
    log: RunLog,
    options: Options,
    poll: Callable[[], None],
) -> Array:
    """Return the centre of every row, after writing what was measured and saying so."""
    plugin = step.plugin
    if not isinstance(plugin, VoCentering):
        raise TypeError(f"{plugin.name} measures nothing")
    before = [other for other in plan.steps if other.number < step.number]
    job = Measurement(Chain(plan.source, plan.name, before, {}), step)
    tasks = _measured_groups(plugin)
    names = {step.number: step.plugin.name}
    progress = Progress(log, names, [len(task) for task in tasks], reported=names)
    angles, _, columns = plan.source.data.shape
    # A centre costs about as much as reconstructing 20 rows.
    processes = _processes(options, 20 * len(plugin.rows) * angles * columns)
    measured = run_tasks(job, tasks, processes, progress.update, poll)
    centres = np.concatenate([np.asarray(part) for part in measured])
    spread = plugin.broadcast(centres)
    for name, values in zip(step.item.parameters["out_datasets"], (centres, spread), strict=False):
        write_small(
            folder / file_name(step.number, step.item, name),
            group_name(step.number, step.item, name),
            values[:, None],
        )
    progress.finish(
        step.number,
        f"centre of rotation {np.median(centres):g} (rows measured: {len(centres)}, "
        f"from {centres.min():g} to {centres.max():g})",
    )
    return spread


def _measured_groups(plugin: VoCentering) -> list[list[int]]:
    """Return the numbers of the measured rows in groups that share most of what is averaged."""
    groups: list[list[int]] = []
    for number, averaged in enumerate(plugin.averaged):
        if groups and averaged.max() - plugin.averaged[groups[-1][0]].min() < _MEASURED_SPAN:
            groups[-1].append(number)
        else:
            groups.append([number])
    return groups


def _reconstruct(
    plan: Plan,
    results: dict[int, Result],
    log: RunLog,
    options: Options,
    poll: Callable[[], None],
    say: Callable[[str], None],
) -> None:
    """Run all steps on all rows."""
    steps = [step for step in plan.steps if not isinstance(step.plugin, VoCentering)]
    files = {number: result.file for number, result in results.items()}
    chain = Chain(plan.source, plan.name, steps, files)
    rows = plan.source.data.shape[1]
    processes = _processes(options, math.prod(plan.source.data.shape))
    block = _block_rows(plan.source, options, processes)
    tasks = [(first, min(first + block, rows)) for first in range(0, rows, block)]
    where = f"{min(processes, len(tasks))} worker processes" if processes else "this process"
    say(f"{rows} rows in blocks of {block}, in {where}")
    names = {step.number: step.plugin.name for step in steps}
    progress = Progress(log, names, [last - first for first, last in tasks])
    run_tasks(chain, tasks, processes, progress.update, poll)


def _block_rows(source: Source, options: Options, processes: int) -> int:
    """Return how many rows a block has; even, since slices are reconstructed in pairs.

    Rows that are stored together are read together, as far as memory allows, but no process
    waits while others have more than one pair.
    """
    if options.block is not None:
        return max(2, options.block + options.block % 2)
    angles, rows, columns = source.data.shape
    most = max(2, _BLOCK_VALUES // (angles * columns))
    share = math.ceil(rows / max(1, processes))
    block = min(max(_ROWS, source.chunk_rows), most, share + share % 2)
    return max(2, block - block % 2)


def _processes(options: Options, values: int) -> int:
    """Return how many processes to start for work on so many values, 0 for none."""
    if options.processes is not None:
        return max(1, options.processes)
    if values < _VALUES_WORTH_WORKERS:
        return 0
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(usable or 1, 16)


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
