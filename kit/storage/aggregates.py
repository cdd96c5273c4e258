"""Aggregates: one command, one document, one write.

``change`` is the one place where loading, receipts, the conditional write, retry on conflict and
the outbox live. State, verdict and events are one document, so MongoDB's single-document atomicity
makes them one step; a command's id can act once in a collection (unique index on the receipts).
"""

import asyncio
import contextlib
import random
from collections import defaultdict
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Coroutine,
    Iterable,
    Mapping,
    Sequence,
)
from dataclasses import dataclass, replace
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
from kit.storage.batches import Coalescer, Loads, commit
from kit.storage.connection import DUPLICATE_KEY, Document
from kit.storage.migrations import Index
from kit.storage.receipts import find_receipt, receipt_of, repeat, with_receipt
from kit.storage.store import Store

S = TypeVar("S")

_ATTEMPTS = 30
_BACK_OFF_S = 0.01
_MOST_BACK_OFF_S = 0.05
"""Whoever waits longer and longer loses to those who have just come; so the wait has a bound."""
_HOUSEKEEPING = ("_id", "version", "sequence", "schema", "receipts", "outbox")
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
    traceparent: str | None = None

    @classmethod
    def derived(cls, origin: "AnyCause", *parts: object) -> "Cause":
        """A cause that follows from another one: the same parts give the same id."""
        source = Cause.of(origin)
        return replace(source, id=derived_id(source.id, *parts), body_hash="")

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
                origin.traceparent,
            )
        actor = Actor(account=origin.actor or "system")
        return cls(origin.id, origin.correlationid, actor, origin.time)


AnyCause = Command[Any] | Event[Any] | Cause


class Aggregates(Generic[S]):
    """The aggregates of one collection.

    Without ``receipts`` nothing remembers which change was made: only for states that take the same
    thing twice without becoming another (what is computed from facts), and whose changes nobody
    waits for. A change that changes nothing is then not written.
    """

    def __init__(
        self,
        store: Store,
        collection: str,
        state: type[S],
        *,
        indexes: Sequence[Index] = (),
        receipts: bool = True,
    ) -> None:
        own = [Index([("receipts.command", 1)], unique=True, sparse=True)] if receipts else []
        self.collection = store.collection(collection, indexes=[*own, *indexes])
        if receipts:
            store.with_receipts.append(collection)
        self._receipts = receipts
        self._store = store
        self._source = f"{store.service}.{collection}"
        self._adapter: TypeAdapter[S] = TypeAdapter(state)
        self._loads = Loads(self.collection)
        self._commit_one: Coalescer[_Change[S], Document | None] = Coalescer(self._commit)
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._waiters: defaultdict[str, int] = defaultdict(int)

    async def get(self, id_: str) -> Stored[S] | None:
        """The aggregate, or None."""
        document = await self._loads.one(id_)
        return None if document is None else self._stored(document)

    async def get_many(self, ids: Iterable[str]) -> dict[str, Stored[S]]:
        """Those of these aggregates that exist."""
        found = await asyncio.gather(*(self._loads.one(id_) for id_ in set(ids)))
        return {document["_id"]: self._stored(document) for document in found if document}

    async def find(
        self,
        query: Mapping[str, Any],
        *,
        sort: Sequence[tuple[str, int]] = (),
        limit: int = 0,
    ) -> list[Stored[S]]:
        """Matching aggregates; dates are ``YYYY-MM-DD`` strings in queries."""
        # no projection: to leave fields out costs the embedded database more than to send them
        found = await self.collection.find(query, sort=sort, limit=limit)
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
        stale: Callable[[Stored[S], int], Mapping[str, Any]] | None = None,
        before: Coroutine[Any, Any, None] | None = None,
    ) -> Verdict:
        """Decide on the newest state and write the outcome once for this cause.

        ``decide`` is pure and may run several times. ``stale`` gives the facts of a version
        conflict: what has changed between the version said and the one that stands. ``before``
        stores what must be there before the outcome is; it runs while the state is loaded, also
        when the decision refuses.
        Raises its ``Refusal`` s, ``Conflict`` when a business key is taken, ``Transient`` when the
        document never stands still.
        """
        origin = Cause.of(cause)
        async with self._lock(id_), _under_way(before) as stored_before:
            for attempt in range(_ATTEMPTS):
                document = await self._loads.one(id_)
                if document and (known := self._repeated(document, origin)):
                    return known
                stored = self._stored(document) if document else None
                _check_version(stored, if_match, stale)
                decision = decide(stored.state if stored else None)
                left = await self._store.outbox.unpublished((document or {}).get("outbox", ()))
                change = self._next(id_, stored, left, decision, origin)
                verdict = _verdict(change, origin, answer, status)
                if self._receipts:
                    receipt = receipt_of(origin.id, origin.body_hash, verdict)
                    change.document["receipts"] = with_receipt(document, receipt)
                elif stored and stored.state == decision.state and not decision.events:
                    return verdict
                await stored_before()
                if await self._write(change):
                    return verdict
                if elsewhere := await self._elsewhere(change, origin):
                    return elsewhere
                # another replica was faster: not in step with it again
                longest = min(_BACK_OFF_S * attempt, _MOST_BACK_OFF_S)
                await asyncio.sleep(random.uniform(0, longest))  # noqa: S311
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
        self,
        id_: str,
        stored: Stored[S] | None,
        left: Sequence[Document],
        decision: Decision[S],
        cause: Cause,
    ) -> "_Change[S]":
        version = stored.version if stored else 0
        sequence = stored.sequence if stored else 0
        moment = now()
        outgoing = [
            self._outgoing(id_, sequence + place, data, cause, moment)
            for place, data in enumerate(decision.events, start=1)
        ]
        state: Document = self._adapter.dump_python(decision.state)
        written: Document = {
            **state,
            "_id": id_,
            "version": version + 1,
            "sequence": sequence + len(outgoing),
            "schema": SCHEMA,
            "outbox": list(left),
        }
        mark = f"{id_}@{sequence + min(1, len(outgoing))}"
        after = Stored(id_, decision.state, version + 1, written["sequence"])
        return _Change(written, version, after, outgoing, mark)

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
        text = event.model_dump_json(by_alias=True)
        return Outgoing(event.id, data.type, id_, sequence, event.agency, text, cause.traceparent)

    async def _commit(self, changes: Sequence["_Change[S]"]) -> list[Document | None]:
        """Note what is about to be written, write it durably, have its events published."""
        speaking = [change for change in changes if change.outgoing]
        note = ""
        if speaking:
            writes = [(change.stored.id, change.stored.version) for change in speaking]
            note = await self._store.outbox.note(self.collection.name, writes)
        operations = [change.operation(note) for change in changes]
        errors = await commit(self._store.database, self.collection, operations)
        if speaking:
            written = zip(changes, errors, strict=True)
            events = [one for change, error in written if error is None for one in change.outgoing]
            self._store.relay.offer(note, events)
        return errors

    async def _write(self, change: "_Change[S]") -> bool:
        error = await self._commit_one(change)
        if error is None:
            return True
        if error["code"] != DUPLICATE_KEY:
            raise RuntimeError(f"{self._source} {change.stored.id}: {error['errmsg']}")
        return False

    async def _elsewhere(self, change: "_Change[S]", cause: Cause) -> Verdict | None:
        """What a write that met a duplicate key means: done already, stale, or a real conflict."""
        if self._receipts:
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

    def operation(self, note: str) -> "InsertOne[Document] | ReplaceOne[Document]":
        """The conditional write; whatever it loses to, it fails with a duplicate key.

        A new aggregate is inserted, which costs a fraction of an upsert. One that stands is
        replaced in the version that was read; a stale version would insert its ``_id`` again.
        """
        outbox = [*self.document["outbox"], *(one.stored(note) for one in self.outgoing)]
        document = self.document | {"outbox": outbox}
        if not self.version:
            return InsertOne(document)
        condition = {"_id": self.stored.id, "version": self.version}
        return ReplaceOne(condition, document, upsert=True)


@contextlib.asynccontextmanager
async def _under_way(
    work: Coroutine[Any, Any, None] | None,
) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Work that runs beside what follows; what is given waits for its end, and so does leaving."""
    task = None if work is None else asyncio.ensure_future(work)

    async def ended() -> None:
        if task is not None:
            await task

    try:
        yield ended
    except BaseException:
        if task is not None:
            await asyncio.wait({task})
            task.cancelled() or task.exception()  # the first failure is the one to tell
        raise
    await ended()


def _who(actor: Actor) -> str:
    """The account, and whom it acted for."""
    return f"{actor.account}:{actor.on_behalf_of}" if actor.on_behalf_of else actor.account


def _check_version(
    stored: Stored[S] | None,
    if_match: int | None,
    stale: Callable[[Stored[S], int], Mapping[str, Any]] | None,
) -> None:
    if if_match is None or (stored is not None and stored.version == if_match):
        return
    difference = stale(stored, if_match) if stored is not None and stale is not None else {}
    raise Refusal("version_conflict", version=stored.version if stored else 0, **difference)


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
