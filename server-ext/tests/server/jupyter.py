"""A real Jupyter server with the extension, in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

ENGINE = Path(__file__).parent / "engine.py"
TOKEN = "a-token-that-must-not-leak"

#: Engines that misbehave, beside the embedded one; see engine.py.
ENGINES: dict[str, list[str]] = {
    "embedded": [sys.executable, "-m", "savu_embedded"],
    **{
        mode: [sys.executable, str(ENGINE), mode]
        for mode in ("held", "deaf", "crashing", "killed", "silent", "full-disk", "stopping")
    },
    "absent": ["/there/is/no/such/engine"],
}
QUEUES: list[dict[str, Any]] = [
    {"name": "preview", "restrict_rows": 8, "slots": 2},
    {"name": "full", "slots": 1},
    *({"name": name, "engine": name} for name in ENGINES if name != "embedded"),
]

#: Nothing else that this machine has takes part.
EXTENSIONS = {
    "jupyterlab_savu": True,
    "jupyterlab": False,
    "jupyter_lsp": False,
    "jupyter_server_terminals": False,
    "notebook": False,
    "notebook_shim": False,
}

_CONFIGURATION = """
import json
c = get_config()
for name, value in json.loads({settings!r}).items():
    section, trait = name.split(".")
    setattr(c[section], trait, value)
"""


@dataclass
class Jupyter:
    """Start with `start`, end with `stop`; the files stay, so that it can start again."""

    home: Path
    settings: dict[str, Any] = field(default_factory=dict)
    extra: str = ""
    process: subprocess.Popen[bytes] | None = None
    port: int = 0
    #: Tells servers in one `home` apart.
    log_name: str = "server"
    data: Path | None = None

    @property
    def root(self) -> Path:
        return self.home / "root"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/a%40b/"

    @property
    def log(self) -> str:
        return (self.home / f"{self.log_name}.log").read_text(errors="replace")

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"token {TOKEN}"}

    def start(self) -> Jupyter:
        self.root.mkdir(parents=True, exist_ok=True)
        self.port = _free_port()
        settings = {
            "ServerApp.port": self.port,
            "ServerApp.port_retries": 0,
            "ServerApp.ip": "127.0.0.1",
            "ServerApp.base_url": "/a%40b/",
            "ServerApp.root_dir": str(self.root),
            "ServerApp.open_browser": False,
            "ServerApp.allow_root": True,
            "ServerApp.allow_unauthenticated_access": False,
            "ServerApp.jpserver_extensions": EXTENSIONS,
            "IdentityProvider.token": TOKEN,
            "FileContentsManager.delete_to_trash": False,
            "SavuApp.job_store": f"sqlite:///{self.home / 'jobs.sqlite'}",
            "SavuApp.queues": QUEUES,
            "SavuApp.engines": ENGINES,
            **self.settings,
        }
        config = self.home / f"{self.log_name}-config"
        config.mkdir(exist_ok=True)
        (config / "jupyter_server_config.py").write_text(
            _CONFIGURATION.format(settings=json.dumps(settings)) + self.extra
        )
        environment = {
            **os.environ,
            "JUPYTER_CONFIG_DIR": str(config),
            "JUPYTER_NO_CONFIG": "",
            "JUPYTER_DATA_DIR": str(self.data or self.home / "data"),
            "JUPYTER_RUNTIME_DIR": str(self.home / "runtime"),
            "XDG_DATA_HOME": str(self.home / "xdg"),
            "IPYTHONDIR": str(self.home / "ipython"),
        }
        with (self.home / f"{self.log_name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "jupyter_server"],
                cwd=self.home,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self._wait()
        return self

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            self.process.send_signal(how)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def _wait(self) -> None:
        assert self.process is not None
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log
            with suppress(httpx.HTTPError):
                if httpx.get(self.url + "api/status", headers=self.headers).is_success:
                    return
            time.sleep(0.05)
        raise AssertionError(self.log)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port
