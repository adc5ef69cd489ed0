"""Which datasets the steps of a run read and make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import count

from savu_embedded.datasets import Kind
from savu_embedded.errors import RefusedError
from savu_embedded.plugins.base import Combination
from savu_embedded.steps import Step


def name_datasets(steps: Sequence[Step], loaded: Mapping[str, Kind]) -> list[Step]:
    """Return the steps with their datasets filled in; `loaded` are the kinds of the loaded ones.

    A plugin that works on one dataset, and is given several, does so with each of them in a step
    of its own. No dataset named means all that fit, and results take the place of what was read
    unless they are named, too.

    Raises:
        RefusedError: a dataset is not there, or is of the wrong kind; there are too few or too
            many of them; or a loop does not begin with what it has made.
    """
    kinds = dict(loaded)
    named: list[Step] = []
    indices = count(len(steps))
    for original in steps:
        inputs = _inputs(original, kinds)
        single = not isinstance(original.plugin, Combination)
        parts = [(name,) for name in inputs] if single else [inputs]
        outputs = _outputs(original, parts)
        for number, (read, made) in enumerate(zip(parts, outputs, strict=True)):
            step = replace(original, index=next(indices)) if number else original
            step.inputs, step.output = read, made
            if step.makes_dataset:
                kinds[made] = step.plugin.makes or kinds[read[0]]
            if named:
                _check_loop(named[-1], step)
            named.append(step)
        original.item.parameters["in_datasets"] = [*inputs]
        if original.makes_dataset:
            original.item.parameters["out_datasets"] = outputs
    return named


def _outputs(step: Step, parts: Sequence[tuple[str, ...]]) -> list[str]:
    """Return the names of what is made of each of `parts`, the datasets read at a time."""
    if not step.makes_dataset:
        return [read[0] for read in parts]
    names = step.item.parameters["out_datasets"]
    if names and len(names) < len(parts):
        raise RefusedError(
            f"{step.item.position} {step.name}: out_datasets names {len(names)} for "
            f"{len(parts)} results."
        )
    return [names[i] if names else read[0] for i, read in enumerate(parts)]


def _check_loop(before: Step, step: Step) -> None:
    if step.round == before.round + 1 and before.output != step.inputs[0]:
        raise RefusedError(
            f"{before.item.position} {before.name}: the last plugin of a loop must make the "
            f"dataset that the first one reads, {step.inputs[0]}, not {before.output}."
        )


def _inputs(step: Step, kinds: Mapping[str, Kind]) -> tuple[str, ...]:
    """Return the datasets that a step reads, of those that are there by then."""
    place = f"{step.item.position} {step.name}"
    asked = step.item.parameters["in_datasets"]
    fitting = [name for name, kind in kinds.items() if step.kind in (kind, None)]
    for name in asked:
        if name not in kinds:
            raise RefusedError(f"{place}: no dataset {name} is there, only {', '.join(kinds)}.")
        if name not in fitting:
            raise RefusedError(f"{place}: {name} is a {kinds[name]} by then, not {step.kind}.")
    names = tuple(asked or fitting)
    if isinstance(step.plugin, Combination):
        if len(names) != 2:
            raise RefusedError(f"{place}: works on 2 datasets, and {_counted(names, asked)}.")
    elif not names:
        raise RefusedError(
            f"{place}: in_datasets is empty, and of the datasets none is {step.kind}."
        )
    elif len(names) > 1 and (not step.makes_dataset or step.rounds > 1):
        # Each would write files of the same names, or have loops of its own.
        raise RefusedError(f"{place}: works on one dataset, and {_counted(names, asked)}.")
    return names


def _counted(names: Sequence[str], asked: Sequence[str]) -> str:
    if asked:
        return f"in_datasets names {len(asked)}"
    return f"in_datasets is empty and {', '.join(names) or 'none'} fit: name them"
