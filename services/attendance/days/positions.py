"""Exact positions: a collection of their own, emptied by retention, read by reviews only.

The key begins with the moment of the arrival, so that forgetting, and what was received in a span,
is one range of keys: an index would cost every check-in more than the position itself.
"""

from datetime import UTC, datetime, timedelta

from contracts.attendance import Position
from kit.clock import now
from kit.storage.batches import Commits
from kit.storage.connection import Document
from kit.storage.store import Store
from services.attendance.days.punches import Punch


class Positions:
    """Positions by punch, written before the day that names the punch; orphans expire."""

    def __init__(self, store: Store, *, kept_days: int) -> None:
        self.collection = store.collection("positions")
        self._commits = Commits(store.database, self.collection, durable=False)
        self._kept = timedelta(days=kept_days)

    async def add(self, punch: Punch, employee: str, position: Position | None) -> None:
        """Keep where and how a check-in was made; the day's own write makes it durable."""
        await self._commits.insert(
            {
                "_id": f"{_key(punch.received_at)}:{punch.id}",
                "employee": employee,
                "office": punch.office,
                "direction": punch.direction,
                "at": punch.at,
                "captured_at": punch.captured_at,
                "received_at": punch.received_at,
                "offline": punch.offline,
                "flags": list(punch.flags),
                "kiosk_use": punch.kiosk_use,
                "position": None if position is None else position.model_dump(),
            }
        )

    async def forget_old(self) -> int:
        """Delete what has been kept for long enough; returns how many that were."""
        return await self.collection.delete_many({"_id": {"$lt": _key(now() - self._kept)}})

    async def received(self, start: datetime, end: datetime) -> list[Document]:
        """What arrived in a span, in no order: ask for short ones."""
        return await self.collection.find({"_id": {"$gte": _key(start), "$lt": _key(end)}})


def _key(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
