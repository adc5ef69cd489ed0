"""From a process list and a scan to what will be done, or why it cannot be."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from savu_core import model
from savu_core.catalogue import catalogue, plugin_kind
from savu_core.tuning import is_tuned
from savu_core.values import check_value, parse_text
from savu_embedded.arrays import Array
from savu_embedded.datasets import Dataset, Kind
from savu_embedded.errors import RefusedError
from savu_embedded.plugins import PLUGINS
from savu_embedded.plugins.base import Combination, Plugin
from savu_embedded.plugins.centring import Centring
from savu_embedded.plugins.loading import Loader
from savu_embedded.plugins.savers import ImageWriter
from savu_embedded.sources import Source
from savu_embedded.statistics import Statistics


@dataclass
class Step:
    """A plugin, number `number` of the run, counted from 1 without loader and savers.

    Savers that have something to do are numbered after all others.

    It makes dataset `output` from the datasets `inputs`. `item` is its entry in the list.
    """

    number: int
    item: model.Plugin
    plugin: Plugin
    inputs: tuple[str, ...] = ()
    output: str = ""


@dataclass
class Plan:
    """What to run on the file `scan`: what is loaded, by name, and the steps, in order."""

    scan: Path
    sources: Mapping[str, Source]
    steps: list[Step]
    #: The list as it is run: active plugins, with the names of their datasets filled in.
    plist: model.ProcessList
    #: The last step that makes each dataset, by the name of the dataset.
    final: dict[str, Step] = field(default_factory=dict)

    def loaded(self) -> dict[str, Dataset]:
        """Return what is known of the loaded datasets, by name."""
        return {name: source.data for name, source in self.sources.items()}

    def setup(
        self, centres: Mapping[int, Array], statistics: Mapping[int, Statistics]
    ) -> dict[int, Dataset]:
        """Prepare all steps, and return what each makes, by number of the step.

        `centres` holds the measured centres by number of the centring step; until they are known,
        the middle stands for them. `statistics` holds those of what a step reads, where known.

        Raises:
            RefusedError: a plugin cannot work on the data that reach it.
        """
        datasets = self.loaded()
        made: dict[int, Dataset] = {}
        for step in self.steps:
            step.plugin.statistics = statistics.get(step.number)
            shapes = [datasets[name].shape for name in step.inputs]
            if len(set(shapes)) > 1:
                raise RefusedError(
                    f"{step.plugin.name}: {' and '.join(step.inputs)} have different shapes, "
                    f"{' and '.join(map(str, shapes))}."
                )
            output = step.plugin.setup(datasets[step.inputs[0]])
            if isinstance(step.plugin, Centring):
                _, rows, columns = output.shape
                measured = centres.get(step.number, np.full(rows, columns / 2))
                output = output.with_centres(measured, step.item.parameters["out_datasets"])
            if step.plugin.makes_dataset:
                output = replace(output, dtype=step.plugin.dtype)
            datasets[step.output] = made[step.number] = output
        return made


def make_plan(scan: Path, plist: model.ProcessList) -> Plan:
    """Return the plan for running `plist` on `scan`.

    Raises:
        RefusedError: with all that the engine cannot do, or the first thing that does not fit.
    """
    active = [
        (place, _with_defaults(plugin))
        for place, plugin in enumerate(plist.plugins)
        if plugin.active
    ]
    _refuse(list(_unsupported(plist)))
    _refuse([problem for _, item in active for problem in _problems(item)])
    loaders = [item for _, item in active if plugin_kind(item.name) == "loader"]
    if not loaders or loaders != [item for _, item in active[: len(loaders)]]:
        raise RefusedError("The list must begin with its loaders.")
    steps = list(_steps([item for _, item in active[len(loaders) :]]))
    _refuse([line for item in loaders for line in _numbered(item, _loader(item).check())])
    _refuse([line for step in steps for line in _numbered(step.item, step.plugin.check())])
    if not any(step.plugin.makes_dataset for step in steps):
        raise RefusedError("The list has no active plugin that makes a result.")
    plan = Plan(scan, _load(loaders, scan), steps, _copy(plist, active))
    _name_datasets(plan)
    plan.setup({}, {})
    return plan


def _loader(item: model.Plugin) -> Loader:
    loader = PLUGINS[item.name](item.parameters)
    if not isinstance(loader, Loader):
        raise TypeError(f"{item.name} loads nothing")
    return loader


def _load(items: Sequence[model.Plugin], scan: Path) -> dict[str, Source]:
    """Return what the loaders find in `scan`, by name.

    Raises:
        RefusedError: it cannot be loaded, or two datasets have one name.
    """
    sources: dict[str, Source] = {}
    for item in items:
        found = _loader(item).open(scan)
        if twice := found.keys() & sources.keys():
            raise RefusedError(
                f"{item.position} {item.name}: a dataset {min(twice)} is loaded already; give it "
                "another name."
            )
        sources.update(found)
    return sources


def _steps(items: Sequence[model.Plugin]) -> Iterator[Step]:
    """Yield the plugins after the loader that have something to do."""
    number, last = 0, sum(plugin_kind(item.name) == "processing" for item in items)
    for item in items:
        plugin = PLUGINS[item.name](item.parameters)
        if isinstance(plugin, ImageWriter):
            plugin.place = number
            last += 1
            yield Step(last, item, plugin)
        elif isinstance(plugin, Plugin) and plugin_kind(item.name) == "processing":
            number += 1
            yield Step(number, item, plugin)


def capabilities() -> dict[str, dict[str, list[Any]]]:
    """Return the plugins that run, each with its parameters of which only some values do."""
    return {
        name: {parameter: list(values) for parameter, values in plugin.runs.items()}
        for name, plugin in PLUGINS.items()
    }


def _unsupported(plist: model.ProcessList) -> Iterator[str]:
    """Yield the active plugins that the engine does not have, and the loops."""
    for plugin in plist.active:
        if plugin.name not in PLUGINS:
            known = plugin.name in catalogue()
            reason = "the embedded engine does not have it" if known else "no such plugin is known"
            yield f"{plugin.position} {plugin.name}: {reason}"
    for group in plist.groups:
        yield f"the loop over plugins {group.start} to {group.end}: loops are not run"


def _problems(item: model.Plugin) -> Iterator[str]:
    """Yield the parameters of one plugin that have a wrong value, or one that is not run."""
    facts = catalogue()[item.name]
    runs = PLUGINS[item.name].runs
    for name, value in item.parameters.items():
        parameter = facts.parameter(name)
        place = f"{item.position} {item.name}, {name}"
        if parameter is None:
            continue
        if is_tuned(value) and parameter.dtype != "preview":
            yield f"{place}: {value!r} is a tuning of several values, which is not run"
        elif isinstance(value, str) and value.startswith(("<", "global<")) and value[-1:] == ">":
            yield f"{place}: {value!r} is a place in a template, and needs a value"
        elif name in runs:
            if not any(type(value) is type(allowed) and value == allowed for allowed in runs[name]):
                allowed = ", ".join(dict.fromkeys(str(allowed) for allowed in runs[name]))
                yield f"{place}: {value!r} is not run; the embedded engine runs {allowed}"
        elif facts.is_of_use(parameter, item.parameters) and (
            expected := check_value(parameter.dtype, value, parameter.options)
        ):
            yield f"{place}: {value!r} is not valid: {expected}"


def _numbered(item: model.Plugin, problems: Iterator[str]) -> list[str]:
    return [f"{item.position} {item.name}: {problem}" for problem in problems]


def _refuse(problems: list[str]) -> None:
    if problems:
        raise RefusedError("The embedded engine cannot run this list: " + "; ".join(problems) + ".")


def _with_defaults(plugin: model.Plugin) -> model.Plugin:
    """Return a copy with the parameters that the list leaves out, and quoted numbers as such."""
    facts = catalogue().get(plugin.name)
    if facts is None:
        return plugin
    parameters = {parameter.name: parameter.default for parameter in facts.parameters}
    for name, value in plugin.parameters.items():
        parameter = facts.parameter(name)
        if parameter is not None and isinstance(value, str):
            value = parse_text(parameter.dtype, value)
        parameters[name] = value
    return replace(plugin, parameters=copy.deepcopy(parameters))


def _copy(plist: model.ProcessList, active: list[tuple[int, model.Plugin]]) -> model.ProcessList:
    return replace(plist, plugins=[plugin for _, plugin in active], groups=[])


def _name_datasets(plan: Plan) -> None:
    """Fill in the datasets of every step; empty means the only one that fits, and in place.

    Raises:
        RefusedError: a dataset is not there, is of the wrong kind, or more than one would fit.
    """
    kinds: dict[str, Kind] = {name: data.kind for name, data in plan.loaded().items()}
    for step in plan.steps:
        step.inputs = _inputs(step, kinds)
        if not step.plugin.makes_dataset:
            step.output = step.inputs[0]
            step.item.parameters["in_datasets"] = [step.output]
            continue
        names = step.item.parameters["out_datasets"]
        step.output = names[0] if names else step.inputs[0]
        step.item.parameters.update(in_datasets=[*step.inputs], out_datasets=[step.output])
        kinds[step.output] = step.plugin.makes or kinds[step.inputs[0]]
        plan.final[step.output] = step


def _inputs(step: Step, kinds: Mapping[str, Kind]) -> tuple[str, ...]:
    """Return the datasets that a step reads, of those that are there by then."""
    place = f"{step.item.position} {step.item.name}"
    wanted = step.plugin.kind
    asked = step.item.parameters["in_datasets"]
    number = 2 if isinstance(step.plugin, Combination) else 1
    fitting = [name for name, kind in kinds.items() if wanted in (kind, None)]
    if asked and len(asked) != number:
        some = "one dataset" if number == 1 else f"{number} datasets"
        raise RefusedError(f"{place}: works on {some}; in_datasets names {len(asked)}.")
    for name in asked:
        if name not in kinds:
            raise RefusedError(f"{place}: no dataset {name} is there, only {', '.join(kinds)}.")
        if name not in fitting:
            raise RefusedError(f"{place}: {name} is a {kinds[name]} by then, not {wanted}.")
    if len(fitting) != number and not asked:
        what = f"none is {wanted}" if number == 1 else f"{len(fitting)} fit, of {number}"
        found = f"{', '.join(fitting)} fit: name one" if fitting and number == 1 else what
        raise RefusedError(f"{place}: in_datasets is empty, and of the datasets {found}.")
    return tuple(asked or fitting)
