"""What went wrong with a file, in words that say what to do."""

from __future__ import annotations

import errno
import re

_FULL = {errno.ENOSPC, errno.EDQUOT}
_HDF5_CODE = re.compile(r"errno = (\d+)")


def plain(error: Exception) -> str:
    """Return the message for the user; HDF5 hides the system's error in a long text."""
    if not isinstance(error, OSError):
        return str(error)
    found = _HDF5_CODE.search(str(error))
    code = int(found[1]) if found else error.errno
    where = f" ({error.filename})" if error.filename else ""
    if code in _FULL:
        return f"The disk is full{where}: make room, or choose another output folder."
    if code == errno.EFBIG:
        return f"A file may not grow this large here{where}: the limit of the system was reached."
    if code == errno.ENAMETOOLONG:
        return f"A name is too long for this disk{where}: shorten it."
    if code in (errno.EACCES, errno.EPERM):
        return f"Permission denied{where}."
    if code == errno.ENOENT:
        return f"There is no such file or folder{where}."
    if "truncated" in str(error):
        return f"A truncated HDF5 file{where}: {error}"
    return str(error)
