"""`jupyter savu show` and `jupyter savu save`: process-list files on the command line.

``show --json`` prints the form of the API, except that parameters are JSON values, not JSON
text, and that what only passes through (citations and other members) is left out.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from savu_core.catalogue import catalogue
from savu_core.files import file_hash, read_process_list, write_process_list
from savu_core.model import Plugin, ProcessList
from savu_core.parameters import LEVELS, Level, shown_parameters
from savu_core.summary import differences, loop_text, marks


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands about files."""
    show = commands.add_parser(
        "show",
        help="print a process list",
        description="Print a process list: its plugins, and the parameters that differ from"
        " their defaults.",
    )
    show.add_argument("list", type=Path, metavar="LIST")
    form = show.add_mutually_exclusive_group()
    form.add_argument(
        "--level",
        choices=tuple(LEVELS),
        help="print all parameters of this level, with the numbers that mod takes",
    )
    form.add_argument(
        "--json",
        action="store_true",
        help="print everything as JSON: plugins with all parameters as values, and loops",
    )
    show.set_defaults(run=_show)

    save = commands.add_parser(
        "save",
        help="open a process list and save it under another name",
        description="Open a process list and save it as NEW, in the layout of Savu 4.2.",
    )
    save.add_argument("list", type=Path, metavar="LIST")
    save.add_argument("new", type=Path, metavar="NEW")
    save.add_argument("--force", action="store_true", help="replace NEW if it is a process list")
    save.set_defaults(run=_save)


def _show(arguments: argparse.Namespace) -> None:
    plist, _ = read_process_list(arguments.list)
    if arguments.json:
        json.dump(_as_json(plist), sys.stdout, indent=1)
        print()
    else:
        print("\n".join(_lines(arguments.list.name, plist, arguments.level)))


def _save(arguments: argparse.Namespace) -> None:
    plist, _ = read_process_list(arguments.list)
    new: Path = arguments.new
    if new.exists() and not arguments.force:
        raise FileExistsError(f"{new} exists; give another name, or --force to replace it")
    expected = file_hash(new) if new.exists() else None
    write_process_list(new, plist, expected_hash=expected, create=expected is None)
    print(f"saved {new}: {len(plist.plugins)} plugins")


def _as_json(plist: ProcessList) -> dict[str, Any]:
    obj = plist.to_json()
    del obj["extra"]
    for plugin, shown in zip(plist.plugins, obj["plugins"], strict=True):
        del shown["extra"]
        shown["parameters"] = plugin.parameters
    return obj


def _lines(name: str, plist: ProcessList, level: Level | None) -> Iterator[str]:
    count = len(plist.plugins)
    version = f", Savu {plist.version}" if plist.version else ""
    yield f"{name}: {count} plugin{'' if count == 1 else 's'}{version}"
    for plugin in plist.plugins:
        yield f"{plugin.position:>4}  {plugin.name}{marks(plugin)}"
        shown = differences(plugin) if level is None else _numbered(plugin, level)
        for key, value in shown:
            yield f"        {key}: {json.dumps(value, ensure_ascii=False)}"
    for loop in plist.groups:
        yield loop_text(loop)


def _numbered(plugin: Plugin, level: Level) -> Iterator[tuple[str, Any]]:
    """The parameters of a level with their numbers; of an unknown plugin all of them."""
    if plugin.name not in catalogue():
        yield from plugin.parameters.items()
        return
    for number, parameter in shown_parameters(plugin, level):
        value = plugin.parameters.get(parameter.name, parameter.default)
        yield f"{number}) {parameter.name}", value
