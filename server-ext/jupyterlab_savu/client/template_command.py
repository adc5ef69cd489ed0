"""`jupyter savu template` and `fill`: lists with values to be filled in."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from savu_core import atomic, templates
from savu_core.files import read_process_list, write_process_list


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands about templates."""
    template = commands.add_parser(
        "template",
        help="write the .savu file of a template",
        description="Write the values that are marked <value> or global<value> in LIST to the"
        " YAML file FILE, to be edited and given to fill or to Savu (-t); print them without FILE.",
    )
    template.add_argument("list", type=Path, metavar="LIST")
    template.add_argument("file", type=Path, metavar="FILE", nargs="?")
    template.set_defaults(run=_template)

    fill = commands.add_parser(
        "fill",
        help="fill in a template",
        description="Fill the values in FILE in where LIST is marked, and save it as NEW.",
    )
    fill.add_argument("list", type=Path, metavar="LIST")
    fill.add_argument("file", type=Path, metavar="FILE")
    fill.add_argument("new", type=Path, metavar="NEW")
    fill.set_defaults(run=_fill)


def _template(arguments: argparse.Namespace) -> None:
    plist, _ = read_process_list(arguments.list)
    values = templates.defaults(plist)
    text = templates.to_yaml(values, str(arguments.list))
    if arguments.file is None:
        sys.stdout.write(text)
        return
    atomic.write(arguments.file, text.encode(), lambda: _refuse_existing(arguments.file))
    count = sum(1 for _ in templates.marks(plist))
    print(f"made {arguments.file}: {count} value{'' if count == 1 else 's'} to fill in")


def _fill(arguments: argparse.Namespace) -> None:
    plist, _ = read_process_list(arguments.list)
    _, values = templates.from_yaml(arguments.file.read_text("utf-8", errors="replace"))
    write_process_list(arguments.new, templates.fill(plist, values), create=True)
    print(f"made {arguments.new}")


def _refuse_existing(path: Path) -> None:
    if path.exists():
        raise FileExistsError(f"{path} exists; give another name")
