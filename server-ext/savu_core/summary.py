"""Process lists, problems and comparisons in lines of text, for shells and notebooks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from savu_core.catalogue import catalogue
from savu_core.checks import Problem
from savu_core.compare import Comparison, PluginPair, same_value
from savu_core.model import IterateGroup, Plugin, ProcessList


def differences(plugin: Plugin) -> Iterator[tuple[str, Any]]:
    """The parameters that are not at their default; of an unknown plugin all of them."""
    facts = catalogue().get(plugin.name)
    for name, value in plugin.parameters.items():
        known = facts.parameter(name) if facts else None
        if known is None or json.dumps(value) != json.dumps(known.default):
            yield name, value


def marks(plugin: Plugin) -> str:
    """What is special about a plugin of a list, in brackets."""
    off = "" if plugin.active else " (off)"
    return off if plugin.name in catalogue() else f"{off} (unknown plugin)"


def loop_text(loop: IterateGroup) -> str:
    return f"plugins {loop.start} to {loop.end} run {loop.iterations} times"


def problem_lines(plist: ProcessList, problems: Sequence[Problem]) -> Iterator[str]:
    """A line for each problem, with the plugin and the parameter that it is about."""
    for problem in problems:
        plugin = None if problem.plugin is None else plist.plugins[problem.plugin]
        where = "" if plugin is None else f"{plugin.position} {plugin.name}"
        if problem.parameter is not None:
            where += f".{problem.parameter}"
        yield ": ".join(part for part in (problem.severity, where, problem.message) if part)


def comparison_lines(
    left: ProcessList, right: ProcessList, comparison: Comparison
) -> Iterator[str]:
    """What differs between two lists: ``-`` is only in the left, ``+`` only in the right one."""
    for pair in comparison.plugins:
        if pair.differs:
            yield from _pair_lines(left, right, pair)
    for loops in comparison.loops:
        if loops.differs:
            if loops.left is not None:
                yield f"- {loop_text(loops.left)}"
            if loops.right is not None:
                yield f"+ {loop_text(loops.right)}"


def _pair_lines(left: ProcessList, right: ProcessList, pair: PluginPair) -> Iterator[str]:
    before = None if pair.left is None else left.plugins[pair.left]
    after = None if pair.right is None else right.plugins[pair.right]
    if before is None or after is None:
        only = after or before
        if only is not None:
            yield f"{'-' if after is None else '+'} {only.position} {only.name}{marks(only)}"
            for name, value in differences(only):
                yield f"    {name}: {_text(value)}"
        return
    notes = [f"was {before.position}"] if pair.moved else []
    if pair.switched:
        notes.append("switched " + ("on" if after.active else "off"))
    told = f" ({', '.join(notes)})" if notes else ""
    yield f"  {after.position} {after.name}{told}"
    for name in {**before.parameters, **after.parameters}:
        if name not in after.parameters:
            yield f"  -   {name}: {_text(before.parameters[name])}"
        elif name not in before.parameters:
            yield f"  +   {name}: {_text(after.parameters[name])}"
        elif not same_value(before.parameters[name], after.parameters[name]):
            values = (_text(plugin.parameters[name]) for plugin in (before, after))
            yield f"      {name}: {' -> '.join(values)}"


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
