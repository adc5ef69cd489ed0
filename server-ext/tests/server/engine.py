"""Stands in for an engine where one must misbehave, or wait until a test lets it go on.

``python engine.py MODE DATA LIST OUT -f NAME``.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

EMBEDDED = [sys.executable, "-m", "savu_embedded"]


def main(mode: str, arguments: list[str]) -> None:
    if "--capabilities" in arguments:
        plugins = ("NxtomoLoader", "DarkFlatFieldCorrection", "AstraReconCpu")
        print(json.dumps({"version": None, "plugins": {name: {} for name in plugins}}))
        return
    folder = Path(arguments[2]) / arguments[4]
    if mode == "held":
        while not (Path(arguments[2]) / "go").exists():
            if (folder / "killsignal").exists():
                sys.exit(3)
            time.sleep(0.05)
        os.execv(sys.executable, [*EMBEDDED, *arguments])
    elif mode == "partial":
        part = arguments[5:]
        with (folder / "begun").open("a") as begun:
            begun.write(f"{' '.join(part)}\n")
        if part == ["--share", "3/4"] and not (folder / "mended").exists():
            sys.exit(9)
        os.execv(sys.executable, [*EMBEDDED, *arguments])
    elif mode == "deaf":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        while True:
            time.sleep(3600)
    elif mode == "crashing":
        print("reading the scan", flush=True)
        raise ValueError("the detector was upside down")
    elif mode == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    elif mode == "silent":
        sys.exit(0)
    elif mode == "stopping":
        if "--checkpoint" in arguments:
            os.execv(sys.executable, [*EMBEDDED, *arguments])
        # as by one who stops it once there is something to go on with
        engine = subprocess.Popen([*EMBEDDED, *arguments, "--block", "2"])
        while engine.poll() is None and not (folder / "checkpoint").is_dir():
            time.sleep(0.01)
        (folder / "killsignal").touch()
        sys.exit(engine.wait())
    elif mode == "full-disk":
        import resource

        # as on a full disk, writing fails: here beyond so many bytes of a file
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
        os.execv(sys.executable, [*EMBEDDED, *arguments])


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
