"""Starts an engine, waits for it, and notes how it ended.

Run as ``python -m jupyterlab_savu.jobs.backends.supervisor FOLDER COMMAND…``. It outlives the
Jupyter server, so that the end of a run is noted in any case, in files of FOLDER that appear in
one step, and whose room on the disk has been taken before by `reserve`: the disk may be full when
the run ends. A second supervisor for the same folder does nothing.
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
    folder, command = Path(arguments[0]), arguments[1:]
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
    exit_code = engine.wait()
    _sweep(engine.pid)
    _note(folder / EXIT, {"exit_code": exit_code, "ended": time.time()})


def _sweep(group: int) -> None:
    """End what a killed engine has left behind."""
    if os.name == "posix":
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


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
