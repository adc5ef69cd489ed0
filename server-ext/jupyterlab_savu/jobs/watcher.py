"""Looks at all active jobs, moves them on, and tells what has changed."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from jupyterlab_savu.jobs.backends.base import Backend, Unreachable
from jupyterlab_savu.jobs.caretaker import Caretaker, batches
from jupyterlab_savu.jobs.history import Orphan
from jupyterlab_savu.jobs.ledger import Ledger
from jupyterlab_savu.jobs.model import FINAL, Job
from jupyterlab_savu.jobs.reading import Call
from jupyterlab_savu.jobs.store import Change, JobStore
from jupyterlab_savu.jobs.transitions import handed_over, not_arrived, refused, stale, task_of

log = logging.getLogger(__name__)

_SLOWER = 1.3
#: Seconds between two looks at what other servers have done or asked for.
_PULSE = 1.0

Answer = TypeVar("Answer")

#: Gets a job that has changed (None when it was removed) by its id.
Tell = Callable[[str, "Job | None"], Awaitable[None]]
#: Finds run folders of jobs that are not among those with the given names.
Search = Callable[[set[str]], "list[Orphan]"]


class Watcher:
    """Runs in a thread of its own, with an event loop of its own, between `start` and `close`.

    Only the server that writes looks after jobs; others tell what has changed. Each back end is
    looked after by itself, so that none waits for another. `slots` is the number of jobs that may
    run at once in each queue of a back end that does not schedule.
    """

    def __init__(
        self,
        store: JobStore,
        ledger: Ledger,
        backends: Mapping[str, Backend],
        slots: Mapping[str, int],
        *,
        call: Call,
        tell: Tell,
        search: Search,
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._backends = backends
        self._slots = slots
        self._tell = tell
        self._search = search
        self._caretakers = {
            name: Caretaker(
                backend,
                slots,
                jobs=partial(self._at, name),
                is_active=lambda job_id: job_id in self._active,
                change=self._change,
                call=call,
            )
            for name, backend in backends.items()
        }
        self._active: dict[str, Job] = {}
        #: Back ends of which a job has changed since they were looked at.
        self._stirred: set[str] = set()
        self._orphans: list[Orphan] = []
        self._seen: int | None = None
        self._must_take_over = threading.Event()
        self._history_is_read = threading.Event()
        self._looks_after = False
        self._loop = asyncio.new_event_loop()
        self._telling = asyncio.Lock()
        self._bells = {name: asyncio.Event() for name in (None, *backends)}
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="savu-jobs", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._stopped = True
        self.wake()
        if self._thread.is_alive():
            self._thread.join()

    def wake(self) -> None:
        """Look again at once."""
        with suppress(RuntimeError):  # the loop has been closed
            self._loop.call_soon_threadsafe(self._ring)

    def ask(self, question: Coroutine[Any, Any, Answer]) -> Future[Answer]:
        """Put a question to a back end, on the loop that it belongs to."""
        return asyncio.run_coroutine_threadsafe(question, self._loop)

    def take_over(self) -> None:
        """Begin to look after the jobs: this server is the one that writes now."""
        self._history_is_read.clear()
        self._must_take_over.set()
        self.wake()

    def wait_for_history(self, seconds: float) -> bool:
        """Whether the run folders have been read, so that no job is missing which they tell of;
        another server that looks after the jobs has done so."""
        return not self._ledger.is_writer or self._history_is_read.wait(seconds)

    def is_to_come(self, job_id: str) -> bool:
        """Whether a run folder tells of this job, and its back end must be asked first."""
        return any(orphan.job.id == job_id for orphan in self._orphans)

    def _ring(self, *names: str) -> None:
        for name in names or self._bells:
            if name in self._bells:
                self._bells[name].set()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._look_after_all())
        finally:
            self._loop.close()

    async def _look_after_all(self) -> None:
        await asyncio.gather(
            self._keep_house(), *(self._look_after(name) for name in self._backends)
        )

    async def _keep_house(self) -> None:
        """Take over, do what other servers ask for, and tell of what they have done."""
        bell = self._bells[None]
        while not self._stopped:
            bell.clear()
            try:
                if self._must_take_over.is_set():
                    await self._take_stock()
                    self._looks_after = True
                    self._ring()
                    self._must_take_over.clear()
                self._looks_after = self._looks_after and self._ledger.is_writer
                if self._ledger.is_writer:
                    await asyncio.to_thread(self._ledger.serve)
                await self._tell_changes()
            except SQLAlchemyError as error:
                await self._mend(error)
            except Exception:
                log.exception("looking at the jobs failed")
            await _wait(bell, _PULSE)

    async def _take_stock(self) -> None:
        """Bring the database to what the run folders and the configuration say."""
        try:
            await self._tell_changes()
            known = await asyncio.to_thread(self._store.run_folders)
            orphans = await asyncio.to_thread(self._search, known)
            ended = [orphan.job for orphan in orphans if orphan.job.state in FINAL]
            for batch in batches(ended):
                await asyncio.to_thread(self._store.adopt, batch)
            left = [orphan for orphan in orphans if orphan.job.state not in FINAL]
            self._orphans = [o for o in left if o.job.record.backend in self._backends]
        finally:
            # what cannot be written now is tried again, and nobody waits for it
            self._history_is_read.set()
        await self._tell_changes()
        await self._end_without_place()

    async def _end_without_place(self) -> None:
        """End, or mark, the jobs whose queue or back end is not configured any more."""
        changes: dict[str, Change] = {}
        for job in self._active.values():
            record = job.record
            gone = record.backend not in self._backends or record.queue not in self._slots
            if gone and job.handle is None and job.tried is None:
                message = (
                    f"There is no queue {record.queue!r} any more, and the job had not begun. "
                    "Run it again on another queue."
                )
                changes[job.id] = partial(refused, message=message)
            elif record.backend not in self._backends:
                changes[job.id] = stale
        await self._change(changes)

    async def _mend(self, error: SQLAlchemyError) -> None:
        if not self._ledger.is_writer:
            # what another process is writing may be read in halves
            log.info("the jobs cannot be read: %s", error)
            return
        log.error("the jobs cannot be read: %s", error)
        self._looks_after = False
        try:
            await asyncio.to_thread(self._store.prepare)
        except (SQLAlchemyError, OSError) as still:
            log.info("the jobs still cannot be read: %s", still)
        except Exception:
            # the thread that looks after the jobs must go on, whatever a driver raises
            log.exception("making the database of jobs anew failed")
        else:
            self._seen = None
            self.take_over()

    async def _look_after(self, name: str) -> None:
        backend, bell = self._backends[name], self._bells[name]
        caretaker = self._caretakers[name]
        fastest, slowest = backend.intervals
        interval, asked = fastest, -slowest
        while not self._stopped:
            bell.clear()
            busy, done = True, True
            try:
                busy = self._looks_after and bool(self._at(name) or self._orphans_at(name))
                if busy:
                    await self._take_in(backend)
                    done = await caretaker.hand_over(fastest)
                    # however often it is woken, a scheduler is not asked more often than this
                    if time.monotonic() - asked >= fastest:
                        await caretaker.follow()
                        asked = time.monotonic()
                    await self._tell_changes()
            except SQLAlchemyError as error:
                await self._mend(error)
            except Exception:
                log.exception("looking at the jobs of %s failed", name)
            interval = fastest if name in self._stirred else min(interval * _SLOWER, slowest)
            self._stirred.discard(name)
            if done:
                await _wait(bell, interval if busy else None)
        await backend.close()

    def _at(self, name: str) -> list[Job]:
        """The active jobs of a back end, oldest first."""
        mine = [job for job in self._active.values() if job.record.backend == name]
        return sorted(mine, key=lambda job: job.id)

    def _orphans_at(self, name: str) -> list[Orphan]:
        return [orphan for orphan in self._orphans if orphan.job.record.backend == name]

    async def _tell_changes(self) -> None:
        """Take note of all changes and tell them."""
        async with self._telling:
            if self._seen is None:
                # of what was before the start, nothing is told
                self._seen = await asyncio.to_thread(self._store.revision)
                active = await asyncio.to_thread(self._store.active)
                self._active = {job.id: job for job in active}
            changed = await asyncio.to_thread(self._store.changed_since, self._seen)
            for job_id, job, revision in changed:
                self._seen = revision
                before = self._active.pop(job_id, None)
                if job is not None:
                    self._stirred.add(job.record.backend)
                if job is not None and job.state not in FINAL:
                    self._active[job_id] = job
                    if before is None or before.cancel_requested != job.cancel_requested:
                        # it need not wait for the next look
                        self._ring(job.record.backend)
                await self._tell(job_id, job)

    async def _change(self, changes: Mapping[str, Change]) -> None:
        """Write changes; one that cannot be made does not keep the others from being so."""
        for batch in batches(changes):
            try:
                await asyncio.to_thread(
                    self._ledger.update_all, {key: changes[key] for key in batch}
                )
            except ValueError:
                for key in batch:
                    try:
                        await asyncio.to_thread(self._ledger.update_all, {key: changes[key]})
                    except ValueError:
                        log.exception("job %s cannot be changed", key)
        await self._tell_changes()

    async def _take_in(self, backend: Backend) -> None:
        """Make jobs of run folders that the database does not know."""
        for orphan in self._orphans_at(backend.name):
            job = orphan.job
            try:
                handle = await backend.find(task_of(job), job.tried or 0)
            except Unreachable as silence:
                log.warning("job %s: %s", job.id, silence)
                continue
            if handle is not None:
                job = handed_over(job, handle)
            elif orphan.obstacle is None:
                job = not_arrived(job, backend.schedules)
            else:
                job = refused(job, orphan.obstacle)
            await asyncio.to_thread(self._store.adopt, [job])
            self._orphans.remove(orphan)
        await self._tell_changes()


async def _wait(bell: asyncio.Event, seconds: float | None) -> None:
    with suppress(asyncio.TimeoutError):
        await asyncio.wait_for(bell.wait(), seconds)
