"""Natural batching: while one call is under way the next callers queue up and go together.

No timer: an idle system answers at once, a busy one in batches of at most 64. Each caller gets its
own result or error.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Generic, TypeVar

from pymongo import InsertOne

from kit.storage.connection import DUPLICATE_KEY, Collection, Database, Document

I = TypeVar("I")  # noqa: E741  # item
R = TypeVar("R")

MOST = 64


class Coalescer(Generic[I, R]):
    """Runs one batch at a time; ``run`` returns a result (or an exception) per item, in order."""

    def __init__(
        self, run: Callable[[Sequence[I]], Awaitable[Sequence[R | Exception]]], *, most: int = MOST
    ) -> None:
        self._run = run
        self._most = most
        self._waiting: deque[tuple[I, asyncio.Future[R]]] = deque()
        self._worker: asyncio.Task[None] | None = None

    async def __call__(self, item: I) -> R:
        """The result for this item, from the batch it went with."""
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._worker is None:
            self._worker = asyncio.create_task(self._drain())
        return await future

    async def _drain(self) -> None:
        try:
            while self._waiting:
                size = min(self._most, len(self._waiting))
                batch = [self._waiting.popleft() for _ in range(size)]
                await self._answer(batch)
        finally:
            self._worker = None

    async def _answer(self, batch: list[tuple[I, "asyncio.Future[R]"]]) -> None:
        try:
            results = await self._run([item for item, _ in batch])
        except Exception as error:  # noqa: BLE001  # each caller gets it
            results = [error] * len(batch)
        except BaseException:
            for _, future in batch:
                future.cancel()
            raise
        for (_, future), result in zip(batch, results, strict=True):
            if future.done():
                continue  # the caller has gone
            if isinstance(result, Exception):
                future.set_exception(result)
            else:
                future.set_result(result)


class Loads:
    """Documents by ``_id``, many callers in one query."""

    def __init__(self, collection: Collection, *, key: str = "_id") -> None:
        self._collection = collection
        self._key = key
        self.one: Coalescer[str, Document | None] = Coalescer(self._load)

    async def _load(self, ids: Sequence[str]) -> list[Document | None]:
        wanted = list(dict.fromkeys(ids))
        if len(wanted) == 1:
            return [await self._collection.find_one({self._key: wanted[0]})] * len(ids)
        found = await self._collection.find({self._key: {"$in": wanted}})
        by_id = {document[self._key]: document for document in found}
        return [by_id.get(id_) for id_ in ids]


async def commit(
    database: Database, collection: Collection, operations: Sequence[Any], *, durable: bool = True
) -> list[Document | None]:
    """Write all that can be written; the error of each, or None. Durable on return if asked."""
    journaled = durable or database.journals_everything
    errors = await collection.bulk(operations, journaled=journaled)
    return [errors.get(index) for index in range(len(operations))]


class Commits:
    """Writes that go together; the result of each is None or its error.

    With ``durable=False`` a batch may be acknowledged before the journal has it: only for what is
    followed by a durable write of the same process before anybody is told.
    """

    def __init__(self, database: Database, collection: Collection, *, durable: bool = True) -> None:
        self._database = database
        self._collection = collection
        self._durable = durable
        self.one: Coalescer[Any, Document | None] = Coalescer(self._commit)

    async def _commit(self, operations: Sequence[Any]) -> list[Document | None]:
        return await commit(self._database, self._collection, operations, durable=self._durable)

    async def insert(self, document: Document) -> bool:
        """Insert; False if it is known already."""
        error = await self.one(InsertOne(document))
        if error is None:
            return True
        if error["code"] == DUPLICATE_KEY:
            return False
        raise RuntimeError(f"insert into {self._collection.name} failed: {error['errmsg']}")
