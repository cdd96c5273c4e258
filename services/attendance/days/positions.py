"""Exact positions: a collection of their own, emptied by retention, read by reviews only."""

from datetime import timedelta

from contracts.attendance import Position
from kit.clock import now
from kit.storage.batches import Commits
from kit.storage.migrations import Index
from kit.storage.store import Store


class Positions:
    """Positions by punch, written before the day that names the punch; orphans expire."""

    def __init__(self, store: Store, *, kept_days: int) -> None:
        self.collection = store.collection(
            "positions", indexes=[Index([("expires_at", 1)], expire_after_s=0)]
        )
        self._commits = Commits(store.database, self.collection, durable=False)
        self._kept = timedelta(days=kept_days)

    async def add(self, punch: str, employee: str, position: Position) -> None:
        """Keep where a punch was made; the day's own write makes it durable."""
        await self._commits.insert(
            {
                "_id": punch,
                "employee": employee,
                "position": position.model_dump(),
                "expires_at": now() + self._kept,
            }
        )
