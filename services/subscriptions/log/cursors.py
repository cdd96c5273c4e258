"""Cursors: a position of the log that its reader keeps without knowing what it means.

A cursor is signed with the log's own key, so an invented one, or one of another log (a rebuilt
system), is refused instead of skipping events in silence.
"""

import base64
import binascii
import hashlib
import hmac

from contracts.outcome import Refusal
from contracts.subscriptions import EARLIEST, LATEST

_POSITION_BYTES = 8
_SIGNATURE_BYTES = 10


def encode(position: int, key: str) -> str:
    """The cursor behind a position."""
    raw = position.to_bytes(_POSITION_BYTES, "big")
    return base64.urlsafe_b64encode(raw + _signature(raw, key)).decode()


def decode(cursor: str, key: str, *, pointer: str) -> int:
    """The position of a cursor; refuses what this log did not give."""
    try:
        raw = base64.b64decode(cursor.encode(), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise _not_ours(pointer) from None
    position, signature = raw[:_POSITION_BYTES], raw[_POSITION_BYTES:]
    if not hmac.compare_digest(signature, _signature(position, key)):
        raise _not_ours(pointer)
    return int.from_bytes(position, "big")


def start(after: str | None, key: str, *, tail: int, pointer: str) -> int:
    """The position a reader begins behind: the oldest event, the end, or its cursor."""
    if after is None or after == EARLIEST:
        return 0
    if after == LATEST:
        return tail
    return decode(after, key, pointer=pointer)


def _signature(position: bytes, key: str) -> bytes:
    return hmac.new(key.encode(), position, hashlib.sha256).digest()[:_SIGNATURE_BYTES]


def _not_ours(pointer: str) -> Refusal:
    return Refusal.invalid(pointer, "must be a cursor that this feed gave, earliest or latest")
