"""Templates: lists with values to be filled in, and the ``.savu`` files that fill them.

A value ``<default>`` is to be given for its plugin, ``global<default>`` once for all plugins of
that name. A ``.savu`` file is YAML: ``process_list`` is the path of the list; below the position
of a plugin, or ``all``, stand plugin names, and below these the parameters with their values.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from savu_core import judging
from savu_core.catalogue import catalogue
from savu_core.literals import literal
from savu_core.model import Plugin, ProcessList
from savu_core.positions import OperationError

#: Where a ``.savu`` file has what holds for all plugins of a name.
EVERYWHERE = "all"

_LIST = "process_list"
_MARK = re.compile(r"(global)?<(.*)>", re.DOTALL)
_MAX_BYTES = 2**20

#: Values by position or :data:`EVERYWHERE`, plugin and parameter.
Values = dict[str, dict[str, dict[str, Any]]]


@dataclass(frozen=True)
class Mark:
    """A value to be filled in: which plugin's, from 0, and what it is if nothing is said."""

    plugin: int
    parameter: str
    default: Any
    everywhere: bool


def is_mark(value: Any) -> bool:
    """Whether a value is only marked, to be filled in before a run."""
    return isinstance(value, str) and _MARK.fullmatch(value) is not None


def marks(plist: ProcessList) -> Iterator[Mark]:
    """What is to be filled in, in the order of the list."""
    for index, plugin in enumerate(plist.plugins):
        for name, value in plugin.parameters.items():
            match = _MARK.fullmatch(value) if isinstance(value, str) else None
            if match is not None:
                yield Mark(index, name, _default(match[2]), match[1] is not None)


def unique_marks(plist: ProcessList) -> Iterator[Mark]:
    """Like :func:`marks`, with what is filled in once for several plugins only once."""
    seen = set()
    for mark in marks(plist):
        key = (plist.plugins[mark.plugin].name, mark.parameter)
        if not mark.everywhere or key not in seen:
            yield mark
        if mark.everywhere:
            seen.add(key)


def defaults(plist: ProcessList) -> Values:
    """The values that a template has by itself."""
    values: Values = {}
    for mark in marks(plist):
        plugin = plist.plugins[mark.plugin]
        place = EVERYWHERE if mark.everywhere else plugin.position
        values.setdefault(place, {}).setdefault(plugin.name, {})[mark.parameter] = mark.default
    return values


def to_yaml(values: Values, list_path: str) -> str:
    """The text of a ``.savu`` file."""
    document: dict[str | int, Any] = {_LIST: list_path}
    for place, plugins in values.items():
        document[int(place) if place.isdigit() else place] = plugins
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True)


def from_yaml(text: str) -> tuple[str | None, Values]:
    """The path of the list, if one is given, and the values of a ``.savu`` file.

    Raises:
        OperationError: when the text is not such a file.
    """
    if len(text) > _MAX_BYTES:
        raise OperationError("this is too large for a .savu file")
    try:
        document = yaml.safe_load(text)
        # YAML has values, and ties between them, that a list cannot hold
        json.dumps(document)
    except (yaml.YAMLError, TypeError, ValueError, RecursionError) as error:
        raise OperationError(f"this is not a .savu file: {' '.join(str(error).split())}") from None
    if not isinstance(document, dict):
        raise OperationError("a .savu file has positions, plugins and parameters, as a mapping")
    path = document.pop(_LIST, None)
    values: Values = {}
    for place, plugins in document.items():
        if not isinstance(plugins, dict) or not all(isinstance(p, dict) for p in plugins.values()):
            raise OperationError(f"below {place}, plugins with their parameters are expected")
        values[str(place)] = {
            str(plugin): {str(name): value for name, value in parameters.items()}
            for plugin, parameters in plugins.items()
        }
    return None if path is None else str(path), values


def fill(plist: ProcessList, values: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> ProcessList:
    """The list with values filled in; marks of which nothing is said take their defaults.

    Raises:
        OperationError: when a value is for nothing that is marked, or not of its type.
    """
    plist = copy.deepcopy(plist)
    unused = {
        (place, plugin, name)
        for place, plugins in values.items()
        for plugin, parameters in plugins.items()
        for name in parameters
    }
    for mark in list(marks(plist)):
        plugin = plist.plugins[mark.plugin]
        place = EVERYWHERE if mark.everywhere else plugin.position
        given = values.get(place, {}).get(plugin.name, {})
        value = given.get(mark.parameter, mark.default)
        unused.discard((place, plugin.name, mark.parameter))
        _check(plugin, mark.parameter, value)
        plugin.parameters[mark.parameter] = copy.deepcopy(value)
    if unused:
        named = ", ".join(".".join(address) for address in sorted(unused))
        raise OperationError(f"nothing in the list is marked to be filled in by {named}")
    return plist


def _check(plugin: Plugin, name: str, value: Any) -> None:
    facts = catalogue().get(plugin.name)
    parameter = facts.parameter(name) if facts else None
    if parameter is None:
        return
    expected = judging.expected(parameter, value)
    if expected is not None:
        raise OperationError(
            f"{value!r} is not a value of {plugin.position}.{name}; expected: {expected}"
        )


def _default(text: str) -> Any:
    try:
        return literal(text)
    except ValueError:
        return text
