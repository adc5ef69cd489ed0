"""Files as notebooks name them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WITH_ROOT = re.compile(r"([A-Za-z0-9_-]+):(.+)", re.DOTALL)


@dataclass(frozen=True)
class Place:
    """A file in a root of the server."""

    root: str
    path: str

    def to_json(self) -> dict[str, str]:
        return {"root": self.root, "path": self.path}

    def __str__(self) -> str:
        return self.path if self.root == "jupyter" else f"{self.root}:{self.path}"


def place(text: str | Place) -> Place:
    """The file that ``path`` (in Jupyter's folder) or ``root:path`` names."""
    if isinstance(text, Place):
        return text
    match = _WITH_ROOT.fullmatch(text)
    return Place(match[1], match[2]) if match else Place("jupyter", text)
