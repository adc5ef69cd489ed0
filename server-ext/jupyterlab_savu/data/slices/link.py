"""The server's end of a process that reads slices."""

from __future__ import annotations

import itertools
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from jupyterlab_savu.faults import Fault

log = logging.getLogger(__name__)

Told = dict[str, Any]


@dataclass(frozen=True)
class Reading:
    """The answer to come, how to say that nobody waits for it, and how to end who does not hear."""

    answer: Future[Told]
    cancel: Callable[[], None]
    restart: Callable[[], None]


class Link:
    """A process which is started when it is first needed, and again when it has died.

    `hello` is the first line that it reads, `descriptors` are files that it inherits. May be used
    from any thread.
    """

    def __init__(self, arguments: list[str], hello: str, descriptors: tuple[int, ...] = ()) -> None:
        self._arguments = arguments
        self._hello = hello
        self._descriptors = descriptors
        self._numbers = itertools.count(1)
        self._waiting: dict[int, Future[Told]] = {}
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()
        self._closed = False

    @property
    def awake(self) -> bool:
        """Whether the process runs, so that asking it does not block."""
        return self._process is not None

    def wake(self) -> None:
        """Start the process if there is none."""
        with self._lock:
            self._running()

    def ask(self, request: Told) -> Reading:
        """Ask the process; requests on the way must be few enough to fit into a pipe."""
        number = next(self._numbers)
        answer: Future[Told] = Future()
        with self._lock:
            process = self._running()
            self._waiting[number] = answer
            self._write(process, {"id": number, **request})
        return Reading(answer, partial(self._cancel, process, number), self.restart)

    def restart(self) -> None:
        """End the process, which does not answer; the next request starts another."""
        with self._lock:
            if self._process is not None:
                self._process.kill()

    def close(self) -> None:
        with self._lock:
            self._closed = True
            process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

    def _running(self) -> subprocess.Popen[str]:
        if self._closed:
            raise Fault("The server is shutting down.", status=503, reason="busy")
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(  # noqa: S603 - no part of it comes from a user
                [sys.executable, "-m", "jupyterlab_savu.data.slices.process", *self._arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                bufsize=1,
                pass_fds=self._descriptors,
            )
            self._write_line(self._process, self._hello)
            threading.Thread(target=self._listen, args=(self._process,), daemon=True).start()
        return self._process

    def _listen(self, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            told = json.loads(line)
            answer = self._waiting.pop(told["id"], None)
            if answer is not None:
                answer.set_result(told)
        process.wait()
        with self._lock:
            # requests to its successor are not this one's to fail
            if self._process is process or self._process is None:
                self._process = None
                lost, self._waiting = self._waiting, {}
            else:
                lost = {}
        if lost:
            log.error("the process that reads slices died (%s)", process.returncode)
        for answer in lost.values():
            answer.set_exception(
                Fault(
                    "The process that was reading this file crashed; the file may be damaged, or "
                    "have become shorter. Try again.",
                    status=500,
                    reason="crashed",
                )
            )
        for stream in (process.stdin, process.stdout):
            with suppress(OSError):
                if stream is not None:
                    stream.close()

    def _cancel(self, process: subprocess.Popen[str], number: int) -> None:
        with self._lock:
            if number in self._waiting:
                self._write(process, {"cancel": number})

    def _write(self, process: subprocess.Popen[str], message: Told) -> None:
        self._write_line(process, json.dumps(message))

    def _write_line(self, process: subprocess.Popen[str], line: str) -> None:
        # a process that has just died is noticed by who listens to it
        with suppress(OSError, ValueError):
            if process.stdin is not None:
                process.stdin.write(line + "\n")
                process.stdin.flush()
