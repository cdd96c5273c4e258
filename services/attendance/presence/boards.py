"""Who is in an office, read once for all boards that show it: at most a second old."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence

from services.attendance.days.store import Whereabouts

TTL_S = 1.0
_Read = Callable[[], Awaitable[Sequence[Whereabouts]]]


class Boards:
    """The newest rows of each board that somebody follows."""

    def __init__(self) -> None:
        self._rows: dict[str, tuple[float, Sequence[Whereabouts]]] = {}
        self._reading: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def rows(self, board: str, read: _Read) -> Sequence[Whereabouts]:
        """The rows of a board; of those who ask at once one reads for all."""
        async with self._reading[board]:
            known = self._rows.get(board)
            if known is None or time.monotonic() - known[0] > TTL_S:
                self._forget_old()
                began = time.monotonic()
                self._rows[board] = began, await read()
            return self._rows[board][1]

    def _forget_old(self) -> None:
        """Boards that nobody follows any more."""
        limit = time.monotonic() - 60 * TTL_S
        for board, (read_at, _) in list(self._rows.items()):
            if read_at < limit:
                del self._rows[board]
                self._reading.pop(board, None)
