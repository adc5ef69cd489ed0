"""Replacing a small file in one step, so that it is never lost or half written."""

from __future__ import annotations

import errno
import os
import secrets
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

if sys.platform != "win32":
    import fcntl


def write(target: Path, content: bytes, check: Callable[[], None]) -> None:
    """Replace `target` by `content`, or make it, unless `check` raises.

    The content goes to a temporary file in the same folder, reaches the disk, and takes the
    target's name. An existing file keeps its mode and group; a new one obeys the umask. Writers
    of one folder take turns, so that `check` still holds when the file is replaced.

    Raises:
        OSError: nothing was changed, and no temporary file is left.
    """
    with _folder_lock(target.parent):
        check()
        before = _writable(target)
        # without the target's name, which may be as long as names can be
        temporary = target.with_name(f".{secrets.token_hex(8)}.tmp")
        try:
            # not tempfile: its files ignore the umask
            with temporary.open("xb") as file:
                if before is not None:
                    _keep_access(file.fileno(), before)
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            # a writer on another machine does not see the lock
            check()
            temporary.replace(target)
        except BaseException as error:
            # the first error tells more than one of tidying up
            with suppress(OSError):
                temporary.unlink()
            if isinstance(error, OSError) and error.filename == str(temporary):
                # nobody knows the temporary file
                error.filename, error.filename2 = str(target), None
            raise
        _sync_folder(target.parent)


def _writable(target: Path) -> os.stat_result | None:
    """The state of an existing target; replacing would override the protection of a file."""
    try:
        info = target.stat()
    except FileNotFoundError:
        return None
    if not info.st_mode & 0o222 or not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, "the file is read-only", str(target))
    return info


def _keep_access(descriptor: int, before: os.stat_result) -> None:
    if sys.platform == "win32":
        return
    # the group of others' files may only be set by its members
    with suppress(PermissionError):
        os.fchown(descriptor, -1, before.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(before.st_mode))


@contextmanager
def _folder_lock(folder: Path) -> Iterator[None]:
    if sys.platform == "win32":
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        # some network file systems lock no folders; the second check narrows the gap there
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    # the file is complete by now: where folders cannot be synced, that is no failure to save
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
