"""A real PostgreSQL, in a folder and behind a socket of its own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

#: PostgreSQL refuses to run as root.
_USER = "nobody"


@contextmanager
def postgresql_server(folder: Path) -> Iterator[str]:
    """Run a server while the block does, and give the URL of a database in it."""
    # the path of a socket has at most some 100 characters
    with tempfile.TemporaryDirectory(prefix="pg") as short:
        data = Path(short) / "data"
        as_user: list[str] = []
        if os.geteuid() == 0:
            shutil.chown(short, _USER)
            as_user = ["setpriv", f"--reuid={_USER}", "--regid=nogroup", "--clear-groups"]
        initdb = [*as_user, _program("initdb"), "-D", str(data), "-U", "savu", "-A", "trust"]
        subprocess.run([*initdb, "-N", "-E", "UTF8"], check=True, cwd="/", capture_output=True)
        log = (folder / "postgresql.log").open("wb")
        server = subprocess.Popen(
            [*as_user, _program("postgres"), "-D", str(data), "-k", short, "-h", "", "-F"],
            cwd="/",
            stdout=log,
            stderr=log,
        )
        try:
            path = Path(short) / ".s.PGSQL.5432"
            _wait_for(path, server)
            yield f"postgresql+pg8000://savu@/postgres?unix_sock={path}"
        finally:
            # asked to end quickly, it does not wait for clients
            server.send_signal(signal.SIGINT)
            server.wait(30)
            log.close()


def _program(name: str) -> str:
    """Debian keeps them out of the path."""
    beside = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = shutil.which(name) or (str(beside[-1]) if beside else None)
    assert found, f"there is no {name}: install PostgreSQL"
    return found


def _wait_for(path: Path, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while True:
        with suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.connect(str(path))
            return
        assert server.poll() is None, "PostgreSQL does not start"
        assert time.monotonic() < deadline
        time.sleep(0.05)
