"""Telling a process from a later one with the same number, also on another machine."""

from __future__ import annotations

import socket
import sys
from pathlib import Path
from typing import Any

import psutil

#: The start of a process is told relative to a clock that may be set meanwhile.
_CLOCK_TOLERANCE = 30.0


def told(process: psutil.Process) -> dict[str, Any]:
    """What identifies a process on this machine, as plain data."""
    return {"pid": process.pid, "created": process.create_time()}


def is_alive(told: dict[str, Any]) -> bool:
    """Whether the process still runs, and its number has not gone to another one."""
    try:
        process = psutil.Process(told["pid"])
        same = abs(process.create_time() - told["created"]) < _CLOCK_TOLERANCE
        return same and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def machine() -> str:
    """Where numbers of processes mean the same: this start of this machine or container."""
    parts = [socket.gethostname()]
    if sys.platform == "linux":
        parts += [
            Path("/proc/sys/kernel/random/boot_id").read_text().strip(),
            str(Path("/proc/self/ns/pid").readlink()),
        ]
    return "/".join(parts)
