"""The command `savu-embedded DATA LIST OUT [-f NAME]`, which takes Savu's command line."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, TextIO

import savu_embedded
from savu_embedded.errors import EngineError, RefusedError, StoppedError

if TYPE_CHECKING:
    from savu_core.runs import RunLog

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
            "lacks": ["loops", "tuning"],
        }
        print(json.dumps(facts, indent=1))
        return 0
    if options.out is None:
        parser.error("DATA, LIST and OUT are needed")
    before = {number: signal.signal(number, _on_signal) for number in _SIGNALS}
    try:
        return _run(options, list(sys.argv[1:] if arguments is None else arguments))
    except _SignalError as error:
        print(f"Ended by {error.signal.name}.", file=sys.stderr)
        return 128 + error.signal
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _SignalError(BaseException):
    """A signal asked the command to end."""

    def __init__(self, number: int) -> None:
        self.signal = signal.Signals(number)
        super().__init__(f"Ended by {self.signal.name}.")


def _on_signal(number: int, _: FrameType | None) -> None:
    raise _SignalError(number)


def _run(options: argparse.Namespace, arguments: Sequence[str]) -> int:
    began = time.monotonic()
    try:
        folder = _make_folder(options)
    except (EngineError, OSError) as error:
        print(f"savu-embedded: {_plain(error)}", file=sys.stderr)
        return 2
    from savu_core.runs import FULL_LOG, LOG_FOLDER, RunLog

    with (
        RunLog(folder) as log,
        (folder / LOG_FOLDER / FULL_LOG).open("w", encoding="utf-8") as full,
    ):
        speaker = _Speaker(full, began, options.quiet)
        try:
            return _run_in(folder, options, arguments, log, speaker)
        except StoppedError as error:
            log.interrupted()
            speaker.say(str(error))
            return error.exit_code
        except Exception as error:
            plain = error if isinstance(error, EngineError) else _explained(error)
            _log_failure(log, plain)
            speaker.write("".join(traceback.format_exception(plain)))
            print(f"savu-embedded: {plain}", file=sys.stderr)
            return plain.exit_code if isinstance(plain, EngineError) else 1
        except _SignalError as error:
            log.failed(f"Traceback (most recent call last):\nEngineError: {error}")
            raise


def _run_in(
    folder: Path,
    options: argparse.Namespace,
    arguments: Sequence[str],
    log: RunLog,
    speaker: _Speaker,
) -> int:
    from savu_core.files import read_process_list
    from savu_core.model import ProcessListError
    from savu_core.runs import LOG_FOLDER, RUN_COMMAND
    from savu_embedded.plan import make_plan
    from savu_embedded.run import Options, run_plan

    command = shlex.join(["savu-embedded", *arguments])
    note = f"# Working directory\n{Path.cwd()}\n# Command\n{command}\n"
    (folder / LOG_FOLDER / RUN_COMMAND).write_text(note, encoding="utf-8")
    speaker.say(f"Run folder {folder}")
    for name in options.ignored:
        speaker.say(f"{name} has no meaning for the embedded engine and is ignored.")
    data, list_path = Path(options.data).absolute(), Path(options.list).absolute()
    try:
        plist, _ = read_process_list(list_path)
    except (ProcessListError, OSError) as error:
        raise RefusedError(f"The process list cannot be read: {_plain(error)}") from error
    shutil.copyfile(list_path, folder / LOG_FOLDER / list_path.name)
    plan = make_plan(data, plist)
    log.checked()
    for name, loaded in plan.loaded().items():
        frames, rows, columns = loaded.shape
        speaker.say(f"{name}: {frames} frames of {rows} x {columns} from {data}")
    _write_citations(folder / LOG_FOLDER / "citations.txt", [s.item.name for s in plan.steps])
    settings = Options(options.processes, options.block, options.keep)
    processed = run_plan(plan, folder, log, settings, speaker.say)
    log.complete()
    speaker.say(f"Results: {processed}")
    return 0


def _make_folder(options: argparse.Namespace) -> Path:
    """Return the run folder, which may hold what others put there before the run.

    Raises:
        RefusedError: there is a run in it already.
        OSError: it cannot be made.
    """
    from savu_core import runs

    stem = Path(options.data).stem
    name = options.folder or f"{datetime.now().astimezone():%Y%m%d%H%M%S}_{stem}"
    folder = Path(options.out).absolute() / name
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / runs.LOG_FOLDER).exists():
        raise RefusedError(
            f"{folder} holds a run: a run is never overwritten, choose another name."
        )
    return folder


class _Speaker:
    """Writes what happens to log.txt and, unless quiet, to the standard output."""

    def __init__(self, file: TextIO, began: float, quiet: bool) -> None:
        self._file = file
        self._began = began
        self._quiet = quiet

    def say(self, message: str) -> None:
        milliseconds = int(1000 * (time.monotonic() - self._began))
        self.write(f"{milliseconds:>8} {message}\n")
        if not self._quiet:
            print(message, flush=True)

    def write(self, text: str) -> None:
        self._file.write(text)
        self._file.flush()


def _log_failure(log: RunLog, error: Exception) -> None:
    """Append the traceback, without causes: those are in log.txt. The message is its last line.

    The engine's own errors speak to users, who have no use for the name of a class.
    """
    lines = traceback.format_exception(error, chain=False)
    name = "" if isinstance(error, EngineError) else f"{type(error).__name__}: "
    log.failed("".join([*lines[:-1], f"{name}{' '.join(str(error).split())}\n"]))


def _explained(error: Exception) -> Exception:
    """Return the error in words for the user, where its own are not."""
    if isinstance(error, MemoryError):
        explained = EngineError(
            "The memory is not enough: use fewer --processes or a small --block."
        )
    elif isinstance(error, OSError):
        explained = EngineError(_plain(error))
    else:
        return error
    explained.__cause__ = error
    return explained.with_traceback(error.__traceback__)


def _plain(error: Exception) -> str:
    from savu_embedded.faults import plain

    return plain(error)


def _write_citations(path: Path, names: Sequence[str]) -> None:
    from savu_core.catalogue import catalogue

    lines = ["Methods of this run, with the papers that their plugins cite:"]
    for name in dict.fromkeys(names):
        lines += [f"{name}: {doi}" for doi in dict.fromkeys(catalogue()[name].dois)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


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
