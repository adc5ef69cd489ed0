"""The command `savu-embedded DATA LIST OUT [-f NAME]`, which takes Savu's command line."""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import sys
from collections.abc import Sequence
from types import FrameType

import savu_embedded
from savu_embedded.errors import SignalError

_SIGNALS = (signal.SIGTERM, signal.SIGINT)

# One process for each share of the work; libraries that start threads of their own would compete.
for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code.

    0: complete; 1: failed while running; 2: refused before it started; 3: stopped by the kill
    signal; 128 + n: ended by signal n.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.capabilities:
        from savu_embedded.plan import capabilities

        facts = {
            "name": "embedded",
            "version": savu_embedded.__version__,
            "plugins": capabilities(),
            "lacks": [],
            "offers": ["checkpoint", "plan", "shares"],
        }
        print(json.dumps(facts, indent=1))
        return 0
    if options.plan and options.list is not None:
        from savu_embedded.session import print_forecast

        return print_forecast(options)
    if options.out is None:
        parser.error("DATA, LIST and OUT are needed")
    if options.folder is None and (options.share or options.join):
        parser.error("the parts of a run need its name: -f NAME")
    before = {number: signal.signal(number, _on_signal) for number in _SIGNALS}
    try:
        from savu_embedded.session import run_command

        return run_command(options, list(sys.argv[1:] if arguments is None else arguments))
    except SignalError as error:
        print(f"Ended by {error.signal.name}.", file=sys.stderr)
        return 128 + error.signal
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _on_signal(number: int, _: FrameType | None) -> None:
    raise SignalError(number)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="savu-embedded", description="Run a Savu process list with the embedded engine."
    )
    add = parser.add_argument
    add("data", nargs="?", metavar="DATA", help="the scan, an NXtomo file")
    add("list", nargs="?", metavar="LIST", help="the process list")
    add("out", nargs="?", metavar="OUT", help="the folder in which the run folder is made")
    add("-f", "--folder", metavar="NAME", help="name of the run folder (default: time and scan)")
    add("--processes", type=int, metavar="N", help="worker processes (default: as is useful)")
    add("--block", type=int, metavar="ROWS", help="rows worked on at once (default: by memory)")
    add(
        "--memory",
        type=_size,
        metavar="MB",
        help="megabytes that each worker may take (default: 550)",
    )
    add("--share", type=_share, metavar="I/N", help="do share I of N of the rows; 0/N before all")
    add("--join", action="store_true", help="join the shares, and do what comes after them")
    add(
        "--checkpoint",
        nargs="?",
        const="plugin",
        choices=("plugin", "subplugin"),
        metavar="KIND",
        help="go on with the run NAME that has ended early, at the last complete step (plugin, "
        "the default) or block (subplugin)",
    )
    add("--plan", action="store_true", help="print as JSON what a run would do and take, and end")
    add(
        "--iterate",
        type=_rules,
        metavar="RULES",
        help="what to add to iterative reconstructions, as nonnegative,variation=1e-4,change=1e-3,"
        "misfit=0.01",
    )
    add("--keep", action="store_true", help="keep the output of every plugin, not only results")
    add("--capabilities", action="store_true", help="print as JSON what the engine runs, and end")
    add("-q", "--quiet", action="store_true", help="print nothing but errors")
    add("--version", action="version", version=savu_embedded.__version__)
    parser.set_defaults(ignored=[])
    group = parser.add_argument_group("accepted as Savu's, without effect")
    group.add_argument("-v", "--verbose", action=_Ignored, nargs=0, dest="ignored")
    group.add_argument("-d", "--tmp", action=_Ignored, metavar="DIR", dest="ignored")
    group.add_argument("-n", "--names", action=_Ignored, metavar="NAMES", dest="ignored")
    group.add_argument("--stats", action=_Ignored, choices=("on", "off"), dest="ignored")
    return parser


def _size(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 10_000_000:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of megabytes")
    return int(text)


def _share(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{1,6})/([1-9]\d{0,5})", text)
    if match is None or int(match[1]) > int(match[2]):
        raise argparse.ArgumentTypeError(f"{text!r} is no share; one is expected as 3/8")
    return int(match[1]), int(match[2])


def _rules(text: str) -> dict[str, float]:
    rules: dict[str, float] = {}
    for rule in text.split(","):
        name, _, value = rule.partition("=")
        number = _positive(value) if name in ("variation", "change", "misfit") else None
        if rule == "nonnegative":
            rules[rule] = True
        elif number:
            rules[name] = number
        else:
            raise argparse.ArgumentTypeError(
                f"{rule!r} is no rule: nonnegative is, and variation, change and misfit, "
                "each with a positive number"
            )
    return rules


def _positive(text: str) -> float | None:
    """Return the finite positive number that `text` is, or None."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 < number < float("inf") else None


class _Ignored(argparse.Action):
    """Remembers that an option was given which has no effect."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        namespace.ignored = [*namespace.ignored, option_string]


if __name__ == "__main__":
    sys.exit(main())
