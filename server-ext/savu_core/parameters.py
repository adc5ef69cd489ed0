"""Parameters of the plugins of a list: their numbers as they are shown, and setting them.

Each operation returns a new list and leaves the one it was given alone; it raises OperationError
when any part of it cannot be done.
"""

from __future__ import annotations

import copy
import difflib
import re
from dataclasses import dataclass
from typing import Any, Literal

from savu_core import judging
from savu_core.catalogue import Parameter, PluginFacts, catalogue
from savu_core.model import Plugin, ProcessList
from savu_core.positions import OperationError, index_of
from savu_core.preview_edit import set_entry, with_dimensions
from savu_core.sight import Look

Level = Literal["basic", "intermediate", "advanced"]

#: What each level shows.
LEVELS: dict[Level, tuple[str, ...]] = {
    "basic": ("basic",),
    "intermediate": ("basic", "intermediate", "datasets"),
    "advanced": ("basic", "intermediate", "advanced", "datasets"),
}

_DIMENSION = re.compile(r"dim(\d+)")


@dataclass(frozen=True)
class Address:
    """Where a value goes: a plugin, a parameter by name or number, perhaps a part of a preview."""

    position: str
    parameter: str
    dimension: int | None = None
    part: str | None = None


def parse_address(text: str) -> Address:
    """``3.radius``, ``3.1``, ``1.preview.dim2`` or ``1.preview.dim2.start``.

    Raises:
        OperationError: when it is none of these.
    """
    position, *rest = text.split(".")
    if not 1 <= len(rest) <= 3 or not all(rest):
        raise OperationError(f"{text} names no parameter; write it as 3.radius or 3.1")
    dimension = None
    if len(rest) > 1:
        match = _DIMENSION.fullmatch(rest[1])
        if match is None:
            raise OperationError(f"{rest[1]} is no dimension of a preview, as dim1 is")
        dimension = int(match[1])
    return Address(position, rest[0], dimension, rest[2] if len(rest) > 2 else None)


def shown_parameters(plugin: Plugin, level: Level = "basic") -> list[tuple[int, Parameter]]:
    """The parameters that are shown at a level, with their numbers.

    At the basic level what is not shown has a number too, the one of the advanced level.

    Raises:
        OperationError: when nothing is known of the plugin.
    """
    return [
        (number, parameter)
        for number, parameter in _numbered(plugin, level)
        if parameter.visibility in LEVELS[level]
    ]


def modify(
    plist: ProcessList,
    address: str,
    text: str,
    level: Level = "basic",
    look: Look | None = None,
) -> ProcessList:
    """Set a parameter to what somebody typed.

    Args:
        plist: the list.
        address: as of :func:`parse_address`.
        text: the value; quotes around a text are not needed.
        level: which numbers are meant.

    Raises:
        OperationError: when there is no such parameter, or the value is not of its type.
    """
    plist = copy.deepcopy(plist)
    where = parse_address(address)
    plugin = plist.plugins[index_of(plist.plugins, where.position)]
    parameter = _find(plugin, where.parameter, level)
    if where.dimension is not None:
        if parameter.name != "preview":
            raise OperationError(f"{parameter.name} has no dimensions, only previews have")
        entries = set_entry(
            plugin.parameters.get(parameter.name, []), where.dimension, where.part, text
        )
        text = f"[{','.join(entries)}]"
    plugin.parameters[parameter.name] = _read(plugin, parameter, text, look)
    return plist


def reset(plist: ProcessList, address: str, level: Level = "basic") -> ProcessList:
    """Set a parameter to the default that it has beside the values of the others.

    Raises:
        OperationError: when there is no such parameter.
    """
    plist = copy.deepcopy(plist)
    where = parse_address(address)
    if where.dimension is not None:
        raise OperationError("a part of a preview has no default; reset all of it")
    plugin = plist.plugins[index_of(plist.plugins, where.position)]
    parameter = _find(plugin, where.parameter, level)
    plugin.parameters[parameter.name] = parameter.default_beside(plugin.parameters)
    return plist


def modify_all(
    plist: ProcessList, name: str, text: str | None, look: Look | None = None
) -> ProcessList:
    """Set a parameter of every plugin that has it, to the default where `text` is None.

    Raises:
        OperationError: when no plugin has it, or the value does not fit one of them.
    """
    plist = copy.deepcopy(plist)
    found = False
    for plugin in plist.plugins:
        facts = catalogue().get(plugin.name)
        parameter = facts.parameter(name) if facts else None
        if facts is None or parameter is None or not facts.is_of_use(parameter, plugin.parameters):
            continue
        found = True
        plugin.parameters[name] = (
            parameter.default_beside(plugin.parameters)
            if text is None
            else _read(plugin, parameter, text, look)
        )
    if not found:
        raise OperationError(f"no plugin of the list has a parameter {name} that can be set")
    return plist


def expand(plist: ProcessList, position: str, dimensions: int) -> ProcessList:
    """Cut or fill a plugin's preview, so that it has an entry for each of `dimensions`.

    Raises:
        OperationError: when the plugin has no preview, or there can be no such number.
    """
    plist = copy.deepcopy(plist)
    plugin = plist.plugins[index_of(plist.plugins, position)]
    plugin.parameters["preview"] = with_dimensions(preview_of(plugin), dimensions)
    return plist


def preview_of(plugin: Plugin) -> Any:
    """The value of a plugin's preview.

    Raises:
        OperationError: when it has none.
    """
    if "preview" not in plugin.parameters:
        raise OperationError(f"{plugin.name} has no preview to expand")
    return plugin.parameters["preview"]


def _numbered(plugin: Plugin, level: Level) -> list[tuple[int, Parameter]]:
    facts = _facts(plugin)
    # what is shown at the basic level is numbered in the same way at the advanced one
    numbered = LEVELS["advanced" if level == "basic" else level]
    return list(
        enumerate(
            (
                parameter
                for parameter in facts.parameters
                if parameter.visibility in numbered
                and facts.is_of_use(parameter, plugin.parameters)
            ),
            1,
        )
    )


def _find(plugin: Plugin, name: str, level: Level) -> Parameter:
    """The parameter by its name or number, if it can be set now."""
    facts = _facts(plugin)
    if name.isdigit():
        numbered = _numbered(plugin, level)
        for number, parameter in numbered:
            if number == int(name):
                return parameter
        raise OperationError(
            f"{plugin.name} has no parameter {name}; 1 to {len(numbered)} are numbers of them"
        )
    known = facts.parameter(name)
    if known is None or known.visibility == "hidden":
        near = difflib.get_close_matches(name, plugin.parameters, 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise OperationError(f"{plugin.name} has no parameter {name}{hint}")
    dependency = known.dependency
    if dependency is not None and not dependency.holds(plugin.parameters):
        values = "is set" if dependency.values is None else f"is {_one_of(dependency.values)}"
        raise OperationError(f"{name} is of use only while {dependency.parent} {values}")
    return known


def _facts(plugin: Plugin) -> PluginFacts:
    facts = catalogue().get(plugin.name)
    if facts is None:
        raise OperationError(
            f"Savu 4.2 has no plugin {plugin.name}, so its parameters cannot be set;"
            " replace or remove it"
        )
    return facts


def _read(plugin: Plugin, parameter: Parameter, text: str, look: Look | None) -> Any:
    value = judging.read(parameter, text)
    expected = judging.expected(parameter, value)
    if expected is not None:
        raise OperationError(
            f"{text} is not a value of {plugin.position}.{parameter.name}; expected: {expected}"
        )
    missing = look and judging.missing(parameter, value, look)
    if missing:
        raise OperationError(
            f"{text} is not a value of {plugin.position}.{parameter.name}: {missing}"
        )
    return value


def _one_of(values: tuple[Any, ...]) -> str:
    return " or ".join(str(value) for value in values)
