"""What a back end needs to run a scheduler's commands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Answer:
    """How a command ended on `node`, and what it printed."""

    code: int
    stdout: str
    stderr: str
    node: str

    @property
    def words(self) -> str:
        """What the command says of itself, in one line."""
        told = self.stderr.strip() or self.stdout.strip() or f"exit code {self.code}"
        return " ".join(told.split())


class NoAnswer(Exception):  # noqa: N818 - says what happened
    """Nobody has told how a command ended; `arrived` is whether it may have been carried out."""

    def __init__(self, message: str, arrived: bool) -> None:
        super().__init__(message)
        self.arrived = arrived


class Transport(Protocol):
    """Runs commands where a scheduler has its own. Nothing here blocks the event loop."""

    #: After this time, in seconds, a command has ended or was ended.
    seconds: float
    #: Where commands may run, in the order of preference.
    nodes: tuple[str, ...]

    async def run(
        self,
        command: Sequence[str],
        stdin: str = "",
        *,
        repeatable: bool = True,
        node: str | None = None,
    ) -> Answer:
        """Run an argument list; no shell sees its parts.

        A `repeatable` command is given to the next node when one does not answer; another one
        only if it is certain that it has not arrived. With `node`, no other one is asked.

        Raises:
            NoAnswer: no node has answered.
        """

    async def close(self) -> None:
        """Close connections."""
