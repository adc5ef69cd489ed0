"""Commands on the machine of the server."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress

from jupyterlab_savu.jobs.transport.base import Answer, NoAnswer

#: Names of variables such as JUPYTER_TOKEN and JUPYTERHUB_API_TOKEN.
_SECRET = re.compile(r"TOKEN|SECRET|PASSW|CREDENTIAL|COOKIE|API_?KEY", re.IGNORECASE)
#: As a shell reports a command that is not there.
_NOT_FOUND = 127


class Here:
    """Runs commands as the user of the server, with `environment` added."""

    nodes: tuple[str, ...] = ("here",)

    def __init__(self, seconds: float, environment: Mapping[str, str]) -> None:
        self.seconds = seconds
        self._environment = environment

    async def run(
        self,
        command: Sequence[str],
        stdin: str = "",
        *,
        repeatable: bool = True,
        node: str | None = None,
    ) -> Answer:
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env={**without_secrets(os.environ), **self._environment},
                # the server's folder may go away, and is nobody's place to write
                cwd="/",
            )
        except OSError as error:
            return Answer(_NOT_FOUND, "", f"{command[0]}: {error.strerror}", self.nodes[0])
        try:
            out, err = await asyncio.wait_for(process.communicate(stdin.encode()), self.seconds)
        except asyncio.TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            raise NoAnswer(
                f"{command[0]} has not answered within {self.seconds:g} s", arrived=True
            ) from None
        return Answer(
            process.returncode or 0,
            out.decode("utf-8", "replace"),
            err.decode("utf-8", "replace"),
            self.nodes[0],
        )

    async def close(self) -> None:
        """Nothing is open."""


def without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that a scheduler may note on its disk and hand to jobs, as Slurm does."""
    return {name: value for name, value in environment.items() if not _SECRET.search(name)}
