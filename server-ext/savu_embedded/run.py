"""Running the stages of a plan, one after the other."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np

from savu_core.runs import RunLog, file_name, group_name, stop_requested
from savu_embedded.arrays import Array
from savu_embedded.blocks import Options, count_processes, cut_blocks, unwritten
from savu_embedded.chain import Chain, Fault, Input, Measurement, Survey
from savu_embedded.datasets import Dataset, Family, Span
from savu_embedded.errors import StoppedError
from savu_embedded.memory import need_of
from savu_embedded.output import describe
from savu_embedded.plan import Plan
from savu_embedded.plugins.centring import Centring
from savu_embedded.plugins.savers import ImageWriter
from savu_embedded.pool import run_tasks
from savu_embedded.progress import Progress
from savu_embedded.result_files import ResultFile, create_result, write_small
from savu_embedded.sources import Source
from savu_embedded.stages import Stage, make_stages, measures, needed_after
from savu_embedded.state import Made, State
from savu_embedded.statistics import Statistics, combine
from savu_embedded.steps import Step
from savu_embedded.unpacking import Unpacking, create_store, is_worthwhile, need_of_frames

# Rows to measure are worked on in groups that span at most this many.
_MEASURED_SPAN = 24


@dataclass(frozen=True)
class Work:
    """What a run is of, and where it goes: `own` is the folder of the share in `folder`, or that.

    `log` is Savu's user.log, and `say` tells the rest.
    """

    plan: Plan
    folder: Path
    own: Path
    log: RunLog
    options: Options
    say: Callable[[str], None]

    def poll(self) -> None:
        """Do nothing unless somebody wants the run to stop.

        Raises:
            StoppedError: somebody does.
        """
        if stop_requested(self.folder) or stop_requested(self.own):
            raise StoppedError("The run was stopped by its kill signal.")


@dataclass(frozen=True)
class Found:
    """A dataset that was made before, as far as it is read: `files` for each tuned value."""

    name: str
    step: int
    files: tuple[Input, ...]


@dataclass
class Runner:
    """Runs the stages that `state` says are not done yet.

    `others` are datasets that other parts of the run have made. Of all rows, those in `own` are
    results; `spans` are those that a stage works on, by its number.
    """

    work: Work
    state: State
    others: Sequence[Found] = ()
    own: Span | None = None
    spans: dict[int, Span] = field(default_factory=dict)

    def __post_init__(self) -> None:
        plan = self.work.plan
        self._stores: dict[str, ResultFile] = {}
        self._setup()
        self.stages = make_stages(plan.steps, plan.loaded(), self.made)

    def run(self, until: int) -> None:
        """Run the stages before number `until`.

        Raises:
            EngineError: it failed, or was stopped through the folder's kill signal.
            OSError: a file could not be read or written.
        """
        try:
            while self.state.done < until:
                self._run_stage(self.state.done)
        finally:
            for store in self._stores.values():
                store.remove()
            self._stores.clear()

    def log_done(self, stages: Sequence[Stage]) -> None:
        """Log `stages` that were done before, here or in the shares."""
        for stage in stages:
            self._log_done(stage.steps)

    def prepare(self, number: int) -> None:
        """Measure what the steps of a stage must know before they begin."""
        stage = self.stages[number]
        for i, step in enumerate(stage.steps):
            if step.index in self.state.centres:
                self._log_done([step])
            elif measures(step):
                self._setup()
                until = replace(stage, steps=stage.steps[: i + 1])
                self.state.centres[step.index] = self._measure(
                    Chain(until, self._inputs(until), {}), step
                )
                self.state.save(self.work.own)
            elif step.needs_statistics and step.index not in self.state.statistics:
                self.state.statistics[step.index] = self._survey(number, step)
                self.state.save(self.work.own)

    def is_prepared(self, number: int) -> bool:
        """Return whether all is known that `prepare` measures."""
        return all(
            step.index in self.state.centres
            if measures(step)
            else step.index in self.state.statistics or not step.needs_statistics
            for step in self.stages[number].steps
        )

    def _run_stage(self, number: int) -> None:
        stage = self.stages[number]
        self._unpack(number)
        self.prepare(number)
        self._setup()
        for step in stage.steps:
            for i, plugin in enumerate(step.variants.members):
                if isinstance(plugin, ImageWriter):
                    plugin.begin(self.work.folder, self.work.plan.scan.stem, i * stage.length)
        later = set(needed_after(self.stages, number))
        self._begin(number, later)
        files = {
            begun.step: Family(self.made[begun.step].axes, begun.files)
            for begun in self.state.begun
        }
        durable = self.work.options.resume is not None
        self._stream(number, Chain(stage, self._inputs(stage), files, durable))
        state = self.state
        state.made, state.begun, state.done = [*state.made, *state.begun], [], number + 1
        unread = [one for one in state.made if not one.kept and not self._is_read(one, later)]
        state.made = [one for one in state.made if one not in unread]
        state.save(self.work.own)
        for one in unread:
            one.files[0].remove()

    def _begin(self, number: int, later: set[str]) -> None:
        """Make the files that the steps of a stage write into, or find those of before."""
        if self.state.begun and self.work.options.resume == "subplugin":
            return
        for begun in self.state.begun:
            begun.files[0].remove()
        stage = self.stages[number]
        making = [step for step in stage.steps if step.makes_dataset]
        last = {step.output: step.index for step in making}
        handed_on = {last[name] for name in later & set(last)}
        kept = set(_kept(self.work.plan, self.work.options))
        self.state.begun = []
        for step in making:
            if step.index in kept | handed_on:
                span = self.spans.get(number) if step.index in handed_on else self.own
                files = self._create(step, stage, span)
                self.state.begun.append(Made(step.output, step.index, files, step.index in kept))
        self.state.save(self.work.own)

    def _create(self, step: Step, stage: Stage, span: Span | None) -> tuple[ResultFile, ...]:
        """Make the file of a step, for the rows `span`, or all."""
        data = self.made[step.index]
        name = file_name(step.number, step.item, step.output)
        if not step.is_last_round:
            name = f"{Path(name).stem}_round{step.round + 1}.h5"
        frames, rows, columns = data.members[0].shape
        first, last = span or (0, rows)
        path = self.work.own / name
        if self.state.found:
            path.unlink(missing_ok=True)
        return create_result(
            path,
            group_name(step.number, step.item, step.output),
            (frames, last - first, columns),
            first,
            stage.cut,
            data.lengths,
            data.members[0].dtype,
            # so that it can be looked at before it is linked; the rows of a share are not
            None if span else partial(describe, data=data.members[0], tuned=data.axes),
        )

    def _setup(self) -> None:
        """Prepare all steps with what is known by now; `made` is what they make, by index."""
        self.made = self.work.plan.setup(self.state.centres, self.state.statistics)

    def _span(self, number: int) -> Span:
        return self.spans.get(number, (0, self.stages[number].length))

    def _found(self) -> dict[str, Found]:
        """Return the datasets that are in files, as they are by now."""
        own = [Found(made.name, made.step, made.files) for made in self.state.made]
        return {one.name: one for one in sorted([*self.others, *own], key=lambda one: one.step)}

    def _is_read(self, made: Made, later: set[str]) -> bool:
        return made.name in later and self._found()[made.name].step == made.step

    def _inputs(self, stage: Stage) -> dict[str, Family[Input]]:
        """Return what the stage reads."""
        sources, found = self.work.plan.sources, self._found()
        return {
            name: Family(self.made[found[name].step].axes, found[name].files)
            if name in found
            else self._loaded(sources[name], self._store(name, stage))
            for name in stage.inputs()
        }

    def _loaded(self, source: Source, store: ResultFile | None) -> Family[Input]:
        if store is not None:
            return Family((), (store,))
        return Family(source.scans.axes, tuple(source.scans.members))

    def _store(self, name: str, stage: Stage) -> ResultFile | None:
        """Return the copy of a loaded dataset that a stage reads instead, if there is one."""
        return self._stores.get(name) if stage.cut == "rows" else None

    def _unpack(self, number: int) -> None:
        """Store anew what a stage would otherwise read too often."""
        stage, work, found = self.stages[number], self.work, self._found()
        if stage.cut != "rows":
            return
        blocks, _ = self._blocks(number)
        first, last = self._span(number)
        rows = stage.sees((first, last))
        for name in stage.inputs().keys() - found.keys() - self._stores.keys():
            source = work.plan.sources[name]
            if not is_worthwhile(source, blocks[0][1] - blocks[0][0], rows[1] - rows[0]):
                continue
            work.say(f"Unpacking {name}, whose rows are stored together")
            store = create_store(work.own / f"{name}_unpacked.h5", source, rows)
            self._stores[name] = store
            frames = source.data.shape[0]
            values = math.prod(source.data.shape) // frames
            tasks, processes = cut_blocks(
                (0, frames), values, 1, need_of_frames(source), work.options
            )
            done = run_tasks(Unpacking(source, store), tasks, processes, lambda *_: None, work.poll)
            self._name_faults([Fault(name, "frames", n, *span) for n, span in done if n])

    def _read(self, stage: Stage) -> dict[str, Family[Dataset]]:
        """Return what is known of the datasets that a stage reads."""
        loaded, found = self.work.plan.loaded(), self._found()
        return {
            name: self.made[found[name].step] if name in found else loaded[name]
            for name in stage.inputs()
        }

    def _blocks(self, number: int) -> tuple[list[Span], int]:
        stage = self.stages[number]
        sources = self.work.plan.sources.values()
        stored = max(source.chunk_rows for source in sources) if stage.cut == "rows" else 1
        read = self._read(stage)
        values = max(math.prod(data.members[0].shape) for data in read.values()) // stage.length
        need = need_of(stage, read, self.made)
        return cut_blocks(self._span(number), values, stored, need, self.work.options)

    def _measure(self, chain: Chain, step: Step) -> list[Array]:
        """Return the centre of every row, after writing what was measured and saying so."""
        work = self.work
        plugin = step.variants.members[0]
        if not isinstance(plugin, Centring):
            raise TypeError(f"{step.name} measures nothing")
        tasks = _measured_groups(plugin)
        progress = Progress(work.log, [step], [len(task) for task in tasks], reported=True)
        # A centre costs about as much as reconstructing 20 rows.
        sinogram = max(math.prod(source.data.shape[::2]) for source in work.plan.sources.values())
        cost = 20 * len(plugin.rows) * sinogram * len(step.variants.members)
        processes = count_processes(work.options, cost)
        parts = run_tasks(Measurement(chain, step), tasks, processes, progress.update, work.poll)
        measured = [np.concatenate(every) for every in zip(*parts, strict=True)]
        spread = [plugin.broadcast(centres) for centres in measured]
        names = step.item.parameters["out_datasets"]
        for name, values in zip(names, (measured, spread), strict=False):
            stacked = np.stack(values, axis=1).reshape(-1, 1, *step.variants.lengths)
            write_small(
                work.own / file_name(step.number, step.item, name),
                group_name(step.number, step.item, name),
                stacked,
            )
        every = np.concatenate(measured)
        progress.finish(
            step.index,
            f"centre of rotation {np.median(every):g} (rows measured: {len(measured[0])}, "
            f"from {every.min():g} to {every.max():g})",
        )
        return spread

    def _survey(self, number: int, step: Step) -> list[Statistics]:
        """Return the statistics of what a step reads, for each variant of that."""
        stage = self.stages[number]
        sources = self._inputs(stage)[step.inputs[0]].members
        tasks, processes = self._blocks(number)
        tasks = [stage.reads(task) for task in tasks]
        parts = run_tasks(
            Survey(sources, stage.cut), tasks, processes, lambda *_: None, self.work.poll
        )
        return [
            combine([part for some in every for part in some]) for every in zip(*parts, strict=True)
        ]

    def _stream(self, number: int, chain: Chain) -> None:
        """Pass all blocks of a stage through its steps."""
        stage = self.stages[number]
        steps = [step for step in stage.steps if not measures(step)]
        if not steps:
            return
        tasks, processes = self._blocks(number)
        where = f"{min(processes, len(tasks))} worker processes" if processes else "this process"
        first, last = self._span(number)
        self.work.say(
            f"{last - first} {stage.cut} in blocks of {tasks[0][1] - tasks[0][0]}, in {where}"
        )
        self._name_need(number, tasks[0][1] - tasks[0][0])
        if self.work.options.resume == "subplugin":
            tasks = [rest for task in tasks if (rest := unwritten(task, chain.is_written))]
        sizes = [last - first for first, last in tasks]
        before = last - first - sum(sizes)
        if before:
            self.work.say(f"{before} of {last - first} {stage.cut} are there already")
        progress = Progress(self.work.log, steps, sizes, before)
        found = run_tasks(chain, tasks, processes, progress.update, self.work.poll)
        self._name_faults([fault for some in found for fault in some])

    def _name_need(self, number: int, block: int) -> None:
        """Say when the least block takes more memory than a worker may have."""
        stage, limit = self.stages[number], self.work.options.memory
        need = need_of(stage, self._read(stage), self.made).of(block) / 1e6
        if need > limit:
            message = f"A worker needs about {need:.0f} MB for {block} {stage.cut}, not {limit}."
            self.work.log.note(message)
            self.work.say(message)

    def _name_faults(self, faults: Sequence[Fault]) -> None:
        """Say where values that are no numbers were read."""
        for name in dict.fromkeys(fault.name for fault in faults):
            these = [fault for fault in faults if fault.name == name]
            message = (
                f"{sum(fault.number for fault in these)} values of {name} are no numbers, or "
                f"infinite: in {these[0].cut} {min(fault.first for fault in these)} to "
                f"{max(fault.last for fault in these) - 1} of those loaded"
            )
            self.work.log.note(message)
            self.work.say(message)

    def _log_done(self, steps: Sequence[Step]) -> None:
        """Log steps that were done before the run went on."""
        for step in steps:
            self.work.log.running(step.name)
            self.work.log.progress(step.name, 1)
            self.work.log.report(step.name)


def _kept(plan: Plan, options: Options) -> Iterator[int]:
    """Yield the steps whose output is a result: those that make a final one, or all."""
    final = [step.index for step in plan.final.values()]
    for step in plan.steps:
        if step.index in final or (options.keep and step.makes_dataset and step.is_last_round):
            yield step.index


def _measured_groups(plugin: Centring) -> list[list[int]]:
    """Return the numbers of the measured rows in groups that share most of what is averaged."""
    groups: list[list[int]] = []
    for number, averaged in enumerate(plugin.averaged):
        if groups and averaged.max() - plugin.averaged[groups[-1][0]].min() < _MEASURED_SPAN:
            groups[-1].append(number)
        else:
            groups.append([number])
    return groups
