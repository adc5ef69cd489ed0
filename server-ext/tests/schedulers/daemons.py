"""Starting and ending the daemons of a scheduler without a service manager."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path


def free_ports(count: int) -> list[int]:
    """Ports of the loopback interface that nobody uses."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def until(true: Callable[[], object], seconds: float = 30, what: str = "") -> None:
    """Wait until `true` answers so."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what or true}"
        time.sleep(0.05)


def run(
    command: Sequence[str], env: Mapping[str, str] | None = None, check: bool = True, text: str = ""
) -> str:
    """What `command` prints."""
    done = subprocess.run(
        command, env={**os.environ, **(env or {})}, input=text, capture_output=True, text=True
    )
    assert not check or done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def end(*pid_files: Path, how: signal.Signals = signal.SIGTERM) -> None:
    """End the daemons that wrote `pid_files`, and wait until they are gone."""
    pids = {int(file.read_text()) for file in pid_files if file.exists() and file.stat().st_size}
    for pid in pids:
        _send(pid, how)
    until(lambda: not any(_send(pid, 0) for pid in pids), 30, f"the end of {pids}")


def _send(pid: int, how: int) -> bool:
    try:
        os.kill(pid, how)
    except ProcessLookupError:
        return False
    return True
