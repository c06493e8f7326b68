"""Messages between the process that asks for a document and the one that reads it: length, JSON, bytes.

JSON and not pickle: what comes back was made from a stranger's file, and is taken as data only.
"""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO

_HEAD = struct.Struct(">QQ")


class ConnectionLostError(Exception):
    """The other side has gone."""


def send(stream: BinaryIO, message: dict[str, Any], data: bytes = b"") -> None:
    """Write a message and the bytes that belong to it.

    Args:
        stream: A pipe.
        message: Anything JSON holds.
        data: Raw bytes.

    Raises:
        ConnectionLostError: Nobody reads at the other end.
    """
    body = json.dumps(message).encode("ascii")  # escapes keep names whole that are no UTF-8
    try:
        for part in (_HEAD.pack(len(body), len(data)), body, data):
            stream.write(part)
        stream.flush()
    except (OSError, ValueError) as error:
        raise ConnectionLostError from error


def receive(stream: BinaryIO) -> tuple[dict[str, Any], bytes]:
    """Read a message and its bytes.

    Raises:
        ConnectionLostError: The pipe ended, or what came is no message.
    """
    try:
        body_length, data_length = _HEAD.unpack(_exactly(stream, _HEAD.size))
        message = json.loads(_exactly(stream, body_length))
        data = _exactly(stream, data_length)
    except (OSError, ValueError) as error:
        raise ConnectionLostError from error
    if not isinstance(message, dict):
        raise ConnectionLostError
    return message, data


def _exactly(stream: BinaryIO, length: int) -> bytes:
    data = stream.read(length) if length else b""
    if len(data) != length:
        raise ConnectionLostError
    return data
