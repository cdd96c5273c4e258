"""A body of lines, read piece by piece: whatever its size, little of it is in memory at a time."""

import asyncio
from collections.abc import AsyncIterator

from contracts.device_lines import MOST_CHARACTERS

CHUNK_TIMEOUT_S = 30.0
_HEAD = 4 * MOST_CHARACTERS
"""So many bytes of a line are looked at; a character of UTF-8 has at most four."""
_CONTROLS = {code: None for code in (*range(32), 127, *range(0x80, 0xA0)) if code != ord("\t")}


class LineSplitter:
    """Splits pieces of a body into lines; of a long line only its beginning is kept."""

    def __init__(self) -> None:
        self._begun = bytearray()

    def feed(self, piece: bytes) -> list[str]:
        """The lines that this piece ends; blank ones are none."""
        *ended, rest = piece.split(b"\n")
        lines = []
        for part in ended:
            self._add(part)
            lines += self.end()
        self._add(rest)
        return lines

    def end(self) -> list[str]:
        """What has begun, as a line, if there is anything in it."""
        text = as_text(bytes(self._begun))
        self._begun.clear()
        return [text] if text.strip() else []

    def _add(self, part: bytes) -> None:
        self._begun += part[: max(0, _HEAD - len(self._begun))]


def as_text(line: bytes) -> str:
    """A line as text: UTF-8, or byte by byte where old firmware writes something else.

    Control characters go, tabs stay: they separate the fields.
    """
    try:
        text = line.decode()
    except UnicodeDecodeError:
        text = line.decode("latin-1")
    return text.translate(_CONTROLS)[:MOST_CHARACTERS]


async def lines_of(body: AsyncIterator[bytes]) -> AsyncIterator[list[str]]:
    """The lines of a body as they arrive; raises ``TimeoutError`` when nothing does."""
    splitter = LineSplitter()
    while True:
        async with asyncio.timeout(CHUNK_TIMEOUT_S):
            piece = await anext(body, None)
        if piece is None:
            break
        if lines := splitter.feed(piece):
            yield lines
    if last := splitter.end():
        yield last
