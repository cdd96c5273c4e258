"""Aggregates: one command, one document, one write.

``change`` is the one place where loading, receipts, the conditional write, retry on conflict and
the outbox live. State, verdict and events are one document, so MongoDB's single-document atomicity
makes them one step; a command's id can act once in a collection (unique index on the receipts).
"""

import asyncio
import contextlib
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, TypeAdapter
from pymongo import InsertOne, ReplaceOne

from contracts.envelope import Actor, Command, CommandId, Event, EventData, Verdict
from contracts.outcome import Decision, Refusal
from kit.clock import now
from kit.errors import Transient
from kit.ids import derived_id, new_id
from kit.messaging.relay import Outgoing
from kit.storage import pages
from kit.storage.batches import Commits, Loads
from kit.storage.connection import DUPLICATE_KEY, Document
from kit.storage.migrations import Index
from kit.storage.receipts import find_receipt, receipt_of, repeat, with_receipt
from kit.storage.store import Store

S = TypeVar("S")

_ATTEMPTS = 10
_BACK_OFF_S = 0.01
_HOUSEKEEPING = ("_id", "version", "sequence", "schema", "receipts", "outbox", "pending")
SCHEMA = 1


class Conflict(Exception):
    """The write meets a unique key that another aggregate holds."""


@dataclass(frozen=True, slots=True)
class Stored(Generic[S]):
    """An aggregate as it stands in the database."""

    id: str
    state: S
    version: int
    sequence: int

    @property
    def mark(self) -> str:
        """The aggregate and its newest event, as ``X-Written`` states them."""
        return f"{self.id}@{self.sequence}"


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a change happens where no command of a person stands behind it directly."""

    id: str
    correlation_id: str
    actor: Actor
    at: datetime
    body_hash: str = ""

    @classmethod
    def derived(cls, origin: "AnyCause", *parts: object) -> "Cause":
        """A cause that follows from another one: the same parts give the same id."""
        source = Cause.of(origin)
        return cls(derived_id(source.id, *parts), source.correlation_id, source.actor, source.at)

    @classmethod
    def timer(cls, service: str, *parts: object) -> "Cause":
        """A cause that is a moment: the same parts fire once."""
        id_ = derived_id(service, *parts)
        return cls(id_, id_, Actor(account=f"system:{service}"), now())

    @classmethod
    def of(cls, origin: "AnyCause") -> "Cause":
        """What a change needs to know of a command, an event or a cause."""
        if isinstance(origin, Cause):
            return origin
        if isinstance(origin, Command):
            return cls(
                origin.id,
                origin.correlation_id,
                origin.actor,
                origin.received_at,
                origin.body_hash,
            )
        actor = Actor(account=origin.actor or "system")
        return cls(origin.id, origin.correlationid, actor, origin.time)


AnyCause = Command[Any] | Event[Any] | Cause


class Aggregates(Generic[S]):
    """The aggregates of one collection."""

    def __init__(
        self,
        store: Store,
        collection: str,
        state: type[S],
        *,
        indexes: Sequence[Index] = (),
    ) -> None:
        own = [
            Index([("receipts.command", 1)], unique=True, sparse=True),
            Index([("pending", 1)], sparse=True),
        ]
        self.collection = store.collection(collection, indexes=[*own, *indexes])
        store.aggregates.append(collection)
        self._store = store
        self._source = f"{store.service}.{collection}"
        self._adapter: TypeAdapter[S] = TypeAdapter(state)
        self._loads = Loads(self.collection)
        self._commits = Commits(store.database, self.collection)
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._waiters: defaultdict[str, int] = defaultdict(int)

    async def get(self, id_: str) -> Stored[S] | None:
        """The aggregate, or None."""
        document = await self._loads.one(id_)
        return None if document is None else self._stored(document)

    async def get_many(self, ids: Iterable[str]) -> dict[str, Stored[S]]:
        """Those of these aggregates that exist."""
        found = await self.find({"_id": {"$in": list(ids)}})
        return {stored.id: stored for stored in found}

    async def find(
        self,
        query: Mapping[str, Any],
        *,
        sort: Sequence[tuple[str, int]] = (),
        limit: int = 0,
    ) -> list[Stored[S]]:
        """Matching aggregates; dates are ``YYYY-MM-DD`` strings in queries."""
        found = await self.collection.find(
            query, sort=sort, limit=limit, projection={"receipts": 0, "outbox": 0}
        )
        return [self._stored(document) for document in found]

    async def page(
        self,
        query: Mapping[str, Any],
        *,
        sort: str = "_id",
        limit: int = 50,
        cursor: str | None = None,
    ) -> tuple[list[Stored[S]], str | None]:
        """One page and the cursor of the next; ``sort`` is a field, descending with a minus."""
        found, next_cursor = await pages.page(
            self.collection, query, sort=sort, limit=limit, cursor=cursor
        )
        return [self._stored(document) for document in found], next_cursor

    async def count(self, query: Mapping[str, Any]) -> int:
        """How many match."""
        return await self.collection.count_documents(query)

    async def change(
        self,
        id_: str,
        decide: Callable[[S | None], Decision[S]],
        cause: AnyCause,
        *,
        answer: Callable[[Stored[S]], BaseModel] | None = None,
        status: int = 200,
        if_match: int | None = None,
    ) -> Verdict:
        """Decide on the newest state and write the outcome once for this cause.

        ``decide`` is pure and may run several times. Raises its ``Refusal`` s, ``Conflict`` when a
        business key is taken, ``Transient`` when the document never stands still.
        """
        origin = Cause.of(cause)
        async with self._lock(id_):
            for attempt in range(_ATTEMPTS):
                document = await self._loads.one(id_)
                if document and (known := self._repeated(document, origin)):
                    return known
                stored = self._stored(document) if document else None
                _check_version(stored, if_match)
                decision = decide(stored.state if stored else None)
                change = self._next(id_, document, decision, origin)
                verdict = _verdict(change, origin, answer, status)
                receipt = receipt_of(origin.id, origin.body_hash, verdict)
                change.document["receipts"] = with_receipt(document, receipt)
                if await self._write(change):
                    return verdict
                if elsewhere := await self._elsewhere(change, origin):
                    return elsewhere
                # another replica was faster: not in step with it again
                await asyncio.sleep(random.uniform(0, _BACK_OFF_S * attempt))  # noqa: S311
        raise Transient(f"{self._source} {id_} did not stand still")

    @contextlib.asynccontextmanager
    async def _lock(self, id_: str) -> AsyncIterator[None]:
        self._waiters[id_] += 1
        try:
            async with self._locks[id_]:
                yield
        finally:
            self._waiters[id_] -= 1
            if not self._waiters[id_]:
                del self._waiters[id_], self._locks[id_]

    def _stored(self, document: Document) -> Stored[S]:
        fields = {key: value for key, value in document.items() if key not in _HOUSEKEEPING}
        state: S = self._adapter.validate_python(fields)
        return Stored(document["_id"], state, document["version"], document["sequence"])

    def _repeated(self, document: Document, cause: Cause) -> Verdict | None:
        receipt = find_receipt(document, cause.id)
        return None if receipt is None else repeat(receipt, cause.body_hash)

    def _next(
        self, id_: str, document: Document | None, decision: Decision[S], cause: Cause
    ) -> "_Change[S]":
        version = document["version"] if document else 0
        sequence = document["sequence"] if document else 0
        moment = now()
        outgoing = [
            self._outgoing(id_, sequence + place, data, cause, moment)
            for place, data in enumerate(decision.events, start=1)
        ]
        state: Document = self._adapter.dump_python(decision.state)
        outbox = [*(document or {}).get("outbox", ()), *(one.stored() for one in outgoing)]
        written: Document = {
            **state,
            "_id": id_,
            "version": version + 1,
            "sequence": sequence + len(outgoing),
            "schema": SCHEMA,
            "outbox": outbox,
        }
        if outbox:
            written["pending"] = (document or {}).get("pending") or moment
        mark = f"{id_}@{sequence + min(1, len(outgoing))}"
        stored = Stored(id_, decision.state, version + 1, written["sequence"])
        return _Change(written, version, stored, outgoing, mark)

    def _outgoing(
        self, id_: str, sequence: int, data: EventData, cause: Cause, moment: datetime
    ) -> Outgoing:
        event = Event(
            id=new_id(),
            source=self._source,
            type=data.type,
            subject=id_,
            time=moment,
            sequence=sequence,
            correlationid=cause.correlation_id,
            causationid=cause.id,
            agency=data.about_agency(),
            actor=_who(cause.actor),
            data=data,
        )
        return Outgoing(event.id, data.type, id_, sequence, event.model_dump_json(by_alias=True))

    async def _write(self, change: "_Change[S]") -> bool:
        error = await self._commits.one(change.operation)
        if error is None:
            if change.outgoing:
                self._store.relay.offer(self.collection.name, change.stored.id, change.outgoing)
            return True
        if error["code"] != DUPLICATE_KEY:
            raise RuntimeError(f"{self._source} {change.stored.id}: {error['errmsg']}")
        return False

    async def _elsewhere(self, change: "_Change[S]", cause: Cause) -> Verdict | None:
        """What a write that met a duplicate key means: done already, stale, or a real conflict."""
        done = await self.collection.find_one({"receipts.command": cause.id})
        if done is not None:
            return self._repeated(done, cause)
        id_ = change.stored.id
        standing = await self.collection.find_one({"_id": id_}, projection={"version": 1})
        if (standing["version"] if standing else 0) == change.version:
            raise Conflict(f"{self._source} {id_} meets a key that is taken")
        return None


@dataclass(frozen=True, slots=True)
class _Change(Generic[S]):
    document: Document
    version: int
    stored: Stored[S]
    outgoing: list[Outgoing]
    mark: str

    @property
    def operation(self) -> "InsertOne[Document] | ReplaceOne[Document]":
        """The conditional write; whatever it loses to, it fails with a duplicate key.

        A new aggregate is inserted, which costs a fraction of an upsert. One that stands is
        replaced in the version that was read; a stale version would insert its ``_id`` again.
        """
        if not self.version:
            return InsertOne(self.document)
        condition = {"_id": self.stored.id, "version": self.version}
        return ReplaceOne(condition, self.document, upsert=True)


def _who(actor: Actor) -> str:
    """The account, and whom it acted for."""
    return f"{actor.account}:{actor.on_behalf_of}" if actor.on_behalf_of else actor.account


def _check_version(stored: Stored[Any] | None, if_match: int | None) -> None:
    if if_match is not None and (stored is None or stored.version != if_match):
        raise Refusal("version_conflict", version=stored.version if stored else 0)


def _verdict(
    change: _Change[S],
    cause: Cause,
    answer: Callable[[Stored[S]], BaseModel] | None,
    status: int,
) -> Verdict:
    view = answer(change.stored).model_dump_json(by_alias=True) if answer else None
    return Verdict.model_construct(
        command=CommandId(cause.id),
        status=status,
        result=view,
        problem=None,
        written=change.mark,
        version=change.stored.version,
    )
