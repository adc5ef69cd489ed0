"""The folder of a run: names, the log that tells its progress, and whether it succeeded.

Savu and the embedded engine write the same folder, so the job monitor and the viewer know one
format only::

    run_log/user.log             "time - message" lines, a traceback when it failed
    run_log/<list>.nxs           the list that was run
    <scan>_processed.nxs         links to all results, final and intermediate
    <dataset>_p<n>_<module>.h5   the output of plugin n, counted without loaders
    killsignal                   made by whoever wants the run to stop

A run that several machines share has a folder for each share, see :mod:`savu_core.shares`.

A run has succeeded when its log has the completion line *and* its final results can be opened:
files exist from the start, and exit codes have been seen to be wrong both ways.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import h5py

from savu_core.catalogue import plugin_kind
from savu_core.files import read_process_list
from savu_core.hdf5 import PlainFile, Readable, open_for_reading
from savu_core.model import Plugin, ProcessList, ProcessListError
from savu_core.shares import Share, begun_shares
from savu_core.tuning import count_tunings
from savu_core.userlog import LOG_FOLDER, LogStory, PluginRun, RunLog, read_story, user_log

__all__ = [
    "FULL_LOG",
    "KILL_SIGNAL",
    "LOG_FOLDER",
    "RUN_COMMAND",
    "RunLog",
    "RunStatus",
    "Step",
    "file_name",
    "group_name",
    "is_complete",
    "list_in",
    "processed_name",
    "read_run",
    "result_datasets",
    "stop_requested",
    "user_log",
]

FULL_LOG = "log.txt"
RUN_COMMAND = "run_command.txt"
KILL_SIGNAL = "killsignal"

StepState = Literal["waiting", "running", "done", "failed"]
RunState = Literal["starting", "running", "succeeded", "failed", "killed"]


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


@dataclass(frozen=True)
class Step:
    """One active plugin of a run; `fraction` is how much of it is done, 0 to 1."""

    position: str
    name: str
    state: StepState
    fraction: float


@dataclass(frozen=True)
class RunStatus:
    """How far a run is. `message` says why it failed, unless its log was cut short; `result` is
    there when it succeeded.

    `fraction` is over the plugins that process, 0 to 1. `seconds` is the engine's own figure.
    `shares` are those that have begun, where machines share the run, and how far each is.
    """

    state: RunState
    fraction: float
    steps: tuple[Step, ...]
    message: str | None = None
    result: Path | None = None
    seconds: float | None = None
    shares: tuple[tuple[Share, RunStatus], ...] = ()


def read_run(folder: Path, plist: ProcessList | None = None) -> RunStatus:
    """The state of the run in `folder`; cheap enough to be asked every second.

    The list is by default the one in the folder; a run that has not logged anything is starting.
    Where machines share it, what they have done is added up, and one that failed is named.
    """
    begun = begun_shares(folder)
    for place in (folder, *(share.folder for share in begun)):
        plist = plist or list_in(place)
    status = _logged(folder, plist)
    if begun:
        if status.state in ("failed", "killed") and _has_gone_on(folder, begun):
            status = replace(status, state="running", message=None)
        status = _with_shares(status, [(share, _logged(share.folder, plist)) for share in begun])
    if status.state == "failed":
        return replace(status, steps=tuple(_failed(step) for step in status.steps))
    if status.state == "killed":
        return replace(status, message="stopped on request")
    if status.state != "succeeded":
        return status
    result, missing = _final_result(folder)
    if missing is not None:
        return replace(status, state="failed", message=missing)
    done = tuple(replace(step, state="done", fraction=1.0) for step in status.steps)
    return replace(status, steps=done, fraction=1.0, message=None, result=result)


def is_complete(folder: Path) -> bool:
    """Whether the log in `folder`, of a run or of a share, ends with the completion line."""
    return _logged(folder, None).state == "succeeded"


def _logged(folder: Path, plist: ProcessList | None) -> RunStatus:
    """What the log in `folder` says, of a run or of one share."""
    log = user_log(folder)
    try:
        info = log.stat()
        story = _story(str(log), info.st_mtime_ns, info.st_size)
    except FileNotFoundError:
        story = LogStory()
    steps = _steps(plist, story)
    return RunStatus(_state(story), _fraction(steps), steps, story.error, seconds=story.seconds)


def _has_gone_on(folder: Path, shares: Sequence[Share]) -> bool:
    """Whether a share has logged anything since the log of the whole run ended."""
    logs = [path for share in shares if (path := user_log(share.folder)).exists()]
    end = user_log(folder).stat().st_mtime_ns
    return any(path.stat().st_mtime_ns > end for path in logs)


def _with_shares(status: RunStatus, shares: Sequence[tuple[Share, RunStatus]]) -> RunStatus:
    """The status of a run whose shares have got so far."""
    together = replace(status, shares=tuple(shares))
    counts = {len(found.steps) for found in (status, *(found for _, found in shares))}
    if status.state not in ("starting", "running") or len(counts) > 1:
        return together
    of = shares[0][0].of
    steps = []
    for k, step in enumerate(status.steps):
        parts = [found.steps[k] for _, found in shares]
        # a loader has done all as soon as anything has begun
        every = 1 if plugin_kind(step.name) == "loader" else of
        fraction = min(1.0, step.fraction + sum(part.fraction for part in parts) / every)
        running = any(part.state == "running" for part in (step, *parts))
        # thirds do not quite add up
        done = fraction > 1 - 1e-9
        state = _step_state(1.0 if done else fraction, running and not done)
        steps.append(replace(step, state=state, fraction=1.0 if done else fraction))
    together = replace(together, steps=tuple(steps), fraction=_fraction(tuple(steps)))
    wrong = [(share, found) for share, found in shares if found.state in ("failed", "killed")]
    if failed := [(share, found) for share, found in wrong if found.state == "failed"]:
        told = "; ".join(f"{share}: {found.message or 'it ended'}" for share, found in failed)
        return replace(together, state="failed", message=told)
    if wrong:
        return replace(together, state="killed")
    begun = any(found.state != "starting" for _, found in shares)
    return replace(together, state="running" if begun else status.state)


def result_datasets(
    processed: Path, opened: Callable[[Path], Readable] = PlainFile
) -> list[dict[str, Any]]:
    """The results that can be opened through a `_processed.nxs`: final ones, then by plugin.

    Each has `name`, `path` inside `processed`, `file` that holds the data, `shape` and `dtype`.
    `opened` opens it, and says by that where its links may lead.
    """
    with opened(processed) as file:
        places = [
            f"/entry/{name}" for name in file.get("/entry") if name.startswith("final_result_")
        ]
        intermediate = file.get("/entry/intermediate")
        if isinstance(intermediate, h5py.Group):
            places += [f"/entry/intermediate/{name}" for name in sorted(intermediate, key=_number)]
        return [found for place in places if (found := _result_at(file, place)) is not None]


@lru_cache(maxsize=64)
def _story(path: str, _modified: int, _size: int) -> LogStory:
    """The log at `path`, read again only when it has changed."""
    with Path(path).open(encoding="utf-8", errors="replace") as file:
        return read_story(file)


def _state(story: LogStory) -> RunState:
    if story.complete:
        return "succeeded"
    if story.killed:
        return "killed"
    if story.error is not None or story.cut:
        return "failed"
    return "running" if story.runs else "starting"


@lru_cache(maxsize=64)
def _read_list(path: str, _modified: int) -> ProcessList | None:
    try:
        return read_process_list(path)[0]
    except (OSError, ProcessListError):
        return None


def list_in(folder: Path) -> ProcessList | None:
    """The process list that was run in `folder`; None where there is none that can be read."""
    for path in sorted((folder / LOG_FOLDER).glob("*.nxs")):
        return _read_list(str(path), path.stat().st_mtime_ns)
    return None


def _steps(plist: ProcessList | None, story: LogStory) -> tuple[Step, ...]:
    if plist is None:
        return tuple(
            Step("", run.name, "done" if run.ended else "running", _share(run, 1))
            for run in story.runs
        )
    active = plist.active
    order = _order(plist)
    rounds = Counter(order)
    done = dict.fromkeys(rounds, 0.0)
    running = set()
    for run, k in _assigned(story.runs, [active[k].name for k in order]):
        plugin = order[k]
        done[plugin] += _share(run, count_tunings(active[plugin].parameters.values()))
        if not run.ended:
            running.add(plugin)
    if story.runs:
        # loaders leave no trace: what follows them has begun
        done.update({k: rounds[k] for k in rounds if plugin_kind(active[k].name) == "loader"})
    shares = [done[k] / rounds[k] for k in range(len(active))]
    return tuple(
        Step(plugin.position, plugin.name, _step_state(share, k in running), share)
        for k, (plugin, share) in enumerate(zip(active, shares, strict=True))
    )


def _assigned(runs: Sequence[PluginRun], names: Sequence[str]) -> Iterator[tuple[PluginRun, int]]:
    """The runs with the indices of their plugins in `names`, which are in the order of the list.

    An engine may run a plugin before others that precede it, to measure what these need.
    """
    left = list(range(len(names)))
    at = -1
    for run in runs:
        same = [k for k in left if names[k] == run.name]
        if same:
            at = next((k for k in same if k > at), same[0])
            left.remove(at)
            yield run, at


def _share(run: PluginRun, passes: int) -> float:
    """How much of one run is done, of which each tuned value takes a pass."""
    if run.ended:
        return 1.0
    return min(1.0, (max(run.passes - 1, 0) + run.percent / 100) / passes)


def _step_state(share: float, running: bool) -> StepState:
    if running or 0 < share < 1:
        return "running"
    return "done" if share else "waiting"


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
        # h5py raises nearly anything for a damaged file
        except Exception as error:
            return None, f"{path.name} cannot be read: {error}"
        if finals:
            return path, None
        return None, f"{path.name} has no final result, although the engine reported completion"
    return None, "the engine reported completion, but there is no _processed.nxs"


def _number(name: str) -> tuple[int, str]:
    head = name.split("-", 1)[0]
    return int(head) if head.isdigit() else 0, name


def _result_at(file: Readable, place: str) -> dict[str, Any] | None:
    try:
        group, data = file.get(place), file.get(f"{place}/data")
        if not isinstance(data, h5py.Dataset):
            return None
        return {
            "name": group.name.rsplit("/", 1)[-1].removeprefix("final_result_"),
            "path": f"{place}/data",
            "file": data.file.filename,
            "shape": list(data.shape),
            "dtype": str(data.dtype),
        }
    # h5py raises nearly anything for a damaged file
    except Exception:
        return None
