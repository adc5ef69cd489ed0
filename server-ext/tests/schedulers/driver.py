"""Runs jobs on a back end alone, as the watcher does, without a server."""

from __future__ import annotations

import asyncio
import secrets
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from jupyterlab_savu.configuration import Queue
from jupyterlab_savu.jobs.backends.base import Observation, Phase, Task
from jupyterlab_savu.jobs.backends.kinds import make_backends
from jupyterlab_savu.jobs.backends.scheduler import Scheduler
from jupyterlab_savu.jobs.ids import new_id
from jupyterlab_savu.jobs.resources import Resources

Value = TypeVar("Value")


class Driver:
    """A back end of some kind, with the queues `preview` and `full` of that scheduler, and with
    one that it does not have."""

    def __init__(self, runs: Path, settings: dict[str, Any], **queue: Any) -> None:
        self.runs = runs
        self._loop = asyncio.new_event_loop()
        self.queues = {
            name: Queue(name=name, backend="cluster", partition=name, **queue)
            for name in ("preview", "full", "absent")
        }
        made = make_backends({"cluster": {"python": "/usr/bin/python3", **settings}}, self.queues)
        backend = made["cluster"]
        assert isinstance(backend, Scheduler)
        self.backend = backend

    def close(self) -> None:
        self.wait_for(self.backend.close())
        self._loop.close()

    def wait_for(self, coroutine: Awaitable[Value]) -> Value:
        return self._loop.run_until_complete(coroutine)

    def outcomes(self, *coroutines: Awaitable[Any]) -> list[Any]:
        """What each returns or raises, all at the same time."""

        async def gather() -> list[Any]:
            return await asyncio.gather(*coroutines, return_exceptions=True)

        return self.wait_for(gather())

    def task(self, *command: str, queue: str = "full", name: str = "run", **more: Any) -> Task:
        resources = Resources(**more.pop("resources", {}))
        folder = self.runs / f"{name}-{secrets.token_hex(4)}"
        folder.mkdir(parents=True)
        folder.chmod(0o777)
        return Task(new_id(), queue, folder, command, resources=resources, **more)

    def submit(self, *command: str, **more: Any) -> Task:
        return self.hand_over(self.task(*command, **more))

    def hand_over(self, task: Task) -> Task:
        return replace(task, handle=self.wait_for(self.backend.submit(task)))

    def observe(self, *tasks: Task) -> dict[str, Observation]:
        return self.wait_for(self.backend.observe(tasks))

    def until(
        self,
        task: Task,
        phase: Phase = Phase.ENDED,
        when: Callable[[Observation], bool] = lambda observed: True,
        seconds: float = 30,
    ) -> Observation:
        """What is observed when the job is in `phase`."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            observed = self.observe(task).get(task.id)
            if observed is not None and observed.phase is phase and when(observed):
                return observed
            time.sleep(0.1)
        raise AssertionError(f"{observed}, not {phase}")

    def end(self, task: Task, force: bool = False) -> None:
        self.wait_for(self.backend.end(task, force))


def python(code: str) -> tuple[str, ...]:
    """A command that stands in for an engine."""
    return (sys.executable, "-c", code)
