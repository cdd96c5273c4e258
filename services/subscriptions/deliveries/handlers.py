"""Filling and removing subscribers' queues, in one replica at a time, each at its own pace."""

import asyncio
import time

from kit.clock import now
from kit.logging import get_logger
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Cause, Stored
from services.subscriptions.context import Subscriptions
from services.subscriptions.deliveries.model import Progress, held_again
from services.subscriptions.deliveries.outlet import Refused
from services.subscriptions.log import cursors
from services.subscriptions.log.model import Placed
from services.subscriptions.subscribers import model, selection
from services.subscriptions.subscribers.model import Subscription

log = get_logger(__name__)
handlers: Handlers[Subscriptions] = Handlers()

EVERY_S = 0.5
_STEP_S = 4.0
"""How long one subscriber may be served in a step; the lease outlasts it."""
_PAGE = 100
_WORTH_KEEPING = 1_000
"""Skipped positions after which a cursor is kept although nothing was delivered."""


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
    await subscriptions.progresses.begin(stored.id, stored.state)
    wanted = selection.filter_of(stored.state, await subscriptions.agencies.tree())
    position, until = progress.position, time.monotonic() + _STEP_S
    while time.monotonic() < until:
        reading = await subscriptions.log.read(position, wanted, _PAGE)
        sent, refusal = await _put_all(stored.state, reading.found, until, subscriptions)
        complete = len(sent) == len(reading.found)
        reached = reading.position if complete else (sent[-1].position if sent else position)
        if sent or refusal or reached - position >= _WORTH_KEEPING:
            await subscriptions.progresses.advance(
                stored.id, stored.state.generation, reached, by=len(sent)
            )
        if refusal is not None:
            await _hold(stored, progress if not sent else None, refusal, subscriptions)
            return
        if reached == position or not complete:
            return
        position = reached


async def _put_all(
    subscription: Subscription,
    found: tuple[Placed, ...],
    until: float,
    subscriptions: Subscriptions,
) -> tuple[list[Placed], Refused | None]:
    """What the queue has confirmed, in order; one at a time, so that none overtakes another."""
    key = await subscriptions.log.key()
    sent: list[Placed] = []
    for placed in found:
        if time.monotonic() > until:
            break
        try:
            await subscriptions.outlet.put(
                subscription.queue or "", placed, cursors.encode(placed.position, key)
            )
        except Refused as refusal:
            return sent, refusal
        sent.append(placed)
    return sent, None


async def _hold(
    stored: Stored[Subscription],
    progress: Progress | None,
    refusal: Refused,
    subscriptions: Subscriptions,
) -> None:
    standstill = held_again(progress.held if progress else None, str(refusal), now())
    await subscriptions.progresses.hold(stored.id, stored.state.generation, standstill)
    log.warning("delivery.held", subscription=stored.id, reason=str(refusal))
