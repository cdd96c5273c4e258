"""Leases: a background job runs in one replica at a time, and another takes over if that dies."""

from datetime import datetime, timedelta

from kit.clock import now
from kit.ids import new_id
from kit.storage.connection import Collection

TERM = timedelta(seconds=15)


class Leases:
    """Leases of one process in its service's database; the term must outlast a job's step."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._until: dict[str, datetime] = {}
        self.holder = new_id()

    async def take(self, name: str, *, term: timedelta = TERM) -> bool:
        """Take the lease, or renew it past half its term; False while somebody else holds it."""
        moment = now()
        if self._until.get(name, moment) > moment + term / 2:
            return True
        free = {"_id": name, "$or": [{"holder": self.holder}, {"until": {"$lt": moment}}]}
        claim = {"$set": {"holder": self.holder, "until": moment + term}}
        if await self._collection.update_one(free, claim, upsert=True) != 1:
            self._until.pop(name, None)
            return False
        self._until[name] = moment + term
        return True

    async def release_all(self) -> None:
        """Let others take over at once."""
        self._until.clear()
        await self._collection.delete_many({"holder": self.holder})
