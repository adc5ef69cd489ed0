"""The editing commands of Savu's configurator, as one grammar for every door to them.

A command line such as ``mod 3.radius 21`` is read by :func:`run`; the shell has the same
commands, with the same arguments, behind ``jupyter savu``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import NoReturn

from savu_core import loops, operations, parameters
from savu_core.model import ProcessList
from savu_core.parameters import LEVELS, Level
from savu_core.positions import OperationError, index_of
from savu_core.preview_edit import PARTS, entries_of, entry_parts
from savu_core.sight import Look


@dataclass(frozen=True)
class Session:
    """A list while it is edited, and the level whose parameter numbers are meant.

    With `look`, files in values that are typed must be there.
    """

    plist: ProcessList
    level: Level = "basic"
    look: Look | None = None


@dataclass(frozen=True)
class Command:
    """A command: its arguments, and what it makes of a list.

    `look` gives the lines to be shown by a command that may be used only to look.
    """

    name: str
    help: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[Session, argparse.Namespace], ProcessList]
    look: Callable[[ProcessList, argparse.Namespace], Iterator[str]] | None = None


def run(session: Session, line: str) -> Session:
    """The session after a command line.

    Raises:
        OperationError: when it is no editing command, or cannot be done.
    """
    words = line.split()
    if not words:
        return session
    parsed = _parser().parse_args(words)
    if parsed.command == "level":
        return replace(session, level=parsed.level)
    command: Command = parsed.command
    return replace(session, plist=command.run(session, parsed))


def changes(before: ProcessList, after: ProcessList) -> Iterator[str]:
    """What became of a list, a line for each change."""
    names = [[plugin.name for plugin in plist.plugins] for plist in (before, after)]
    if names[0] != names[1]:
        order = ", ".join(f"{p.position} {p.name}" for p in after.plugins)
        yield f"plugins: {order or 'none'}"
    else:
        yield from _value_changes(before, after)
    if before.groups != after.groups:
        yield from loop_lines(after)


def loop_lines(plist: ProcessList) -> Iterator[str]:
    """The loops of a list with their numbers."""
    for number, loop in enumerate(plist.groups, 1):
        yield f"loop {number}: plugins {loop.start} to {loop.end} run {loop.iterations} times"
    if not plist.groups:
        yield "the list has no loops"


def preview_lines(plist: ProcessList, position: str) -> Iterator[str]:
    """The parts of a plugin's preview, a line for each dimension.

    Raises:
        OperationError: when there is no such plugin, or it has no preview.
    """
    preview = parameters.preview_of(plist.plugins[index_of(plist.plugins, position)])
    for number, entry in enumerate(entries_of(preview), 1):
        given = entry_parts(entry)
        shown = "  ".join(f"{name} {given.get(name, '-')}" for name in PARTS)
        yield f"dim{number}  {shown}"


def _value_changes(before: ProcessList, after: ProcessList) -> Iterator[str]:
    for old, new in zip(before.plugins, after.plugins, strict=True):
        if old.active != new.active:
            yield f"{new.position} {new.name}: {'on' if new.active else 'off'}"
        for name in {**old.parameters, **new.parameters}:
            values = [json.dumps(p.parameters.get(name)) for p in (old, new)]
            if name not in new.parameters:
                yield f"{new.position}.{name}: {values[0]} is gone"
            elif values[0] != values[1]:
                yield f"{new.position}.{name}: {values[0]} -> {values[1]}"


def _add(session: Session, arguments: argparse.Namespace) -> ProcessList:
    return operations.add(session.plist, arguments.name, arguments.position)


def _modify(session: Session, arguments: argparse.Namespace) -> ProcessList:
    text = " ".join(arguments.value)
    if arguments.default == bool(arguments.value):
        raise OperationError("a value, or -d for the default, is expected")
    if arguments.all:
        return parameters.modify_all(
            session.plist,
            arguments.parameter,
            None if arguments.default else text,
            session.look,
        )
    if arguments.default:
        return parameters.reset(session.plist, arguments.parameter, session.level)
    return parameters.modify(session.plist, arguments.parameter, text, session.level, session.look)


def _switch(session: Session, arguments: argparse.Namespace) -> ProcessList:
    return operations.switch(session.plist, arguments.positions, arguments.state.lower() == "on")


def _move(session: Session, arguments: argparse.Namespace) -> ProcessList:
    return operations.move(session.plist, arguments.position, arguments.new)


def _remove(session: Session, arguments: argparse.Namespace) -> ProcessList:
    return operations.remove(session.plist, arguments.positions)


def _duplicate(session: Session, arguments: argparse.Namespace) -> ProcessList:
    return operations.duplicate(session.plist, arguments.position, arguments.new)


def _replace(session: Session, arguments: argparse.Namespace) -> ProcessList:
    return operations.replace(session.plist, arguments.position, arguments.name)


def _refresh(session: Session, arguments: argparse.Namespace) -> ProcessList:
    positions = None if "*" in arguments.positions else arguments.positions
    return operations.refresh(session.plist, positions, defaults=arguments.default)


def _iterate(session: Session, arguments: argparse.Namespace) -> ProcessList:
    if arguments.set is not None:
        return loops.set_loop(session.plist, *arguments.set)
    if arguments.remove is not None:
        return loops.remove_loops(session.plist, arguments.remove)
    return session.plist


def _expand(session: Session, arguments: argparse.Namespace) -> ProcessList:
    if arguments.dimensions is None:
        index = index_of(session.plist.plugins, arguments.position)
        parameters.preview_of(session.plist.plugins[index])
        return session.plist
    return parameters.expand(session.plist, arguments.position, arguments.dimensions)


def _clear(session: Session, _: argparse.Namespace) -> ProcessList:
    return operations.clear(session.plist)


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="the plugin")
    parser.add_argument("position", metavar="POS", nargs="?", help="where; the end without it")


def _mod_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "parameter",
        metavar="POS.PARAM",
        help="a parameter by name or number, as 3.radius or 3.1; a part of a preview as"
        " 1.preview.dim2.start; with -g only the name",
    )
    parser.add_argument("value", metavar="VALUE", nargs="*", help="the new value")
    parser.add_argument("-d", "--default", action="store_true", help="set to the default")
    parser.add_argument("-g", "--all", action="store_true", help="in all plugins that have it")


def _set_arguments(parser: argparse.ArgumentParser) -> None:
    _positions(parser)
    parser.add_argument("state", choices=("on", "off", "ON", "OFF"), metavar="on|off")


def _move_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("position", metavar="POS")
    parser.add_argument("new", metavar="NEW", help="its position afterwards")


def _duplicate_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("position", metavar="POS")
    parser.add_argument("new", metavar="NEW", nargs="?", help="of the copy; the end without it")


def _replace_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("position", metavar="POS")
    parser.add_argument("name", metavar="NAME", help="the plugin that takes its place")


def _refresh_arguments(parser: argparse.ArgumentParser) -> None:
    _positions(parser, "plugins, as 2 or 2-4; * for all")
    parser.add_argument("-d", "--default", action="store_true", help="set all to defaults")


def _iterate_arguments(parser: argparse.ArgumentParser) -> None:
    group = parser.add_mutually_exclusive_group()
    group.add_argument(
        "--set", nargs=3, type=int, metavar=("START", "END", "N"), help="repeat plugins N times"
    )
    group.add_argument(
        "--remove", nargs="*", type=int, metavar="LOOP", help="loops by their number; all without"
    )


def _expand_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("position", metavar="POS")
    parser.add_argument(
        "dimensions", metavar="DIMENSIONS", nargs="?", type=int, help="how many there shall be"
    )


def _no_arguments(_: argparse.ArgumentParser) -> None:
    """A command without arguments."""


def _positions(parser: argparse.ArgumentParser, text: str = "plugins, as 2 or 2-4") -> None:
    parser.add_argument("positions", metavar="POS", nargs="+", help=text)


#: The commands that edit a list, by the names that Savu gives them.
COMMANDS = (
    Command("add", "add a plugin", _add_arguments, _add),
    Command("mod", "set a parameter", _mod_arguments, _modify),
    Command("set", "switch plugins on or off", _set_arguments, _switch),
    Command("move", "move a plugin", _move_arguments, _move),
    Command("rem", "remove plugins", _positions, _remove),
    Command("dupl", "duplicate a plugin", _duplicate_arguments, _duplicate),
    Command("replace", "replace a plugin by another", _replace_arguments, _replace),
    Command("ref", "bring parameters in line with Savu", _refresh_arguments, _refresh),
    Command(
        "iterate",
        "show, set or remove loops",
        _iterate_arguments,
        _iterate,
        lambda plist, _: loop_lines(plist),
    ),
    Command(
        "expand",
        "show a preview's parts, or set how many dimensions it has",
        _expand_arguments,
        _expand,
        lambda plist, arguments: preview_lines(plist, arguments.position),
    ),
    Command("clear", "remove all plugins", _no_arguments, _clear),
)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise OperationError(f"{self.prog}: {message}")


@cache
def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="edit", add_help=False)
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in COMMANDS:
        subparser = subparsers.add_parser(command.name, prog=command.name, add_help=False)
        command.add_arguments(subparser)
        subparser.set_defaults(command=command)
    level = subparsers.add_parser("level", prog="level", add_help=False)
    level.add_argument("level", choices=tuple(LEVELS))
    level.set_defaults(command="level")
    return parser
