"""Hands the jobs of one back end over, follows them, and presses those that shall end."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime, timezone
from functools import partial
from itertools import islice
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from jupyterlab_savu.jobs.backends.base import (
    Backend,
    Observation,
    Phase,
    Refused,
    Unreachable,
)
from jupyterlab_savu.jobs.model import OCCUPYING, Job, State, now
from jupyterlab_savu.jobs.reading import Call, read_runs
from jupyterlab_savu.jobs.store import Change
from jupyterlab_savu.jobs.transitions import (
    advance,
    being_handed_over,
    handed_over,
    never_began,
    refused,
    stale,
    task_of,
)

log = logging.getLogger(__name__)

_NOT_HANDED_OVER = (State.CREATED, State.QUEUED, State.STARTING)
#: A job that shall end has so long for each of: the kill signal, a request, force.
_GRACE = 5.0
#: So many jobs are read, and so many changes are written, at once.
_BATCH = 50


class Caretaker:
    """`jobs` answers the active jobs of the back end, oldest first, `is_active` whether one is
    among them, and `change` writes changes, which both then know. `slots` is the number of jobs
    that may run at once in each queue of a back end that does not schedule."""

    def __init__(
        self,
        backend: Backend,
        slots: Mapping[str, int],
        *,
        jobs: Callable[[], list[Job]],
        is_active: Callable[[str], bool],
        change: Callable[[Mapping[str, Change]], Awaitable[None]],
        call: Call,
    ) -> None:
        self._backend = backend
        self._slots = slots
        self._jobs = jobs
        self._is_active = is_active
        self._change = change
        self._call = call

    async def hand_over(self, seconds: float) -> bool:
        """Submit what the back end does not have, as far as there are slots; whether that was all.

        Others wait after so many `seconds`: those that the back end has must not wait for them.
        """
        deadline = time.monotonic() + seconds
        left = self._to_hand_over()
        for i, job in enumerate(left):
            if time.monotonic() > deadline:
                return False
            try:
                answered = await self._submit(job)
            except SQLAlchemyError:
                raise
            except Exception:
                # one job must not stop the others; the next look tries again
                log.exception("submitting job %s failed", job.id)
                continue
            if not answered:
                await self._change({other.id: stale for other in left[i:]})
                break
        return True

    def _to_hand_over(self) -> list[Job]:
        """The jobs that the back end does not have, and for which there are slots."""
        active = self._jobs()
        begun = [job for job in active if job.state in OCCUPYING or job.handle is not None]
        occupied = Counter(job.record.queue for job in begun)
        found = []
        for job in active:
            queue = job.record.queue
            if job.handle is not None or job.state not in _NOT_HANDED_OVER:
                continue
            if not self._backend.schedules and job.state is State.QUEUED:
                if occupied[queue] >= self._slots.get(queue, 0):
                    continue
                occupied[queue] += 1
            found.append(job)
        return found

    async def follow(self) -> None:
        """Ask the back end for all jobs that it has, and move them on."""
        jobs = [
            job
            for job in self._jobs()
            if job.handle is not None or job.state not in _NOT_HANDED_OVER
        ]
        if not jobs:
            return
        try:
            observations = await self._backend.observe([task_of(job) for job in jobs])
        except Unreachable as silence:
            log.warning("%s: %s", self._backend.name, silence)
            await self._change({job.id: stale for job in jobs})
            return
        for batch in batches([job for job in jobs if job.id in observations]):
            try:
                await self._move_on(batch, observations)
            except SQLAlchemyError:
                raise
            except Exception:
                log.exception("looking at jobs of %s failed", self._backend.name)

    async def _submit(self, job: Job) -> bool:
        """Whether the back end would answer for other jobs, too."""
        try:
            handle = await self._hand_over_one(job)
        except Refused as refusal:
            await self._change({job.id: partial(refused, message=str(refusal))})
        except Unreachable as silence:
            log.warning("job %s: %s", job.id, silence)
            await self._change({job.id: stale})
            # for a while it is not certain whether an earlier attempt has arrived
            return job.tried is not None
        else:
            if handle is not None:
                await self._change({job.id: partial(handed_over, handle=handle)})
        return True

    async def _hand_over_one(self, job: Job) -> str | None:
        """What the job is known by; None when it was ended instead."""
        task = task_of(job)
        if job.tried is not None:
            handle = await self._backend.find(task, job.tried)
            if handle is not None:
                return handle
        schedules = self._backend.schedules
        await self._change({job.id: partial(being_handed_over, schedules=schedules)})
        return await self._backend.submit(task) if self._is_active(job.id) else None

    async def _move_on(self, jobs: list[Job], observations: Mapping[str, Observation]) -> None:
        changes: dict[str, Change] = {}
        runs = await read_runs(
            self._call, [job for job in jobs if observations[job.id].phase is not Phase.WAITING]
        )
        for job in jobs:
            observed = observations[job.id]
            if job.cancel_requested is not None and observed.alive:
                await self._press(job, observed)
            if never_began(job, observed, self._backend.schedules):
                changes[job.id] = partial(Job.with_status, handle=None)
                continue
            run = runs.get(job.id)
            if run is None and observed.phase is not Phase.WAITING:
                continue
            change = partial(advance, observed=observed, run=run)
            # most jobs have not changed, and need not be written
            if change(job) != job:
                changes[job.id] = change
        await self._change(changes)

    async def _press(self, job: Job, observed: Observation) -> None:
        """End a job that was asked to stop and has not, first politely."""
        asked = datetime.fromisoformat((job.cancel_requested or now()).replace("Z", "+00:00"))
        waited = (datetime.now(timezone.utc) - asked).total_seconds()
        if waited > _GRACE or observed.phase is Phase.WAITING:
            try:
                await self._backend.end(task_of(job), force=waited > 2 * _GRACE)
            except Unreachable as silence:
                log.warning("ending job %s: %s", job.id, silence)


def batches(items: Iterable[Any]) -> Iterable[list[Any]]:
    """`items` in lists that are worked on at once."""
    left = iter(items)
    while batch := list(islice(left, _BATCH)):
        yield batch
