"""`jupyter savu check` and `jupyter savu diff`: what is wrong with a list, and what differs."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path
from typing import Any

from jupyterlab_savu.bridge.connected import ConnectedSavu
from jupyterlab_savu.bridge.source import source
from jupyterlab_savu.jobs.engines import Engines
from savu_core.catalogue import using
from savu_core.checks import Problem, check_list
from savu_core.compare import compare
from savu_core.files import read_process_list
from savu_core.model import ProcessList
from savu_core.scans import find_scan
from savu_core.sight import on_this_machine
from savu_core.summary import comparison_lines, problem_lines


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands that judge lists; their exit code is 1 when they find something."""
    check = commands.add_parser(
        "check",
        help="say what would go wrong if a list was run",
        description="Print the problems of LIST, one a line. The exit code is 1 when a problem"
        " would stop a run.",
    )
    check.add_argument("list", type=Path, metavar="LIST")
    check.add_argument("--data", type=Path, metavar="SCAN", help="the scan that it shall run on")
    check.add_argument(
        "--embedded", action="store_true", help="check whether the embedded engine can run it"
    )
    check.add_argument(
        "--savu",
        metavar="COMMAND",
        help="ask a real Savu, too: the command line of its interpreter",
    )
    check.add_argument(
        "--folder", type=Path, help="where Savu's packages are, unless they are installed in it"
    )
    check.set_defaults(run=_check)

    diff = commands.add_parser(
        "diff",
        help="say what differs between two lists",
        description="Print what differs between LEFT and RIGHT, plugin by plugin. The exit code"
        " is 1 when something does.",
    )
    diff.add_argument("left", type=Path, metavar="LEFT")
    diff.add_argument("right", type=Path, metavar="RIGHT")
    diff.set_defaults(run=_diff)


def _check(arguments: argparse.Namespace) -> int:
    plist, _ = read_process_list(arguments.list)
    given: dict[str, Any] = {"look": on_this_machine}
    if arguments.embedded:
        engine = Engines({"embedded": [sys.executable, "-m", "savu_embedded"]})
        given |= {
            "supported": engine.capabilities("embedded").plugins,
            "lacks": engine.capabilities("embedded").lacks,
        }
    if arguments.data is not None:
        given["scan"] = find_scan(arguments.data)
    if arguments.savu is None:
        problems = check_list(plist, **given)
    else:
        problems = _asked(plist, given, arguments)
    print("\n".join(problem_lines(plist, problems)) or "nothing is wrong")
    return int(any(problem.severity == "error" for problem in problems))


def _asked(
    plist: ProcessList, given: dict[str, Any], arguments: argparse.Namespace
) -> list[Problem]:
    """The problems with the facts and the verdicts of a real Savu."""
    command, folder = shlex.split(arguments.savu), arguments.folder
    savu = ConnectedSavu("savu", command=command, folder=folder and folder.resolve())
    try:
        with using(source(savu).plugins):
            problems = check_list(plist, **given)
        return [*problems, *savu.judge(plist.to_json(), problems)]
    finally:
        savu.close()


def _diff(arguments: argparse.Namespace) -> int:
    left, right = (read_process_list(path)[0] for path in (arguments.left, arguments.right))
    comparison = compare(left, right)
    if comparison.equal:
        print("both lists do the same")
    else:
        print("\n".join(comparison_lines(left, right, comparison)))
    return int(not comparison.equal)
