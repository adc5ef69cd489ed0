"""What the jobs need of a place where they run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Protocol

from jupyterlab_savu.jobs.model import Reason
from jupyterlab_savu.jobs.resources import Resources


class Phase(str, Enum):
    """Where the processes of a job stand, as its back end sees them."""

    WAITING = "waiting"
    STARTING = "starting"
    RUNNING = "running"
    ENDED = "ended"
    #: The back end knows nothing of the job, and has been asked everything.
    ABSENT = "absent"


@dataclass(frozen=True)
class Task:
    """A job as a back end sees it: `command` is an argument list, to run in `folder`.

    `handle` is what `submit` has answered, None before that. `values` are those of a script's
    template that the user has chosen. A job of several `shares` runs its command first with
    ``--share 0/N``, then at the same time for each share from 1 to N, and last with ``--join``;
    shares that have succeeded before are not run again.
    """

    id: str
    queue: str
    folder: Path
    command: tuple[str, ...]
    handle: str | None = None
    resources: Resources = field(default_factory=Resources)
    values: Mapping[str, str] = field(default_factory=dict)
    shares: int = 1


@dataclass(frozen=True)
class Observation:
    """What a back end knows of a job.

    `exit_code` is that of a shell (128 + n after signal n), None when it is not known. `reason`
    and `message` say how it ended, or the message alone why it waits, where the back end knows
    better than the run folder. `details` are to be shown: strings by "number" (the scheduler's
    own), "nodes", "expected_start" (RFC 3339), "memory_used" (bytes).
    """

    phase: Phase
    exit_code: int | None = None
    reason: Reason | None = None
    message: str | None = None
    details: Mapping[str, str] = field(default_factory=dict)

    @property
    def alive(self) -> bool:
        return self.phase in (Phase.WAITING, Phase.STARTING, Phase.RUNNING)


@dataclass(frozen=True)
class Availability:
    """How busy the place behind a queue is: in `unit` ("CPUs", "slots"); `pending` counts jobs
    of all users, `expected_start` (RFC 3339) is when a job with the queue's defaults would begin,
    None when it would at once and when that is not known."""

    idle: int
    total: int
    unit: str
    pending: int
    expected_start: str | None = None


class Refused(Exception):  # noqa: N818 - says what happened
    """The back end does not take the job; the message says why, in its words."""


class Unreachable(Exception):  # noqa: N818 - says what happened
    """The back end did not answer; nothing is known. The message says what was tried."""


class Backend(Protocol):
    """A place where jobs run.

    Its methods are called on one event loop, which is not Jupyter's, and never block it. Those
    that ask raise `Unreachable` when nobody answers, and never guess.
    """

    name: str
    #: Whether it decides itself when a job starts. If not, the watcher holds jobs back until a
    #: slot of their queue is free.
    schedules: bool
    #: Seconds between two looks at the jobs: while something happens, and at most.
    intervals: tuple[float, float]

    def script(self, task: Task) -> str | None:
        """What is handed over for a job, as the user may see it; None where that is no script.

        Raises:
            Fault: the job asks for something that a script cannot hold.
        """

    async def submit(self, task: Task) -> str:
        """Hand a job over, and answer what it is known by there.

        Raises:
            Refused: it will not take this job.
            Unreachable: nobody knows whether the job has arrived; `find` tells later.
        """

    async def find(self, task: Task, tried: float) -> str | None:
        """What a job is known by whose `submit`, called at `tried` (of `time.time`), has left
        no answer; None when it is certain that it has not arrived and will not.

        Raises:
            Unreachable: that is not certain yet.
        """

    async def observe(self, tasks: Sequence[Task]) -> dict[str, Observation]:
        """How jobs that were handed over are, by their ids; one question for all of them.

        A job that is not in the answer is as before.

        Raises:
            Unreachable: nothing is known of any of them.
        """

    async def end(self, task: Task, force: bool) -> None:
        """Ask the processes of a job to end, or with `force` end them; one that waits is
        withdrawn. No effect on a job that has ended."""

    async def availability(self) -> dict[str, Availability]:
        """By the names of the queues that it knows of; not called more often than `intervals`."""

    async def close(self) -> None:
        """Close connections; jobs go on."""
