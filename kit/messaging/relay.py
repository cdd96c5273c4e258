"""The relay: publishes what outboxes hold, right after the write, and sweeps what was left over.

Events are published many at once, each confirmed; then one update clears exactly the published ids
of many documents. A lost clear publishes again, which readers absorb.
"""

import asyncio
import contextlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from kit.clock import now
from kit.errors import StorageAway
from kit.logging import get_logger
from kit.messaging.link import Link, NotSent, Unknown
from kit.messaging.topology import EVENTS

if TYPE_CHECKING:
    from kit.storage.connection import Database, Document

log = get_logger(__name__)

_BATCH = 200
_MOST_WAITING = 20_000
SWEEP_AFTER = timedelta(seconds=5)
_SWEEP_BATCH = 200


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An event on its way out: what the broker needs and the whole event as JSON text."""

    id: str
    type: str
    subject: str
    sequence: int
    event: str

    def stored(self) -> "Document":
        """The outbox entry."""
        return {
            "id": self.id,
            "type": self.type,
            "sequence": self.sequence,
            "event": self.event,
        }

    @classmethod
    def of(cls, subject: str, entry: "Document") -> "Outgoing":
        """The event of an outbox entry."""
        return cls(entry["id"], entry["type"], subject, entry["sequence"], entry["event"])


@dataclass(frozen=True, slots=True)
class _Offer:
    collection: str
    document: str
    events: Sequence[Outgoing]


class Relay:
    """Outbox to exchange, for one process."""

    def __init__(self, service: str, database: "Database") -> None:
        self._service = service
        self._database = database
        self._waiting: list[_Offer] = []
        self._wake = asyncio.Event()
        self._in_hand: set[str] = set()
        self.link: Link | None = None
        self.published = 0

    @property
    def waiting(self) -> int:
        """How many documents wait for publication in this process."""
        return len(self._waiting)

    def offer(self, collection: str, document: str, events: Sequence[Outgoing]) -> None:
        """Publish these soon; what does not fit the memory is left to the sweep."""
        if len(self._waiting) >= _MOST_WAITING:
            return
        self._waiting.append(_Offer(collection, document, events))
        self._in_hand.add(document)
        self._wake.set()

    async def run(self) -> None:
        """Publish what is offered, for ever."""
        clearing: set[asyncio.Task[None]] = set()
        while True:
            await self._wake.wait()
            batch, self._waiting = self._waiting[:_BATCH], self._waiting[_BATCH:]
            if not self._waiting:
                self._wake.clear()
            published = await self._publish(batch)
            task = asyncio.create_task(self._clear(batch, published))
            clearing.add(task)
            task.add_done_callback(clearing.discard)
            if len(clearing) > 1:
                await asyncio.wait(clearing, return_when=asyncio.FIRST_COMPLETED)

    async def sweep(self, collections: Iterable[str]) -> int:
        """Publish what has waited in outboxes; returns how many documents were swept."""
        swept = 0
        for name in collections:
            collection = self._database.collection(name)
            late = await collection.find(
                {"pending": {"$lt": now() - SWEEP_AFTER}},
                sort=[("pending", 1)],
                limit=_SWEEP_BATCH,
                projection={"outbox": 1},
            )
            offers = [
                _Offer(name, one["_id"], [Outgoing.of(one["_id"], e) for e in one["outbox"]])
                for one in late
                if one["_id"] not in self._in_hand
            ]
            await self._clear(offers, await self._publish(offers))
            swept += len(offers)
        return swept

    async def _publish(self, batch: Sequence[_Offer]) -> set[str]:
        events = [event for offer in batch for event in offer.events]
        results = await asyncio.gather(*(self._publish_one(event) for event in events))
        published = {event.id for event, sent in zip(events, results, strict=True) if sent}
        self.published += len(published)
        return published

    async def _publish_one(self, event: Outgoing) -> bool:
        if self.link is None:
            return False
        try:
            await self.link.publish(
                EVENTS, event.type, event.event.encode(), event_properties(event, self._service)
            )
        except NotSent as error:
            log.warning("relay.not_sent", type=event.type, reason=str(error))
            return False
        except Unknown:
            return False  # the sweep sends it again; readers absorb the duplicate
        return True

    async def _clear(self, batch: Sequence[_Offer], published: set[str]) -> None:
        by_collection: dict[str, list[str]] = {}
        for offer in batch:
            self._in_hand.discard(offer.document)
            if any(event.id in published for event in offer.events):
                by_collection.setdefault(offer.collection, []).append(offer.document)
        with contextlib.suppress(StorageAway):
            for name, documents in by_collection.items():
                await self._database.collection(name).update_many_fast(
                    {"_id": {"$in": documents}}, clearing(list(published))
                )


def clearing(published: Sequence[str]) -> list[dict[str, Any]]:
    """The update that removes exactly these events, and ``pending`` with the last of them.

    The ids are looked for in one text: that takes as long for hundreds of them as for two, whereas
    ``$in`` compares one by one, for every event of every document. No id is a part of another.
    """
    known = {"$indexOfBytes": [" ".join(published), "$$e.id"]}
    remaining = {"$filter": {"input": "$outbox", "as": "e", "cond": {"$lt": [known, 0]}}}
    empty = {"$eq": [{"$size": "$outbox"}, 0]}
    return [
        {"$set": {"outbox": remaining}},
        {"$set": {"pending": {"$cond": [empty, "$$REMOVE", "$pending"]}}},
    ]


def event_properties(event: Outgoing, service: str) -> dict[str, Any]:
    """The AMQP properties of an event."""
    return {
        "message_id": event.id,
        "message_type": event.type,
        "app_id": service,
        "content_type": "application/cloudevents+json",
        "headers": {"x-subject": event.subject, "x-sequence": event.sequence},
    }
