"""What a job is, and the one table of its states."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import datetime, timezone
from enum import Enum
from typing import Any

from jupyterlab_savu.configuration import ResourceName


class State(str, Enum):
    """Where a job stands; the words of the API."""

    CREATED = "created"
    QUEUED = "queued"
    STARTING = "starting"
    RUNNING = "running"
    FINISHING = "finishing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Reason(str, Enum):
    """Why a job came to its final state."""

    COMPLETED = "COMPLETED"
    EXIT_CODE = "EXIT_CODE"
    OUT_OF_MEMORY = "OUT_OF_MEMORY"
    TIMEOUT = "TIMEOUT"
    NODE_FAIL = "NODE_FAIL"
    PREEMPTED = "PREEMPTED"
    REFUSED = "REFUSED"
    DEPENDENCY = "DEPENDENCY"
    CANCELLED_BY_USER = "CANCELLED_BY_USER"
    CANCELLED_BY_SITE = "CANCELLED_BY_SITE"
    LOST = "LOST"


#: The states that follow each; a final state has none.
NEXT: dict[State, frozenset[State]] = {
    State.CREATED: frozenset({State.QUEUED, State.FAILED, State.CANCELLED}),
    State.QUEUED: frozenset({State.STARTING, State.RUNNING, State.CANCELLED, State.FAILED}),
    State.STARTING: frozenset({State.RUNNING, State.FAILED, State.CANCELLED}),
    State.RUNNING: frozenset({State.FINISHING, State.SUCCEEDED, State.FAILED, State.CANCELLED}),
    State.FINISHING: frozenset({State.SUCCEEDED, State.FAILED}),
    State.SUCCEEDED: frozenset(),
    State.FAILED: frozenset(),
    State.CANCELLED: frozenset(),
}
FINAL = frozenset(state for state, following in NEXT.items() if not following)
ACTIVE = frozenset(State) - FINAL
#: With a process of its own, and thus in a slot of its queue.
OCCUPYING = frozenset({State.STARTING, State.RUNNING, State.FINISHING})

#: The only reasons to fail before a process has started.
_EARLY_FAILURES = {
    State.CREATED: frozenset({Reason.REFUSED}),
    State.QUEUED: frozenset({Reason.DEPENDENCY, Reason.REFUSED}),
}


class IllegalTransition(ValueError):  # noqa: N818 - says what is wrong by itself
    """A job was to go to a state that cannot follow its own."""


@dataclass(frozen=True)
class Record:
    """What was submitted; it never changes.

    `list`, `data` and `folder` are in the form of the API; `run_folder` is the absolute path of
    `folder`, and `command` the argument list that runs there. `rows` are those that the run was
    restricted to, `group` the id that the jobs of one submission of many scans share,
    `request` the hash of what was asked under `key`, and `resumes` the job whose run this one
    goes on with, in the same folder.
    """

    id: str
    name: str
    queue: str
    backend: str
    engine: str
    engine_version: str | None
    host: str
    list: dict[str, Any]
    data: dict[str, Any]
    folder: dict[str, Any]
    run_folder: str
    command: tuple[str, ...]
    submitted: str
    key: str | None = None
    request: str | None = None
    group: str | None = None
    rows: str | None = None
    resumes: str | None = None
    resources: dict[ResourceName, int] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    shares: int = 1
    script: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {**dataclasses.asdict(self), "command": list(self.command)}

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Record:
        known = {item.name for item in dataclasses.fields(cls)}
        given = {name: value for name, value in told.items() if name in known}
        return cls(**{**given, "command": tuple(told["command"])})


@dataclass(frozen=True)
class Job:
    """A record and how far it has come.

    `progress` is from 0 to 1, `exit_code` that of a shell (128 + n after signal n), times are
    RFC 3339 in UTC; `cancel_requested` is when the user asked for the end, `deleted` when the run
    folder was thrown away. `tried` is when
    (`time.time`) the job was handed to its back end, and `handle` what it is known by there since
    the back end has answered; `details` are what that tells of it.
    """

    record: Record
    state: State = State.CREATED
    reason: Reason | None = None
    message: str | None = None
    exit_code: int | None = None
    progress: float = 0.0
    steps: tuple[dict[str, Any], ...] = ()
    result: dict[str, Any] | None = None
    started: str | None = None
    ended: str | None = None
    stale_since: str | None = None
    cancel_requested: str | None = None
    tried: float | None = None
    handle: str | None = None
    details: dict[str, str] = field(default_factory=dict)
    deleted: str | None = None
    revision: int = field(default=0, compare=False)

    @property
    def id(self) -> str:
        return self.record.id

    def moved(self, state: State, **changes: Any) -> Job:
        """The job in the state that follows, with its times kept.

        Raises:
            IllegalTransition: when `state` cannot follow.
        """
        if state not in NEXT[self.state]:
            raise IllegalTransition(f"a job that is {self.state.value} cannot be {state.value}")
        early = _EARLY_FAILURES.get(self.state)
        if state is State.FAILED and early is not None and changes.get("reason") not in early:
            raise IllegalTransition(
                f"a job that is {self.state.value} cannot fail with {changes.get('reason')}"
            )
        if state in FINAL:
            changes.setdefault("ended", now())
            changes.setdefault("stale_since", None)
            if changes.get("reason") is None:
                raise IllegalTransition("a final state needs a reason")
        if state in OCCUPYING and self.started is None:
            changes.setdefault("started", now())
        return dataclasses.replace(self, state=state, **changes)

    def with_status(self, **changes: Any) -> Job:
        """The job in the same state."""
        return dataclasses.replace(self, **changes)

    def status(self) -> dict[str, Any]:
        """All that changes beside the state, as plain data."""
        status = {name: getattr(self, name) for name in _STATUS}
        return {**status, "reason": self.reason and self.reason.value, "steps": list(self.steps)}

    @classmethod
    def restored(cls, record: Record, state: str, status: dict[str, Any], revision: int = 0) -> Job:
        """The job of which `status` was noted; what another version of this program noted beside
        that is passed over.

        Raises:
            ValueError: `state` or the reason is none.
        """
        known = {name: status[name] for name in _STATUS if name in status}
        known["reason"] = Reason(known["reason"]) if known.get("reason") else None
        known["steps"] = tuple(known.get("steps", ()))
        return cls(record=record, state=State(state), revision=revision, **known)

    def to_api(self) -> dict[str, Any]:
        """The form of the API."""
        record = self.record
        return {
            "id": record.id,
            "name": record.name,
            "state": self.state.value,
            "reason": self.reason and self.reason.value,
            "message": self.message,
            "exit_code": self.exit_code,
            "queue": record.queue,
            "backend": record.backend,
            "engine": record.engine,
            "list": record.list,
            "data": record.data,
            "folder": record.folder,
            "result": self.result,
            "progress": self.progress,
            "steps": list(self.steps),
            "submitted": record.submitted,
            "started": self.started,
            "ended": self.ended,
            "stale_since": self.stale_since,
            "details": self.details,
            "group": record.group,
            "rows": record.rows,
            "resumes": record.resumes,
            "deleted": self.deleted,
        }


#: The fields of a job that change beside its state.
_STATUS = tuple(
    item.name
    for item in dataclasses.fields(Job)
    if item.name not in ("record", "state", "revision")
)


def now() -> str:
    """The time in RFC 3339."""
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
