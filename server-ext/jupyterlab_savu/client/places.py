"""Files as notebooks name them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

_WITH_ROOT = re.compile(r"([A-Za-z0-9_-]+):(.+)", re.DOTALL)
_OF_THIS_MACHINE = re.compile(r"/|~/|\.\.?/")


@dataclass(frozen=True)
class Place:
    """A file in a root of the server."""

    root: str
    path: str

    def to_json(self) -> dict[str, str]:
        return {"root": self.root, "path": self.path}

    def __str__(self) -> str:
        """As `place` reads it."""
        doubtful = _WITH_ROOT.fullmatch(self.path) or _OF_THIS_MACHINE.match(self.path)
        return self.path if self.root == "jupyter" and not doubtful else f"{self.root}:{self.path}"


#: A place, or what names one: see `Savu.place`.
AnyPath: TypeAlias = str | os.PathLike[str] | Place


def place(text: str | Place) -> Place:
    """The file that ``path`` (in Jupyter's folder) or ``root:path`` names."""
    if isinstance(text, Place):
        return text
    match = _WITH_ROOT.fullmatch(text)
    return Place(match[1], match[2]) if match else Place("jupyter", text)


def find(
    path: AnyPath, place_of: Callable[[str], Place | None], is_there: Callable[[Place], bool]
) -> Place | None:
    """What `Savu.place` answers; None for a file of this machine that the server shows nowhere.

    Args:
        path: a place, or what names one.
        place_of: the place of an absolute path of something that there is.
        is_there: whether the server has a file.
    """
    if isinstance(path, Place):
        return path
    if not isinstance(path, str) or _OF_THIS_MACHINE.match(path):
        here = _absolute(Path(path).expanduser())
        found = place_of(str(here))
        folder = None if found else place_of(str(here.parent))
        if folder is not None:
            # a file that is not there yet
            found = Place(folder.root, "/".join(filter(None, (folder.path, here.name))))
        return found
    named, here = place(path), _absolute(Path(path))
    beside = place_of(str(here)) if path and here.exists() else None
    return named if beside in (None, named) or is_there(named) else beside


def inside(dataset: str) -> str:
    """Return the path of a dataset from the root of its file."""
    return "/" + dataset.strip("/")


def _absolute(path: Path) -> Path:
    """With the links in it, which the server resolves."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - keeps links
