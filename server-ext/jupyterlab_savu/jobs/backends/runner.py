"""Runs the command of a job on a compute node, and notes how it ended.

A copy of this file goes into each run folder and is started there by the scheduler's script as
``python3 job/runner.py ID PART``, with ``PART`` one of run, prepare, share and join. It needs
Python 3.7 and nothing else. What the command is, it reads from ``job/task.json``.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

TASK = "task.json"
OUTPUT = "output.log"
EXIT = "exit.json"
CLAIM = "claimed"

#: Where the number of a share is told.
_SHARE = ("SLURM_ARRAY_TASK_ID", "SGE_TASK_ID")
#: Where a scheduler tells its number of the job.
_NUMBER = ("SLURM_ARRAY_JOB_ID", "SLURM_JOB_ID", "JOB_ID")
#: As a shell reports a command that cannot be run.
_CANNOT_RUN = 126


def share_file(share: int, name: str) -> str:
    """The name of a file of one share."""
    return f"share-{share}.{name}"


def main(folder: Path, job_id: str, part: str) -> int:
    task = json.loads((folder / TASK).read_text("utf-8"))
    if task["id"] != job_id:
        sys.exit(f"this folder belongs to job {task['id']}")
    command, names = _part(task, part)
    number = _told(_NUMBER) or "0"
    if not _claim(folder / names[CLAIM], number):
        sys.exit("another copy of this job runs already")
    return _run(command, folder / names[OUTPUT], folder / names[EXIT], number)


def _part(task: dict[str, Any], part: str) -> tuple[list[str], dict[str, str]]:
    """The command of a part of the job, and the names of its files."""
    names = {name: name for name in (CLAIM, OUTPUT, EXIT)}
    if part in ("prepare", "share"):
        share = int(_told(_SHARE) or "0") if part == "share" else 0
        names = {name: share_file(share, name) for name in names}
        return [*task["command"], "--share", f"{share}/{task['shares']}"], names
    if part == "join":
        return [*task["command"], "--join"], names
    return task["command"], names


def has_succeeded(note: Path) -> bool:
    """Whether a part of the job has noted its good end."""
    try:
        return bool(json.loads(note.read_text("utf-8"))["exit_code"] == 0)
    except (OSError, ValueError):
        return False


def _told(variables: Sequence[str]) -> str | None:
    return next((os.environ[name] for name in variables if name in os.environ), None)


def _claim(path: Path, number: str) -> bool:
    """Whether this copy may run; one that the scheduler itself starts again may."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(number)
    except FileExistsError:
        return path.read_text("utf-8") == number
    return True


def _run(command: list[str], output: Path, note: Path, number: str) -> int:
    started = time.time()
    try:
        with output.open("ab") as file:
            engine = subprocess.Popen(  # noqa: S603 - an argument list, never a shell
                command,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
    except OSError as error:
        _note(note, {"exit_code": _CANNOT_RUN, "message": str(error), "number": number})
        return _CANNOT_RUN
    # a scheduler asks politely first: that goes on to the engine, and its end is noted
    for polite in (signal.SIGTERM, signal.SIGUSR1, signal.SIGUSR2):
        signal.signal(polite, lambda *_: _signal_all(engine.pid, signal.SIGTERM))
    code = engine.wait()
    # what it has left behind would keep the node
    _signal_all(engine.pid, signal.SIGKILL)
    code = 128 - code if code < 0 else code
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    _note(
        note,
        {
            "exit_code": code,
            "number": number,
            "node": socket.gethostname(),
            "started": started,
            "ended": time.time(),
            "cpu_seconds": used.ru_utime + used.ru_stime,
            "memory_used": used.ru_maxrss * 1024,
        },
    )
    return code


def _signal_all(group: int, how: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, how)


def _note(path: Path, told: dict[str, Any]) -> None:
    draft = path.with_suffix(".tmp")
    with draft.open("w", encoding="utf-8") as file:
        json.dump(told, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parent, sys.argv[1], sys.argv[2]))
