"""Job ids: sortable by the time of submission, unique without asking anybody."""

from __future__ import annotations

import secrets
import threading
from datetime import datetime, timezone

#: What an id looks like, as a regular expression.
ID = r"[0-9]{8}T[0-9]{6}-[0-9a-f]{8}"

_lock = threading.Lock()
_last = ""


def new_id() -> str:
    """Such as ``20260131T235959-1a2b3c4d``: UTC, three digits of milliseconds, five of chance.

    The ids of one process rise, also within a millisecond and when the clock is set back.
    """
    global _last
    now = datetime.now(timezone.utc)
    drawn = f"{now:%Y%m%dT%H%M%S}-{now.microsecond // 1000:03x}{secrets.randbelow(16**5):05x}"
    with _lock:
        if drawn <= _last:
            second, _, number = _last.partition("-")
            drawn = f"{second}-{int(number, 16) + 1:08x}"
        _last = drawn
    return drawn
