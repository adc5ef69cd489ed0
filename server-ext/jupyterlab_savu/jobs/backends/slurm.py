"""Slurm (https://slurm.schedmd.com): sbatch, squeue, sacct, scancel and sinfo."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from jupyterlab_savu.configuration import Queue
from jupyterlab_savu.faults import Fault
from jupyterlab_savu.jobs.backends.base import Availability, Phase, Task
from jupyterlab_savu.jobs.backends.parts import Entry
from jupyterlab_savu.jobs.backends.scheduler import (
    SCHEDULER_OUTPUT,
    Scheduler,
    name_of,
    shares_of,
)
from jupyterlab_savu.jobs.model import Reason
from jupyterlab_savu.jobs.resources import choose

#: Slurm's words for states; one that is not here is that of a job that goes on.
STATES: dict[str, tuple[Phase, Reason | None]] = {
    "PENDING": (Phase.WAITING, None),
    "REQUEUED": (Phase.WAITING, None),
    "REQUEUE_FED": (Phase.WAITING, None),
    "REQUEUE_HOLD": (Phase.WAITING, None),
    "RESV_DEL_HOLD": (Phase.WAITING, None),
    "SPECIAL_EXIT": (Phase.WAITING, None),
    "CONFIGURING": (Phase.STARTING, None),
    "RUNNING": (Phase.RUNNING, None),
    "COMPLETED": (Phase.ENDED, Reason.COMPLETED),
    "FAILED": (Phase.ENDED, Reason.EXIT_CODE),
    "CANCELLED": (Phase.ENDED, Reason.CANCELLED_BY_SITE),
    "REVOKED": (Phase.ENDED, Reason.CANCELLED_BY_SITE),
    "TIMEOUT": (Phase.ENDED, Reason.TIMEOUT),
    "DEADLINE": (Phase.ENDED, Reason.TIMEOUT),
    "OUT_OF_MEMORY": (Phase.ENDED, Reason.OUT_OF_MEMORY),
    "NODE_FAIL": (Phase.ENDED, Reason.NODE_FAIL),
    "BOOT_FAIL": (Phase.ENDED, Reason.NODE_FAIL),
    "LAUNCH_FAILED": (Phase.ENDED, Reason.NODE_FAIL),
    "PREEMPTED": (Phase.ENDED, Reason.PREEMPTED),
}

#: Why a job waits that will never start, and what to tell.
HOPELESS: dict[str, tuple[Reason, str | None]] = {
    "DependencyNeverSatisfied": (Reason.DEPENDENCY, None),
    "PartitionTimeLimit": (Reason.REFUSED, "It asks for more time than its partition allows."),
    "PartitionNodeLimit": (Reason.REFUSED, "It asks for more nodes than its partition has."),
    "BadConstraints": (Reason.REFUSED, "No node has what it asks for."),
    "InvalidAccount": (Reason.REFUSED, "Its account is not valid."),
    "InvalidQOS": (Reason.REFUSED, "Its quality of service is not valid."),
    "AccountNotAllowed": (Reason.REFUSED, "Its account may not use the partition."),
    "QOSNotAllowed": (Reason.REFUSED, "Its quality of service may not use the partition."),
    **{
        f"{whose}Max{what}PerJobLimit": (Reason.REFUSED, "It asks for more than one job may have.")
        for whose in ("Assoc", "QOS")
        for what in ("Cpu", "Node", "Mem", "WallDuration")
    },
}

#: Why a job waits that will start.
WAITS = {
    "Priority": "It waits for jobs that are before it.",
    "Resources": "It waits for resources.",
    "Dependency": "It waits for another job.",
    "JobHeldUser": "It is held.",
    "JobHeldAdmin": "It is held by the administrator.",
    "BeginTime": "It waits for its time.",
    "PartitionDown": "Its partition is down.",
    "PartitionInactive": "Its partition takes no jobs at the moment.",
    "ReqNodeNotAvail": "The nodes that it needs are down or reserved.",
    "Licenses": "It waits for a licence.",
}

_FORMAT = "%i|%T|%r|%S|%N|%j"
#: Slurm's times have no zone: they are asked for in UTC.
_ENV = ["env", "TZ=UTC", "SLURM_TIME_FORMAT=standard"]
_ACCOUNTING_IS_OFF = re.compile(r"accounting storage is disabled|storage/none", re.IGNORECASE)


class Slurm(Scheduler):
    template = "slurm"
    silence = re.compile(
        r"unable to contact|timed out|connection (refused|reset)|communication|"
        r"zero bytes|transport endpoint|standby mode|authentication|header lengths|"
        r"temporarily unable|try again|no route",
        re.IGNORECASE,
    )

    def _submission(self, task: Task, part: str, after: str | None) -> list[str]:
        array = [f"--array={','.join(map(str, shares_of(task)))}"] if part == "share" else []
        waits = [f"--dependency=afterok:{after}", "--kill-on-invalid-dep=yes"] if after else []
        return [
            "sbatch",
            "--parsable",
            f"--job-name={name_of(task)}",
            f"--comment={task.id}",
            # a path goes here alone, where Slurm replaces nothing in it
            f"--chdir={task.folder}",
            # the backslash keeps Slurm from replacing %j and others, in the folder, too
            f"--output=\\{SCHEDULER_OUTPUT}",
            "--open-mode=append",
            *array,
            *waits,
        ]

    def _number(self, printed: str) -> str | None:
        # a site may greet before the number, a federation names the cluster after it
        found = re.findall(r"^(\d+)(?:;\S+)?\s*$", printed, re.MULTILINE)
        return found[-1] if found else None

    async def _list(self) -> list[Entry]:
        answer = await self.ask(
            [
                *_ENV,
                "squeue",
                "--me",
                "--noheader",
                "--array",
                "--states=all",
                f"--format={_FORMAT}",
            ]
        )
        return [_entry(*line.split("|", 5)) for line in answer.stdout.splitlines() if "|" in line]

    async def _account(self, numbers: Sequence[str]) -> list[Entry] | None:
        asked = ["--parsable2", "--noheader", f"--jobs={','.join(numbers)}"]
        answer = await self.ask(
            ["sacct", "--allocations", "--format=JobID,State,ExitCode,JobName", *asked], check=False
        )
        if answer.code and _ACCOUNTING_IS_OFF.search(answer.stderr):
            # without a database, there may be a file of jobs that have ended
            answer = await self.ask(
                ["sacct", "--completion", "--format=JobID,State,ExitCode,JobName", *asked],
                check=False,
            )
            if answer.code:
                return []
        if answer.code:
            return None
        return [_accounted(*line.split("|", 3)) for line in answer.stdout.splitlines()]

    def _withdrawal(self, task: Task, force: bool) -> list[str]:
        # the name keeps this from a job of others that has got the same number
        how = ["--full", "--signal=KILL"] if force else []
        return [
            "scancel",
            *how,
            f"--name={name_of(task)}",
            *(task.handle or "").split(","),
        ]

    async def availability(self) -> dict[str, Availability]:
        told = (await self.ask(["sinfo", "--noheader", "--format=%R|%C"])).stdout
        waiting = (
            await self.ask(["squeue", "--noheader", "--states=PENDING", "--array", "--format=%P"])
        ).stdout.split()
        cpus = {}
        for line in told.splitlines():
            partition, _, counts = line.partition("|")
            _, idle, _, total = (int(count) for count in counts.split("/"))
            cpus[partition] = (idle, total)
        told_of = {}
        for name, queue in self.queues.items():
            if queue.partition in cpus:
                idle, total = cpus[queue.partition]
                pending = waiting.count(queue.partition)
                start = await self._expected_start(queue) if pending or not idle else None
                told_of[name] = Availability(idle, total, "CPUs", pending, start)
        return told_of

    async def _expected_start(self, queue: Queue) -> str | None:
        """When a job with the defaults of a queue would start; None where Slurm cannot tell."""
        task = Task("test", queue.name, Path("/"), (), resources=choose(queue, {}))
        try:
            script = self.script(task)
        except Fault:
            return None
        answer = await self.ask([*_ENV, "sbatch", "--test-only"], check=False, stdin=script)
        found = re.search(r"to start at (\d{4}-\d\d-\d\dT[\d:]{8})", answer.stderr)
        return None if found is None else f"{found[1]}Z"

    async def problems(self, queue: Queue) -> list[str]:
        found = []
        told = (await self.ask(["sinfo", "--noheader", "--format=%R|%a"])).stdout.splitlines()
        partitions = dict(line.split("|", 1) for line in told)
        if queue.partition and queue.partition not in partitions:
            found.append(
                f"there is no partition {queue.partition}, only {', '.join(sorted(partitions))}"
            )
        elif queue.partition and partitions[queue.partition].strip() != "up":
            found.append(f"the partition {queue.partition} is {partitions[queue.partition]}")
        return found


def _entry(number: str, state: str, why: str, start: str, nodes: str, name: str) -> Entry:
    number, _, share = number.partition("_")
    phase, reason = STATES.get(state, (Phase.RUNNING, None))
    message = None
    details = {"nodes": nodes} if nodes and phase is not Phase.WAITING else {}
    if phase is Phase.WAITING:
        word = why.partition(",")[0].strip("()")
        reason, message = HOPELESS.get(word, (None, None))
        if reason is None:
            message = WAITS.get(word, f"It waits ({word}).")
        if re.match(r"\d{4}-", start):
            details["expected_start"] = start + "Z"
    elif why == "DependencyNeverSatisfied":
        # so Slurm itself has withdrawn it
        reason = Reason.DEPENDENCY
    return Entry(
        number,
        name,
        phase,
        exit_code=0 if reason is Reason.COMPLETED else None,
        reason=reason,
        message=message,
        share=int(share) if share.isdigit() else None,
        details=details,
    )


def _accounted(number: str, state: str, code: str, name: str) -> Entry:
    number, _, share = number.partition("_")
    # such as "CANCELLED by 1000"
    phase, reason = STATES.get(state.split()[0], (Phase.ENDED, Reason.EXIT_CODE))
    status, _, signal = code.partition(":")
    exit_code = 128 + int(signal) if signal not in ("", "0") else int(status or 0)
    return Entry(
        number,
        name,
        phase,
        exit_code=exit_code,
        reason=reason if phase is Phase.ENDED else None,
        share=int(share) if share.isdigit() else None,
    )
