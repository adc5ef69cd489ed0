"""Finding the Jupyter server, and talking to its routes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import psutil
from jupyter_core.paths import jupyter_runtime_dir

#: Where a JupyterHub sends everybody to a server of their own.
USER_REDIRECT = "user-redirect"

#: Slow disks and a first start of the engine are waited for.
_SECONDS = 120.0


class SavuError(Exception):
    """The server's message; `reason` is its word for programs, `place` where the fault is."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 0,
        reason: str = "unknown",
        number: str | None = None,
        place: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.reason = reason
        self.number = number
        self.place = place


@dataclass(frozen=True)
class Server:
    """A Jupyter server; the token never stands in its representation."""

    url: str
    token: str | None

    def __repr__(self) -> str:
        return f"Server({self.url!r})"


class Connection:
    """Requests to the ``savu/`` routes of one server."""

    def __init__(self, server: Server) -> None:
        self.url = server.url.rstrip("/") + "/"
        headers = {} if server.token is None else {"Authorization": f"token {server.token}"}
        # a proxy must not be asked for this machine
        local = urlsplit(server.url).hostname in ("127.0.0.1", "localhost", "::1")
        self._http = httpx.Client(
            base_url=self.url + "savu/", headers=headers, timeout=_SECONDS, trust_env=not local
        )

    def close(self) -> None:
        self._http.close()

    def request(
        self,
        method: str,
        *route: str,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """The answer.

        Raises:
            SavuError: when there is none, or it is not a success.
        """
        given = {name: _text(value) for name, value in (query or {}).items() if value is not None}
        try:
            response = self._http.request(
                method,
                "/".join(quote(part, safe="") for part in route),
                params=given,
                json=body,
                headers=dict(headers or {}),
            )
        except httpx.HTTPError as error:
            raise SavuError(
                f"The Jupyter server at {self.url} does not answer: {error}", reason="unreachable"
            ) from None
        if response.is_success or response.status_code == httpx.codes.NOT_MODIFIED:
            return response
        raise _error(response)

    def get(self, *route: str, **query: Any) -> Any:
        return self.request("GET", *route, query=query).json()

    def pages(self, *route: str, **query: Any) -> Iterator[dict[str, Any]]:
        """The items of all pages."""
        cursor = None
        while True:
            page = self.get(*route, cursor=cursor, **query)
            yield from page["items"]
            cursor = page["next"]
            if cursor is None:
                return


def find_server(url: str | None = None, token: str | None = None) -> Server:
    """The server at `url`; without it the one that runs this notebook or shows this folder.

    Raises:
        SavuError: when there is none, or more than one would do.
    """
    running = _running()
    if url is not None:
        same = [server for server in running if _same(server["url"], url)]
        known = same[0]["token"] if same else os.environ.get("JUPYTER_TOKEN")
        return Server(url, token if token is not None else known or None)
    parent = os.environ.get("JPY_PARENT_PID")
    mine = [server for server in running if str(server["pid"]) == parent]
    if not mine and "JUPYTERHUB_SERVICE_URL" in os.environ:
        hub = os.environ
        return Server(hub["JUPYTERHUB_SERVICE_URL"], token or hub.get("JUPYTERHUB_API_TOKEN"))
    found = mine or _showing(running, Path.cwd()) or running
    if not found:
        raise SavuError(
            "No Jupyter server is running. Start one with `jupyter lab`, or give url and token.",
            reason="no_server",
        )
    if len(found) > 1:
        urls = ", ".join(server["url"] for server in found)
        raise SavuError(
            f"Several Jupyter servers are running: {urls}. Give the url of one.",
            reason="no_server",
        )
    chosen = found[0]
    return Server(chosen["url"], token if token is not None else chosen["token"] or None)


def lab_address(url: str) -> str:
    """Where whoever follows a link finds JupyterLab, as far as the server at `url` is concerned.

    On a JupyterHub that is the reader's own server: nobody gets into that of somebody else. A hub
    tells its public address from version 5 on; of an older one the path alone is known.
    """
    known = os.environ
    prefix = known.get("JUPYTERHUB_SERVICE_PREFIX")
    if not prefix or not urlsplit(url).path.startswith(prefix):
        return f"{url}lab"
    hub = known.get("JUPYTERHUB_PUBLIC_HUB_URL") or (
        known.get("JUPYTERHUB_HOST", "") + known.get("JUPYTERHUB_BASE_URL", "/") + "hub/"
    )
    return f"{hub.rstrip('/')}/{USER_REDIRECT}/lab"


def _running() -> list[dict[str, Any]]:
    """What running servers note of themselves, without those on UNIX sockets.

    Jupyter's own `list_running_servers` tells the same, but importing the server takes seconds.
    """
    found = []
    for path in sorted(Path(jupyter_runtime_dir()).glob("jpserver-*.json")):
        try:
            told = json.loads(path.read_bytes())
            if psutil.pid_exists(told["pid"]) and not told.get("sock"):
                found.append(told)
        except (OSError, ValueError, KeyError, TypeError):
            # just being written, or just gone
            continue
    return found


def _showing(servers: list[dict[str, Any]], folder: Path) -> list[dict[str, Any]]:
    """The servers whose folder holds `folder`, of these the innermost."""
    holding = [
        (len(root.parts), server)
        for server in servers
        if folder.resolve().is_relative_to(root := Path(server["root_dir"]).resolve())
    ]
    deepest = max((depth for depth, _ in holding), default=0)
    return [server for depth, server in holding if depth == deepest]


def _same(one: str, other: str) -> bool:
    a, b = urlsplit(one), urlsplit(other)
    loopback = {"localhost", "127.0.0.1", "::1"}
    same_host = a.hostname == b.hostname or {a.hostname, b.hostname} <= loopback
    return same_host and a.port == b.port and a.path.rstrip("/") == b.path.rstrip("/")


def _text(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value


def _error(response: httpx.Response) -> SavuError:
    try:
        told = response.json()
        message = told["message"]
    except (ValueError, KeyError, TypeError):
        return SavuError(
            f"The server answered {response.status_code} {response.reason_phrase}. "
            "Is jupyterlab-savu installed there?",
            status=response.status_code,
        )
    return SavuError(
        message,
        status=response.status_code,
        reason=told.get("reason") or "unknown",
        number=told.get("id"),
        place=told.get("place"),
    )
