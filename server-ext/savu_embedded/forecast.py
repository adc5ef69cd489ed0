"""What a run will do, before it does it: passes over the data, memory, time and disk.

Times are of one thread of a laptop, to about a factor of two; other machines scale them alike.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

import savu_embedded
from savu_core.runs import file_name
from savu_embedded.blocks import GRID, Options, cut_blocks, shared_stages
from savu_embedded.datasets import Dataset, Family, Span
from savu_embedded.memory import need_of
from savu_embedded.plan import Plan
from savu_embedded.plugins.centring import Centring
from savu_embedded.sources import Source
from savu_embedded.stages import Stage, make_stages, needed_after
from savu_embedded.steps import Step
from savu_embedded.unpacking import is_worthwhile, need_of_frames

# Seconds until the command, and its workers, begin to work.
_START, _START_WORKERS = 0.6, 1.0
# Bytes that a disk reads or writes in a second.
_DISK = 400e6
# Nanoseconds for one value of the input.
_COSTS = {
    "ArithmeticOperations": 1,
    "BandPass": 19,
    "DarkFlatFieldCorrection": 3,
    "DataThreshold": 2,
    "DenoiseBregmanFilter": 40_000,
    "Dezinger": 30,
    "DezingerSinogram": 30,
    "DownsampleFilter": 13,
    "ElementwiseArraysArithmetics": 1,
    "Hdf5Saver": 0,
    "HilbertFilter": 4,
    "ImageSaver": 6,
    "MedianFilter": 30,
    "MorphRemoveObjects": 10,
    "OtsuThresh": 22,
    "PaganinFilter": 40,
    "PhaseUnwrapping": 1300,
    "RavenFilter": 4,
    "RemoveAllRings": 110,
    "RemoveLargeRings": 70,
    "RemoveUnresponsiveAndFluctuatingRings": 70,
    "RescaleIntensity": 2,
    "RingRemovalFiltering": 65,
    "RingRemovalFitting": 30,
    "RingRemovalInterpolation": 60,
    "RingRemovalNormalization": 2,
    "RingRemovalRegularization": 5,
    "RingRemovalSorting": 60,
    "RingRemovalWaveletfft": 12,
    "Rotate90": 2,
    "SubpixelShift": 100,
    "ThresholdFilter": 1,
    "TiffSaver": 4,
    "TimeBasedCorrection": 10,
}
_OTHER = 50
# A backprojection, and one iteration there and back; a centre costs as much as so many of them.
_BACKPROJECTION, _ITERATION, _CENTRE, _UNPACKING = 45, 130, 3, 15


def forecast(plan: Plan, options: Options) -> dict[str, Any]:
    """Return what running `plan` will take, as docs/engine.md describes it."""
    made = plan.setup({}, {})
    stages = make_stages(plan.steps, plan.loaded(), made)
    passes, results, needed, seconds = [], [], 0, _START
    datasets = plan.loaded()
    unpacked: set[str] = set()
    for number, stage in enumerate(stages):
        read = {name: datasets[name] for name in stage.inputs()}
        blocks, processes = _blocks(plan, stage, read, made, options)
        workers = max(1, min(processes, len(blocks)))
        need = need_of(stage, read, made).of(blocks[0][1] - blocks[0][0])
        if stage.cut == "rows":
            fresh = [name for name in read if name in plan.sources and name not in unpacked]
            for name in fresh:
                if is_worthwhile(plan.sources[name], blocks[0][1] - blocks[0][0], stage.length):
                    unpacked.add(name)
                    passes.append(_unpacking(plan.sources[name], options))
                    needed += _bytes(read[name])
                    seconds += passes[-1]["seconds"]
        for step in stage.steps:
            datasets[step.output] = made[step.index]
        written = _written(plan, stages, number, options)
        volume = sum(_bytes(made[step.index]) for step in written)
        spent = sum(_seconds(step, made[step.index]) for step in stage.steps) / workers
        spent += (sum(map(_bytes, read.values())) + volume) / _DISK / min(workers, 2)
        spent += _START_WORKERS if processes else 0
        passes.append(
            {
                "cut": stage.cut,
                "length": stage.length,
                "plugins": [{"number": step.number, "name": step.name} for step in stage.steps],
                "halo": stage.halo,
                "block": blocks[0][1] - blocks[0][0],
                "blocks": len(blocks),
                "workers": workers,
                "memory": need,
                "seconds": round(spent, 1),
            }
        )
        seconds += spent
        needed += volume
        results += [_result(step, made[step.index]) for step in written if _is_kept(plan, step)]
    shared = shared_stages(stages)
    return {
        "name": "embedded",
        "version": savu_embedded.__version__,
        "loaded": [_described(name, data) for name, data in plan.loaded().items()],
        "passes": passes,
        "results": results,
        "memory": max(one["memory"] for one in passes),
        "disk": needed,
        "seconds": round(seconds, 1),
        "shares": _shares(stages, shared),
    }


def _unpacking(source: Source, options: Options) -> dict[str, Any]:
    """Return the pass that stores a loaded dataset anew."""
    frames, rows, columns = source.data.shape
    need = need_of_frames(source)
    blocks, processes = cut_blocks((0, frames), rows * columns, 1, need, options)
    block, workers = blocks[0][1] - blocks[0][0], max(1, min(processes, len(blocks)))
    spent = frames * rows * columns * _UNPACKING * 1e-9 / workers
    return {
        "cut": "frames",
        "length": frames,
        "plugins": [],
        "halo": 0,
        "block": block,
        "blocks": len(blocks),
        "workers": workers,
        "memory": need.of(block),
        "seconds": round(spent + (_START_WORKERS if processes else 0), 1),
    }


def _blocks(
    plan: Plan,
    stage: Stage,
    read: dict[str, Family[Dataset]],
    made: dict[int, Family[Dataset]],
    options: Options,
) -> tuple[list[Span], int]:
    stored = max(source.chunk_rows for source in plan.sources.values())
    values = max(math.prod(data.members[0].shape) for data in read.values()) // stage.length
    return cut_blocks(
        (0, stage.length),
        values,
        stored if stage.cut == "rows" else 1,
        need_of(stage, read, made),
        options,
    )


def _written(plan: Plan, stages: list[Stage], number: int, options: Options) -> list[Step]:
    """Return the steps of a stage whose output goes to a file."""
    making = [step for step in stages[number].steps if step.makes_dataset]
    last = {step.output: step.index for step in making}
    handed_on = {last[name] for name in set(needed_after(stages, number)) & set(last)}
    return [
        step
        for step in making
        if step.index in handed_on or _is_kept(plan, step) or (options.keep and step.is_last_round)
    ]


def _is_kept(plan: Plan, step: Step) -> bool:
    return step in plan.final.values()


def _seconds(step: Step, data: Family[Dataset]) -> float:
    """Return the seconds that a step takes in one thread to make `data`."""
    values = math.prod(data.members[0].shape) * len(data.members)
    plugin = step.variants.members[0]
    if isinstance(plugin, Centring):
        row = values / data.members[0].shape[1]
        return 1e-9 * _CENTRE * _BACKPROJECTION * row * len(plugin.rows)
    if plugin.makes == "volume":
        scanned = data.members[0].made_of or data.members[0]
        values = math.prod(scanned.shape) * len(data.members)
        if plugin.parameters.get("algorithm") in ("SIRT", "CGLS"):
            return 1e-9 * _ITERATION * plugin.parameters["n_iterations"] * values
        return 1e-9 * _BACKPROJECTION * values
    return 1e-9 * _COSTS.get(step.name, _OTHER) * values


def _shares(stages: list[Stage], shared: range) -> dict[str, Any]:
    """Return how many shares there can be at most, 0 for none, and whether share 0 is needed."""
    if not shared:
        return {"most": 0, "prepare": False}
    most = math.ceil(stages[shared.start].length / GRID)
    return {"most": most, "prepare": shared.start > 0 or stages[shared.start].needs_all}


def _result(step: Step, data: Family[Dataset]) -> dict[str, Any]:
    return {**_described(step.output, data), "file": file_name(step.number, step.item, step.output)}


def _described(name: str, data: Family[Dataset]) -> dict[str, Any]:
    shape = [*data.members[0].shape, *data.lengths]
    return {"name": name, "shape": shape, "dtype": data.members[0].dtype, "bytes": _bytes(data)}


def _bytes(data: Family[Dataset]) -> int:
    one = data.members[0]
    return len(data.members) * math.prod(one.shape) * np.dtype(one.dtype).itemsize
