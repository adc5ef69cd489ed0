"""The entries that a scheduler lists for a job, and what they mean together."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from jupyterlab_savu.jobs.backends.base import Observation, Phase, Task
from jupyterlab_savu.jobs.backends.runner import EXIT, has_succeeded, share_file
from jupyterlab_savu.jobs.folders import OURS
from jupyterlab_savu.jobs.model import Reason

Note = dict[str, Any]

#: What a user can do about it.
_HINTS = {
    Reason.OUT_OF_MEMORY: "The job needed more memory than it had: ask for more{memory}, "
    "or restrict the rows of the scan.",
    Reason.TIMEOUT: "The job reached its time limit{minutes}: ask for more, or restrict the rows "
    "of the scan.",
    Reason.NODE_FAIL: "The node of the job has failed. Submit the job again.",
    Reason.PREEMPTED: "The job had to make room for a more urgent one. Submit it again.",
    Reason.DEPENDENCY: "The job waited for another one, which has failed.",
    Reason.CANCELLED_BY_SITE: "The job was cancelled at the scheduler, not from here.",
}


#: What happens to shares when another part has failed.
_FOLLOWS = (Reason.DEPENDENCY, Reason.CANCELLED_BY_SITE)
_ORDER = (Phase.RUNNING, Phase.STARTING, Phase.WAITING)


@dataclass(frozen=True)
class Entry:
    """A job of a scheduler, or a share of one, as it is listed; `name` is "" where that is not
    told. A `hopeless` entry waits for what will never come."""

    number: str
    name: str
    phase: Phase
    exit_code: int | None = None
    reason: Reason | None = None
    message: str | None = None
    share: int | None = None
    details: Mapping[str, str] = field(default_factory=dict)

    @property
    def hopeless(self) -> bool:
        return self.phase is Phase.WAITING and self.reason is not None


def read_note(folder: Path) -> Note | None:
    """What the runner has noted of the end of the job; None before that."""
    return _read(folder / OURS / EXIT)


def missing_shares(folder: Path, of: int) -> tuple[int, ...]:
    """The shares of a job, from 1, that have not succeeded."""
    ours = folder / OURS
    return tuple(
        share for share in range(1, of + 1) if not has_succeeded(ours / share_file(share, EXIT))
    )


def noted_shares(task: Task) -> list[Entry]:
    """The shares whose end stands in the run folder, as entries; share 0 is what comes first."""
    found = []
    for share in range(task.shares + 1) if task.shares > 1 else ():
        note = _read(task.folder / OURS / share_file(share, EXIT))
        if note is not None:
            code = int(note["exit_code"])
            reason = Reason.EXIT_CODE if code else Reason.COMPLETED
            message = note.get("message")
            found.append(Entry(str(note["number"]), "", Phase.ENDED, code, reason, message, share))
    return found


def ended(note: Note) -> Observation:
    """The end of a job that only its folder tells of."""
    return Observation(
        Phase.ENDED, note["exit_code"], message=note.get("message"), details=_details(note)
    )


def combine(task: Task, entries: Sequence[Entry], note: Note | None) -> Observation:
    """The job that the entries are parts of; share 0 is what comes before the others.

    It goes on while one of its shares does; it has failed when one has, and none goes on.
    """
    shares = [entry for entry in entries if entry.share is not None]
    whole = [entry for entry in entries if entry.share is None]
    going_on = [entry for entry in shares if _goes_on(entry)]
    failed = [entry for entry in shares if _has_failed(entry)]
    if failed and not going_on:
        # those that were never to begin only say that others have failed
        first = min(failed, key=lambda entry: (entry.reason in _FOLLOWS, entry.share))
        told = _observation(task, first, None)
        count = sum(entry.reason not in _FOLLOWS for entry in failed) or len(failed)
        words = f"{count} of {task.shares} shares failed. {told.message or ''}".strip()
        return replace(told, message=words)
    if going_on:
        furthest = min(going_on, key=lambda entry: _ORDER.index(entry.phase))
        told = _observation(task, furthest, None)
        begun = len(going_on) < len(shares)
        return replace(told, phase=Phase.RUNNING, message=None) if begun else told
    if not whole:
        # the shares have ended, and what joins them has left the list
        return ended(note) if note is not None else Observation(Phase.RUNNING)
    told = _observation(task, whole[-1], note)
    if shares and told.alive:
        return replace(told, phase=Phase.RUNNING, message=None)
    return told


def _goes_on(entry: Entry) -> bool:
    return entry.phase is not Phase.ENDED and not entry.hopeless


def _has_failed(entry: Entry) -> bool:
    return entry.hopeless or (entry.phase is Phase.ENDED and entry.reason is not Reason.COMPLETED)


def _observation(task: Task, entry: Entry, note: Note | None) -> Observation:
    details = {"number": entry.number, **entry.details, **(_details(note) if note else {})}
    if entry.phase is not Phase.ENDED and not entry.hopeless:
        return Observation(entry.phase, message=entry.message, details=details)
    code = entry.exit_code if note is None else int(note["exit_code"])
    message = entry.message or (note or {}).get("message")
    if message is None and entry.reason in _HINTS:
        asked = task.resources
        message = _HINTS[entry.reason].format(
            memory=f" than {asked.memory} MiB" if asked.memory else "",
            minutes=f" of {asked.minutes} minutes" if asked.minutes else "",
        )
    return Observation(Phase.ENDED, code, entry.reason, message, details)


def _details(note: Note) -> dict[str, str]:
    told = {"nodes": note.get("node"), "memory_used": note.get("memory_used")}
    return {name: str(value) for name, value in told.items() if value}


def _read(path: Path) -> Note | None:
    try:
        note = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return note if isinstance(note, dict) else None
