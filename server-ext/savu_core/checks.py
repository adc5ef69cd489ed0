"""What would go wrong if a process list was run, found before it runs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from savu_core import judging
from savu_core.catalogue import PluginFacts, catalogue, plugin_kind
from savu_core.flow import missing_inputs
from savu_core.model import Plugin, ProcessList
from savu_core.preview import PreviewError, parse_preview
from savu_core.scans import Scan
from savu_core.sight import Look
from savu_core.templates import is_mark
from savu_core.tuning import TuningError, is_tuned, tuned_values, values_in_savu

#: What an engine can run: plugins by name, with the only values allowed of some parameters.
Supported = Mapping[str, Mapping[str, Sequence[Any]]]


@dataclass(frozen=True)
class Problem:
    """An error stops a run, a warning does not. `plugin` is an index into the list, from 0."""

    severity: Literal["error", "warning"]
    message: str
    plugin: int | None = None
    parameter: str | None = None


def check_list(
    plist: ProcessList,
    *,
    supported: Supported | None = None,
    lacks: Collection[str] = (),
    scan: Scan | None = None,
    look: Look | None = None,
) -> list[Problem]:
    """The problems of a list, in its order, those of the whole list first.

    Args:
        plist: the list; what is switched off gives warnings at most.
        supported: what the engine can run; without it, that is not checked.
        lacks: what the engine cannot do with any plugin: "loops", "tuning".
        scan: the scan that is to be processed; without it, previews are not checked against it.
        look: looks for the files in values; what it does not find gives a warning, as the list may
            run where they are. Without it, that is not checked.
    """
    problems = [*_order(plist), *_loops(plist)]
    if "loops" in lacks and plist.groups:
        problems.append(Problem("error", "the engine cannot repeat plugins; remove the loops"))
    inputs = {index: told for index, *told in missing_inputs(plist.plugins)}
    for index, plugin in enumerate(plist.plugins):
        facts = catalogue().get(plugin.name)
        found = [*_values(plugin, facts, look)]
        if plugin.active:
            found += [
                *_runnable(plugin, facts, supported),
                *(_tuned(plugin, facts) if "tuning" in lacks else ()),
                *_inputs(*inputs.get(index, ([], []))),
                *_centre(plist.plugins[:index], plugin, facts),
                *_fit(plugin, scan),
                *_fields(plist.plugins[:index], plugin, scan),
            ]
        # what is still to be filled in is judged when it is
        waiting = {name for name, value in plugin.parameters.items() if is_mark(value)}
        problems += [
            Problem(p.severity if plugin.active else "warning", p.message, index, p.parameter)
            for p in found
            if p.parameter not in waiting or p.message == _to_fill_in(p.parameter)
        ]
    return problems


def _order(plist: ProcessList) -> Iterator[Problem]:
    active = [(i, p) for i, p in enumerate(plist.plugins) if p.active]
    kinds = [plugin_kind(plugin.name) for _, plugin in active]
    first = next((i for i, kind in enumerate(kinds) if kind != "loader"), len(kinds))
    if "loader" not in kinds:
        yield Problem("error", "the list has no loader that is switched on; begin it with one")
    for (index, plugin), kind in zip(active[first:], kinds[first:], strict=True):
        if kind == "loader":
            yield Problem("error", f"{plugin.name} loads data, so it must come first", index)
    if "processing" not in kinds:
        yield Problem("warning", "the list processes nothing")
    lettered = next((p.position for p in plist.plugins if p.position[-1:].isalpha()), None)
    if lettered is not None:
        yield Problem(
            "warning", f"Savu cannot open a list with letters in its numbers, as {lettered}"
        )


def _loops(plist: ProcessList) -> Iterator[Problem]:
    count = len(plist.plugins)
    end = 0
    for loop in sorted(plist.groups, key=lambda loop: loop.start):
        name = f"the loop over plugins {loop.start} to {loop.end}"
        if not 1 <= loop.start <= loop.end <= count:
            yield Problem("error", f"{name} is not a range of the list's {count} plugins")
        elif loop.start <= end:
            yield Problem("error", f"{name} overlaps another loop")
        if loop.iterations < 1:
            yield Problem("error", f"{name} must run at least once, not {loop.iterations} times")
        end = max(end, loop.end)


def _values(plugin: Plugin, facts: PluginFacts | None, look: Look | None) -> Iterator[Problem]:
    if facts is None:
        return
    for name, value in plugin.parameters.items():
        parameter = facts.parameter(name)
        if parameter is None:
            yield Problem(
                "warning", f"{plugin.name} has no parameter {name} any more", parameter=name
            )
            continue
        if value == parameter.default or not facts.is_of_use(parameter, plugin.parameters):
            continue
        if is_mark(value):
            yield Problem(
                "error",
                _to_fill_in(name),
                parameter=name,
            )
            continue
        expected = judging.expected(parameter, value)
        if expected is not None:
            yield Problem("error", f"{name} is {value!r}; expected: {expected}", parameter=name)
        elif missing := look and judging.missing(parameter, value, look):
            yield Problem("warning", f"{name}: {missing}", parameter=name)
        elif is_tuned(value) and name != "preview" and values_in_savu(value) != tuned_values(value):
            inside = ", ".join(str(item) for item in values_in_savu(value)) or "no value"
            yield Problem(
                "warning",
                f"Savu 4.2 runs {name} {value!r} with {inside}; write the values out",
                parameter=name,
            )


def _to_fill_in(parameter: str | None) -> str:
    return f"{parameter} is to be filled in before the run"


def _runnable(
    plugin: Plugin, facts: PluginFacts | None, supported: Supported | None
) -> Iterator[Problem]:
    if supported is None:
        if facts is None:
            yield Problem("error", f"there is no plugin {plugin.name}; remove or replace it")
        return
    if plugin.name not in supported:
        unknown = "" if facts else ", and Savu 4.2 does not know it"
        yield Problem("error", f"the engine cannot run {plugin.name}{unknown}")
        return
    for name, allowed in supported[plugin.name].items():
        for value in _single_values(plugin.parameters.get(name, allowed[0])):
            if value not in allowed:
                only = ", ".join(str(item) for item in allowed)
                yield Problem(
                    "error",
                    f"the engine cannot run {plugin.name} with {name} {value!r}, only: {only}",
                    parameter=name,
                )


def _tuned(plugin: Plugin, facts: PluginFacts | None) -> Iterator[Problem]:
    for name, value in plugin.parameters.items():
        parameter = facts.parameter(name) if facts else None
        if parameter is not None and parameter.dtype != "preview" and is_tuned(value):
            yield Problem(
                "error",
                f"the engine runs one value of {name} at a time, not the tuning {value}",
                parameter=name,
            )


def _inputs(missing: Sequence[str], there: Sequence[str]) -> Iterator[Problem]:
    if missing:
        names = " and ".join(missing)
        instead = ", ".join(there) or "none"
        yield Problem(
            "error",
            f"no plugin before makes the dataset {names}; there is: {instead}",
            parameter="in_datasets",
        )


def _single_values(value: Any) -> list[Any]:
    if not is_tuned(value):
        return [value]
    try:
        return tuned_values(value)
    except TuningError:
        return [value]


def _centre(
    before: Sequence[Plugin], plugin: Plugin, facts: PluginFacts | None
) -> Iterator[Problem]:
    if facts is None or not facts.category.startswith("reconstructions"):
        return
    if plugin.parameters.get("centre_of_rotation") != 0:
        return
    for other in before:
        known = catalogue().get(other.name)
        if other.active and known is not None and known.category.startswith("centering"):
            return
    yield Problem(
        "warning",
        "the centre of rotation is 0 and no plugin before finds it: the middle will be taken",
        parameter="centre_of_rotation",
    )


def _fit(plugin: Plugin, scan: Scan | None) -> Iterator[Problem]:
    preview = plugin.parameters.get("preview")
    if scan is None or plugin_kind(plugin.name) != "loader" or not isinstance(preview, list):
        return
    if not scan.n_projections:
        yield Problem("error", f"{scan.path.name} has no projections, only flat or dark fields")
        return
    if scan.angles_path is None and plugin.parameters.get("angles", "") is None:
        yield Problem(
            "error",
            f"{scan.path.name} has no rotation angles: give them here, "
            "such as np.linspace(0, 180, 1801)",
            parameter="angles",
        )
    try:
        parse_preview(preview, scan.projections_shape)
    except PreviewError as error:
        yield Problem(
            "error", f"the preview does not fit {scan.path.name}: {error}", parameter="preview"
        )


def _fields(before: Sequence[Plugin], plugin: Plugin, scan: Scan | None) -> Iterator[Problem]:
    if scan is None or plugin.name != "DarkFlatFieldCorrection":
        return
    loaders = [p for p in before if p.active and p.name == "NxtomoLoader"]
    for name, count in (("dark", scan.n_darks), ("flat", scan.n_flats)):
        elsewhere = any(_names_a_file(loader.parameters.get(name)) for loader in loaders)
        if loaders and not count and not elsewhere:
            yield Problem(
                "error",
                f"{scan.path.name} has no {name} fields: "
                f"name a file that has them in the loader's parameter {name}",
            )


def _names_a_file(field: Any) -> bool:
    return not isinstance(field, list) or not field or field[0] not in (None, "None")
