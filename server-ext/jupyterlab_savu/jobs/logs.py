"""Reading logs in parts, by bytes, while they grow."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_LONGEST_CHARACTER = 4


@dataclass(frozen=True)
class LogPart:
    """`text` is bytes `offset` to `next` of `size` so far, in UTF-8."""

    text: str
    offset: int
    next: int
    size: int


def read_part(path: Path, offset: int, length: int, growing: bool) -> LogPart:
    """At most `length` bytes from `offset` (from the end when negative), at whole characters.

    A character that is cut by `length` counts to the next part, unless it would be the only
    one; a file that does not exist is an empty one.
    """
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            start = max(size + offset, 0) if offset < 0 else min(offset, size)
            file.seek(start)
            raw = file.read(max(length, _LONGEST_CHARACTER) + _LONGEST_CHARACTER)
    except FileNotFoundError:
        return LogPart("", 0, 0, 0)
    skipped = _continuation(raw)
    raw = raw[skipped:]
    first = start + skipped
    at_end = first + min(length, len(raw)) >= size
    if not (at_end and not growing):
        length = _whole_characters(raw, length)
    raw = raw[:length]
    return LogPart(raw.decode("utf-8", "replace"), first, first + len(raw), size)


def _continuation(raw: bytes) -> int:
    """How many bytes at the start belong to a character before it."""
    count = 0
    while count < min(len(raw), _LONGEST_CHARACTER - 1) and raw[count] & 0xC0 == 0x80:
        count += 1
    return count


def _whole_characters(raw: bytes, length: int) -> int:
    """The largest number of bytes up to `length` that splits no character of `raw`."""
    length = min(length, len(raw))
    for back in range(1, min(length, _LONGEST_CHARACTER) + 1):
        lead = raw[length - back]
        if lead & 0xC0 == 0x80:
            continue
        wanted = 4 if lead >= 0xF0 else 3 if lead >= 0xE0 else 2 if lead >= 0xC0 else 1
        if wanted <= back:
            return length
        # the whole character when there would be nothing else
        return length - back or min(wanted, len(raw))
    return length
