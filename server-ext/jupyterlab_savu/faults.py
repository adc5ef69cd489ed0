"""What a request can fail with, told in words for the user."""

from __future__ import annotations

import errno
from typing import Any


class Fault(Exception):  # noqa: N818 - it is told to users, not raised at them
    """A request cannot be met, for a reason that the user should read.

    `reason` is a word for programs, `status` the HTTP status that fits, and `place` says where
    the fault is in what was sent: a JSON pointer into the body, or the name of a parameter.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 422,
        reason: str = "invalid",
        place: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.reason = reason
        self.place = place

    def to_json(self) -> dict[str, Any]:
        return {
            "message": self.message,
            "status": self.status,
            "reason": self.reason,
            "place": self.place,
        }

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Fault:
        return cls(
            told["message"], status=told["status"], reason=told["reason"], place=told["place"]
        )


def not_found(message: str) -> Fault:
    return Fault(message, status=404, reason="not_found")


def too_large(message: str) -> Fault:
    return Fault(message, status=413, reason="too_large")


_NO_SPACE = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}


def disk_fault(error: OSError, what: str) -> Fault:
    """The words for a failed write: `what` could not be done because of `error`."""
    if error.errno in _NO_SPACE:
        return Fault(
            f"{what}: no space is left on the disk (or the quota is used up). "
            "Free some space and try again; nothing was changed.",
            status=507,
            reason="no_space",
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return Fault(
            f"{what}: you may not write there. Choose another folder.",
            status=403,
            reason="read_only",
        )
    return Fault(
        f"{what}: {error.strerror or error}. Nothing was changed.",
        status=500,
        reason="disk",
    )
