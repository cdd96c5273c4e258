"""The driver, confined: Motor now, PyMongo's own asynchronous client by one setting.

Only calls that read the same in both are used; what differs (cursors of aggregations) is wrapped
here. Every write is acknowledged by a majority and journaled. On the embedded database (``last``) a
write that the same process follows with a durable one is not: its journal is one file in the order
of the writes, so that the last one makes all durable (decision record 0004). There the driver
repeats no write by itself either: the embedded database looks through every write it may have to
repeat, thousands of them, at each write. What is uncertain after a lost connection is done again by
its id anyway.
"""

import asyncio
import contextlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

from bson.codec_options import CodecOptions, TypeRegistry
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import AsyncMongoClient, WriteConcern
from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    DuplicateKeyError,
    NotPrimaryError,
    WaitQueueTimeoutError,
    WTimeoutError,
)

from kit.errors import StorageAway
from kit.settings import ServiceSettings

DUPLICATE_KEY = 11_000
_POOL = 16
_SERVER_SELECTION_MS = 5_000
_SOCKET_MS = 30_000

Document = dict[str, Any]


def _encode(value: Any) -> Any:
    match value:
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case timedelta():
            return round(value.total_seconds() * 1_000)
        case Enum():
            return value.value
        case frozenset() | set():
            return sorted(value)
        case _:
            return value  # the driver then names the type it cannot store


_CODEC: CodecOptions[Document] = CodecOptions(
    tz_aware=True,
    type_registry=TypeRegistry(fallback_encoder=_encode),
)


@contextlib.contextmanager
def storage_errors() -> Iterator[None]:
    """Turn *the database does not answer* into :class:`StorageAway`.

    A cancelled call is told as a lost connection by the driver; it is a cancellation again here.
    """
    try:
        yield
    except (ConnectionFailure, NotPrimaryError, WaitQueueTimeoutError, WTimeoutError) as error:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise asyncio.CancelledError from error
        raise StorageAway(type(error).__name__) from error


class Collection:
    """The calls of a collection that both drivers share, with errors translated."""

    def __init__(self, raw: Any, fast: Any) -> None:
        self._raw = raw
        self._fast = fast  # acknowledged but not journaled

    @property
    def name(self) -> str:
        """The collection's name."""
        return str(self._raw.name)

    async def find_one(
        self, query: Mapping[str, Any], *, projection: Mapping[str, Any] | None = None
    ) -> Document | None:
        """One document, or None."""
        with storage_errors():
            found: Document | None = await self._raw.find_one(query, projection)
            return found

    async def find(
        self,
        query: Mapping[str, Any],
        *,
        sort: Sequence[tuple[str, int]] = (),
        limit: int = 0,
        projection: Mapping[str, Any] | None = None,
        skip: int = 0,
    ) -> list[Document]:
        """All matching documents, in order."""
        with storage_errors():
            cursor = self._raw.find(query, projection, limit=limit, skip=skip)
            if sort:
                cursor = cursor.sort(list(sort))
            found: list[Document] = await cursor.to_list(None)
            return found

    async def aggregate(self, pipeline: Sequence[Mapping[str, Any]]) -> list[Document]:
        """The result of a pipeline."""
        with storage_errors():
            cursor = self._raw.aggregate(list(pipeline))
            if not hasattr(cursor, "to_list"):
                cursor = await cursor
            found: list[Document] = await cursor.to_list(None)
            return found

    async def insert_one(self, document: Document) -> bool:
        """Insert; False if the ``_id`` (or a unique key) is taken."""
        with storage_errors():
            try:
                await self._raw.insert_one(document)
            except DuplicateKeyError:
                return False
            return True

    async def update_one(
        self, query: Mapping[str, Any], update: Any, *, upsert: bool = False
    ) -> int:
        """How many matched; an upsert that lost a race counts as none."""
        with storage_errors():
            try:
                result = await self._raw.update_one(query, update, upsert=upsert)
            except DuplicateKeyError:
                return 0
            return int(result.matched_count or (1 if result.upserted_id is not None else 0))

    async def delete_many(self, query: Mapping[str, Any]) -> int:
        """How many were deleted."""
        with storage_errors():
            return int((await self._raw.delete_many(query)).deleted_count)

    async def delete_many_fast(self, query: Mapping[str, Any]) -> int:
        """Delete without the journal: only for what may come back and is done again."""
        with storage_errors():
            return int((await self._fast.delete_many(query)).deleted_count)

    async def find_one_and_update(
        self, query: Mapping[str, Any], update: Any, *, upsert: bool = False
    ) -> Document | None:
        """The document after the update."""
        with storage_errors():
            found: Document | None = await self._raw.find_one_and_update(
                query, update, upsert=upsert, return_document=True
            )
            return found

    async def count_documents(self, query: Mapping[str, Any]) -> int:
        """How many match."""
        with storage_errors():
            return int(await self._raw.count_documents(query))

    async def bulk(self, operations: Sequence[Any], *, journaled: bool) -> dict[int, Document]:
        """Write all that can be written; returns the errors by position."""
        target = self._raw if journaled else self._fast
        with storage_errors():
            try:
                await target.bulk_write(list(operations), ordered=False)
            except BulkWriteError as error:
                details: Any = error.details
                if details.get("writeConcernErrors"):
                    raise StorageAway("write concern") from error
                return {failed["index"]: failed for failed in details["writeErrors"]}
            return {}

    async def create_index(self, keys: Sequence[tuple[str, int]], **options: Any) -> None:
        """Create an index if it is not there."""
        with storage_errors():
            await self._raw.create_index(list(keys), **options)

    async def index_names(self) -> set[str]:
        """The names of the indexes that stand."""
        with storage_errors():
            return set(await self._raw.index_information())


class Database:
    """A service's database."""

    def __init__(self, settings: ServiceSettings) -> None:
        make: Any = AsyncIOMotorClient if settings.mongodb_driver == "motor" else AsyncMongoClient
        self._last_is_enough = settings.mongodb_durability == "last"
        self._client = make(
            settings.mongodb_url.get_secret_value(),
            tz_aware=True,
            uuidRepresentation="standard",
            appname=settings.mongodb_database,
            serverSelectionTimeoutMS=_SERVER_SELECTION_MS,
            socketTimeoutMS=_SOCKET_MS,
            maxPoolSize=_POOL,
            w="majority",
            journal=True,
            retryWrites=not self._last_is_enough,
        )
        self._database = self._client.get_database(settings.mongodb_database, codec_options=_CODEC)

    @property
    def journals_everything(self) -> bool:
        """Whether what a durable write of this process follows must be journaled too."""
        return not self._last_is_enough

    def collection(self, name: str) -> Collection:
        """A collection by name."""
        raw = self._database.get_collection(name)
        return Collection(raw, raw.with_options(write_concern=WriteConcern(w=1, j=False)))

    async def ping(self) -> None:
        """Raise :class:`StorageAway` unless the database answers."""
        with storage_errors():
            await self._database.command("ping")

    async def create_collection(self, name: str, validator: Mapping[str, Any] | None) -> None:
        """Create a collection, or set the validator of one that stands."""
        with storage_errors():
            names = await self._database.list_collection_names()
            if name not in names:
                await self._database.create_collection(name)
            if validator is not None:
                await self._database.command(
                    {"collMod": name, "validator": {"$jsonSchema": dict(validator)}}
                )

    async def close(self) -> None:
        """Close all connections."""
        closed = self._client.close()
        if closed is not None:
            await closed
