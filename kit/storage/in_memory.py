"""Aggregates of one collection, all of them in memory, a few seconds behind what is stored.

For what every message needs and few people change. Each state carries the moment it was written
(``written_at``, stated before the write), so catching up reads only what has changed since, and
what was under way then once more. What this process writes it knows at once.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

from kit.clock import now
from kit.storage.aggregates import Aggregates, Stored
from kit.storage.freshness import KeptFresh
from kit.storage.migrations import Index
from kit.storage.store import Store

S = TypeVar("S")
T = TypeVar("T")

WRITTEN_AT = Index([("written_at", 1)])
"""The index that the collection must have."""

_UNDER_WAY = timedelta(minutes=2)
"""How long ago a write that is not visible yet may have been begun, at most."""


class InMemory(Generic[S, T]):
    """What ``digest`` makes of every aggregate of a collection, by id."""

    def __init__(
        self, store: Store, aggregates: Aggregates[S], digest: Callable[[Stored[S]], T]
    ) -> None:
        self._aggregates = aggregates
        self._digest = digest
        self._versions: dict[str, int] = {}
        self._read_until = datetime.fromtimestamp(0, UTC)
        self._known: dict[str, T] = {}
        self._kept = KeptFresh(store, self._read)

    async def all(self) -> dict[str, T]:
        """Everything by its id; the same object while nothing has changed."""
        await self._kept.ensure()
        return self._known

    async def written(self) -> None:
        """Know what this process has just written."""
        await self._kept.refresh()

    async def _read(self) -> None:
        until = now() - _UNDER_WAY
        found = await self._aggregates.find({"written_at": {"$gt": self._read_until}})
        newer = [one for one in found if self._versions.get(one.id, 0) < one.version]
        if newer:
            self._known = self._known | {one.id: self._digest(one) for one in newer}
            self._versions.update({one.id: one.version for one in newer})
        self._read_until = until
