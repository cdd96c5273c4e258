"""Read models: one document per key, replaced only by what is newer.

Redelivery, replays and reordering change nothing: each document keeps the ``order`` of what it was
written from.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pymongo import ReplaceOne

from kit.clock import now
from kit.storage.batches import Commits, Loads
from kit.storage.connection import DUPLICATE_KEY, Document
from kit.storage.freshness import KeptFresh
from kit.storage.migrations import Index

if TYPE_CHECKING:
    from kit.storage.store import Store


class Projections:
    """Documents by key, newest wins."""

    def __init__(self, store: "Store", collection: str, *, indexes: Sequence[Index] = ()) -> None:
        self._collection = store.collection(collection, indexes=indexes)
        self._commits = Commits(store.database, self._collection)
        self._loads = Loads(self._collection)

    async def put(self, key: str, order: int | str, fields: Mapping[str, Any]) -> bool:
        """Replace the document unless it is as new; False if this was old."""
        document = {**fields, "_id": key, "order": order, "written_at": now()}
        replace = ReplaceOne({"_id": key, "order": {"$lt": order}}, document, upsert=True)
        error = await self._commits.one(replace)
        if error is None:
            return True
        if error["code"] == DUPLICATE_KEY:
            return False
        raise RuntimeError(f"projection {self._collection.name}: {error['errmsg']}")

    async def written_since(self, moment: datetime) -> list[Document]:
        """What this or another process has written since then."""
        return await self._collection.find({"written_at": {"$gt": moment}})

    async def get(self, key: str) -> Document | None:
        """The document of a key."""
        return await self._loads.one(key)

    async def get_many(self, keys: Iterable[str]) -> dict[str, Document]:
        """The documents of these keys that exist."""
        found = await self._collection.find({"_id": {"$in": list(keys)}})
        return {document["_id"]: document for document in found}

    async def find(
        self,
        query: Mapping[str, Any],
        *,
        sort: Sequence[tuple[str, int]] = (),
        limit: int = 0,
        projection: Mapping[str, Any] | None = None,
    ) -> list[Document]:
        """Matching documents."""
        return await self._collection.find(query, sort=sort, limit=limit, projection=projection)

    async def count(self, query: Mapping[str, Any]) -> int:
        """How many match."""
        return await self._collection.count_documents(query)


class Cached:
    """A small projection in memory; another replica's writes are seen some seconds later."""

    def __init__(self, store: "Store", projections: Projections) -> None:
        self._projections = projections
        self._documents: dict[str, Document] = {}
        self._kept = KeptFresh(store, self._read)

    async def put(self, key: str, order: int | str, fields: Mapping[str, Any]) -> None:
        """Replace a document unless it is as new; this process sees it at once."""
        if await self._projections.put(key, order, fields):
            self._kept.outdate()

    async def all(self) -> dict[str, Document]:
        """Every document by its key; the same object while nothing has changed."""
        await self._kept.ensure()
        return self._documents

    async def _read(self) -> None:
        found = await self._projections.find({})
        documents = {document["_id"]: document for document in found}
        if documents != self._documents:
            self._documents = documents
