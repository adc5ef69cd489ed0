"""The frames in which the server and its worker processes talk: JSON and bytes, no pickles."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import Any, BinaryIO

_LENGTHS = struct.Struct("<QQ")


@dataclass
class Frame:
    """A header, which is plain data, and the bytes of a body."""

    header: dict[str, Any]
    body: bytes | memoryview = b""


def write_frame(stream: BinaryIO, frame: Frame) -> None:
    # ASCII, because names on a disk need not be valid Unicode
    header = json.dumps(frame.header, ensure_ascii=True).encode("ascii")
    stream.write(_LENGTHS.pack(len(header), len(frame.body)) + header)
    stream.write(frame.body)
    stream.flush()


def read_frame(stream: BinaryIO) -> Frame | None:
    """The next frame; None at the end of the stream.

    Raises:
        EOFError: when the stream ends inside a frame.
    """
    lengths = stream.read(_LENGTHS.size)
    if not lengths:
        return None
    if len(lengths) < _LENGTHS.size:
        raise EOFError("the stream ended inside a frame")
    header_length, body_length = _LENGTHS.unpack(lengths)
    header = stream.read(header_length)
    body = stream.read(body_length)
    if len(header) < header_length or len(body) < body_length:
        raise EOFError("the stream ended inside a frame")
    return Frame(json.loads(header), body)
