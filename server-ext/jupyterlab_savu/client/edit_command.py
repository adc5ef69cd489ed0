"""`jupyter savu add`, `mod`, `set` …: the commands of Savu's configurator on a file.

Each reads the list, does one thing to it and writes it back, unless somebody else has written
the file meanwhile. ``edit`` does several, given as the lines that one would type into the
configurator, and writes only if all of them succeed. ``new`` makes an empty list.
"""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path

from savu_core.commands import COMMANDS, Command, Session, changes, run
from savu_core.files import read_process_list, write_process_list
from savu_core.model import ProcessList
from savu_core.operations import order_fault
from savu_core.parameters import LEVELS
from savu_core.sight import on_this_machine


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands that edit a list."""
    new = _parser(commands, "new", "make an empty process list")
    new.set_defaults(run=_new)

    for command in COMMANDS:
        parser = _parser(commands, command.name, command.help)
        command.add_arguments(parser)
        if command.name == "mod":
            _add_level(parser)
        parser.set_defaults(run=partial(_do, command), level="basic")

    edit = _parser(commands, "edit", "do several of these commands, or none")
    edit.add_argument("lines", nargs="+", metavar="LINE", help='a command, as "mod 3.radius 21"')
    _add_level(edit)
    edit.set_defaults(run=_edit)


def _parser(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, does: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=does, description=f"{does.capitalize()}.")
    parser.add_argument("list", type=Path, metavar="LIST")
    return parser


def _add_level(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--level",
        choices=tuple(LEVELS),
        default="basic",
        help="the level whose parameter numbers are meant (basic)",
    )


def _new(arguments: argparse.Namespace) -> None:
    write_process_list(arguments.list, ProcessList(), create=True)
    print(f"made {arguments.list}")


def _do(command: Command, arguments: argparse.Namespace) -> None:
    plist, digest = read_process_list(arguments.list)
    edited = command.run(Session(plist, arguments.level, on_this_machine), arguments)
    if command.look is not None and edited == plist:
        print("\n".join(command.look(plist, arguments)))
    else:
        _save(arguments.list, plist, edited, digest)


def _edit(arguments: argparse.Namespace) -> None:
    plist, digest = read_process_list(arguments.list)
    session = Session(plist, arguments.level, on_this_machine)
    for line in arguments.lines:
        session = run(session, line)
    _save(arguments.list, plist, session.plist, digest)


def _save(path: Path, before: ProcessList, after: ProcessList, digest: str) -> None:
    """Write what has changed, and say so."""
    lines = list(changes(before, after))
    if not lines:
        print("nothing changed")
        return
    write_process_list(path, after, expected_hash=digest)
    print("\n".join(lines))
    fault = order_fault(after)
    if fault is not None:
        print(f"note: {fault}, else Savu does not run it", file=sys.stderr)
