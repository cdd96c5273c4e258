"""Leases: a background job runs in one replica at a time, and another takes over if that dies."""

from datetime import timedelta

from kit.clock import now
from kit.ids import new_id
from kit.storage.connection import Collection

TERM = timedelta(seconds=15)


class Leases:
    """Leases of one process in its service's database; the term must outlast a job's step."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self.holder = new_id()

    async def take(self, name: str) -> bool:
        """Take or renew the lease; False while somebody else holds it."""
        moment = now()
        free = {"_id": name, "$or": [{"holder": self.holder}, {"until": {"$lt": moment}}]}
        claim = {"$set": {"holder": self.holder, "until": moment + TERM}}
        return await self._collection.update_one(free, claim, upsert=True) == 1

    async def release_all(self) -> None:
        """Let others take over at once."""
        await self._collection.delete_many({"holder": self.holder})
