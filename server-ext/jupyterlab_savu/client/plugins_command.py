"""`jupyter savu list` and `cite`: which plugins there are, and what they ask to be cited by."""

from __future__ import annotations

import argparse
from fnmatch import fnmatch
from pathlib import Path

from savu_core.catalogue import PluginFacts, catalogue
from savu_core.files import read_process_list
from savu_core.positions import OperationError


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands about plugins."""
    plugins = commands.add_parser(
        "list",
        help="list the plugins of Savu",
        description="List the plugins whose name, category or purpose has TEXT in it;"
        " * stands for anything.",
    )
    plugins.add_argument("text", metavar="TEXT", nargs="?", default="")
    plugins.set_defaults(run=_list)

    cite = commands.add_parser(
        "cite",
        help="print what a process list cites",
        description="Print the DOIs of the publications that the plugins of LIST build on.",
    )
    cite.add_argument("list", type=Path, metavar="LIST")
    cite.set_defaults(run=_cite)


def _list(arguments: argparse.Namespace) -> None:
    found = [facts for facts in catalogue().values() if _matches(facts, arguments.text)]
    if not found:
        raise OperationError(f"no plugin of Savu 4.2 matches {arguments.text}; try fewer letters")
    width = max(len(facts.name) for facts in found)
    category = ""
    for facts in sorted(found, key=lambda facts: (facts.category, facts.name)):
        if facts.category != category:
            category = facts.category
            print(category)
        print(f"    {facts.name:<{width}}  {facts.summary}".rstrip())


def _matches(facts: PluginFacts, text: str) -> bool:
    pattern = f"*{text.lower()}*"
    return any(
        fnmatch(told.lower(), pattern) for told in (facts.name, facts.category, facts.summary)
    )


def _cite(arguments: argparse.Namespace) -> None:
    plist, _ = read_process_list(arguments.list)
    for plugin in plist.active:
        facts = catalogue().get(plugin.name)
        for doi in facts.dois if facts else ():
            print(f"{plugin.position:>4}  {plugin.name}  https://doi.org/{doi}")
