"""Which datasets there are before each plugin of a list: what loaders name and plugins make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from savu_core.catalogue import catalogue, plugin_kind
from savu_core.model import Plugin

#: Parameters of loaders that name what is loaded.
_NAMING = ("name", "dataset_names", "out_datasets")


def missing_inputs(plugins: Sequence[Plugin]) -> Iterator[tuple[int, list[str], list[str]]]:
    """The plugins, by index, with inputs that nothing makes, these, and what there is instead.

    Nothing is said behind a plugin that makes datasets whose names cannot be told from the list.
    """
    there: list[str] = []
    for index, plugin in enumerate(plugins):
        if not plugin.active:
            continue
        if plugin_kind(plugin.name) != "loader":
            missing = [name for name in _texts(plugin, "in_datasets") if name not in there]
            if missing:
                yield index, missing, list(there)
        made = _made(plugin)
        if made is None:
            return
        there += [name for name in made if name not in there]


def _made(plugin: Plugin) -> list[str] | None:
    """The names that a plugin gives to datasets; None when they cannot be told."""
    if plugin_kind(plugin.name) != "loader":
        is_told = plugin.name in catalogue() or "out_datasets" in plugin.parameters
        return _texts(plugin, "out_datasets") if is_told else None
    return next((names for key in _NAMING if (names := _texts(plugin, key))), None)


def _texts(plugin: Plugin, parameter: str) -> list[str]:
    value: Any = plugin.parameters.get(parameter)
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, str) and item]
