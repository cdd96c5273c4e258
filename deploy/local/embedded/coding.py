"""Keys of the storage engine are packed and unpacked without reading their format every time.

The engine's binding does both in Python, a character of the format after the other, which was a
quarter of the database's processor time. SecantusDB uses a handful of formats; for these the bytes
are made and taken apart directly. Whatever is out of the ordinary goes to the binding's functions.
What comes out is the same, byte by byte (``tests/unit/deploy/test_embedded_coding.py``).
"""

from collections.abc import Callable
from typing import Any

_FORMATS = {
    one: (one.count("S"), one.strip("S"))
    for one in ("S", "SS", "SSS", "SSq", "SSu", "SSSu", "q", "u")
}
"""How many texts a format begins with, and what it ends with."""

_FIRST_OF_MANY_BYTES = 8_256
_MANY_BYTES = 0xE0


def packer(packs: Callable[..., bytes]) -> Callable[..., bytes]:
    """The binding's ``pack``, made fast for the formats in use."""

    def pack(fmt: str, *values: Any) -> bytes:
        known = _FORMATS.get(fmt)
        if known is None:
            return packs(fmt, *values)
        texts, last = known
        try:
            head = "\0".join((*values[:texts], "")) if texts else ""
            if head.count("\0") == texts and len(values) == len(fmt):
                if not last:
                    return head.encode()
                tail = values[-1]
                if last == "u" and type(tail) is bytes:
                    return head.encode() + tail
                if last == "q" and tail > _FIRST_OF_MANY_BYTES:
                    return head.encode() + _pack_large(tail)
        except TypeError:  # bytes where a text is usual
            pass
        return packs(fmt, *values)

    return pack


def unpacker(unpacks: Callable[..., Any]) -> Callable[..., Any]:
    """The binding's ``unpack``, made fast for the formats in use."""

    def unpack(fmt: str, packed: Any) -> Any:
        known = _FORMATS.get(fmt)
        if known is None or type(packed) is not bytes:
            return unpacks(fmt, packed)
        texts, last = known
        parts: list[Any] = packed.split(b"\0", texts)
        if len(parts) != texts + 1:
            return unpacks(fmt, packed)
        rest = parts.pop()
        found = [part.decode() for part in parts]
        if last == "u":
            found.append(rest)
        elif last == "q":
            large = rest[0] >= _MANY_BYTES
            found.append(_unpack_large(rest) if large else unpacks("q", rest)[0])
        return found

    return unpack


def install() -> None:
    """Give the binding's cursors the faster functions."""
    from wiredtiger import Cursor

    names = Cursor.get_keys.__globals__  # the package is a copy of the module that defines them
    names["pack"], names["unpack"] = packer(names["pack"]), unpacker(names["unpack"])


def _pack_large(number: int) -> bytes:
    beyond = number - _FIRST_OF_MANY_BYTES
    size = (beyond.bit_length() + 7) // 8
    return bytes((_MANY_BYTES | size,)) + beyond.to_bytes(size, "big")


def _unpack_large(packed: bytes) -> int:
    size = packed[0] & 0x0F
    return _FIRST_OF_MANY_BYTES + int.from_bytes(packed[1 : size + 1], "big")
