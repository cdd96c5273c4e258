"""Filling and removing subscribers' queues, in one replica at a time, each at its own pace."""

import asyncio
from dataclasses import dataclass

from kit.clock import now
from kit.logging import get_logger
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Cause, Stored
from services.subscriptions.context import Subscriptions
from services.subscriptions.deliveries.attempts import attempt_of
from services.subscriptions.deliveries.delivering import deliver_to
from services.subscriptions.deliveries.model import Progress, queue_rest
from services.subscriptions.deliveries.outlet import Refused
from services.subscriptions.deliveries.post import Outcome
from services.subscriptions.log.model import Placed
from services.subscriptions.subscribers import model
from services.subscriptions.subscribers.model import Subscription

log = get_logger(__name__)
handlers: Handlers[Subscriptions] = Handlers()

EVERY_S = 0.5
_PAGE = 100


@handlers.every(EVERY_S, "subscriptions.deliveries")
async def deliver(subscriptions: Subscriptions) -> None:
    """Give each subscriber's queue what is new for it; one that is full holds up nobody else."""
    found = await subscriptions.subscribers.with_queue()
    progresses = await subscriptions.progresses.current_many([(s.id, s.state) for s in found])
    work = [
        _remove(stored, subscriptions)
        if stored.state.state == "ending"
        else _deliver_to(stored, progresses[stored.id], subscriptions)
        for stored in found
    ]
    outcomes = await asyncio.gather(*work, return_exceptions=True)
    for stored, outcome in zip(found, outcomes, strict=True):
        if isinstance(outcome, BaseException):
            log.error("delivery.failed", subscription=stored.id, exc_info=outcome)


@dataclass(frozen=True, slots=True)
class QueueCarrier:
    """The way to a queue; only what it refuses is written down."""

    id: str
    queue: str
    attempts_before: int
    subscriptions: Subscriptions

    async def put(self, placed: Placed, cursor: str) -> None:
        """Store one event in the queue; :class:`Refused` if that is not certain."""
        try:
            await self.subscriptions.outlet.put(self.queue, placed, cursor)
        except Refused as refusal:
            outcome = Outcome(False, 0, reason=str(refusal))
            number = self.attempts_before + 1
            await self.subscriptions.attempts.add(
                attempt_of(self.id, placed, now(), outcome, number=number)
            )
            raise


async def _remove(stored: Stored[Subscription], subscriptions: Subscriptions) -> None:
    if subscriptions.broker is None:
        return
    await subscriptions.broker.remove(stored.state.name)
    cause = Cause.timer("subscriptions", stored.id, "removed", stored.version)
    await subscriptions.subscribers.change(stored.id, model.removed, cause)
    log.info("subscription.removed", subscription=stored.id)


async def _deliver_to(
    stored: Stored[Subscription], progress: Progress, subscriptions: Subscriptions
) -> None:
    if progress.rests_at(now()) or progress.position >= await subscriptions.log.tail():
        return
    before = progress.held.times if progress.held else 0
    carrier = QueueCarrier(stored.id, stored.state.queue or "", before, subscriptions)
    await deliver_to(stored, progress, carrier, subscriptions, page=_PAGE, rest=queue_rest)
