"""The accounts and, apart from them, their password hashes."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kit.storage.aggregates import Aggregates
from kit.storage.ledger import Ledger
from kit.storage.migrations import Index
from kit.storage.store import Store
from services.directory.accounts.model import Account


class Accounts(Aggregates[Account]):
    """Accounts by user name."""

    def __init__(self, store: Store) -> None:
        indexes = [Index([("employee", 1)]), Index([("changed_at", -1)])]
        super().__init__(store, "accounts", Account, indexes=indexes)

    async def names(self, query: Mapping[str, Any]) -> set[str]:
        """The user names of matching accounts."""
        found = await self.collection.find(query, projection={"_id": 1})
        return {each["_id"] for each in found}


@dataclass(frozen=True, slots=True)
class Credentials:
    """The hash of an account's password; ``initial`` until its owner has chosen one."""

    hash: str
    initial: bool
    changed_at: datetime


class Passwords:
    """Password hashes by user name, in a collection that nothing else reads."""

    def __init__(self, store: Store) -> None:
        self._ledger = Ledger(store, "passwords", indexes=[Index([("changed_at", -1)])])
        self._collection = self._ledger.collection

    async def get(self, username: str) -> Credentials | None:
        """The hash of an account, if it has a password."""
        found = await self._collection.find_one({"_id": username})
        if found is None:
            return None
        return Credentials(found["hash"], found["initial"], found["changed_at"])

    async def holders(self, usernames: Iterable[str]) -> set[str]:
        """Those of these accounts that have a password."""
        found = await self._collection.find(
            {"_id": {"$in": sorted(usernames)}}, projection={"_id": 1}
        )
        return {each["_id"] for each in found}

    async def replace(self, username: str, hash_: str, *, at: datetime) -> None:
        """Set the password its owner chose."""
        fields: dict[str, Any] = {"hash": hash_, "initial": False, "changed_at": at}
        await self._collection.update_one({"_id": username}, {"$set": fields}, upsert=True)

    async def give(self, usernames: Iterable[str], hash_: str, *, at: datetime) -> int:
        """Set a first password where there is none; how many received it."""
        fields = {"hash": hash_, "initial": True, "changed_at": at}
        return sum(await asyncio.gather(*(self._ledger.append(each, fields) for each in usernames)))

    async def changed_since(self, moment: datetime) -> dict[str, datetime]:
        """Whose password was replaced since a moment, and when."""
        found = await self._collection.find(
            {"changed_at": {"$gte": moment}, "initial": False}, projection={"changed_at": 1}
        )
        return {each["_id"]: each["changed_at"] for each in found}
