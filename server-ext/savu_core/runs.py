"""The folder of a run: names, the log that tells its progress, and whether it succeeded.

Savu and the embedded engine write the same folder, so the job monitor and the viewer know one
format only::

    run_log/user.log             "time - message" lines, a traceback when it failed
    run_log/<list>.nxs           the list that was run
    <scan>_processed.nxs         links to all results, final and intermediate
    <dataset>_p<n>_<module>.h5   the output of plugin n, counted without loaders
    killsignal                   made by whoever wants the run to stop

A run has succeeded when its log has the completion line *and* its final results can be opened:
files exist from the start, and exit codes have been seen to be wrong both ways.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import h5py

from savu_core.catalogue import plugin_kind
from savu_core.files import read_process_list
from savu_core.hdf5 import open_for_reading
from savu_core.model import Plugin, ProcessList, ProcessListError
from savu_core.tuning import count_tunings

LOG_FOLDER = "run_log"
USER_LOG = "user.log"
FULL_LOG = "log.txt"
RUN_COMMAND = "run_command.txt"
KILL_SIGNAL = "killsignal"

StepState = Literal["waiting", "running", "done", "failed"]
RunState = Literal["starting", "running", "succeeded", "failed", "killed"]

_LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - (.*)")
_RUNNING = re.compile(r"\*Running the (\w+) plugin\*")
_PERCENT = re.compile(r"(\w+) - +(\d+)% complete")
_REPORT = re.compile(r"(\w+) - (.*)")
_COMPLETE = re.compile(r"\* Processing Complete in ([\d.]+) seconds \*")
_KILLED = re.compile(r"\* Processing interrupted by killsignal in ([\d.]+) seconds \*")
_TRACEBACK = "Traceback (most recent call last):"
_CHECKED = "Plugin list check complete!"
_NOTHING = "Nothing to Report"


def user_log(folder: Path) -> Path:
    return folder / LOG_FOLDER / USER_LOG


def processed_name(scan: Path) -> str:
    """Name of the file that links the results of a run on `scan`."""
    return f"{scan.stem}_processed.nxs"


def group_name(number: int, plugin: Plugin, dataset: str) -> str:
    """Name of the group that holds what plugin `number` made of `dataset`."""
    return f"{number}-{plugin.name}-{dataset}"


def file_name(number: int, plugin: Plugin, dataset: str) -> str:
    """Name of the file that holds that group."""
    return f"{dataset}_p{number}_{plugin.id.rsplit('.', 1)[-1]}.h5"


def stop_requested(folder: Path) -> bool:
    return (folder / KILL_SIGNAL).exists()


class RunLog:
    """Writer of a run's `user.log`, line by line, as Savu words it."""

    def __init__(self, folder: Path) -> None:
        path = user_log(folder)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a", encoding="utf-8")
        self._began = datetime.now().astimezone()
        self._line("User Log Started")
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
class Step:
    """One active plugin of a run; `fraction` is how much of it is done, 0 to 1."""

    position: str
    name: str
    state: StepState
    fraction: float


@dataclass(frozen=True)
class RunStatus:
    """How far a run is. `message` says why it failed; `result` is there when it succeeded.

    `fraction` is over the plugins that process, 0 to 1. `seconds` is the engine's own figure.
    """

    state: RunState
    fraction: float
    steps: tuple[Step, ...]
    message: str | None = None
    result: Path | None = None
    seconds: float | None = None


def read_run(folder: Path, plist: ProcessList | None = None) -> RunStatus:
    """The state of the run in `folder`; cheap enough to be asked every second.

    The list is by default the one in the folder; a run that has not logged anything is starting.
    """
    log = user_log(folder)
    try:
        info = log.stat()
        story = _story(str(log), info.st_mtime_ns, info.st_size)
    except FileNotFoundError:
        story = _Story()
    if plist is None:
        plist = _list_in(folder)
    steps = _steps(plist, story)
    status = RunStatus(_state(story), _fraction(steps), steps, story.error, seconds=story.seconds)
    if status.state == "failed":
        return replace(status, steps=tuple(_failed(step) for step in steps))
    if status.state == "killed":
        return replace(status, message="stopped on request")
    if status.state != "succeeded":
        return status
    result, missing = _final_result(folder)
    if missing is not None:
        return replace(status, state="failed", message=missing)
    done = tuple(replace(step, state="done", fraction=1.0) for step in steps)
    return replace(status, steps=done, fraction=1.0, message=None, result=result)


def result_datasets(processed: Path) -> list[dict[str, Any]]:
    """The results that can be opened through a `_processed.nxs`: final ones, then by plugin.

    Each has `name`, `path` inside `processed`, `file` that holds the data, `shape` and `dtype`.
    """
    with open_for_reading(processed) as file:
        entry = file["entry"]
        groups = [entry[name] for name in entry if name.startswith("final_result_")]
        intermediate = entry.get("intermediate")
        if isinstance(intermediate, h5py.Group):
            groups += [intermediate[name] for name in sorted(intermediate, key=_number)]
        return [found for group in groups if (found := _result_in(group)) is not None]


@dataclass(frozen=True)
class _Run:
    """One time that a plugin ran: how often its progress began anew, where it is, its end."""

    name: str
    passes: int = 0
    percent: int = 0
    ended: bool = False


@dataclass(frozen=True)
class _Story:
    """What a log says."""

    runs: tuple[_Run, ...] = ()
    complete: bool = False
    killed: bool = False
    error: str | None = None
    seconds: float | None = None


@lru_cache(maxsize=64)
def _story(path: str, _modified: int, _size: int) -> _Story:
    """The log at `path`, read again only when it has changed."""
    with Path(path).open(encoding="utf-8", errors="replace") as file:
        return _read_story(file)


def _read_story(lines: Iterable[str]) -> _Story:
    story = _Story()
    runs: list[_Run] = []
    tracing = False
    for line in lines:
        match = _LINE.match(line)
        message = match.group(1) if match else line.rstrip()
        if message == _TRACEBACK:
            tracing = True
        elif tracing and match is None:
            # the error itself is the first line of a traceback that is not indented
            if message and not message.startswith((" ", "\t")):
                story = replace(story, error=message)
                tracing = False
        elif found := _RUNNING.fullmatch(message):
            runs.append(_Run(found[1]))
        elif found := _PERCENT.fullmatch(message):
            if runs and runs[-1].name == found[1]:
                runs[-1] = _advance(runs[-1], int(found[2]))
        elif found := _COMPLETE.fullmatch(message):
            story = replace(story, complete=True, seconds=float(found[1]))
        elif found := _KILLED.fullmatch(message):
            story = replace(story, killed=True, seconds=float(found[1]))
        elif (found := _REPORT.fullmatch(message)) and runs and runs[-1].name == found[1]:
            runs[-1] = replace(runs[-1], ended=True)
    if tracing:
        story = replace(story, error="the engine failed; its log ends within a traceback")
    return replace(story, runs=tuple(runs))


def _advance(run: _Run, percent: int) -> _Run:
    again = percent < run.percent or not run.passes
    return replace(run, passes=run.passes + again, percent=percent, ended=False)


def _state(story: _Story) -> RunState:
    if story.complete:
        return "succeeded"
    if story.killed:
        return "killed"
    if story.error is not None:
        return "failed"
    return "running" if story.runs else "starting"


@lru_cache(maxsize=64)
def _read_list(path: str, _modified: int) -> ProcessList | None:
    try:
        return read_process_list(path)[0]
    except (OSError, ProcessListError):
        return None


def _list_in(folder: Path) -> ProcessList | None:
    for path in sorted((folder / LOG_FOLDER).glob("*.nxs")):
        return _read_list(str(path), path.stat().st_mtime_ns)
    return None


def _steps(plist: ProcessList | None, story: _Story) -> tuple[Step, ...]:
    if plist is None:
        return tuple(
            Step("", run.name, _run_state(run, story.runs[i + 1 :]), run.percent / 100)
            for i, run in enumerate(story.runs)
        )
    active = plist.active
    steps = [Step(plugin.position, plugin.name, "waiting", 0.0) for plugin in active]
    order = _order(plist)
    at = -1
    for i, run in enumerate(story.runs):
        # plugins that leave no trace, such as loaders, are passed over
        at = next((k for k in range(at + 1, len(order)) if active[order[k]].name == run.name), at)
        if at < 0:
            continue
        now = order[at]
        for k in order[:at]:
            steps[k] = replace(steps[k], state="done", fraction=1.0)
        state = _run_state(run, story.runs[i + 1 :])
        if now in order[at + 1 :] and state == "done":
            state = "running"
        passes = count_tunings(active[now].parameters.values())
        done = 1.0 if run.ended else (max(run.passes - 1, 0) + run.percent / 100) / passes
        rounds = order.count(now)
        fraction = (order[:at].count(now) + min(done, 1.0)) / rounds
        steps[now] = replace(steps[now], state=state, fraction=fraction)
    return tuple(steps)


def _order(plist: ProcessList) -> list[int]:
    """Indices into the active plugins in the order of the run, with loops written out."""
    active = [i for i, plugin in enumerate(plist.plugins) if plugin.active]
    order: list[int] = []
    i = 0
    while i < len(plist.plugins):
        loop = next((g for g in plist.groups if g.start - 1 == i and g.end > i), None)
        end = min(loop.end, len(plist.plugins)) if loop else i + 1
        body = [active.index(k) for k in range(i, end) if k in active]
        # a list is a user's: nothing in it may take much memory here
        order += body * max(1, min(loop.iterations, 1000) if loop else 1)
        i = end
    return order


def _run_state(run: _Run, later: tuple[_Run, ...]) -> StepState:
    return "done" if run.ended or later else "running"


def _failed(step: Step) -> Step:
    return replace(step, state="failed") if step.state == "running" else step


def _fraction(steps: tuple[Step, ...]) -> float:
    counted = [step for step in steps if plugin_kind(step.name) == "processing"]
    return sum(step.fraction for step in counted) / len(counted) if counted else 0.0


def _final_result(folder: Path) -> tuple[Path | None, str | None]:
    """The file that links the results, and what is wrong with it, if anything."""
    for path in sorted(folder.glob("*_processed.nxs")):
        try:
            with open_for_reading(path) as file:
                finals = [name for name in file["entry"] if name.startswith("final_result_")]
                for name in finals:
                    if not isinstance(file["entry"][name].get("data"), h5py.Dataset):
                        return None, f"the result {name} cannot be opened: its data are not there"
        except (KeyError, OSError) as error:
            return None, f"{path.name} cannot be read: {error}"
        if finals:
            return path, None
        return None, f"{path.name} has no final result, although the engine reported completion"
    return None, "the engine reported completion, but there is no _processed.nxs"


def _number(name: str) -> tuple[int, str]:
    head = name.split("-", 1)[0]
    return int(head) if head.isdigit() else 0, name


def _result_in(group: h5py.Group) -> dict[str, Any] | None:
    try:
        data = group["data"]
    except KeyError:
        return None
    if not isinstance(data, h5py.Dataset):
        return None
    return {
        "name": group.name.rsplit("/", 1)[-1].removeprefix("final_result_"),
        "path": f"{group.name}/data",
        "file": data.file.filename,
        "shape": list(data.shape),
        "dtype": str(data.dtype),
    }
