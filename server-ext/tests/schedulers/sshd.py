"""Two command nodes: SSH servers on two addresses of the loopback interface."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil
from daemons import end, free_ports, run, until

_CONFIGURATION = """\
ListenAddress {address}:{port}
HostKey {folder}/host
PidFile {folder}/{address}.pid
AuthorizedKeysFile {folder}/id.pub
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
UsePAM no
MaxStartups 100
SetEnv COMMAND_NODE={address} {environment}
"""


class CommandNodes:
    """Started by `start`, ended by `stop`; a key in `folder` opens them for every user."""

    addresses = ("127.0.0.2", "127.0.0.3")

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self._environment = " ".join(f"{name}={value}" for name, value in environment.items())
        self._port = free_ports(1)[0]

    @property
    def nodes(self) -> list[str]:
        return [f"{address}:{self._port}" for address in self.addresses]

    @property
    def settings(self) -> dict[str, object]:
        """Those of a back end."""
        return {
            "nodes": self.nodes,
            "keys": [str(self.folder / "id")],
            "known_hosts": str(self.folder / "known_hosts"),
            "connect_seconds": 2,
            "command_seconds": 10,
        }

    def start(self) -> None:
        self.folder.mkdir()
        Path("/run/sshd").mkdir(exist_ok=True)
        for name in ("id", "host"):
            run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self.folder / name)])
        kind, key, *_ = (self.folder / "host.pub").read_text().split()
        known = "".join(f"[{address}]:{self._port} {kind} {key}\n" for address in self.addresses)
        (self.folder / "known_hosts").write_text(known)
        for address in self.addresses:
            self.start_node(address)

    def start_node(self, address: str) -> None:
        configuration = self.folder / f"{address}.conf"
        configuration.write_text(
            _CONFIGURATION.format(
                address=address,
                port=self._port,
                folder=self.folder,
                environment=self._environment,
            )
        )
        log = str(self.folder / f"{address}.log")
        run(["/usr/sbin/sshd", "-f", str(configuration), "-E", log])
        until((self.folder / f"{address}.pid").exists)

    @contextmanager
    def down(self, *addresses: str) -> Iterator[None]:
        """Refuse connections meanwhile."""
        end(*(self.folder / f"{address}.pid" for address in addresses))
        try:
            yield
        finally:
            for address in addresses:
                self.start_node(address)

    @contextmanager
    def hanging(self, address: str) -> Iterator[None]:
        """Take connections, and say nothing meanwhile."""
        pid = int((self.folder / f"{address}.pid").read_text())
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    def cut(self) -> None:
        """End all connections of all nodes; what they have started goes on."""
        for address in self.addresses:
            node = psutil.Process(int((self.folder / f"{address}.pid").read_text()))
            for connection in node.children():
                connection.kill()

    def stop(self) -> None:
        end(*(self.folder / f"{address}.pid" for address in self.addresses), how=signal.SIGKILL)
