"""`jupyter savu doctor`: whether the configured queues can work, without a server."""

from __future__ import annotations

import argparse
import asyncio
import textwrap

_INDENT = " " * 6


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command; its exit code is 1 when a queue cannot work."""
    doctor = commands.add_parser(
        "doctor",
        help="look whether each queue can work, and say what to ask the administrator for",
        description="Look, as you, whether each queue of the configuration that your Jupyter "
        "server reads can work: command nodes, partition, account, output folder and engine. A "
        "small job is submitted to each queue. The exit code is 1 when something is wrong.",
    )
    doctor.add_argument("queues", nargs="*", metavar="QUEUE", help="only these")
    doctor.add_argument(
        "--seconds", type=float, default=120, help="how long each job may wait and run (120)"
    )
    doctor.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    # the other commands need nothing of a server
    from jupyterlab_savu.configuration import ConfigurationError
    from jupyterlab_savu.diagnosis import diagnose

    wrong = False

    async def tell() -> None:
        nonlocal wrong
        async for finding in diagnose(arguments.queues, arguments.seconds):
            wrong = wrong or finding.fault is not None
            verdict = "yes" if finding.fault is None else f"no: {finding.fault}"
            print(f"{finding.queue}: {finding.what}: {verdict}", flush=True)
            if finding.fault is not None:
                print(textwrap.indent(finding.advice, _INDENT), flush=True)

    try:
        asyncio.run(tell())
    except ConfigurationError as error:
        print(f"configuration: no: {error}")
        return 1
    return int(wrong)
