"""The engines: command lines ``DATA LIST OUT -f NAME``, and what they say of themselves."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jupyterlab_savu.faults import Fault

_SECONDS_TO_START = 60


@dataclass(frozen=True)
class Capabilities:
    """`plugins` maps what an engine runs to the only values of parameters that it runs."""

    version: str | None
    plugins: Mapping[str, Mapping[str, list[Any]]]


class Engines:
    """What each engine can run, asked once and then remembered."""

    def __init__(self, commands: Mapping[str, Sequence[str]]) -> None:
        self._commands = {name: tuple(command) for name, command in commands.items()}
        self._known: dict[str, Capabilities] = {}
        self._locks = {name: threading.Lock() for name in commands}

    @property
    def names(self) -> list[str]:
        return list(self._commands)

    def command(self, name: str) -> tuple[str, ...]:
        return self._commands[name]

    def capabilities(self, name: str) -> Capabilities:
        """What the engine `name` says; blocks while it starts for the first time.

        Raises:
            Fault: 503, when it does not start. It is asked again the next time.
        """
        with self._locks[name]:
            if name not in self._known:
                self._known[name] = _ask(name, self._commands[name])
            return self._known[name]

    def running(self, plugin: str) -> dict[str, Mapping[str, list[Any]]]:
        """The limits of `plugin` by the names of the engines that run it and that start."""
        limits = {}
        for name in self._commands:
            try:
                plugins = self.capabilities(name).plugins
            except Fault:
                continue
            if plugin in plugins:
                limits[name] = plugins[plugin]
        return limits


def _ask(name: str, command: tuple[str, ...]) -> Capabilities:
    try:
        answer = subprocess.run(  # noqa: S603 - the command comes from the configuration
            [*command, "--capabilities"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS_TO_START,
            check=True,
        )
        told = json.loads(answer.stdout)
        return Capabilities(told.get("version"), told["plugins"])
    except subprocess.CalledProcessError as error:
        lines = error.stderr.decode("utf-8", "replace").strip().splitlines()
        why = lines[-1] if lines else f"exit code {error.returncode}"
    except (OSError, ValueError, KeyError, AttributeError, subprocess.TimeoutExpired) as error:
        why = str(error)
    raise Fault(
        f"The engine {name!r} does not start: {why}. Ask the person who set up this server.",
        status=503,
        reason="engine",
    )
