"""Whether each queue can work, looked at as the user who asks; nothing of theirs is touched."""

from __future__ import annotations

import asyncio
import json
import secrets
import shutil
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from jupyterlab_savu.configuration import Queue
from jupyterlab_savu.faults import Fault
from jupyterlab_savu.jobs.backends.base import (
    Backend,
    Observation,
    Phase,
    Refused,
    Task,
    Unreachable,
)
from jupyterlab_savu.jobs.backends.parts import read_note
from jupyterlab_savu.jobs.backends.scheduler import Scheduler
from jupyterlab_savu.jobs.folders import OURS, OUTPUT
from jupyterlab_savu.jobs.ids import new_id
from jupyterlab_savu.jobs.model import Reason
from jupyterlab_savu.jobs.resources import choose

_SECONDS_BETWEEN_LOOKS = 0.5

_SHOW = "Show this to the administrator."


@dataclass(frozen=True)
class Finding:
    """What was looked at; `fault` is what is wrong, and `advice` what to ask for."""

    queue: str
    what: str
    fault: str | None = None
    advice: str = ""


class Doctor:
    """`probes` are commands by engine that end with 0 where the engine can start; `seconds` is
    how long the test job of a queue may wait and run."""

    def __init__(
        self,
        queues: Mapping[str, Queue],
        backends: Mapping[str, Backend],
        probes: Mapping[str, Sequence[str]],
        output_root: Path,
        seconds: float,
    ) -> None:
        self._queues = queues
        self._backends = backends
        self._probes = probes
        self._output_root = output_root
        self._seconds = seconds

    async def findings(self) -> AsyncIterator[Finding]:
        """One after the other, queue by queue."""
        for queue in self._queues.values():
            backend = self._backends[queue.backend]
            if isinstance(backend, Scheduler):
                reached = False
                async for finding in self._nodes(queue, backend):
                    reached = reached or finding.fault is None
                    yield finding
                if not reached:
                    continue
                yield await self._partition(queue, backend)
            async for finding in self._test_job(queue, backend):
                yield finding
        for backend in self._backends.values():
            await backend.close()

    async def _nodes(self, queue: Queue, backend: Scheduler) -> AsyncIterator[Finding]:
        for node in backend.transport.nodes:
            what = f"command node {node}"
            try:
                await backend.ask(["true"], node=node)
            except Unreachable as silence:
                yield Finding(
                    queue.name,
                    what,
                    str(silence),
                    f"Ask the administrator whether {node} is up, and whether you may log in "
                    "there with your key.",
                )
            else:
                yield Finding(queue.name, what)

    async def _partition(self, queue: Queue, backend: Scheduler) -> Finding:
        what = "partition and account"
        try:
            problems = await backend.problems(queue)
        except Unreachable as silence:
            return Finding(
                queue.name,
                what,
                str(silence),
                "Ask the administrator whether the scheduler is up.",
            )
        if not problems:
            return Finding(queue.name, what)
        return Finding(
            queue.name,
            what,
            "; ".join(problems),
            "Ask the administrator which partition and account you may use.",
        )

    async def _test_job(self, queue: Queue, backend: Backend) -> AsyncIterator[Finding]:
        """A job that only starts the engine: its note shows that the folder is seen there."""
        seen = "output folder seen from a compute node"
        folder = self._output_root / f"doctor-{secrets.token_hex(4)}"
        try:
            (folder / OURS).mkdir(parents=True)
        except OSError as error:
            advice = "Ask the administrator for a folder that you may write to."
            yield Finding(queue.name, seen, f"{folder}: {error.strerror}", advice)
            return
        try:
            async for finding in self._run(queue, backend, folder, seen):
                yield finding
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    async def _run(
        self, queue: Queue, backend: Backend, folder: Path, seen: str
    ) -> AsyncIterator[Finding]:
        taken = "a job is taken"
        command = tuple(self._probes[queue.engine])
        task = Task(new_id(), queue.name, folder, command)
        try:
            task = replace(task, resources=choose(queue, {}))
            task = replace(task, handle=await backend.submit(task))
        except (Refused, Unreachable, Fault) as error:
            yield Finding(queue.name, taken, str(error), _SHOW)
            return
        observed = await self._wait(task, backend)
        if observed is not None and observed.reason is Reason.REFUSED:
            # Slurm takes some jobs that it then never starts
            yield Finding(queue.name, taken, observed.message or "", _SHOW)
            return
        yield Finding(queue.name, taken)
        note = read_note(folder)
        if note is None:
            waits = observed is not None and observed.alive
            await backend.end(task, force=True)
            yield Finding(
                queue.name,
                "a job starts" if waits else seen,
                f"not within {self._seconds:g} s. {observed.message or ''}".strip()
                if observed is not None and waits
                else f"the job has left nothing in {folder}",
                "Ask the administrator when jobs of yours would start."
                if waits
                else f"Ask the administrator whether {self._output_root} is the same folder on "
                "the compute nodes, and whether Python is there.",
            )
            return
        yield Finding(queue.name, seen)
        what = f"engine {queue.engine} starts there"
        if note["exit_code"] == 0:
            yield Finding(queue.name, what)
            return
        yield Finding(
            queue.name,
            what,
            note.get("message") or _last_line(folder / OURS / OUTPUT),
            f"Ask the administrator to install it there: {json.dumps(command)}",
        )

    async def _wait(self, task: Task, backend: Backend) -> Observation | None:
        """The job when it has ended, or as it is when the time is over."""
        deadline = time.monotonic() + self._seconds
        observed = None
        while time.monotonic() < deadline:
            try:
                observed = (await backend.observe([task])).get(task.id, observed)
            except Unreachable:
                observed = None
            if observed is not None and observed.phase in (Phase.ENDED, Phase.ABSENT):
                break
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
        return observed


def _last_line(path: Path) -> str:
    try:
        lines = path.read_text("utf-8", "replace").strip().splitlines()
    except OSError:
        lines = []
    return lines[-1] if lines else "it fails, and says nothing"
