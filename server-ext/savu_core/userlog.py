"""The log of a run, `run_log/user.log`: writing it, and what can be read from it.

Each line is "time - message"; a failure appends a traceback.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import TracebackType

LOG_FOLDER = "run_log"
USER_LOG = "user.log"

_LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - (.*)")
_RUNNING = re.compile(r"\*Running the (\w+) plugin\*")
_PERCENT = re.compile(r"(\w+) - +(\d+)% complete")
_REPORT = re.compile(r"(\w+) - (.*)")
_COMPLETE = re.compile(r"\* Processing Complete in ([\d.]+) seconds \*")
_KILLED = re.compile(r"\* Processing interrupted by killsignal in ([\d.]+) seconds \*")
_TRACEBACK = "Traceback (most recent call last):"
_STARTED = "User Log Started"
_CHECKED = "Plugin list check complete!"
_NOTHING = "Nothing to Report"


def user_log(folder: Path) -> Path:
    return folder / LOG_FOLDER / USER_LOG


class RunLog:
    """Writer of a run's `user.log`, line by line, as Savu words it."""

    def __init__(self, folder: Path) -> None:
        path = user_log(folder)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a", encoding="utf-8")
        self._began = datetime.now().astimezone()
        self._line(_STARTED)
        self._line(f"User Log location is '{path}'")

    def __enter__(self) -> RunLog:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._file.close()

    def checked(self) -> None:
        """The list can be run on this scan."""
        self._line(_CHECKED)

    def running(self, plugin: str) -> None:
        self._line(f"*Running the {plugin} plugin*")

    def progress(self, plugin: str, fraction: float) -> None:
        self._line(f"{plugin} - {int(100 * fraction):3d}% complete")

    def report(self, plugin: str, message: str = _NOTHING) -> None:
        """The end of a plugin, with what it has to say (one line)."""
        self._line(f"{plugin} - {' '.join(message.split())}")

    def note(self, message: str) -> None:
        self._line(" ".join(message.split()))

    def complete(self) -> None:
        self._banner(f"* Processing Complete in {self._seconds():.1f} seconds *")

    def interrupted(self) -> None:
        """The run stops because of the kill signal."""
        self._banner(f"* Processing interrupted by killsignal in {self._seconds():.1f} seconds *")

    def failed(self, trace: str) -> None:
        """The run ends with an error; `trace` is its formatted traceback."""
        self._line(trace.rstrip("\n"))

    def _seconds(self) -> float:
        return (datetime.now().astimezone() - self._began).total_seconds()

    def _banner(self, text: str) -> None:
        for line in ("*" * 23, text, "*" * 23):
            self._line(line)

    def _line(self, message: str) -> None:
        now = datetime.now().astimezone()
        stamp = f"{now:%Y-%m-%d %H:%M:%S},{now.microsecond // 1000:03d}"
        self._file.write(f"{stamp} - {message}\n")
        self._file.flush()


@dataclass(frozen=True)
class PluginRun:
    """One time that a plugin ran: how often its progress began anew, where it is, its end."""

    name: str
    passes: int = 0
    percent: int = 0
    ended: bool = False


@dataclass(frozen=True)
class LogStory:
    """What a log says; `cut` when it ends within a traceback, before the error itself."""

    runs: tuple[PluginRun, ...] = ()
    complete: bool = False
    killed: bool = False
    cut: bool = False
    error: str | None = None
    seconds: float | None = None


def read_story(lines: Iterable[str]) -> LogStory:
    story = LogStory()
    runs: list[PluginRun] = []
    tracing = False
    for line in lines:
        match = _LINE.match(line)
        message = match.group(1) if match else line.rstrip()
        if message == _STARTED and match:
            # a run that goes on tells anew what is done
            story, runs, tracing = LogStory(), [], False
        elif message == _TRACEBACK:
            tracing = True
        elif tracing and match is None:
            # the error itself is the first line of a traceback that is not indented
            if message and not message.startswith((" ", "\t")):
                story = replace(story, error=message)
                tracing = False
        elif found := _RUNNING.fullmatch(message):
            runs.append(PluginRun(found[1]))
        elif found := _PERCENT.fullmatch(message):
            for at in _latest(runs, found[1]):
                runs[at] = _advance(runs[at], int(found[2]))
        elif found := _COMPLETE.fullmatch(message):
            story = replace(story, complete=True, seconds=float(found[1]))
        elif found := _KILLED.fullmatch(message):
            story = replace(story, killed=True, seconds=float(found[1]))
        elif found := _REPORT.fullmatch(message):
            for at in _latest(runs, found[1]):
                runs[at] = replace(runs[at], ended=True)
    return replace(story, runs=tuple(runs), cut=tracing)


def _latest(runs: list[PluginRun], name: str) -> list[int]:
    """The index of the last run of a plugin, if any; others may have begun since, beside it."""
    return [at for at, run in enumerate(runs) if run.name == name][-1:]


def _advance(run: PluginRun, percent: int) -> PluginRun:
    again = percent < run.percent or not run.passes
    return replace(run, passes=run.passes + again, percent=percent, ended=False)
