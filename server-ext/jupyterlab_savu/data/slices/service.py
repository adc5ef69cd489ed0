"""Slices for the server: which process reads them, into which memory, and for how long."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from jupyterlab_savu.data.files import FileService
from jupyterlab_savu.data.slices.link import Link, Told
from jupyterlab_savu.data.slices.memory import SharedMemory
from jupyterlab_savu.data.slices.planes import Plane
from jupyterlab_savu.faults import Fault

Value = TypeVar("Value")

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
        files: finds the files.
        slot: bytes of the largest answer.
        slots: answers at once; more requests wait.
        kept: bytes of neighbouring slices that are kept.
        seconds: that one answer may take.
    """

    def __init__(
        self, files: FileService, *, slot: int, slots: int, kept: int, seconds: float
    ) -> None:
        self._files = files
        self._slot = slot
        self._seconds = seconds
        self._free: asyncio.Queue[int] = asyncio.Queue()
        for number in range(slots):
            self._free.put_nowait(number)
        self._memory = SharedMemory(slot * slots)
        arguments = [self._memory.argument, str(slot), str(slots), str(kept)]
        roots = json.dumps(files.roots.to_json())
        self._fast, self._plain = (
            Link([kind, *arguments], roots, self._memory.descriptors) for kind in ("fast", "plain")
        )
        # disks that do not answer, and processes that start, hold up nothing else
        self._threads = ThreadPoolExecutor(4, "slices")
        self._answering: set[asyncio.Task[Any]] = set()

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
        located = await self._in_thread(self._files.locate_file, asked.root, asked.file)
        slot = await self._free.get()
        request = {
            "file": str(located.path),
            "path": asked.path,
            "at": asked.plane.at,
            "walk": asked.plane.walk,
            "region": asked.region,
            "step": asked.step,
            "slot": slot,
            **asked.more,
        }
        # the slot is free only when no process writes into it, however soon the client is gone
        task = asyncio.create_task(self._ask(request))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)
        try:
            told = await asyncio.shield(task)
            start = slot * self._slot
            yield Answer(told, self._memory.view[start : start + told.get("size", 0)])
        finally:
            if task.done():
                self._free.put_nowait(slot)
            else:
                task.cancel()
                task.add_done_callback(lambda _: self._free.put_nowait(slot))

    async def _ask(self, request: Told) -> Told:
        told = await self._ask_one(self._fast, request)
        if "not_readable" in told:
            told = await self._ask_one(self._plain, request)
        if "fault" in told:
            raise Fault.from_json(told["fault"])
        if "value" not in told:
            raise RuntimeError(f"in a process that reads slices: {told}")
        value: Told = told["value"]
        return value

    async def _ask_one(self, link: Link, request: Told) -> Told:
        future, cancel = await self._in_thread(link.ask, request)
        answer = asyncio.wrap_future(future)
        try:
            return await asyncio.wait_for(asyncio.shield(answer), self._seconds)
        except asyncio.CancelledError:
            cancel()
            await self._leave(link, answer)
            raise
        except asyncio.TimeoutError:
            cancel()
            await self._leave(link, answer)
            raise Fault(
                f"Reading took longer than {self._seconds:g} seconds and was stopped. "
                "Ask for a region, or try again when the disk is less busy.",
                status=504,
                reason="timeout",
            ) from None

    async def _in_thread(self, function: Callable[..., Value], *arguments: Any) -> Value:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, function, *arguments)

    async def _leave(self, link: Link, answer: asyncio.Future[Told]) -> None:
        """Wait until the process is done with the request, or end it."""
        _, pending = await asyncio.wait([answer], timeout=_GRACE)
        if pending:
            link.restart()
            await asyncio.wait([answer])
        if not answer.cancelled():
            answer.exception()
