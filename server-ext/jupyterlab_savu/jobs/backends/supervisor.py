"""Starts an engine, waits for it, and notes how it ended.

Run as ``python -m jupyterlab_savu.jobs.backends.supervisor FOLDER MEMORY MINUTES COMMAND…``: the
engine is ended when its processes together take more than MEMORY MiB, or after MINUTES; 0 sets no
limit. The supervisor outlives the Jupyter server, so that the end of a run is noted in any case,
in files of FOLDER that appear in one step, and whose room on the disk has been taken before by
`reserve`: the disk may be full when the run ends. A second supervisor for the same folder does
nothing.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from jupyterlab_savu.jobs.processes import told

CLAIM = "claimed"
PROCESSES = "processes.json"
EXIT = "exit.json"
OUTPUT = "output.log"

#: As a shell reports a command that cannot be run.
_CANNOT_RUN = 126
#: Seconds between two looks at what the engine takes.
_LOOK = 0.5
#: Bytes that are reserved for a note; blanks fill what is not needed.
_NOTE_SIZE = 1024


def detached() -> dict[str, Any]:
    """Arguments for a process that gets no signals of its parent's terminal or group."""
    if os.name == "posix":
        return {"start_new_session": True}
    flags = ("CREATE_NEW_PROCESS_GROUP", "CREATE_NO_WINDOW")
    return {"creationflags": sum(getattr(subprocess, flag, 0) for flag in flags)}


def reserve(folder: Path) -> None:
    """Take the room for all notes; no effect on what has been noted.

    Raises:
        OSError: the disk has no room for them.
    """
    for name in (PROCESSES, EXIT):
        with _draft(folder / name).open("ab") as file:
            file.write(b" " * (_NOTE_SIZE - file.tell()))
            file.flush()
            os.fsync(file.fileno())


def main(arguments: list[str]) -> None:
    folder, memory, minutes = Path(arguments[0]), int(arguments[1]), int(arguments[2])
    command = arguments[3:]
    try:
        (folder / CLAIM).open("x").close()
    except FileExistsError:
        return
    try:
        with (folder / OUTPUT).open("ab") as output:
            engine = subprocess.Popen(  # noqa: S603 - an argument list, never a shell
                command,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                **detached(),
            )
    except OSError as error:
        _note(folder / EXIT, {"exit_code": _CANNOT_RUN, "message": str(error)})
        return
    _note(
        folder / PROCESSES,
        {"supervisor": told(psutil.Process()), "engine": told(psutil.Process(engine.pid))},
    )
    seen = _watch(engine, memory, minutes)
    exit_code = engine.wait()
    end_group(engine.pid, force=True)
    _note(folder / EXIT, {"exit_code": exit_code, "ended": time.time(), **seen})


def _watch(engine: subprocess.Popen[bytes], memory: int, minutes: int) -> dict[str, Any]:
    """Wait for the engine, and end it at a limit; answers which one that was, if any, and the
    most memory that was seen in use."""
    started = time.monotonic()
    most = _memory_of(engine.pid)
    told: dict[str, Any] = {}
    while not told:
        with suppress(subprocess.TimeoutExpired):
            engine.wait(_LOOK)
            break
        used = _memory_of(engine.pid)
        most = max(most, used)
        told = _beyond(used, memory, time.monotonic() - started, minutes)
    if told:
        end_group(engine.pid, force=True)
    return {**told, "memory_used": most}


def _beyond(used: int, memory: int, seconds: float, minutes: int) -> dict[str, Any]:
    """The limit that has been reached, if any."""
    if memory and used > memory * 2**20:
        told = f"The processes took {used / 2**20:.0f} MiB; at most {memory} MiB were asked for."
        return {"reason": "OUT_OF_MEMORY", "message": told}
    if minutes and seconds > minutes * 60:
        told = f"The job ran longer than the {minutes} minutes that were asked for."
        return {"reason": "TIMEOUT", "message": told}
    return {}


def _memory_of(pid: int) -> int:
    """Bytes that a process and those below it have for themselves; what they share is left out."""
    total = 0
    with suppress(psutil.Error):
        engine = psutil.Process(pid)
        for process in [engine, *engine.children(recursive=True)]:
            with suppress(psutil.Error):
                total += process.memory_full_info().uss
    return total


def end_group(pid: int, force: bool) -> None:
    """Ask the engine and the processes below it to end, or with `force` end them."""
    if os.name == "posix":
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL if force else signal.SIGTERM)
        return
    with suppress(psutil.Error):
        engine = psutil.Process(pid)
        for process in [*engine.children(recursive=True), engine]:
            with suppress(psutil.Error):
                process.kill() if force else process.terminate()


def _note(path: Path, content: dict[str, Any]) -> None:
    draft = _draft(path)
    # in place: opened in the usual way, the file would give its room back
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT, 0o666), "wb") as file:
        file.write(json.dumps(content).ljust(_NOTE_SIZE).encode())
    draft.replace(path)


def _draft(path: Path) -> Path:
    return path.with_suffix(".tmp")


if __name__ == "__main__":
    main(sys.argv[1:])
