"""What a browser may send over its connection, looked at before it is unpacked.

A message is a JSON object, as text or as the first of a few buffers of a binary frame. Solara
unpacks a frame by the number of buffers that it claims, and keeps memory for every number it ever
saw; so a claim is held against the length of the frame, and is small.
"""

from __future__ import annotations

import json
import struct
from typing import Any

KINDS = (
    *("kernel_info_request", "comm_open", "comm_msg", "comm_close", "comm_info_request"),
    "shutdown_request",
)
MOST_BUFFERS = 64
_WORD = 4


def is_message(received: dict[str, Any]) -> bool:
    """Whether what a connection received is a message that the server understands.

    received: an event of a connection as ASGI gives it, with `text` or `bytes`.
    """
    text = received.get("text")
    if text is None:
        frame = received.get("bytes")
        text = None if frame is None else _first_buffer(frame)
    return text is not None and _is_understood(text)


def _first_buffer(frame: bytes) -> str | None:
    """The text in a frame: a number of buffers, where each begins, the buffers."""
    if len(frame) < 2 * _WORD:
        return None
    (count,) = struct.unpack("!I", frame[:_WORD])
    if not 1 <= count <= MOST_BUFFERS or len(frame) < _WORD * (count + 1):
        return None
    words = range(_WORD, _WORD * (count + 1), _WORD)
    starts = [int.from_bytes(frame[place : place + _WORD], "big") for place in words]
    ends = [*starts[1:], len(frame)]
    if starts[0] != _WORD * (count + 1) or any(
        start > end for start, end in zip(starts, ends, strict=True)
    ):
        return None
    try:
        return frame[starts[0] : ends[0]].decode()
    except UnicodeDecodeError:
        return None


def _is_understood(text: str) -> bool:
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return False
    if not isinstance(message, dict) or not isinstance(message.get("content"), dict):
        return False
    header = message.get("header")
    if not isinstance(header, dict) or header.get("msg_type") not in KINDS:
        return False
    content, kind = message["content"], header["msg_type"]
    named = isinstance(content.get("comm_id"), str) or not kind.startswith("comm_")
    return isinstance(message.get("channel"), str) and (named or kind == "comm_info_request")
