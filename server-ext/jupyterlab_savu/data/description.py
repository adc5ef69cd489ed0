"""What a file is; runs in worker processes."""

from __future__ import annotations

import os
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from jupyterlab_savu.faults import not_found
from savu_core.files import FileKind, classify, file_hash
from savu_core.hdf5 import what_is_wrong

#: The endings of files that should be HDF5.
HDF5_SUFFIXES = (".nxs", ".nx", ".nx5", ".h5", ".hdf5", ".hdf")


def describe(path: str, writable: bool, with_hash: bool) -> dict[str, Any]:
    """Facts about the file at the resolved `path` in a root that is `writable` or not."""
    target = Path(path)
    try:
        info = target.stat()
        kind = classify(target)
        is_list = kind is FileKind.LIST
        facts: dict[str, Any] = {
            "kind": kind.value,
            "size": info.st_size,
            "created": utc(info.st_ctime),
            "modified": utc(info.st_mtime),
            "writable": is_list and writable and _replaceable(target),
            "hash": file_hash(target) if is_list and with_hash else None,
        }
        if kind is FileKind.OTHER and target.suffix.lower() in HDF5_SUFFIXES:
            facts |= _problem(target)
    except OSError:
        raise not_found(f"{target.name} is gone, or you may not read it.") from None
    return facts


def utc(seconds: float) -> str:
    """A time of the file system in RFC 3339."""
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat().replace("+00:00", "Z")


def _replaceable(path: Path) -> bool:
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def _problem(path: Path) -> dict[str, str]:
    fault = what_is_wrong(path)
    return {} if fault is None else {"problem": f"{path.name} is {fault}."}
