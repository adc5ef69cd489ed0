"""One run of the command: its folder, its logs, and how it ends."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
import time
import traceback
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path
from typing import TextIO

from savu_core import atomic, runs
from savu_core.catalogue import catalogue
from savu_core.files import read_process_list
from savu_core.model import ProcessList, ProcessListError
from savu_core.runs import RunLog
from savu_core.shares import Share, begun_shares, share
from savu_embedded.blocks import MEMORY, Options
from savu_embedded.errors import EngineError, RefusedError, SignalError, StoppedError
from savu_embedded.faults import plain
from savu_embedded.forecast import forecast
from savu_embedded.methods.iterative import Rules
from savu_embedded.parts import join_shares, prepare_shares, run_share, run_whole
from savu_embedded.plan import Plan, make_plan
from savu_embedded.plugins.reconstruction import AstraReconCpu
from savu_embedded.run import Work
from savu_embedded.state import identity, load_state


def print_forecast(options: argparse.Namespace) -> int:
    """Print what a run would do and take, and return the exit code: 2 if it would be refused."""
    try:
        print(json.dumps(forecast(_plan(options), _settings(options)), indent=1))
    except (EngineError, OSError) as error:
        print(f"savu-embedded: {plain(error)}", file=sys.stderr)
        return 2
    return 0


def run_command(options: argparse.Namespace, arguments: Sequence[str]) -> int:
    """Run what the command line asks for, and return the exit code, see `__main__.main`."""
    began = time.monotonic()
    try:
        folder, part = _folders(options)
    except (EngineError, OSError) as error:
        print(f"savu-embedded: {plain(error)}", file=sys.stderr)
        return 2
    own = part.folder if part else folder
    if options.share or options.join or options.checkpoint:
        if runs.is_complete(own):
            print(f"{part or 'The run'} is complete already: {own}")
            return 0
        try:
            _must_go_on(folder, own, options)
        except (EngineError, OSError) as error:
            print(f"savu-embedded: {plain(error)}", file=sys.stderr)
            return 2
    if options.checkpoint:
        # The request was for the run that has ended.
        (own / runs.KILL_SIGNAL).unlink(missing_ok=True)
    full_log = own / runs.LOG_FOLDER / runs.FULL_LOG
    with ExitStack() as closing:
        try:
            log = RunLog(own)
            closing.callback(_close, log)
            full = full_log.open("a", encoding="utf-8")
            closing.callback(_close, full)
        except OSError as error:
            print(f"savu-embedded: {plain(error)}", file=sys.stderr)
            return 1
        speaker = _Speaker(full, began, options.quiet)
        try:
            _run_in(folder, part, options, arguments, log, speaker)
        except StoppedError as error:
            log.interrupted()
            speaker.say(str(error))
            return error.exit_code
        except Exception as error:
            told = error if isinstance(error, EngineError) else _explained(error)
            print(f"savu-embedded: {told}", file=sys.stderr)
            # Of a full disk there may be no room to tell.
            with suppress(OSError):
                _log_failure(log, told)
                speaker.write("".join(traceback.format_exception(told)))
            return told.exit_code if isinstance(told, EngineError) else 1
        except SignalError as error:
            log.failed(f"Traceback (most recent call last):\nEngineError: {error}")
            raise
    return 0


def _close(file: RunLog | TextIO) -> None:
    """Close a log; what could not be written to it was told before."""
    with suppress(OSError):
        file.close()


def _run_in(
    folder: Path,
    part: Share | None,
    options: argparse.Namespace,
    arguments: Sequence[str],
    log: RunLog,
    speaker: _Speaker,
) -> None:
    own = part.folder if part else folder
    logs = own / runs.LOG_FOLDER
    command = shlex.join(["savu-embedded", *arguments])
    note = f"# Working directory\n{Path.cwd()}\n# Command\n{command}\n"
    (logs / runs.RUN_COMMAND).write_text(note, encoding="utf-8")
    speaker.say(f"Run folder {own}")
    for name in options.ignored:
        speaker.say(f"{name} has no meaning for the embedded engine and is ignored.")
    list_path = Path(options.list).absolute()
    _read_list(list_path)
    atomic.write(logs / list_path.name, list_path.read_bytes(), lambda: None)
    plan = _plan(options)
    log.checked()
    for name, source in plan.sources.items():
        frames, rows, columns = source.data.shape
        speaker.say(f"{name}: {frames} frames of {rows} x {columns} from {plan.scan}")
    work = Work(plan, folder, own, log, _settings(options), speaker.say)
    if part:
        run_share(work, part)
    elif options.share:
        prepare_shares(work)
        log.note("What comes before the shares is done.")
        return
    else:
        _write_citations(logs / "citations.txt", [step.name for step in plan.steps])
        processed = join_shares(work) if options.join else run_whole(work)
        speaker.say(f"Results: {processed}")
    log.complete()


def _must_go_on(folder: Path, own: Path, options: argparse.Namespace) -> None:
    """Refuse what is no part of the run in `folder`, before anything in there is touched."""
    others = [one.folder for one in begun_shares(folder)[:1]]
    states = [state for place in (own, folder, *others) if (state := load_state(place)) is not None]
    if states:
        plan = _plan(options)
        for state in states:
            state.must_be(identity(plan.plist, plan.scan, _settings(options)))


def _plan(options: argparse.Namespace) -> Plan:
    """Return the plan of what the command line asks for."""
    plan = make_plan(Path(options.data).absolute(), _read_list(Path(options.list).absolute()))
    if options.iterate:
        _set_rules(plan, Rules(**options.iterate))
    return plan


def _settings(options: argparse.Namespace) -> Options:
    return Options(
        options.processes,
        options.block,
        options.keep,
        options.memory or MEMORY,
        options.checkpoint,
        options.iterate,
    )


def _set_rules(plan: Plan, rules: Rules) -> None:
    """Give `rules` to the plugins that iterate; there must be one."""
    plugins = [
        plugin
        for step in plan.steps
        for plugin in step.choices.members
        if isinstance(plugin, AstraReconCpu) and plugin.is_iterative
    ]
    if not plugins:
        raise RefusedError("--iterate: no plugin of the list iterates; SIRT and CGLS do.")
    for plugin in plugins:
        plugin.rules = rules


def _read_list(path: Path) -> ProcessList:
    try:
        return read_process_list(path)[0]
    except (ProcessListError, OSError) as error:
        raise RefusedError(f"The process list cannot be read: {plain(error)}") from error


def _folders(options: argparse.Namespace) -> tuple[Path, Share | None]:
    """Return the run folder, which may hold what others put there, and the share to do, if any.

    Raises:
        RefusedError: there is a run in it that this is no part of.
        OSError: it cannot be made.
    """
    stem = Path(options.data).stem
    name = options.folder or f"{datetime.now().astimezone():%Y%m%d%H%M%S}_{stem}"
    folder = Path(options.out).absolute() / name
    folder.mkdir(parents=True, exist_ok=True)
    begun = begun_shares(folder)
    number, of = options.share or (0, begun[0].of if begun else 0)
    if wrong := next((one for one in begun if one.of != of), None):
        raise RefusedError(f"{folder} is cut into {wrong.of} shares, not {of}.")
    if not (options.share or options.join):
        _must_be_free(folder, options, begun)
        return folder, None
    if not number:
        return folder, None
    part = share(folder, number, of)
    part.folder.mkdir(parents=True, exist_ok=True)
    return folder, part


def _must_be_free(folder: Path, options: argparse.Namespace, begun: Sequence[Share]) -> None:
    """Refuse a folder that holds a run, unless this is to go on with it."""
    if options.checkpoint and not begun and load_state(folder) is not None:
        return
    if (folder / runs.LOG_FOLDER).exists() or begun:
        raise RefusedError(
            f"{folder} holds a run: a run is never overwritten, choose another name."
        )


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
        explained = EngineError(plain(error))
    else:
        return error
    explained.__cause__ = error
    return explained.with_traceback(error.__traceback__)


def _write_citations(path: Path, names: Sequence[str]) -> None:
    lines = ["Methods of this run, with the papers that their plugins cite:"]
    for name in dict.fromkeys(names):
        lines += [f"{name}: {doi}" for doi in dict.fromkeys(catalogue()[name].dois)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
