"""The engines: command lines ``DATA LIST OUT -f NAME``, and what they say of themselves."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jupyterlab_savu.bridge.connected import ConnectedSavu
from jupyterlab_savu.faults import Fault

_SECONDS_TO_START = 60


@dataclass(frozen=True)
class Capabilities:
    """`plugins` maps what an engine runs to the only values of parameters that it runs.

    `lacks` names what it cannot do with any plugin: "loops", "tuning"; `offers` what it can do
    beside running a list: "plan" is of interest here.
    """

    version: str | None
    plugins: Mapping[str, Mapping[str, list[Any]]]
    lacks: Sequence[str] = ()
    offers: Sequence[str] = ()


class Engines:
    """What each engine can run, asked once and then remembered.

    A connected Savu is an engine that runs all the plugins it can import.
    """

    def __init__(
        self, commands: Mapping[str, Sequence[str]], savus: Iterable[ConnectedSavu] = ()
    ) -> None:
        self._savus = {savu.name: savu for savu in savus}
        self._commands = {name: tuple(command) for name, command in commands.items()}
        self._known: dict[str, Capabilities] = {}
        self._locks = {name: threading.Lock() for name in commands}
        self._asked: set[subprocess.Popen[bytes]] = set()
        self._closed = False

    @property
    def names(self) -> list[str]:
        return [*self._commands, *self._savus]

    def command(self, name: str) -> tuple[str, ...]:
        """The command line that takes DATA LIST OUT -f NAME.

        Raises:
            Fault: 503, when it is that of a connected Savu which does not start.
        """
        if name in self._savus:
            return self._savus[name].command()
        return self._commands[name]

    def capabilities(self, name: str) -> Capabilities:
        """What the engine `name` says; blocks while it starts for the first time.

        Raises:
            Fault: 503, when it does not start. It is asked again the next time.
        """
        if name in self._savus:
            known = self._savus[name].known()
            return Capabilities(known.version, {plugin: {} for plugin in known.plugins})
        with self._locks[name]:
            if name not in self._known:
                self._known[name] = self._ask(name)
            return self._known[name]

    def running(self, plugin: str) -> dict[str, Mapping[str, list[Any]]]:
        """The limits of `plugin` by the names of the engines that run it and that start."""
        limits = {}
        for name in self.names:
            if name in self._savus and not self._savus[name].ready:
                continue  # it takes far longer to start than anybody waits for a page
            try:
                plugins = self.capabilities(name).plugins
            except Fault:
                continue
            if plugin in plugins:
                limits[name] = plugins[plugin]
        return limits

    def plan(
        self, name: str, scan: Path, plist: bytes, options: Sequence[str]
    ) -> dict[str, Any] | None:
        """What the engine `name` says that it would do with a scan and the file of a list, and
        what that takes, in the form of the API; None where it does not tell.

        Raises:
            Fault: 422, when it would not run them; 503, when it does not answer.
        """
        if name in self._savus or "plan" not in self.capabilities(name).offers:
            return None
        with TemporaryDirectory(prefix="savu-plan-") as folder:
            path = Path(folder, "list.nxs")
            path.write_bytes(plist)
            command = [*self._commands[name], str(scan), str(path), "--plan", *options]
            try:
                return _planned(json.loads(self._answer(command)))
            except OSError as error:
                raise Fault(f"The engine {name!r} would not run this: {error}.") from None
            except (ValueError, KeyError, TypeError, subprocess.SubprocessError) as error:
                raise _broken(name, error) from None

    def close(self) -> None:
        """Stop asking: a server that shuts down does not wait for an engine."""
        self._closed = True
        for process in list(self._asked):
            process.kill()

    def _ask(self, name: str) -> Capabilities:
        try:
            told = json.loads(self._answer([*self._commands[name], "--capabilities"]))
            return Capabilities(
                told.get("version"), told["plugins"], told.get("lacks", ()), told.get("offers", ())
            )
        except (OSError, ValueError, KeyError, AttributeError, subprocess.SubprocessError) as error:
            raise _broken(name, error) from None

    def _answer(self, command: list[str]) -> bytes:
        if self._closed:
            raise OSError("the server is shutting down")
        with subprocess.Popen(  # noqa: S603 - the command comes from the configuration
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            self._asked.add(process)
            try:
                answer, errors = process.communicate(timeout=_SECONDS_TO_START)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
            finally:
                self._asked.discard(process)
        if process.returncode:
            lines = errors.decode("utf-8", "replace").strip().splitlines()
            raise OSError(lines[-1] if lines else f"exit code {process.returncode}")
        return answer


def _planned(told: dict[str, Any]) -> dict[str, Any]:
    """What of an engine's plan is of interest before a run."""
    return {
        "passes": [
            {
                "cut": one["cut"],
                "plugins": [plugin["name"] for plugin in one["plugins"]],
                "workers": one["workers"],
                "memory": one["memory"],
                "seconds": one["seconds"],
            }
            for one in told["passes"]
        ],
        "results": [
            {key: one[key] for key in ("name", "shape", "dtype", "bytes")}
            for one in told["results"]
        ],
        "disk": told["disk"],
        "seconds": told["seconds"],
    }


def _broken(name: str, error: Exception) -> Fault:
    return Fault(
        f"The engine {name!r} does not start: {error}. Ask the person who set up this server.",
        status=503,
        reason="engine",
    )
