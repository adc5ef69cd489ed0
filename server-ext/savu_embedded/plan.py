"""From a process list and a scan to what will be done, or why it cannot be."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from savu_core import model
from savu_core.catalogue import catalogue, plugin_kind
from savu_core.values import check_value, parse_text
from savu_embedded.arrays import Array
from savu_embedded.datasets import Dataset, Family, branches
from savu_embedded.errors import RefusedError
from savu_embedded.naming import name_datasets
from savu_embedded.plugins import PLUGINS
from savu_embedded.plugins.centring import Centring
from savu_embedded.plugins.loading import Loader
from savu_embedded.sources import Source
from savu_embedded.statistics import Statistics
from savu_embedded.steps import Step, each_choice, make_steps, tuning_faults


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

    def loaded(self) -> dict[str, Family[Dataset]]:
        """Return what is known of the loaded datasets, by name."""
        families = {name: source.scans for name, source in self.sources.items()}
        return {
            name: Family(scans.axes, tuple(source.data for source in scans.members))
            for name, scans in families.items()
        }

    def setup(
        self, centres: Mapping[int, list[Array]], statistics: Mapping[int, list[Statistics]]
    ) -> dict[int, Family[Dataset]]:
        """Prepare all steps, and return what each makes, by index of the step.

        `centres` holds the measured centres by index of the centring step; until they are known,
        the middle stands for them. `statistics` holds those of what a step reads, where known.
        Both are lists, with an entry for each combination of tuned values before the step.

        Raises:
            RefusedError: a plugin cannot work on the data that reach it.
        """
        datasets = self.loaded()
        made: dict[int, Family[Dataset]] = {}
        for step in self.steps:
            made[step.index] = _prepared(
                step, datasets, centres.get(step.index), statistics.get(step.index)
            )
            datasets[step.output] = made[step.index]
        return made


def _prepared(
    step: Step,
    datasets: Mapping[str, Family[Dataset]],
    centres: list[Array] | None,
    statistics: list[Statistics] | None,
) -> Family[Dataset]:
    """Prepare a step for the data that reach it, and return what it makes."""
    inputs = [datasets[name] for name in step.inputs]
    shapes = [family.members[0].shape for family in inputs]
    if len(set(shapes)) > 1:
        raise RefusedError(
            f"{step.name}: {' and '.join(step.inputs)} have different shapes, "
            f"{' and '.join(map(str, shapes))}."
        )
    before = [axis for family in inputs for axis in family.axes]
    axes = tuple(dict.fromkeys([*before, *step.choices.axes]))
    variants, outputs = [], []
    for number, branch in enumerate(branches(axes)):
        # A shallow copy will do: preparing sets attributes and changes none in place.
        plugin = copy.copy(step.choices[branch])
        if statistics is not None:
            plugin.statistics = statistics[inputs[0].number(branch)]
        output = plugin.setup(inputs[0][branch])
        if isinstance(plugin, Centring):
            _, rows, columns = output.shape
            measured = np.full(rows, columns / 2) if centres is None else centres[number]
            output = output.with_centres(measured, step.item.parameters["out_datasets"])
        if step.makes_dataset:
            output = replace(output, dtype=plugin.dtype)
        variants.append(plugin)
        outputs.append(output)
    if len({output.shape for output in outputs}) > 1:
        raise RefusedError(f"{step.name}: its tuned values make results of different shapes.")
    step.variants = Family(axes, tuple(variants))
    return Family(axes, tuple(outputs))


def make_plan(scan: Path, plist: model.ProcessList) -> Plan:
    """Return the plan for running `plist` on `scan`.

    Raises:
        RefusedError: with all that the engine cannot do, or the first thing that does not fit.
    """
    active = _active(plist)
    _refuse(_unsupported(active))
    _refuse(fault for item in active.plugins for fault in tuning_faults(item))
    _refuse(
        dict.fromkeys(
            problem
            for item in active.plugins
            for choice in each_choice(item)
            for problem in _problems(choice)
        )
    )
    loaders = [item for item in active.plugins if plugin_kind(item.name) == "loader"]
    if not loaders or loaders != active.plugins[: len(loaders)]:
        raise RefusedError("The list must begin with its loaders.")
    _refuse(line for item in loaders for line in _numbered(item, _loader(item).check()))
    steps = make_steps(active)
    _refuse(
        dict.fromkeys(
            line
            for step in steps
            for plugin in step.choices.members
            for line in _numbered(step.item, plugin.check())
        )
    )
    _refuse(_not_tuned(steps))
    if not any(step.makes_dataset for step in steps):
        raise RefusedError("The list has no active plugin that makes a result.")
    sources = _load(loaders, scan)
    kinds = {name: source.data.kind for name, source in sources.items()}
    named = name_datasets(steps, kinds)
    final = {step.output: step for step in named if step.makes_dataset}
    plan = Plan(scan, sources, named, active, final)
    plan.setup({}, {})
    return plan


def _loader(item: model.Plugin) -> Loader:
    loader = PLUGINS[item.name](item.parameters)
    if not isinstance(loader, Loader):
        raise TypeError(f"{item.name} loads nothing")
    return loader


def _load(items: Iterable[model.Plugin], scan: Path) -> dict[str, Source]:
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


def capabilities() -> dict[str, dict[str, list[Any]]]:
    """Return the plugins that run, each with its parameters of which only some values do."""
    return {
        name: {parameter: list(values) for parameter, values in plugin.runs.items()}
        for name, plugin in PLUGINS.items()
    }


def _active(plist: model.ProcessList) -> model.ProcessList:
    """Return the list without inactive plugins, with all parameters, and its loops fitted."""
    places = [place for place, plugin in enumerate(plist.plugins) if plugin.active]
    groups = []
    for group in plist.groups:
        inside = [i for i, place in enumerate(places, 1) if group.start <= place + 1 <= group.end]
        if inside:
            groups.append(replace(group, start=inside[0], end=inside[-1]))
    plugins = [_with_defaults(plist.plugins[place]) for place in places]
    return replace(plist, plugins=plugins, groups=groups)


def _unsupported(plist: model.ProcessList) -> Iterator[str]:
    """Yield the plugins that the engine does not have."""
    for plugin in plist.plugins:
        if plugin.name not in PLUGINS:
            known = plugin.name in catalogue()
            reason = "the embedded engine does not have it" if known else "no such plugin is known"
            yield f"{plugin.position} {plugin.name}: {reason}"


def _not_tuned(steps: Iterable[Step]) -> Iterator[str]:
    """Yield the plugins that are tuned although nothing is made for each of the values."""
    for step in steps:
        if step.choices.axes and not step.makes_dataset:
            yield f"{step.item.position} {step.name}: makes no dataset, so it cannot be tuned"


def _problems(item: model.Plugin) -> Iterator[str]:
    """Yield the parameters of one plugin that have a wrong value, or one that is not run."""
    facts = catalogue()[item.name]
    runs = PLUGINS[item.name].runs
    for name, value in item.parameters.items():
        parameter = facts.parameter(name)
        place = f"{item.position} {item.name}, {name}"
        if parameter is None:
            continue
        if isinstance(value, str) and value.startswith(("<", "global<")) and value[-1:] == ">":
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


def _refuse(problems: Iterable[str]) -> None:
    if found := list(problems):
        raise RefusedError("The embedded engine cannot run this list: " + "; ".join(found) + ".")


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
