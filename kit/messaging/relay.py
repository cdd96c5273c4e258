"""The relay: publishes what outboxes hold, right after the write, and sweeps what was left over.

Events are published many at once, each confirmed; then the note that would lead back to them is
deleted (:mod:`kit.storage.outbox`). A deletion that is lost publishes again, which readers absorb.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from kit.clock import now
from kit.errors import StorageAway
from kit.logging import get_logger
from kit.messaging.link import Link, NotSent, Unknown
from kit.messaging.topology import EVENTS

if TYPE_CHECKING:
    from kit.storage.connection import Document
    from kit.storage.outbox import Outbox

log = get_logger(__name__)

_BATCH = 200
_AT_ONCE = 2
_EVERY_S = 0.2
"""What comes one by one goes out together: each batch is followed by two commands of its own."""
_MOST_WAITING = 20_000
SWEEP_AFTER = timedelta(seconds=5)
_SWEEP_BATCH = 200


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An event on its way out: what the broker needs and the whole event as JSON text.

    ``traceparent`` (W3C Trace Context) is the one of the command behind it, if that had any.
    """

    id: str
    type: str
    subject: str
    sequence: int
    agency: str | None
    event: str
    traceparent: str | None = None

    def stored(self, note: str) -> "Document":
        """The outbox entry; the note leads back to it until it is published."""
        entry = {
            "id": self.id,
            "type": self.type,
            "sequence": self.sequence,
            "agency": self.agency,
            "event": self.event,
            "note": note,
        }
        return entry | ({"traceparent": self.traceparent} if self.traceparent else {})

    @classmethod
    def of(cls, subject: str, entry: "Document") -> "Outgoing":
        """The event of an outbox entry."""
        return cls(
            entry["id"],
            entry["type"],
            subject,
            entry["sequence"],
            entry["agency"],
            entry["event"],
            entry.get("traceparent"),
        )


Follow = Callable[[Sequence[Outgoing]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Offer:
    note: str
    events: Sequence[Outgoing]


class Relay:
    """Outbox to exchange, for one process."""

    def __init__(self, service: str, outbox: "Outbox") -> None:
        self._service = service
        self._outbox = outbox
        self._offers: deque[_Offer] = deque()
        self._wake = asyncio.Event()
        self._in_hand: set[str] = set()
        self._followers: dict[str, Follow] = {}
        self.link: Link | None = None
        self.published = 0
        self.waiting = 0
        """How many events wait for publication in this process."""

    def follow(self, type_: str, take: Follow) -> None:
        """Have the service's own events of a type taken here too, before they count as published.

        At least once, like a reader of a queue, but without the way through the broker.
        """
        self._followers[type_] = take

    def offer(self, note: str, events: Sequence[Outgoing]) -> None:
        """Publish these soon; what does not fit the memory is left to the sweep."""
        if self.waiting >= _MOST_WAITING:
            return
        self._offers.append(_Offer(note, events))
        self._in_hand.add(note)
        self.waiting += len(events)
        self._wake.set()

    async def run(self) -> None:
        """Publish what is offered, for ever: one batch goes out while another is forgotten."""
        async with asyncio.TaskGroup() as settling:
            room = asyncio.Semaphore(_AT_ONCE)
            while True:
                await self._wake.wait()
                await room.acquire()
                task = settling.create_task(self._take(self._next_batch()))
                task.add_done_callback(lambda _: room.release())

    async def sweep(self) -> int:
        """Publish what notes of some age lead to; returns how many events were swept."""
        swept = 0
        for note in await self._outbox.late(now() - SWEEP_AFTER, _SWEEP_BATCH):
            if note.id in self._in_hand:
                continue
            documents = await self._outbox.documents(note)
            events = [
                Outgoing.of(document["_id"], entry)
                for document in documents
                for entry in document["outbox"]
                if entry["note"] == note.id
            ]
            versions = {document["_id"]: document["version"] for document in documents}
            if note.is_settled_by(versions):
                await self._settle([_Offer(note.id, events)])
            else:
                await self._publish(events)
            swept += len(events)
        return swept

    async def _take(self, batch: Sequence[_Offer]) -> None:
        clock = asyncio.get_running_loop().time
        began = clock()
        await self._settle(batch)
        self._in_hand.difference_update(offer.note for offer in batch)
        if not self._offers:
            await asyncio.sleep(max(0.0, began + _EVERY_S - clock()))

    def _next_batch(self) -> list[_Offer]:
        batch: list[_Offer] = []
        size = 0
        while self._offers and size < _BATCH:
            batch.append(self._offers.popleft())
            size += len(batch[-1].events)
        self.waiting -= size
        if not self._offers:
            self._wake.clear()
        return batch

    async def _settle(self, batch: Sequence[_Offer]) -> None:
        """Publish, hand to followers, and forget the notes of all that went out."""
        sent = await self._publish([event for offer in batch for event in offer.events])
        done = [offer for offer in batch if sent.issuperset(event.id for event in offer.events)]
        with contextlib.suppress(StorageAway):
            await self._tell_followers(event for offer in done for event in offer.events)
            await self._outbox.forget([offer.note for offer in done])

    async def _tell_followers(self, events: Iterable[Outgoing]) -> None:
        followed: dict[str, list[Outgoing]] = {}
        for event in events:
            if event.type in self._followers:
                followed.setdefault(event.type, []).append(event)
        for type_, group in followed.items():
            await self._followers[type_](group)

    async def _publish(self, events: Sequence[Outgoing]) -> set[str]:
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


def event_properties(event: Outgoing, service: str) -> dict[str, Any]:
    """The AMQP properties of an event."""
    headers: dict[str, Any] = {"x-subject": event.subject, "x-sequence": event.sequence}
    if event.traceparent:
        headers["traceparent"] = event.traceparent
    return {
        "message_id": event.id,
        "message_type": event.type,
        "app_id": service,
        "content_type": "application/cloudevents+json",
        "headers": headers,
    }
