"""One process of Savu's interpreter, kept warm; `savu_side` is what runs in it."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import threading
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from jupyterlab_savu.faults import Fault

#: What runs in Savu's interpreter.
SCRIPT = Path(__file__).with_name("savu_side.py")
#: Variables of this interpreter that must not reach another one.
_OURS = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PYTHONSTARTUP")
_LAST_LINES = 20


class SavuError(Exception):
    """What Savu raised in a call; the process goes on."""


class _Ended(Exception):  # noqa: N818 - says what happened
    """The process ended inside a call."""


class SavuProcess:
    """Calls into a Savu, one after the other, from any thread; each blocks.

    The process starts with the first call, and again after it died or was too slow.
    """

    def __init__(self, name: str, command: Sequence[str], *, seconds: float) -> None:
        self._name = name
        self._command = tuple(command)
        self._seconds = seconds
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._process: subprocess.Popen[str] | None = None
        self._last_lines: deque[str] = deque(maxlen=_LAST_LINES)
        self._closed = False

    def call(self, call: str, /, *, limit: float | None = None, **arguments: Any) -> Any:
        """What the function `call` of the script answers, within `limit` seconds.

        All calls can be repeated, so one in which the process dies is tried once more.

        Raises:
            SavuError: what Savu raised.
            Fault: 503 when the interpreter does not start, ends or is no Savu, 504 when it
                takes too long.
        """
        limit = self._seconds if limit is None else limit
        with self._lock:
            try:
                return self._ask(call, arguments, limit)
            except _Ended:
                pass
            try:
                return self._ask(call, arguments, limit)
            except _Ended:
                raise self._fault(f"it ended: {self._last_words()}") from None

    def close(self) -> None:
        """End the process, also inside a call, and start none any more."""
        self._closed = True
        self._end()

    def _ask(self, call: str, arguments: dict[str, Any], seconds: float) -> Any:
        process = self._started()
        number = next(self._numbers)
        late = threading.Event()

        def stop() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            answer = _exchange(process, {"id": number, "call": call, "arguments": arguments})
        finally:
            timer.cancel()
        if late.is_set():
            self._end()
            raise Fault(
                f"Savu {self._name!r} did not answer within {seconds:g} seconds and was stopped. "
                "Try again; it starts anew.",
                status=504,
                reason="timeout",
            )
        if answer is None or answer.get("id") != number:
            self._end()
            raise _Ended
        if "error" in answer:
            raise SavuError(str(answer["error"]))
        return answer["value"]

    def _started(self) -> subprocess.Popen[str]:
        if self._closed:
            raise self._fault("the server is shutting down")
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._end()
        self._last_lines.clear()
        environment = {name: value for name, value in os.environ.items() if name not in _OURS}
        try:
            self._process = subprocess.Popen(  # noqa: S603 - the command comes from the configuration
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment,
                encoding="utf-8",
                errors="replace",
            )
        except OSError as error:
            raise self._fault(f"{self._command[0]}: {error.strerror or error}") from None
        threading.Thread(
            target=self._listen, args=(self._process.stderr,), name="savu-errors", daemon=True
        ).start()
        return self._process

    def _listen(self, errors: IO[str]) -> None:
        with suppress(OSError, ValueError):
            self._last_lines.extend(line.rstrip() for line in errors if line.strip())

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(OSError):
            process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()

    def _last_words(self) -> str:
        return self._last_lines[-1] if self._last_lines else "without a word"

    def _fault(self, why: str) -> Fault:
        return Fault(
            f"Savu {self._name!r} does not start: {why}. "
            "The person who set up this server can mend it; without it, choose another Savu.",
            status=503,
            reason="savu",
        )


def _exchange(process: subprocess.Popen[str], request: dict[str, Any]) -> dict[str, Any] | None:
    """The answer; None when the process ended, or said something else."""
    if process.stdin is None or process.stdout is None:
        return None
    try:
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline())
    except (OSError, ValueError):
        return None
    return answer if isinstance(answer, dict) else None
