"""Process-list files by path; all of it runs in worker processes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from jupyterlab_savu.data.frames import Frame
from jupyterlab_savu.faults import Fault, disk_fault, not_found
from savu_core import operations
from savu_core.compare import compare as compared
from savu_core.files import (
    ChangedOnDisk,
    NotAProcessList,
    process_list_bytes,
    read_process_list,
    require_list,
    write_process_list,
)
from savu_core.model import ProcessList, ProcessListError
from savu_core.positions import OperationError


def read(path: str) -> dict[str, Any]:
    """The list in its API form, with the hash of the file."""
    with faults(path, "read"):
        plist, digest = read_process_list(path)
        return {"list": plist.to_json(), "hash": digest}


def write(path: str, plist: dict[str, Any], expected_hash: str | None, create: bool) -> str:
    """Write atomically and return the new hash."""
    with faults(path, "written"):
        return write_process_list(
            path, ProcessList.from_json(plist), expected_hash=expected_hash, create=create
        )


def download(path: str) -> Frame:
    with faults(path, "read"):
        target = Path(path)
        require_list(target)
        return Frame({}, target.read_bytes())


def encode(path: str, plist: dict[str, Any]) -> Frame:
    """The content of a file that holds `plist`, for which there is room in the folder of `path`."""
    with faults(path, "written"):
        content = process_list_bytes(ProcessList.from_json(plist))
        with TemporaryFile(dir=Path(path).parent) as trial:
            trial.write(content)
            trial.flush()
            os.fsync(trial.fileno())
        return Frame({}, content)


def compare(left: dict[str, Any], right: dict[str, Any]) -> dict[str, Any]:
    """What differs between two lists in their API form."""
    return compared(decode(left, "/left"), decode(right, "/right")).to_json()


def validate(plist: dict[str, Any]) -> None:
    """Raise a Fault unless `plist` is a list in its API form."""
    decode(plist, "/list")


def refresh(plist: dict[str, Any], indices: list[int], defaults: bool) -> dict[str, Any]:
    """A list with plugins brought in line with the facts that are shipped."""
    decoded = decode(plist, "/list")
    positions = [decoded.plugins[index].position for index in indices]
    if not positions:
        return decoded.to_json()
    try:
        return operations.refresh(decoded, positions, defaults=defaults).to_json()
    except OperationError as error:
        raise Fault(f"{error}. Nothing was changed.", place="/list") from None


def decode(plist: dict[str, Any], place: str) -> ProcessList:
    """The list in its API form, which a request has at the JSON pointer `place`.

    Raises:
        Fault: when it is not valid.
    """
    try:
        return ProcessList.from_json(plist)
    except ProcessListError as error:
        raise Fault(f"{error.message}.", place=place + (error.place or "")) from None


@contextmanager
def faults(path: str, done: str) -> Iterator[None]:
    """Turns what goes wrong with the file at `path` while it is "read" or "written" into Faults."""
    name = Path(path).name
    try:
        yield
    except NotAProcessList as error:
        status = 422 if done == "read" else 409
        raise Fault(f"{error.message}.", status=status, reason="not_a_list") from None
    except ProcessListError as error:
        raise Fault(f"{error.message}.", place=error.place) from None
    except ChangedOnDisk as error:
        raise Fault(
            f"{error}. Reload it, or save under another name; nothing was written.",
            status=412,
            reason="changed",
        ) from None
    except FileExistsError:
        raise Fault(
            f"There is already a file {name}. Choose another name.", status=409, reason="exists"
        ) from None
    except FileNotFoundError:
        raise not_found(f"{name} is gone: it was moved or deleted.") from None
    except OSError as error:
        raise disk_fault(error, f"{name} cannot be {done}") from None
