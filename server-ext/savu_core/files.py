"""Process-list files: what a file is, reading it, and writing it so that nothing is lost.

The layout is Savu 4.2's. ``/entry/plugin/<position>`` holds `active` (bool) and the fixed-length
ASCII strings `name`, `id` and `data` (the parameters as a JSON object), each of shape (1,);
``/entry/savu_notes/version`` is a scalar string; ``/entry/iterate_plugin_groups/<n>`` holds the
int32 scalars `start`, `end` and `iterations`. All else is kept as it is, see
:mod:`savu_core.extras`.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import stat
from enum import Enum
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from savu_core import atomic, extras
from savu_core.hdf5 import has_signature, open_for_reading, text_of, what_is_wrong
from savu_core.model import (
    IterateGroup,
    Plugin,
    ProcessList,
    ProcessListError,
    check_positions,
    position_key,
    renumber_from_one,
)
from savu_core.scans import is_scan

#: Lists take some 40 kB; a file above this is refused before it is read into memory.
MAX_FILE_BYTES = 64 * 2**20

PLUGINS = "entry/plugin"
GROUPS = "entry/iterate_plugin_groups"
VERSION = "entry/savu_notes/version"

_TEXT_MEMBERS = ("name", "id", "data")
_GROUP_MEMBERS = ("start", "end", "iterations")
_KNOWN = re.compile(rf"/{PLUGINS}/[^/]+|/{VERSION}|/{GROUPS}/\d+/(?:{'|'.join(_GROUP_MEMBERS)})")
_UTF8 = h5py.string_dtype("utf-8")


class FileKind(str, Enum):
    """What a file is, decided by its content."""

    LIST = "list"
    SCAN = "scan"
    RESULT = "result"
    OTHER = "other"


_PHRASES = {
    FileKind.SCAN: "a scan, not a process list",
    FileKind.RESULT: "a result of Savu, not a process list",
    FileKind.OTHER: "an HDF5 file without a process list (it has no /entry/plugin)",
}


class NotAProcessList(ProcessListError):  # noqa: N818 - says what is wrong by itself
    """The file is something else. The message names it and says what it is."""


class ChangedOnDisk(Exception):  # noqa: N818 - says what is wrong by itself
    """The file is not the one that was read before."""


def classify(path: str | os.PathLike[str]) -> FileKind:
    """What the file at `path` is; quick on huge files, since no data are read.

    An empty ``.nxs`` file is a new, empty list.

    Raises:
        OSError: when there is no file, or it may not be read; never for what it holds.
    """
    target = Path(path)
    info = target.stat()
    if stat.S_ISREG(info.st_mode) and not info.st_size and target.suffix.lower() == ".nxs":
        return FileKind.LIST
    if not has_signature(target):
        return FileKind.OTHER
    try:
        with open_for_reading(target) as file:
            return _kind_of(file)
    # h5py raises nearly anything for a damaged file
    except Exception:
        return FileKind.OTHER


def _kind_of(file: h5py.File) -> FileKind:
    entry = file.get("entry")
    if isinstance(entry, h5py.Group):
        # the engine copies its list into every result
        if any(
            name in ("intermediate", "input_data") or name.startswith("final_result_")
            for name in entry
        ):
            return FileKind.RESULT
        if isinstance(entry.get("plugin"), h5py.Group):
            return FileKind.LIST
    return FileKind.SCAN if is_scan(file) else FileKind.OTHER


def file_hash(path: str | os.PathLike[str]) -> str:
    """SHA-256 of the file's bytes, in hexadecimal."""
    with Path(path).open("rb") as file:
        digest = hashlib.sha256()
        while block := file.read(2**20):
            digest.update(block)
    return digest.hexdigest()


def read_process_list(path: str | os.PathLike[str]) -> tuple[ProcessList, str]:
    """The process list in a file, and the hash of the bytes that it was read from.

    Raises:
        NotAProcessList: when the file is anything else.
        ProcessListError: when it is a process list, but not a valid one.
        OSError: when it cannot be read.
    """
    target = Path(path)
    require_list(target)
    content = target.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if not content:
        return ProcessList(), digest
    try:
        with h5py.File(io.BytesIO(content), "r") as file:
            return _read(file), digest
    except ProcessListError as fault:
        raise ProcessListError(f"{target.name}: {fault.message}", fault.place) from None
    # h5py raises nearly anything for a damaged file
    except Exception as fault:
        raise ProcessListError(f"{target.name} is a damaged process list: {fault}") from fault


def require_list(path: Path) -> None:
    """Raise NotAProcessList unless the existing file `path` is a process list that can be read."""
    kind = classify(path)
    if kind is FileKind.OTHER:
        fault = what_is_wrong(path)
        if fault is not None:
            raise NotAProcessList(f"{path.name} is {fault}")
    if kind is not FileKind.LIST:
        raise NotAProcessList(f"{path.name} is {_PHRASES[kind]}")
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise NotAProcessList(f"{path.name} has {size} bytes: far more than a process list")


def write_process_list(
    path: str | os.PathLike[str],
    plist: ProcessList,
    *,
    expected_hash: str | None = None,
    create: bool = False,
) -> str:
    """Write `plist` to `path` in one step, and return the new hash.

    A symbolic link stays: the file that it points to is written. On any error the file is as it
    was before.

    Args:
        path: the file; its folder must exist.
        plist: the list.
        expected_hash: hash of the file when it was read.
        create: whether this is to be a new file.

    Raises:
        ProcessListError: the list is not valid.
        FileExistsError: `create`, and there is a file.
        ChangedOnDisk: the file is not the one with `expected_hash`.
        NotAProcessList: there is a file which is no process list.
        OSError: it cannot be written.
    """
    # strict only in name: a link may point to a file that is still to be made
    target = Path(path).resolve()
    content = process_list_bytes(plist)

    def check() -> None:
        if not target.exists():
            if expected_hash is not None:
                raise ChangedOnDisk(f"{target.name} was deleted or moved since it was opened")
            return
        if create:
            raise FileExistsError(f"there is already a file {target.name}")
        require_list(target)
        if expected_hash is not None and file_hash(target) != expected_hash:
            raise ChangedOnDisk(f"{target.name} was changed on disk since it was opened")

    atomic.write(target, content, check)
    return hashlib.sha256(content).hexdigest()


def process_list_bytes(plist: ProcessList) -> bytes:
    """The content of a process-list file that holds `plist`.

    Raises:
        ProcessListError: the list is not valid.
    """
    check_positions(plist.plugins)
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        _write(file, plist)
    return content.getvalue()


def _read(file: h5py.File) -> ProcessList:
    budget = extras.Budget()
    group = file[PLUGINS]
    keys = {key: key.strip() for key in group}
    plugins = [
        _read_plugin(group[key], position, budget)
        for key, position in sorted(keys.items(), key=lambda item: position_key(item[1]))
    ]
    check_positions(plugins)
    renumber_from_one(plugins)
    version = file.get(VERSION)

    def is_known(path: str) -> bool:
        return bool(_KNOWN.fullmatch(path)) and (path != f"/{VERSION}" or _is_plain(version))

    return ProcessList(
        plugins=plugins,
        groups=_read_groups(file),
        version=text_of(version[()]) if isinstance(version, h5py.Dataset) else None,
        extra=extras.encode_group(file["/"], is_known, budget),
    )


def _is_plain(version: Any) -> bool:
    """Whether the version is stored as it would be written; else its own form is kept."""
    if not isinstance(version, h5py.Dataset) or version.shape != ():
        return False
    return h5py.check_string_dtype(version.dtype) == h5py.check_string_dtype(_UTF8)


def _read_plugin(group: Any, position: str, budget: extras.Budget) -> Plugin:
    if not isinstance(group, h5py.Group):
        raise ProcessListError(f"plugin {position} is not an HDF5 group")
    texts = {name: _first(group, name, position) for name in _TEXT_MEMBERS}
    try:
        parameters = json.loads(text_of(texts["data"]))
    except (ValueError, RecursionError):
        raise ProcessListError(f"the parameters of plugin {position} are not JSON") from None
    if not isinstance(parameters, dict):
        raise ProcessListError(f"the parameters of plugin {position} are not a JSON object")
    known = {f"{group.name}/{name}" for name in (*_TEXT_MEMBERS, "active")}
    return Plugin(
        position=position,
        name=text_of(texts["name"]),
        id=text_of(texts["id"]),
        active=bool(_first(group, "active", position)),
        parameters=parameters,
        extra=extras.encode_group(group, known.__contains__, budget),
    )


def _first(group: h5py.Group, name: str, position: str) -> Any:
    dataset = group.get(name)
    if not isinstance(dataset, h5py.Dataset) or dataset.size != 1:
        raise ProcessListError(f"plugin {position} has no {name!r}")
    return dataset[()] if dataset.shape == () else dataset[(0,) * dataset.ndim]


def _read_groups(file: h5py.File) -> list[IterateGroup]:
    parent = file.get(GROUPS)
    if not isinstance(parent, h5py.Group):
        return []
    return [
        IterateGroup(*(int(parent[key][name][()]) for name in _GROUP_MEMBERS))
        for key in sorted((key for key in parent if key.isdigit()), key=int)
    ]


def _write(file: h5py.File, plist: ProcessList) -> None:
    described = plist.extra.get("group", {})

    def group(path: str, nx_class: str) -> h5py.Group:
        """The group at `path`; with a class where the kept tree says nothing about it."""
        node: Any = {"group": described}
        for name in path.split("/"):
            node = node.get("group", {}).get(name) if isinstance(node, dict) else None
        made = file.require_group(path)
        if node is None:
            made.attrs["NX_class"] = nx_class
        return made

    group("entry", "NXentry")
    parent = group(PLUGINS, "NXprocess")
    for i, plugin in enumerate(plist.plugins):
        _write_plugin(parent.create_group(plugin.position), plugin, f"/plugins/{i}")
    if plist.groups or not plist.extra:
        parent = group(GROUPS, "NXnote")
        for i, loop in enumerate(plist.groups):
            made = parent.create_group(str(i))
            for name in _GROUP_MEMBERS:
                made.create_dataset(name, data=np.int32(getattr(loop, name)))
    if plist.extra:
        extras.decode_group(file["/"], plist.extra, "/extra")
    _write_version(file, group, plist.version)


def _write_version(file: h5py.File, group: Any, version: str | None) -> None:
    kept = file.get(VERSION)
    if isinstance(kept, h5py.Dataset):
        if text_of(kept[()]) == version:
            return
        del file[VERSION]
    if version is not None:
        group("entry/savu_notes", "NXnote").create_dataset("version", data=version, dtype=_UTF8)


def _write_plugin(group: h5py.Group, plugin: Plugin, place: str) -> None:
    texts = {"name": plugin.name, "id": plugin.id, "data": json.dumps(plugin.parameters)}
    for name, text in texts.items():
        raw = text.encode()
        # HDF5 has no string of length 0
        group.create_dataset(name, data=np.array([raw], dtype=f"S{max(len(raw), 1)}"))
    group.create_dataset("active", data=np.array([plugin.active]))
    if plugin.extra:
        extras.decode_group(group, plugin.extra, f"{place}/extra")
    else:
        group.attrs["NX_class"] = "NXnote"
