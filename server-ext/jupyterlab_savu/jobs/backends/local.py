"""Jobs as processes of this machine, which outlive the Jupyter server."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jupyterlab_savu.faults import disk_fault
from jupyterlab_savu.jobs.backends.base import (
    Availability,
    Observation,
    Phase,
    Refused,
    Task,
)
from jupyterlab_savu.jobs.backends.supervisor import (
    CLAIM,
    EXIT,
    PROCESSES,
    detached,
    end_group,
    reserve,
)
from jupyterlab_savu.jobs.folders import OURS
from jupyterlab_savu.jobs.model import Reason
from jupyterlab_savu.jobs.processes import is_alive

SUPERVISOR = "jupyterlab_savu.jobs.backends.supervisor"
#: A supervisor that has not told its processes after this time has died.
_SECONDS_TO_START = 30.0


class LocalBackend:
    """Each run has a supervisor, which starts the engine in a process group of its own."""

    name = "local"
    schedules = False
    intervals = (0.2, 2.0)

    def __init__(self) -> None:
        self._supervisors: dict[str, subprocess.Popen[bytes]] = {}
        self._lock = threading.Lock()

    def script(self, task: Task) -> str | None:
        return None

    async def submit(self, task: Task) -> str:
        try:
            await asyncio.to_thread(self._start, task)
        except OSError as error:
            raise Refused(disk_fault(error, "The engine could not be started").message) from None
        return task.id

    async def find(self, task: Task, tried: float) -> str | None:
        # a second supervisor of one folder does nothing, so that none need be waited for
        observed = await asyncio.to_thread(self._observe, task)
        return None if observed.phase is Phase.ABSENT else task.id

    async def observe(self, tasks: Sequence[Task]) -> dict[str, Observation]:
        return await asyncio.to_thread(lambda: {task.id: self._observe(task) for task in tasks})

    async def end(self, task: Task, force: bool) -> None:
        processes = await asyncio.to_thread(_read, task.folder / OURS / PROCESSES)
        if processes is not None and is_alive(processes["engine"]):
            end_group(processes["engine"]["pid"], force)

    async def availability(self) -> dict[str, Availability]:
        return {}

    async def close(self) -> None:
        """Nothing is open."""

    def _start(self, task: Task) -> None:
        with self._lock:
            # a run that is resumed has its folder from another job
            if task.id in self._supervisors:
                return
            ours = task.folder / OURS
            reserve(ours)
            asked = task.resources
            limits = [str(limit or 0) for limit in (asked.memory, asked.minutes)]
            self._supervisors[task.id] = subprocess.Popen(  # noqa: S603 - an argument list
                [sys.executable, "-m", SUPERVISOR, str(ours), *limits, *task.command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                **detached(),
            )

    def _observe(self, task: Task) -> Observation:
        alive = self._is_running(task)
        # the end is noted before the supervisor ends: asked last, it cannot be missed
        ended = _read(task.folder / OURS / EXIT)
        if ended is not None:
            code = _shell_code(ended["exit_code"])
            reason = Reason(ended["reason"]) if "reason" in ended else None
            used = ended.get("memory_used")
            details = {"memory_used": str(used)} if used else {}
            return Observation(Phase.ENDED, code, reason, ended.get("message"), details)
        if alive is None:
            return Observation(Phase.ABSENT)
        return Observation(Phase.RUNNING if alive else Phase.ENDED)

    def _is_running(self, task: Task) -> bool | None:
        """Whether a process of the run is there; None when there has never been one."""
        with self._lock:
            supervisor = self._supervisors.get(task.id)
            supervised = supervisor is not None and supervisor.poll() is None
        processes = _read(task.folder / OURS / PROCESSES)
        if processes is not None:
            return any(is_alive(told) for told in processes.values())
        if supervisor is not None:
            return supervised
        try:
            claimed = (task.folder / OURS / CLAIM).stat().st_mtime
        except OSError:
            return None
        return time.time() - claimed < _SECONDS_TO_START


def _read(path: Path) -> dict[str, Any] | None:
    try:
        told = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) else None


def _shell_code(returncode: int) -> int:
    return 128 - returncode if returncode < 0 else returncode
