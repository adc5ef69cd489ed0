"""Deleting process lists so that they can be had back; runs in worker processes."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from datetime import datetime
from itertools import count
from pathlib import Path

from jupyterlab_savu.data.lists import faults
from savu_core.files import ChangedOnDisk, file_hash, require_list

#: Folders beside deleted lists, named by the day.
_FOLDER = "deleted-{:%Y-%m-%d}"
_FOLDER_NAME = re.compile(r"deleted-\d{4}-\d\d-\d\d")


def delete(path: str, expected_hash: str, to_trash: bool) -> str | None:
    """Move a list to the trash, or where there is none into a dated folder beside it.

    Args:
        path: the list; a scan or a result is refused.
        expected_hash: of the file that was read.
        to_trash: whether the trash of the system is to be used, where it works.

    Returns:
        Where the file is now; None in the trash.
    """
    target = Path(path)
    with faults(path, "deleted"):
        require_list(target)
        if file_hash(target) != expected_hash:
            raise ChangedOnDisk(f"{target.name} was changed on disk since it was opened")
        if to_trash and _is_trashed(target):
            return None
        return str(_put_aside(target))


def is_put_aside(name: str) -> bool:
    """Whether a folder's name is one of those that hold deleted lists."""
    return _FOLDER_NAME.fullmatch(name) is not None


def _is_trashed(path: Path) -> bool:
    from send2trash import send2trash

    # other disks may have no trash, or one that is not ours
    with suppress(OSError):
        send2trash(str(path))
    return not path.exists()


def _put_aside(path: Path) -> Path:
    folder = path.parent / _FOLDER.format(datetime.now().astimezone())
    folder.mkdir(exist_ok=True)
    for number in count(1):
        name = path.name if number == 1 else f"{path.stem}-{number}{path.suffix}"
        try:
            # a link fails where a file is, so that no list deleted before is replaced
            os.link(path, folder / name)
        except FileExistsError:
            continue
        except OSError:
            # a disk without links: the first free name
            if (folder / name).exists():
                continue
            path.rename(folder / name)
            return folder / name
        path.unlink()
        return folder / name
    raise AssertionError("numbers do not end")
