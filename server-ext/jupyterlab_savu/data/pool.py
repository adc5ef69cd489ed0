"""The worker processes, seen from the server."""

from __future__ import annotations

import logging
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, BinaryIO, cast

from jupyterlab_savu.data.frames import Frame, read_frame, write_frame
from jupyterlab_savu.faults import Fault

log = logging.getLogger(__name__)


class WorkerDied(Exception):  # noqa: N818 - says what is wrong by itself
    """The process ended inside a call."""


class Worker:
    """One process, which answers one call at a time."""

    def __init__(self, memory: int) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - no part of it comes from a user
            [sys.executable, "-m", "jupyterlab_savu.data.worker", str(memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._requests = cast(BinaryIO, self._process.stdin)
        self._answers = cast(BinaryIO, self._process.stdout)

    def call(self, frame: Frame, seconds: float) -> Frame:
        """The answer to `frame`; a process that takes longer than `seconds` is ended.

        Raises:
            TimeoutError: after `seconds`.
            WorkerDied: when the process ended by itself.
        """
        late = threading.Event()

        def stop() -> None:
            late.set()
            self._process.kill()

        timer = threading.Timer(seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            write_frame(self._requests, frame)
            answer = read_frame(self._answers)
        except (OSError, EOFError, ValueError):
            answer = None
        finally:
            timer.cancel()
        if answer is not None:
            return answer
        self.close()
        if late.is_set():
            raise TimeoutError
        raise WorkerDied

    def close(self) -> None:
        with suppress(OSError):
            self._process.kill()
        self._process.wait()
        for stream in (self._requests, self._answers):
            with suppress(OSError):
                stream.close()


class WorkerPool:
    """Workers in named lanes, so that a slow search delays no slice.

    A worker starts when it is first needed. Calls come from any thread, and block it.
    """

    def __init__(self, lanes: Mapping[str, int], *, seconds: float, memory: int) -> None:
        self._seconds = seconds
        self._memory = memory
        self._closed = False
        self._idle: dict[str, queue.LifoQueue[Worker | None]] = {}
        for name, size in lanes.items():
            self._idle[name] = queue.LifoQueue()
            for _ in range(size):
                self._idle[name].put(None)

    def call(self, lane: str, operation: str, /, **arguments: Any) -> Any:
        """The value that `operation` answers, or its frame when it answers bytes.

        Raises:
            Fault: of the operation; 503 when no worker got free in time, 504 when the call took
                too long, 500 when the worker crashed.
        """
        try:
            worker = self._idle[lane].get(timeout=self._seconds)
        except queue.Empty:
            raise Fault(
                "The server is busy reading other files. Try again in a moment.",
                status=503,
                reason="busy",
            ) from None
        kept: Worker | None = None
        try:
            if self._closed:
                raise Fault("The server is shutting down.", status=503, reason="busy")
            kept = worker or Worker(self._memory)
            answer = kept.call(
                Frame({"operation": operation, "arguments": arguments}), self._seconds
            )
        except TimeoutError:
            kept = None
            raise Fault(
                f"Reading took longer than {self._seconds:g} seconds and was stopped. "
                "Ask for less at once, or try again when the disk is less busy.",
                status=504,
                reason="timeout",
            ) from None
        except WorkerDied:
            kept = None
            log.error("a worker process died in %s %s", operation, arguments)
            raise Fault(
                "The process that was reading this file crashed; the file may be damaged.",
                status=500,
                reason="crashed",
            ) from None
        finally:
            self._idle[lane].put(kept)
        if "fault" in answer.header:
            raise Fault.from_json(answer.header["fault"])
        if "error" in answer.header:
            raise RuntimeError(f"in a worker process: {answer.header['error']}")
        return answer.header.get("value", answer)

    def close(self) -> None:
        """End all workers; those inside a call end after it."""
        self._closed = True
        for idle in self._idle.values():
            for _ in range(idle.qsize()):
                with suppress(queue.Empty):
                    worker = idle.get_nowait()
                    if worker is not None:
                        worker.close()
                    idle.put(None)
