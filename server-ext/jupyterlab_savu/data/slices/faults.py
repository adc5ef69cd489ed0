"""What can be wrong with a dataset that shall be shown, in words."""

from __future__ import annotations

from pathlib import Path

from jupyterlab_savu.faults import Fault, not_found, too_large
from savu_core.hdf5 import what_is_wrong, why_not_hdf5


def in_words(error: Exception, file: Path, path: str) -> Fault | None:
    """The fault to tell of an error in reading `path`; None when the error is ours."""
    if isinstance(error, Fault):
        return error
    if isinstance(error, MemoryError):
        return too_large("This needs more memory than one request may take. Ask for a region.")
    if isinstance(error, KeyError):
        damage = what_is_wrong(file) if file.exists() else None
        if damage is not None:
            return Fault(f"{file.name} is {damage}.", reason="unreadable", place="file")
        return not_found(
            f"There is no dataset {path} in {file.name}, or the file with its values was moved or "
            "deleted, or may not be read from here."
        )
    if isinstance(error, OSError):
        return _unreadable(error, file, path)
    if isinstance(error, (ValueError, RuntimeError, TypeError)):
        return _damaged(error, file, path)
    return None


def _unreadable(error: OSError, file: Path, path: str) -> Fault:
    try:
        wrong = what_is_wrong(file)
        if wrong is not None:
            return Fault(f"{file.name} is {why_not_hdf5(file)}.", reason="unreadable", place="file")
    except OSError:
        return not_found(f"{file.name} is gone, or you may not read it.")
    return _damaged(error, file, path)


def _damaged(error: Exception, file: Path, path: str) -> Fault:
    return Fault(
        f"{path} in {file.name} cannot be read: {error}. The file may be damaged, or still be "
        "written; try again in a moment.",
        reason="unreadable",
    )
