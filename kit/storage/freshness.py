"""What a process keeps in memory is read again beside the work, so that nobody waits for it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kit.storage.store import Store

EVERY_S = 2.0
"""How often a running service refreshes what it keeps (:meth:`Service.run`)."""
_TOO_OLD_S = 10.0
"""What was not refreshed for so long is refreshed before it is used."""


class KeptFresh:
    """Calls ``read`` before the first use, then in the background while the service runs."""

    def __init__(self, store: "Store", read: Callable[[], Awaitable[None]]) -> None:
        self._read = read
        self._read_at = float("-inf")
        self._changes = self._changes_read = 0
        self._reading = asyncio.Lock()
        store.kept_fresh.append(self.refresh)

    async def ensure(self) -> None:
        """Refresh only what is too old; of those who ask at once one reads for all."""
        if self._is_old:
            async with self._reading:
                if self._is_old:
                    await self._refresh()

    def outdate(self) -> None:
        """What was read is known to be out of date: the next use reads first."""
        self._changes += 1

    async def refresh(self) -> None:
        """Read now."""
        async with self._reading:
            await self._refresh()

    async def _refresh(self) -> None:
        began, changes = time.monotonic(), self._changes
        await self._read()
        self._read_at, self._changes_read = began, changes

    @property
    def _is_old(self) -> bool:
        outdated = self._changes != self._changes_read
        return outdated or time.monotonic() - self._read_at > _TOO_OLD_S
