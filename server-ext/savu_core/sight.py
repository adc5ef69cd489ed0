"""Whether the files and folders that values name are there, as Savu has it for what is typed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

Kind = Literal["file", "folder"]

#: None when there is such a file or folder, else a sentence's part that says why it is not found.
Look = Callable[[str, Kind], str | None]


def is_there(path: Path, kind: Kind) -> bool:
    """Whether there is a file or folder; what cannot be reached is not there."""
    try:
        return path.is_file() if kind == "file" else path.is_dir()
    except (OSError, ValueError):
        return False


def absence(path: str, kind: Kind) -> str:
    return f"there is no {kind} {path}"


def on_this_machine(path: str, kind: Kind) -> str | None:
    """Look at all files of this machine; relative paths begin at the current folder."""
    return None if is_there(Path(path), kind) else absence(path, kind)
