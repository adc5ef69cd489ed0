"""Job ids: sortable by the time of submission, unique without asking anybody."""

from __future__ import annotations

import secrets
from datetime import datetime, timezone


def new_id() -> str:
    """Such as ``20260131T235959-1a2b3c4d``: UTC, three digits of milliseconds, five of chance."""
    now = datetime.now(timezone.utc)
    return f"{now:%Y%m%dT%H%M%S}-{now.microsecond // 1000:03x}{secrets.randbelow(16**5):05x}"
