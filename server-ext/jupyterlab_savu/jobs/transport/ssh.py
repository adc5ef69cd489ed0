"""Commands on one of several command nodes, over SSH.

Keys come from files or from an agent; there are no passwords. A node whose key is not among the
known hosts is not spoken to. asyncssh (https://asyncssh.readthedocs.io) is only needed here.
"""

from __future__ import annotations

import asyncio
import shlex
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import asyncssh

from jupyterlab_savu.jobs.transport.base import Answer, NoAnswer

#: A node that did not answer is tried last for so many seconds.
_SECONDS_ASIDE = 60.0
_KEEP_ALIVE = 15
#: A hung command is ended on its node; then the node has so long to tell.
_SECONDS_TO_TELL = 2.0
#: All that the user's shell sees, whichever it is. A POSIX shell then reads one line of quoted
#: words, and leaves the rest of the input to the command.
_READ_LINE = """exec /bin/sh -c 'IFS= read -r line; eval "exec $line"'"""


@dataclass(frozen=True)
class Login:
    """How to reach the command nodes.

    `nodes` are names or addresses, with a port after a colon where it is not the usual one, in
    the order of preference. Without `known_hosts`, those of the user count.
    """

    nodes: tuple[str, ...]
    user: str = ""
    keys: tuple[Path, ...] = ()
    known_hosts: Path | None = None
    connect_seconds: float = 5.0
    environment: Mapping[str, str] = field(default_factory=dict)


class SSH:
    """Keeps a connection to the node that answers, and goes to the next one when it does not."""

    def __init__(self, login: Login, seconds: float) -> None:
        self.seconds = seconds
        self.nodes = login.nodes
        self._login = login
        self._connections: dict[str, asyncssh.SSHClientConnection] = {}
        self._aside: dict[str, float] = {}
        self._locks = {node: asyncio.Lock() for node in login.nodes}

    async def run(
        self,
        command: Sequence[str],
        stdin: str = "",
        *,
        repeatable: bool = True,
        node: str | None = None,
    ) -> Answer:
        failures = []
        for candidate in self._candidates() if node is None else [node]:
            try:
                connection = await self._connect(candidate)
            except (OSError, asyncssh.Error, asyncio.TimeoutError) as error:
                self._aside[candidate] = time.monotonic()
                failures.append(f"{candidate}: {_words(error)}")
                continue
            try:
                return await self._run(connection, candidate, command, stdin)
            except (OSError, asyncssh.Error, asyncio.TimeoutError) as error:
                self._drop(candidate)
                self._aside[candidate] = time.monotonic()
                failures.append(f"{candidate}: {_words(error)}")
                if not repeatable:
                    raise NoAnswer("; ".join(failures), arrived=True) from None
        raise NoAnswer("; ".join(failures), arrived=False)

    async def close(self) -> None:
        connections = list(self._connections.values())
        self._connections.clear()
        for connection in connections:
            connection.abort()
            await connection.wait_closed()

    def _candidates(self) -> list[str]:
        """First those that are connected, last those that have failed of late."""
        now = time.monotonic()

        def rank(node: str) -> int:
            failed = self._aside.get(node)
            if failed is not None and now - failed < _SECONDS_ASIDE:
                return 2
            return 0 if node in self._connections else 1

        return sorted(self.nodes, key=rank)

    async def _connect(self, node: str) -> asyncssh.SSHClientConnection:
        async with self._locks[node]:
            connection = self._connections.get(node)
            if connection is not None and not connection.is_closed():
                return connection
            login = self._login
            host, _, port = node.partition(":")
            options: dict[str, object] = {}
            if port:
                options["port"] = int(port)
            if login.user:
                options["username"] = login.user
            if login.keys:
                options["client_keys"] = [str(key) for key in login.keys]
            if login.known_hosts is not None:
                options["known_hosts"] = str(login.known_hosts)
            connecting = asyncssh.connect(
                host,
                password_auth=False,
                kbdint_auth=False,
                connect_timeout=login.connect_seconds,
                login_timeout=login.connect_seconds,
                keepalive_interval=_KEEP_ALIVE,
                **options,
            )
            # the two limits of asyncssh do not cover a node that hangs in between
            connection = await asyncio.wait_for(connecting, 2 * login.connect_seconds)
            self._connections[node] = connection
            self._aside.pop(node, None)
            return connection

    async def _run(
        self,
        connection: asyncssh.SSHClientConnection,
        node: str,
        command: Sequence[str],
        stdin: str,
    ) -> Answer:
        variables = [f"{name}={value}" for name, value in self._login.environment.items()]
        limited = ["timeout", "-k", "1", f"{self.seconds:g}", "env", *variables, *command]
        line = shlex.join(limited)
        if "\n" in line:
            raise asyncssh.ProtocolError("a command with a line break cannot be sent")
        done = await asyncio.wait_for(
            connection.run(_READ_LINE, input=f"{line}\n{stdin}", check=False),
            self.seconds + _SECONDS_TO_TELL,
        )
        code = done.returncode
        if code is None or (done.exit_status is None and done.exit_signal is None):
            raise ConnectionResetError("the connection was lost")
        if code == 124:
            raise asyncio.TimeoutError
        return Answer(code, str(done.stdout or ""), str(done.stderr or ""), node)

    def _drop(self, node: str) -> None:
        connection = self._connections.pop(node, None)
        if connection is not None:
            connection.abort()


def _words(error: BaseException) -> str:
    if isinstance(error, asyncio.TimeoutError):
        return "has not answered in time"
    return str(error) or type(error).__name__
