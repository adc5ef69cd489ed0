"""Named folders, and the confinement of paths to them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyterlab_savu.faults import Fault, not_found
from savu_core.sight import Kind, absence, is_there

#: The name of the folder that Jupyter shows.
JUPYTER = "jupyter"


@dataclass(frozen=True)
class Root:
    """A folder with a name; `path` is absolute with its links resolved."""

    name: str
    path: Path
    writable: bool


@dataclass(frozen=True)
class Located:
    """A path that was found inside the roots.

    `relative` is what was asked for, relative to the root named `root`; `path` is where it is,
    links resolved; `writable` belongs to the root in which it really is.
    """

    root: str
    relative: str
    path: Path
    writable: bool


class Roots:
    """All folders in which files may be named, and the rule which of them may be seen."""

    def __init__(self, roots: Iterable[Root], allow_hidden: bool = False) -> None:
        self._roots = {root.name: root for root in roots}
        self.allow_hidden = allow_hidden

    def __iter__(self) -> Iterator[Root]:
        return iter(self._roots.values())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Roots) and self._all == other._all

    def __hash__(self) -> int:
        return hash(self._all)

    @property
    def _all(self) -> tuple[tuple[Root, ...], bool]:
        return tuple(self._roots.values()), self.allow_hidden

    def locate(self, root: str, path: str) -> Located:
        """The file or folder `path` in `root`.

        Raises:
            Fault: 404, when it does not exist, lies outside the roots, or may not be seen.
        """
        parts = _parts(path)
        base = self._root(root).path
        try:
            real = base.joinpath(*parts).resolve(strict=True)
        except (OSError, RuntimeError, ValueError):
            raise _missing(root, path) if base.is_dir() else _unreachable(root) from None
        return self._located(root, parts, real, path)

    def locate_file(self, root: str, path: str) -> Located:
        """A file that exists, and is no folder or device.

        Raises:
            Fault: 404.
        """
        located = self.locate(root, path)
        if not located.path.is_file():
            what = "a folder" if located.path.is_dir() else "not a regular file"
            raise not_found(f"{path!r} in {root!r} is {what}; a file is expected.")
        return located

    def locate_new(self, root: str, path: str) -> Located:
        """Like `locate`, for a file that may not exist yet in a folder that does."""
        parts = _parts(path)
        if not parts:
            raise _missing(root, path)
        base = self._root(root).path
        try:
            folder = base.joinpath(*parts[:-1]).resolve(strict=True)
            target = folder / parts[-1]
            # what exists is followed; what does not, and a broken link, is a name in the folder
            real = target.resolve(strict=True) if target.exists() else target
        except (OSError, RuntimeError, ValueError):
            raise not_found(f"The folder of {path!r} does not exist in {root!r}.") from None
        if not folder.is_dir():
            raise not_found(f"The folder of {path!r} does not exist in {root!r}.")
        return self._located(root, parts, real, path)

    def place_of(self, path: Path) -> dict[str, str] | None:
        """The root and relative path of a resolved path, in the innermost root that holds it."""
        owner = self._owner(path)
        if owner is None:
            return None
        return {"root": owner.name, "path": path.relative_to(owner.path).as_posix()}

    def find(self, location: str) -> dict[str, str] | None:
        """The root and relative path of an absolute path; None where it may not be seen."""
        try:
            real = Path(location).resolve(strict=True)
        except (OSError, RuntimeError, ValueError):
            return None
        return self.place_of(real) if Path(location).is_absolute() and self.holds(real) else None

    def look(self, path: str, kind: Kind) -> str | None:
        """Look for a file or folder that a value names by its absolute path, inside the roots.

        Of what lies elsewhere nothing is told, not even whether it is there.
        """
        named = Path(path)
        unseen = f"{path} cannot be seen from here"
        if not named.is_absolute():
            return f"{unseen}: give its whole path"
        try:
            real = None if ".." in named.parts else named.resolve()
        except (OSError, RuntimeError, ValueError):
            real = None
        if real is None or not self.holds(real):
            return f"{unseen}: it is outside the folders of this server"
        return None if is_there(real, kind) else absence(path, kind)

    def holds(self, path: Path) -> bool:
        """Whether a resolved path lies in a root and may be seen."""
        owner = self._owner(path)
        return owner is not None and (
            self.allow_hidden or not _hidden(path.relative_to(owner.path).parts)
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "roots": [[r.name, str(r.path), r.writable] for r in self._roots.values()],
            "allow_hidden": self.allow_hidden,
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Roots:
        roots = [Root(name, Path(path), writable) for name, path, writable in told["roots"]]
        return cls(roots, told["allow_hidden"])

    def _root(self, name: str) -> Root:
        try:
            return self._roots[name]
        except KeyError:
            raise not_found(f"There is no root {name!r} on this server.") from None

    def _owner(self, path: Path) -> Root | None:
        owners = [root for root in self._roots.values() if path.is_relative_to(root.path)]
        return max(owners, key=lambda root: len(root.path.parts), default=None)

    def _located(self, root: str, parts: list[str], real: Path, asked: str) -> Located:
        owner = self._owner(real)
        if owner is None or not self.holds(real):
            raise _missing(root, asked)
        if not self.allow_hidden and _hidden(parts):
            raise _missing(root, asked)
        writable = owner.writable and self._roots[root].writable
        return Located(root, "/".join(parts), real, writable)


def _parts(path: str) -> list[str]:
    """The names in a relative path written with ``/``; everything doubtful is not found."""
    surrogates = any("\ud800" <= char <= "\udfff" for char in path)
    doubtful = "\\" in path or "\0" in path or path.startswith("/") or surrogates
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if doubtful or ".." in parts or (os.name == "nt" and any(":" in part for part in parts)):
        raise not_found(f"{path!r} is not a path inside a root.")
    return parts


def _hidden(parts: Iterable[str]) -> bool:
    return any(part.startswith(".") for part in parts)


def _missing(root: str, path: str) -> Fault:
    return not_found(f"There is no {path!r} in {root!r}. It may have been moved or deleted.")


def _unreachable(root: str) -> Fault:
    return not_found(
        f"The folder of {root!r} is not there. Its disk may not be mounted: "
        "ask the person who set up this server."
    )
