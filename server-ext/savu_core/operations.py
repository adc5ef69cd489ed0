"""What can be done to the plugins of a process list, as Savu's configurator does it.

Each operation returns a new list and leaves the one it was given alone; it raises OperationError
when any part of it cannot be done. Plugins are named by their positions.
"""

from __future__ import annotations

import copy
import difflib
from collections.abc import Iterable

from savu_core import loops
from savu_core.catalogue import catalogue, new_plugin, plugin_kind, repaired
from savu_core.model import Plugin, ProcessList
from savu_core.positions import (
    OperationError,
    index_of,
    indices_of,
    insertion_index,
    renumber,
)


def add(plist: ProcessList, name: str, position: str | None = None) -> ProcessList:
    """Put in a new plugin with its defaults.

    Without a position it goes to the end, a loader behind the loaders that begin the list.

    Raises:
        OperationError: when there is no such plugin, or no such position.
    """
    plist = copy.deepcopy(plist)
    plugin = _new(name)
    if position is not None:
        index = insertion_index(plist.plugins, position)
    elif plugin_kind(name) == "loader":
        index = _leading_loaders(plist)
    else:
        index = len(plist.plugins)
    _insert(plist, index, plugin)
    return plist


def remove(plist: ProcessList, positions: Iterable[str]) -> ProcessList:
    """Take plugins out.

    Raises:
        OperationError: when one of them does not exist.
    """
    plist = copy.deepcopy(plist)
    for index in reversed(indices_of(plist.plugins, positions)):
        _take(plist, index)
    renumber(plist.plugins)
    return plist


def move(plist: ProcessList, position: str, new: str) -> ProcessList:
    """Move a plugin so that its position becomes `new`.

    Raises:
        OperationError: when there is no such plugin, or `new` is beyond the end.
    """
    plist = copy.deepcopy(plist)
    source = index_of(plist.plugins, position)
    groups = plist.groups
    plugin = plist.plugins.pop(source)
    target = insertion_index(plist.plugins, new)
    if new.strip().isdigit() and not 1 <= int(new) <= len(plist.plugins) + 1:
        raise OperationError(
            f"{new} is not a position of the list; 1 to {len(plist.plugins) + 1} are"
        )
    plist.plugins.insert(target, plugin)
    plist.groups = loops.after_move(groups, source, target)
    renumber(plist.plugins)
    return plist


def duplicate(plist: ProcessList, position: str, new: str | None = None) -> ProcessList:
    """Put in a copy of a plugin, at the end without `new`; right behind it, it joins its loop.

    Raises:
        OperationError: when there is no such plugin, or `new` is no position.
    """
    plist = copy.deepcopy(plist)
    source = index_of(plist.plugins, position)
    target = len(plist.plugins) if new is None else insertion_index(plist.plugins, new)
    plugin = copy.deepcopy(plist.plugins[source])
    groups = plist.groups
    _insert(plist, target, plugin)
    if new is not None and target == source + 1:
        plist.groups = loops.after_duplicate(groups, source)
    return plist


def replace(plist: ProcessList, position: str, name: str) -> ProcessList:
    """Put a new plugin in the place of another; it is switched off if that one was.

    Raises:
        OperationError: when there is no such plugin in the list, or none of that name.
    """
    plist = copy.deepcopy(plist)
    index = index_of(plist.plugins, position)
    plugin = _new(name)
    plugin.position = plist.plugins[index].position
    plugin.active = plist.plugins[index].active
    plist.plugins[index] = plugin
    return plist


def switch(plist: ProcessList, positions: Iterable[str], active: bool) -> ProcessList:
    """Switch plugins on or off.

    Raises:
        OperationError: when one of them does not exist.
    """
    plist = copy.deepcopy(plist)
    for index in indices_of(plist.plugins, positions):
        plist.plugins[index].active = active
    return plist


def refresh(
    plist: ProcessList, positions: Iterable[str] | None = None, *, defaults: bool = False
) -> ProcessList:
    """Bring the parameters of plugins in line with their definitions.

    Missing parameters come with their defaults, those that no longer exist go; the values of the
    others stay, unless `defaults` is set. Without positions all plugins are refreshed. Savu does
    the same to every list that it opens.

    Raises:
        OperationError: when a plugin does not exist, here or in Savu.
    """
    plist = copy.deepcopy(plist)
    chosen = (
        range(len(plist.plugins)) if positions is None else indices_of(plist.plugins, positions)
    )
    for index in chosen:
        plugin = plist.plugins[index]
        fresh = _new(plugin.name)
        plugin.id = fresh.id
        plugin.parameters = {
            name: default if defaults else repaired(plugin.parameters.get(name, default))
            for name, default in fresh.parameters.items()
        }
    return plist


def clear(plist: ProcessList) -> ProcessList:
    """The list without plugins and loops; what else its file holds stays."""
    plist = copy.deepcopy(plist)
    plist.plugins.clear()
    plist.groups.clear()
    return plist


def order_fault(plist: ProcessList) -> str | None:
    """Why Savu would refuse to save a list for the order of its plugins; None if it would not."""
    kinds = [plugin_kind(plugin.name) for plugin in plist.plugins]
    if not kinds:
        return "the list is empty; add a loader first"
    if kinds[0] != "loader":
        return "the list must begin with a loader"
    if "loader" in kinds[_leading_loaders(plist) :]:
        return "all loaders must stand at the beginning of the list"
    return None


def _new(name: str) -> Plugin:
    try:
        return new_plugin(name)
    except KeyError:
        known = {other.lower(): other for other in catalogue()}
        near = difflib.get_close_matches(name.lower(), known, 1)
        hint = f"; did you mean {known[near[0]]}?" if near else ""
        raise OperationError(f"Savu 4.2 has no plugin {name}{hint}") from None


def _leading_loaders(plist: ProcessList) -> int:
    count = 0
    for plugin in plist.plugins:
        if plugin_kind(plugin.name) != "loader":
            break
        count += 1
    return count


def _insert(plist: ProcessList, index: int, plugin: Plugin) -> None:
    plist.plugins.insert(index, plugin)
    plist.groups = loops.after_insert(plist.groups, index)
    renumber(plist.plugins)


def _take(plist: ProcessList, index: int) -> None:
    del plist.plugins[index]
    plist.groups = loops.after_remove(plist.groups, index)
