"""Tickets by the hash of their secret; each is used up once, whoever is faster."""

from datetime import datetime

from kit.storage.migrations import Index
from kit.storage.store import Store


class Tickets:
    """Tickets that expire by themselves."""

    def __init__(self, store: Store) -> None:
        self._collection = store.collection(
            "tickets", indexes=[Index([("expires_at", 1)], expire_after_s=60)]
        )

    async def add(self, hash_: str, account: str, expires_at: datetime) -> None:
        """Keep a new ticket."""
        document = {"_id": hash_, "account": account, "expires_at": expires_at, "used_at": None}
        await self._collection.insert_one(document)

    async def use(self, hash_: str, at: datetime) -> str | None:
        """Use a ticket up; its account, or None if it is unknown, used or too old."""
        good = {"_id": hash_, "used_at": None, "expires_at": {"$gt": at}}
        if await self._collection.update_one(good, {"$set": {"used_at": at}}) != 1:
            return None
        found = await self._collection.find_one({"_id": hash_})
        return str(found["account"]) if found else None
