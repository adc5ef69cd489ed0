"""Slices for the server: which process reads them, into which memory, and for how long."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass

from jupyterlab_savu.data.roots import Roots
from jupyterlab_savu.data.slices.link import Link, Reading, Told
from jupyterlab_savu.data.slices.memory import SharedMemory
from jupyterlab_savu.data.slices.planes import Plane
from jupyterlab_savu.faults import Fault

#: Seconds that a process has to notice that nobody waits.
_GRACE = 5.0


@dataclass(frozen=True)
class Asked:
    """What is asked of a window of a plane; `operation` and its own arguments are in `more`."""

    root: str
    file: str
    path: str
    plane: Plane
    region: tuple[int, int, int, int] | None
    step: int
    more: Told


@dataclass(frozen=True)
class Answer:
    """What is told of it, and the values, which are only there while the answer is open."""

    told: Told
    values: memoryview


class SliceService:
    """Two processes share memory with the server, `slots` answers of `slot` bytes at once.

    Args:
        roots: where the files are.
        slot: bytes of the largest answer.
        slots: answers at once; more requests wait.
        kept: bytes of neighbouring slices that are kept.
        seconds: that one answer may take.
    """

    def __init__(self, roots: Roots, *, slot: int, slots: int, kept: int, seconds: float) -> None:
        self._slot = slot
        self._seconds = seconds
        # the slot that was used last is still in the caches of the processor
        self._free: asyncio.LifoQueue[int] = asyncio.LifoQueue()
        for number in range(slots):
            self._free.put_nowait(number)
        self._memory = SharedMemory(slot * slots)
        arguments = [self._memory.argument, str(slot), str(slots), str(kept)]
        hello = json.dumps(roots.to_json())
        self._fast, self._plain = (
            Link([kind, *arguments], hello, self._memory.descriptors) for kind in ("fast", "plain")
        )
        # a process that starts holds up nothing else
        self._threads = ThreadPoolExecutor(2, "slices")
        self._leaving: set[asyncio.Task[None]] = set()

    def close(self) -> None:
        """End both processes."""
        self._fast.close()
        self._plain.close()
        self._memory.close()
        self._threads.shutdown(wait=False)

    @asynccontextmanager
    async def answer(self, asked: Asked) -> AsyncIterator[Answer]:
        """The answer, whose values are overwritten when it is left.

        Raises:
            Fault: when there is none.
        """
        slot = await self._free.get()
        request = {
            "root": asked.root,
            "file": asked.file,
            "path": asked.path,
            "at": asked.plane.at,
            "walk": asked.plane.walk,
            "region": asked.region,
            "step": asked.step,
            "slot": slot,
            **asked.more,
        }
        reading: Reading | None = None
        try:
            for link in (self._fast, self._plain):
                await self._wake(link)
                reading = link.ask(request)
                told = await self._told(reading)
                if "not_readable" not in told:
                    break
            value = _value(told)
            start = slot * self._slot
            yield Answer(value, self._memory.view[start : start + value.get("size", 0)])
        finally:
            # the slot is free only when no process writes into it, however soon the client is gone
            if reading is None or reading.answer.done():
                self._free.put_nowait(slot)
            else:
                leaving = asyncio.create_task(self._leave(reading, slot))
                self._leaving.add(leaving)
                leaving.add_done_callback(self._leaving.discard)

    async def _wake(self, link: Link) -> None:
        if not link.awake:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._threads, link.wake)

    async def _told(self, reading: Reading) -> Told:
        """What the process tells.

        Raises:
            Fault: 504, when it takes too long.
        """
        answer = asyncio.wrap_future(reading.answer)
        done, _ = await asyncio.wait([answer], timeout=self._seconds)
        if not done:
            raise Fault(
                f"Reading took longer than {self._seconds:g} seconds and was stopped. "
                "Ask for a region, or try again when the disk is less busy.",
                status=504,
                reason="timeout",
            )
        return answer.result()

    async def _leave(self, reading: Reading, slot: int) -> None:
        """Wait until the process is done with what nobody waits for, or end it."""
        reading.cancel()
        answer = asyncio.wrap_future(reading.answer)
        done, _ = await asyncio.wait([answer], timeout=_GRACE)
        if not done:
            reading.restart()
            await asyncio.wait([answer])
        answer.exception()
        self._free.put_nowait(slot)


def _value(told: Told) -> Told:
    if "fault" in told:
        raise Fault.from_json(told["fault"])
    if "value" not in told:
        raise RuntimeError(f"in a process that reads slices: {told}")
    value: Told = told["value"]
    return value
