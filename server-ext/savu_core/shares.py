"""The shares of a run that several machines do: where they are.

Each share of the rows is a run folder of its own within that of the whole run, with a log that
tells its progress::

    shares/3_of_8/run_log/user.log
    shares/3_of_8/<dataset>_p<n>_<module>.h5    its rows of the output of plugin n
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

SHARES_FOLDER = "shares"

_NAME = re.compile(r"([1-9]\d{0,5})_of_([1-9]\d{0,5})")


@dataclass(frozen=True)
class Share:
    """Share `number`, counted from 1, of `of` shares of a run, and its folder."""

    number: int
    of: int
    folder: Path

    def __str__(self) -> str:
        return f"share {self.number} of {self.of}"


def share(folder: Path, number: int, of: int) -> Share:
    """A share of the run in `folder`, whether it has begun or not."""
    return Share(number, of, folder / SHARES_FOLDER / f"{number}_of_{of}")


def begun_shares(folder: Path) -> list[Share]:
    """The shares of the run in `folder` that have begun, in order; none if it is not cut."""
    found = []
    try:
        for path in (folder / SHARES_FOLDER).iterdir():
            if match := _NAME.fullmatch(path.name):
                found.append(Share(int(match[1]), int(match[2]), path))
    except FileNotFoundError:
        return []
    return sorted(found, key=lambda one: (one.of, one.number))
