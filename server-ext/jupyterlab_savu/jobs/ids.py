"""Job ids: sortable by the time of submission, unique without asking anybody."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timezone

PATTERN = re.compile(r"[0-9]{8}T[0-9]{6}-[0-9a-f]{8}")


def new_id() -> str:
    """Such as ``20260131T235959-1a2b3c4d`` (UTC)."""
    return f"{datetime.now(timezone.utc):%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"


def is_id(text: str) -> bool:
    return PATTERN.fullmatch(text) is not None
