"""Grid Engine (Sun's and its heirs): qsub, qstat, qacct, qdel, qhost and qconf."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence

from jupyterlab_savu.configuration import Queue
from jupyterlab_savu.jobs.backends.base import Availability, Phase, Task, Unreachable
from jupyterlab_savu.jobs.backends.parts import Entry
from jupyterlab_savu.jobs.backends.scheduler import (
    SCHEDULER_OUTPUT,
    Scheduler,
    name_of,
    shares_of,
)
from jupyterlab_savu.jobs.model import Reason

#: What the letters of qstat's states mean; an error or a hold counts before the rest.
STATES: dict[str, tuple[Phase, Reason | None, str | None]] = {
    "E": (Phase.WAITING, Reason.REFUSED, "Grid Engine could not start it. Ask the administrator."),
    "d": (Phase.RUNNING, None, "It is being ended."),
    "h": (Phase.WAITING, None, "It waits for another job, or is held."),
    "t": (Phase.STARTING, None, None),
    "r": (Phase.RUNNING, None, None),
    "R": (Phase.RUNNING, None, None),
    "s": (Phase.RUNNING, None, "It is suspended."),
    "S": (Phase.RUNNING, None, "It is suspended."),
    "T": (Phase.RUNNING, None, "It is suspended."),
    "q": (Phase.WAITING, None, "It waits for resources."),
}

#: What qacct's codes in `failed` mean; 0 and 100 (ended by a signal) say nothing by themselves,
#: and one stands for each limit that a job has reached.
_AT_A_LIMIT = "37"
FAILURES = {
    "19": Reason.NODE_FAIL,
    "21": Reason.NODE_FAIL,
    "26": Reason.NODE_FAIL,
    "28": Reason.NODE_FAIL,
}

#: How Grid Engine counts bytes, in what was asked for and in what was used.
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "K": 2**10, "M": 2**20, "G": 2**30}
_BYTES = re.compile(r"([0-9.]+)([kmgKMG]?)B?$")

_USER = "$(id -un)"


class GridEngine(Scheduler):
    template = "gridengine"
    silence = re.compile(
        r"unable to (contact|send message|receive)|commlib|can't connect|got no connection|"
        r"timed? ?out|error: failed receiving",
        re.IGNORECASE,
    )

    def _submission(self, task: Task, part: str, after: str | None) -> list[str]:
        # ranges know no lists: the engine ends at once for shares that are complete
        shares = shares_of(task) if part == "share" else ()
        array = ["-t", f"{shares[0]}-{shares[-1]}"] if shares else []
        waits = ["-hold_jid", after] if after else []
        return [
            "qsub",
            "-terse",
            *("-N", name_of(task)),
            *("-wd", str(task.folder)),
            *("-j", "y"),
            *("-o", SCHEDULER_OUTPUT),
            *("-r", "n"),
            *array,
            *waits,
        ]

    def _number(self, printed: str) -> str | None:
        # arrays are told as "12.1-8:1"
        found = re.findall(r"^(\d+)(?:\.\S+)?\s*$", printed, re.MULTILINE)
        return found[-1] if found else None

    async def _list(self) -> list[Entry]:
        # the one word that a shell fills in is fixed here
        answer = await self.ask(["sh", "-c", f'exec qstat -u "{_USER}" -xml'])
        try:
            root = ET.fromstring(answer.stdout)  # noqa: S314 - from the scheduler itself
        except ET.ParseError as error:
            raise Unreachable(f"qstat's answer cannot be read: {error}") from None
        return [entry for told in root.iter("job_list") for entry in _entries(told)]

    async def _account(self, numbers: Sequence[str]) -> list[Entry] | None:
        found = []
        for number in numbers:
            answer = await self.ask(["qacct", "-j", number], check=False)
            if answer.code == 0:
                found += _accounted(answer.stdout)
        return found

    def _withdrawal(self, task: Task, force: bool) -> list[str]:
        # a number may have gone to a job of others, the name has not
        return ["qdel", *(["-f"] if force else []), name_of(task)]

    async def availability(self) -> dict[str, Availability]:
        told = (await self.ask(["qstat", "-g", "c"])).stdout.splitlines()
        waiting = (await self.ask(["qstat", "-u", "*", "-s", "p"])).stdout.splitlines()[2:]
        slots = {}
        for line in told[2:]:
            # CLUSTER QUEUE, CQLOAD, USED, RES, AVAIL, TOTAL, aoACDS, cdsuE
            name, _, _, _, free, total, *_ = line.split()
            slots[name] = (int(free), int(total))
        return {
            name: Availability(*slots[queue.partition], "slots", len(waiting))
            for name, queue in self.queues.items()
            if queue.partition in slots
        }

    async def problems(self, queue: Queue) -> list[str]:
        found = []
        known = (await self.ask(["qconf", "-sql"])).stdout.split()
        if queue.partition and queue.partition not in known:
            found.append(f"there is no queue {queue.partition}, only {', '.join(known)}")
        if queue.account:
            projects = (await self.ask(["qconf", "-sprjl"], check=False)).stdout.split()
            if queue.account not in projects:
                found.append(f"there is no project {queue.account}")
        return found


def _entries(told: ET.Element) -> Iterator[Entry]:
    """One entry a job, and one a share of an array."""

    def text(tag: str) -> str:
        return (told.findtext(tag) or "").strip()

    state = text("state")
    unknown = (Phase.RUNNING, None, None)
    phase, reason, message = next(
        (meaning for letter, meaning in STATES.items() if letter in state), unknown
    )
    node = text("queue_name").partition("@")[2]
    for share in _shares(text("tasks")):
        yield Entry(
            text("JB_job_number"),
            text("JB_name"),
            phase,
            reason=reason,
            message=message,
            share=share,
            details={"nodes": node} if node else {},
        )


def _shares(told: str) -> list[int | None]:
    """The numbers in such as "1-7:2,9"; [None] for a job that is no array."""
    if not told:
        return [None]
    numbers: list[int | None] = []
    for part in told.split(","):
        limits, _, step = part.partition(":")
        first, _, last = limits.partition("-")
        numbers += range(int(first), int(last or first) + 1, int(step or 1))
    return numbers


def _accounted(printed: str) -> list[Entry]:
    """The records that qacct prints, with lines of names and values between rules."""
    found = []
    for block in re.split(r"^=+\s*$", printed, flags=re.MULTILINE):
        told = dict(line.split(None, 1) for line in block.splitlines() if len(line.split()) > 1)
        if "jobnumber" not in told:
            continue
        code = int(told.get("exit_status", "0").split()[0])
        failed = told.get("failed", "0").split()[0]
        reason = _at_a_limit(told) if failed == _AT_A_LIMIT else FAILURES.get(failed)
        if reason is None:
            reason = Reason.COMPLETED if code == 0 and failed == "0" else Reason.EXIT_CODE
        share = told.get("taskid", "undefined").strip()
        found.append(
            Entry(
                told["jobnumber"].strip(),
                told.get("jobname", "").strip(),
                Phase.ENDED,
                exit_code=code,
                reason=reason,
                share=int(share) if share.isdigit() else None,
            )
        )
    return found


def _at_a_limit(told: Mapping[str, str]) -> Reason:
    """Which of its limits a job has reached: what it asked for is told, and what it took."""
    asked = re.search(r"\bh_vmem=(\w+)", told.get("category", ""))
    if asked is None:
        return Reason.TIMEOUT
    # the limit is that of a slot
    limit = _bytes(asked.group(1)) * int(told.get("slots", "1"))
    return Reason.OUT_OF_MEMORY if _bytes(told.get("maxvmem", "")) > limit else Reason.TIMEOUT


def _bytes(told: str) -> float:
    found = _BYTES.match(told.strip())
    return float(found[1]) * _UNITS[found[2]] if found else 0.0
