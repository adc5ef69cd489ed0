"""What all batch schedulers have in common: submitting once, asking once, and cancelling.

A job is several entries of the scheduler when it is cut in shares: a step before them, an array,
and a step that joins it. They all carry the id of the job in their name.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from jupyterlab_savu.configuration import Queue
from jupyterlab_savu.faults import Fault
from jupyterlab_savu.jobs.backends import runner
from jupyterlab_savu.jobs.backends.base import (
    Availability,
    Observation,
    Phase,
    Refused,
    Task,
    Unreachable,
)
from jupyterlab_savu.jobs.backends.parts import (
    Entry,
    Note,
    combine,
    ended,
    missing_shares,
    noted_shares,
    read_note,
)
from jupyterlab_savu.jobs.backends.settings import SchedulerSettings
from jupyterlab_savu.jobs.folders import OURS
from jupyterlab_savu.jobs.model import Reason
from jupyterlab_savu.jobs.scripts import RUN, Scripts
from jupyterlab_savu.jobs.transport.base import Answer, NoAnswer, Transport
from savu_core import atomic

#: Network file systems may show the end of a job so many seconds late.
_PATIENCE = 30.0
#: A submission whose command has ended may be on its way inside the scheduler so long.
_ON_ITS_WAY = 10.0
_PREFIX = "savu-"
#: The scheduler's own output of a job, beside that of its engine.
SCHEDULER_OUTPUT = f"{OURS}/scheduler.log"


class Scheduler(ABC):
    """A module beside this one adds the words of one scheduler."""

    schedules = True
    #: The template of queues that name none.
    template: str
    #: What a command says when the scheduler itself has not answered.
    silence: re.Pattern[str]

    def __init__(
        self,
        name: str,
        settings: SchedulerSettings,
        queues: Mapping[str, Queue],
        transport: Transport,
    ) -> None:
        self.name = name
        self.intervals = settings.intervals
        self.queues = {key: queue for key, queue in queues.items() if queue.backend == name}
        self.transport = transport
        self._site_values = settings.values
        self._python = settings.python
        self._scripts = Scripts(settings.templates)
        #: Jobs whose submission has certainly not arrived.
        self._not_arrived: set[str] = set()
        #: Since when the scheduler's word and the run folder do not agree.
        self._doubtful: dict[str, float] = {}

    @abstractmethod
    def _submission(self, task: Task, part: str, after: str | None) -> list[str]:
        """The command that reads a script and submits `part` of a job, to begin when the job
        `after` has succeeded."""

    @abstractmethod
    def _number(self, printed: str) -> str | None:
        """The scheduler's number of the job that was submitted."""

    @abstractmethod
    async def _list(self) -> list[Entry]:
        """All entries of this user that the scheduler still knows, in one query.

        Raises:
            Unreachable: it has not answered.
        """

    @abstractmethod
    async def _account(self, numbers: Sequence[str]) -> list[Entry] | None:
        """What accounting tells of jobs that have left; None when it cannot be asked now."""

    @abstractmethod
    def _withdrawal(self, task: Task, force: bool) -> list[str]:
        """The command that ends a job."""

    @abstractmethod
    async def availability(self) -> dict[str, Availability]:
        """By the names of the queues."""

    @abstractmethod
    async def problems(self, queue: Queue) -> list[str]:
        """What is wrong with the scheduler's partition and account of a queue."""

    def script(self, task: Task) -> str:
        return self._script(task, _parts(task)[-1])

    def _script(self, task: Task, part: str) -> str:
        """The script of a part of a job; the paths of users are not in it."""
        queue = self.queues[task.queue]
        minutes = task.resources.minutes
        unknown = [name for name in task.values if name not in queue.choose]
        if unknown:
            raise Fault(
                f"The queue {queue.name} does not let you set {unknown[0]!r}.",
                place=f"/values/{unknown[0]}",
            )
        return self._scripts.render(
            queue.template or self.template,
            (self._site_values, queue.values, task.values),
            {
                "job_id": task.id,
                "queue": queue.name,
                "partition": queue.partition or None,
                "account": queue.account or None,
                "nodes": task.resources.nodes,
                "tasks": task.resources.tasks,
                "cpus": task.resources.cpus,
                "memory": task.resources.memory,
                "memory_per_cpu": task.resources.memory_per_cpu,
                "gpus": task.resources.gpus,
                "minutes": minutes,
                "time": None if minutes is None else f"{minutes // 60}:{minutes % 60:02}:00",
                RUN: f"{self._python} {OURS}/{Path(runner.__file__).name} {task.id} {part}",
            },
            optional=queue.choose,
        )

    async def submit(self, task: Task) -> str:
        try:
            self.script(task)
            await asyncio.to_thread(_write_task, task)
        except Fault as fault:
            raise Refused(fault.message) from None
        except OSError as error:
            raise Refused(f"The run folder cannot be written: {error.strerror}.") from None
        return await self._submit_parts(task, [])

    async def find(self, task: Task, tried: float) -> str | None:
        if task.id in self._not_arrived:
            self._not_arrived.discard(task.id)
            return None
        found = {entry.number for entry in await self._list() if entry.name == name_of(task)}
        found |= await asyncio.to_thread(_claims, task)
        if found:
            # the parts are handed over in their order: what is missing comes after what is there
            return await self._submit_parts(task, sorted(found, key=int))
        if time.time() - tried < self.transport.seconds + _ON_ITS_WAY:
            raise Unreachable("it is not certain yet whether the job has arrived")
        return None

    async def observe(self, tasks: Sequence[Task]) -> dict[str, Observation]:
        listed = _Listed(await self._list())
        notes = await asyncio.to_thread(_notes, tasks)
        left = [
            number
            for task in tasks
            if notes[task.id].whole is None
            for number in listed.missing(task, notes[task.id].shares)
        ]
        accounted = await self._account(left) if left else []
        listed.add(accounted or [])
        seen = {}
        for task in tasks:
            entries = listed.of(task, notes[task.id].shares)
            observed = self._judge(task, entries, notes[task.id].whole, accounted is not None)
            if observed is not None:
                seen[task.id] = observed
                if any(entry.hopeless for entry in entries):
                    await self.end(task, force=True)
        return seen

    async def end(self, task: Task, force: bool) -> None:
        if task.handle is None:
            return
        await self.ask(self._withdrawal(task, force), check=False)

    async def close(self) -> None:
        await self.transport.close()

    async def ask(
        self,
        command: Sequence[str],
        check: bool = True,
        node: str | None = None,
        stdin: str = "",
    ) -> Answer:
        """What a command that changes nothing answers.

        Raises:
            Unreachable: nobody or nothing sensible has answered.
        """
        try:
            answer = await self.transport.run(command, stdin, node=node)
        except NoAnswer as error:
            raise Unreachable(str(error)) from None
        if answer.code and (check or self.silence.search(answer.stderr)):
            raise Unreachable(answer.words)
        return answer

    async def _submit_parts(self, task: Task, known: list[str]) -> str:
        """Submit the parts of a job beyond those whose numbers are known."""
        numbers = known[: len(_parts(task))]
        for part in _parts(task)[len(numbers) :]:
            numbers.append(await self._submit(task, part, numbers[-1] if numbers else None))
        return ",".join(numbers)

    async def _submit(self, task: Task, part: str, after: str | None) -> str:
        command = self._submission(task, part, after)
        try:
            answer = await self.transport.run(command, self._script(task, part), repeatable=False)
        except NoAnswer as error:
            if not error.arrived and after is None:
                self._not_arrived.add(task.id)
            raise Unreachable(str(error)) from None
        if answer.code:
            if self.silence.search(answer.stderr):
                raise Unreachable(answer.words)
            raise Refused(f"The scheduler refuses the job: {answer.words}")
        number = self._number(answer.stdout)
        if number is None:
            raise Unreachable(f"{command[0]} has not told a number: {answer.words}")
        return number

    def _judge(
        self, task: Task, entries: list[Entry], note: Note | None, accounted: bool
    ) -> Observation | None:
        """What the entries and the note in the run folder make; None while that is doubtful."""
        if not entries:
            observed = Observation(Phase.ABSENT) if note is None else ended(note)
            doubtful = note is None
            if not accounted and note is None:
                return None
        else:
            observed = combine(task, entries, note)
            # the scheduler says that it went to its end, which is then noted in its folder
            doubtful = observed.phase is Phase.ENDED and observed.exit_code == 0 and note is None
        if not doubtful:
            self._doubtful.pop(task.id, None)
            return observed
        since = self._doubtful.setdefault(task.id, time.monotonic())
        return observed if time.monotonic() - since > _PATIENCE else None


class _Listed:
    """The entries by number and share; the first that tells of one counts, but what it does not
    know of an end is taken from those that come later."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries: dict[str, dict[int | None, Entry]] = defaultdict(dict)
        self.add(entries)

    def add(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            same = self._entries[entry.number]
            same[entry.share] = _completed(same.get(entry.share, entry), entry)

    def of(self, task: Task, noted: Sequence[Entry]) -> list[Entry]:
        numbers = _numbers(task)
        found = [
            # what comes before the shares is share 0
            replace(entry, share=0) if task.shares > 1 and number == numbers[0] else entry
            for number in numbers
            for entry in self._entries[number].values()
            # numbers begin again when a scheduler is set up anew
            if entry.name in ("", name_of(task))
        ]
        listed = {entry.share for entry in found}
        by_share = {entry.share: entry for entry in noted}
        return [
            *(_completed(entry, by_share.get(entry.share, entry)) for entry in found),
            *(entry for entry in noted if entry.share not in listed),
        ]

    def missing(self, task: Task, noted: Sequence[Entry]) -> list[str]:
        """The numbers of a job of which nothing, or not how every share has ended, is known."""
        known = {entry.share for entry in self.of(task, noted) if not _lacks_code(entry)}
        numbers = _numbers(task)
        wanted: dict[str, set[int | None]] = {number: {None} for number in numbers}
        if task.shares > 1:
            wanted[numbers[0]] = {0}
            wanted[numbers[1]] = set(range(1, task.shares + 1))
        return [number for number in numbers if wanted[number] - known]


def _lacks_code(entry: Entry) -> bool:
    """Whether it has failed by itself, and with which code is told elsewhere."""
    return entry.reason is Reason.EXIT_CODE and entry.exit_code is None


def _completed(entry: Entry, other: Entry) -> Entry:
    """`entry` with what only `other` knows of its end."""
    if not _lacks_code(entry):
        return entry
    return replace(entry, exit_code=other.exit_code, message=entry.message or other.message)


def name_of(task: Task) -> str:
    """What a job is called at the scheduler: nothing but its id tells it from others."""
    return _PREFIX + task.id


def shares_of(task: Task) -> tuple[int, ...]:
    """The shares to run: those that have not succeeded before, and one when all have."""
    return missing_shares(task.folder, task.shares) or (task.shares,)


def _parts(task: Task) -> tuple[str, ...]:
    return ("prepare", "share", "join") if task.shares > 1 else ("run",)


def _numbers(task: Task) -> list[str]:
    return (task.handle or "").split(",")


def _write_task(task: Task) -> None:
    """Put the command and what runs it into the run folder, and drop the notes of an earlier
    run of the same shares."""
    folder = task.folder / OURS
    folder.mkdir(parents=True, exist_ok=True)
    again = [0, *missing_shares(task.folder, task.shares)] if task.shares > 1 else []
    for name in (runner.CLAIM, runner.EXIT):
        for file in (name, *(runner.share_file(share, name) for share in again)):
            (folder / file).unlink(missing_ok=True)
    told = {"id": task.id, "command": task.command, "shares": task.shares}
    atomic.write(folder / runner.TASK, json.dumps(told).encode(), lambda: None)
    source = Path(runner.__file__)
    atomic.write(folder / source.name, source.read_bytes(), lambda: None)


def _claims(task: Task) -> set[str]:
    """The numbers under which parts of the job have started."""
    found = set()
    for file in (task.folder / OURS).glob(f"*{runner.CLAIM}"):
        number = file.read_text("utf-8").strip()
        if number.isdigit():
            found.add(number)
    return found


@dataclass(frozen=True)
class _Notes:
    """What the run folder tells of the end of a job, and of its shares."""

    whole: Note | None
    shares: list[Entry]


def _notes(tasks: Sequence[Task]) -> dict[str, _Notes]:
    return {task.id: _Notes(read_note(task.folder), noted_shares(task)) for task in tasks}
