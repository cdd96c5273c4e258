"""Ledgers (insert-only, each fact once) and marks (what must be computed again)."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from pymongo import UpdateOne

from kit.clock import now
from kit.ids import made_at, new_id
from kit.storage.batches import Coalescer, Commits
from kit.storage.connection import Document
from kit.storage.migrations import Index

if TYPE_CHECKING:
    from kit.storage.store import Store


_QUIET = timedelta(seconds=0.5)
_PATIENCE = timedelta(seconds=10)


class Ledger:
    """Facts by id; a duplicate is a success that changes nothing.

    With ``durable=False`` an append may be lost until the next durable write of the process: only
    for what is followed by one (its mark, say) before the event is acknowledged.
    """

    def __init__(
        self,
        store: "Store",
        collection: str,
        *,
        indexes: Sequence[Index] = (),
        durable: bool = True,
    ) -> None:
        self.collection = store.collection(collection, indexes=indexes)
        self._commits = Commits(store.database, self.collection, durable=durable)

    async def append(self, id_: str, fields: Mapping[str, Any]) -> bool:
        """Add a fact; False if it is known. Durable when it returns, unless said otherwise."""
        return await self._commits.insert({**fields, "_id": id_})

    async def find(
        self,
        query: Mapping[str, Any],
        *,
        sort: Sequence[tuple[str, int]] = (),
        limit: int = 0,
        projection: Mapping[str, Any] | None = None,
    ) -> list[Document]:
        """Matching facts."""
        return await self.collection.find(query, sort=sort, limit=limit, projection=projection)


class DerivedLedger(Ledger):
    """Facts that carry what follows from them; the fact never changes, what follows may.

    What follows is computed again from facts, so a change that is lost is made again.
    """

    async def derive(self, id_: str, change: Mapping[str, Any]) -> None:
        """Set what follows from a fact (operators as in an update); many callers go together."""
        error = await self._commits.one(UpdateOne({"_id": id_}, dict(change)))
        if error is not None:
            raise RuntimeError(f"update in {self.collection.name} failed: {error['errmsg']}")


class Marks:
    """Keys whose derived state is out of date; one document per batch of markings.

    A job takes marks, computes, and only then deletes exactly those: a crash repeats the work, a
    marking that arrives meanwhile stays.
    """

    def __init__(self, store: "Store", collection: str) -> None:
        self._collection = store.collection(collection)
        self._commits = Commits(store.database, self._collection)
        self._add: Coalescer[tuple[str, ...], bool] = Coalescer(self._insert, most=200)

    async def add(self, *keys: str) -> None:
        """Mark these keys; durable when it returns."""
        await self._add(keys)

    async def _insert(self, batch: Sequence[tuple[str, ...]]) -> list[bool | Exception]:
        keys = sorted({key for keys in batch for key in keys})
        await self._commits.insert({"_id": new_id(), "keys": keys})
        return [True] * len(batch)

    async def take(self, limit: int = 200) -> tuple[set[str], list[str]]:
        """The oldest marked keys and the ids of the marks that named them."""
        found = await self._collection.find({}, sort=[("_id", 1)], limit=limit)
        keys = {key for mark in found for key in mark["keys"]}
        return keys, [mark["_id"] for mark in found]

    async def take_when_quiet(self, limit: int = 200) -> tuple[set[str], list[str]]:
        """As :meth:`take`, but nothing while marks keep coming, for ten seconds at most.

        For what many marks share: computed once it serves them all.
        """
        keys, ids = await self.take(limit)
        if ids and now() - made_at(ids[-1]) < _QUIET and now() - made_at(ids[0]) < _PATIENCE:
            return set(), []
        return keys, ids

    async def done(self, ids: Sequence[str]) -> None:
        """Forget these marks: what they named has been computed."""
        if ids:
            await self._collection.delete_many_fast({"_id": {"$in": list(ids)}})
