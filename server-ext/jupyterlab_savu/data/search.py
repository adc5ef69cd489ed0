"""Finding lists, scans and results below a folder; runs in worker processes."""

from __future__ import annotations

import base64
import binascii
import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from jupyterlab_savu.data.confined import ConfinedFile
from jupyterlab_savu.data.deletion import is_put_aside
from jupyterlab_savu.data.description import HDF5_SUFFIXES, utc
from jupyterlab_savu.data.roots import Roots
from jupyterlab_savu.faults import Fault
from savu_core.files import FileKind, classify, read_process_list
from savu_core.runs import result_datasets
from savu_core.scans import ScanError, find_scan

Facts = dict[str, Any]
FactsOf = Callable[[Path, Roots], Facts | None]

#: Folders within folders that are looked into.
_DEEPEST = 32
#: How often a walk looks whether it is to stop: after so many entries.
_LOOKS = 16


@dataclass
class _Walk:
    """A walk in the order of paths which ends after so many entries or seconds.

    It also ends when there is a file `stop`, and does not go deeper than `_DEEPEST`.
    """

    roots: Roots
    suffixes: tuple[str, ...]
    into_runs: bool
    after: list[str]
    visits: int
    deadline: float
    stop: Path | None = None
    truncated: bool = False
    too_deep: bool = False
    _asked: int = -1
    _seen: set[tuple[int, int]] = field(default_factory=set)

    def files(self, folder: Path, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
        """The names that lead to each file, for files behind `after`."""
        info = folder.stat()
        identity = (info.st_dev, info.st_ino)
        if self.truncated or identity in self._seen:  # a link may lead back
            return
        self._seen.add(identity)
        try:
            with os.scandir(folder) as entries:
                children = sorted(self._worth(entries), key=lambda entry: entry.name)
        except OSError:
            return
        for entry in children:
            names = (*above, entry.name)
            # folders on the way to `after` are entered, all else before it was answered
            if list(names) <= self.after and list(names) != self.after[: len(names)]:
                continue
            try:
                if entry.is_dir():
                    real = Path(entry.path).resolve()
                    if len(names) >= _DEEPEST:
                        self.too_deep = True
                    elif self.roots.holds(real) and self._enters(real):
                        yield from self.files(real, names)
                elif list(names) > self.after and entry.name.lower().endswith(self.suffixes):
                    yield names
            except OSError:
                continue

    def is_over(self) -> bool:
        """Whether the time is used up, or nobody waits any more."""
        self._asked += 1
        return time.monotonic() > self.deadline or (
            self.stop is not None and self._asked % _LOOKS == 0 and self.stop.exists()
        )

    def _enters(self, folder: Path) -> bool:
        return not is_put_aside(folder.name) and (self.into_runs or not _is_run(folder))

    def _worth(self, entries: Iterator[os.DirEntry[str]]) -> Iterator[os.DirEntry[str]]:
        for entry in entries:
            self.visits -= 1
            if self.visits < 0 or self.is_over():
                self.truncated = True
                return
            hidden = entry.name.startswith(".") and not self.roots.allow_hidden
            if hidden or entry.name == ".ipynb_checkpoints" or not _is_unicode(entry.name):
                continue
            yield entry


def search(
    kind: str,
    root: str,
    below: str,
    folder: str,
    words: list[str],
    limit: int,
    cursor: str | None,
    roots: dict[str, Any],
    visits: int,
    seconds: float,
    stop: str | None = None,
) -> dict[str, Any]:
    """A page of the files of a `kind` below `folder`, which is `below` in `root`.

    It ends early where a file `stop` comes to be.
    """
    facts_of, suffixes = _KINDS[kind]
    walk = _Walk(
        roots=Roots.from_json(roots),
        suffixes=suffixes,
        into_runs=kind == "result",
        after=_decode(cursor),
        visits=visits,
        deadline=time.monotonic() + seconds,
        stop=None if stop is None else Path(stop),
    )
    prefix = below.strip("/")
    items: list[Facts] = []
    last: tuple[str, ...] = ()
    for names in walk.files(Path(folder)):
        path = "/".join((*([prefix] if prefix else []), *names))
        if not all(word in path.lower() for word in words):
            continue
        if walk.is_over():
            walk.truncated = True
            break
        facts = _facts(facts_of, Path(folder, *names), walk.roots)
        if facts is None:
            continue
        if len(items) == limit:
            return {"items": items, "next": _encode(last), "truncated": False}
        items.append({"root": root, "path": path, "name": names[-1], **facts})
        last = names
    return {"items": items, "next": None, "truncated": walk.truncated or walk.too_deep}


def _facts(facts_of: FactsOf, path: Path, roots: Roots) -> Facts | None:
    try:
        real = path.resolve(strict=True)
        if not real.is_file() or not roots.holds(real):
            return None
        info = real.stat()
        found = _remembered(facts_of, roots, real, info.st_ino, info.st_mtime_ns, info.st_size)
    except (OSError, RuntimeError):
        return None
    return None if found is None else {**found, "modified": utc(info.st_mtime)}


@lru_cache(maxsize=20_000)
def _remembered(
    facts_of: FactsOf, roots: Roots, path: Path, _inode: int, _mtime: int, _size: int
) -> Facts | None:
    """What a file is changes only with the file."""
    return facts_of(path, roots)


def _list_facts(path: Path, _roots: Roots) -> Facts | None:
    if classify(path) is not FileKind.LIST:
        return None
    try:
        plist, _ = read_process_list(path)
    except ValueError:
        return None
    return {"plugins": len(plist.plugins)}


def _scan_facts(path: Path, roots: Roots) -> Facts | None:
    if classify(path) is not FileKind.SCAN:
        return None
    try:
        scan = find_scan(path, opened=partial(ConfinedFile, roots=roots))
    except ScanError:
        return None
    return {
        "kind": "scan",
        "size": path.stat().st_size,
        "dataset": "/" + scan.data_path.lstrip("/"),
        "shape": list(scan.shape),
        "dtype": scan.dtype,
    }


def _result_facts(path: Path, roots: Roots) -> Facts | None:
    if classify(path) is not FileKind.RESULT:
        return None
    facts: Facts = {
        "kind": "result",
        "size": path.stat().st_size,
        "dataset": None,
        "shape": None,
        "dtype": None,
    }
    for found in result_datasets(path, partial(ConfinedFile, roots=roots))[:1]:
        facts |= {
            "dataset": found["path"],
            "shape": list(found["shape"]),
            "dtype": str(found["dtype"]),
        }
    return facts


_KINDS: dict[str, tuple[FactsOf, tuple[str, ...]]] = {
    "list": (_list_facts, (".nxs",)),
    "scan": (_scan_facts, HDF5_SUFFIXES),
    "result": (_result_facts, (".nxs",)),
}


def _is_run(folder: Path) -> bool:
    """Run folders hold copies of lists and intermediate data, which nobody searches for."""
    return (folder / "run_log").is_dir() or (folder / "job" / "job.json").is_file()


def _is_unicode(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _encode(names: tuple[str, ...]) -> str:
    return base64.urlsafe_b64encode(json.dumps(names, ensure_ascii=False).encode()).decode()


def _decode(cursor: str | None) -> list[str]:
    if cursor is None:
        return []
    try:
        names = json.loads(base64.urlsafe_b64decode(cursor.encode()))
    except (binascii.Error, ValueError, RecursionError):
        names = None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise Fault("This is not the `next` of a page before.", place="cursor")
    return names
