"""Filling and removing subscribers' queues, in one replica at a time, each at its own pace."""

import asyncio
import time
from collections.abc import Sequence

from kit.clock import now
from kit.logging import get_logger
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Cause, Stored
from services.subscriptions.context import Subscriptions
from services.subscriptions.deliveries.model import Progress, Standstill, held_again
from services.subscriptions.deliveries.outlet import Refused
from services.subscriptions.log import cursors
from services.subscriptions.log.model import Placed, Reading
from services.subscriptions.subscribers import model, selection
from services.subscriptions.subscribers.model import Subscription

log = get_logger(__name__)
handlers: Handlers[Subscriptions] = Handlers()

EVERY_S = 0.5
_STEP_S = 4.0
"""How long one subscriber may be served in a step; the lease outlasts it."""
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
    if not progress.begun:
        await subscriptions.progresses.begin(stored.id, stored.state)
    wanted = selection.filter_of(stored.state, await subscriptions.agencies.tree())
    until, held = time.monotonic() + _STEP_S, progress.held
    position, moved = progress.position, True
    while moved and time.monotonic() < until:
        reading = await subscriptions.log.read(position, wanted, _PAGE)
        sent, refusal = await _put_all(stored.state, reading.found, until, subscriptions)
        reached = _reached(reading, sent, position)
        moved = reached > position
        if moved:
            position, held = reached, None
            await subscriptions.progresses.advance(
                stored.id, stored.state.generation, position, by=len(sent)
            )
        if refusal is not None:
            await _hold(stored, held, refusal, subscriptions)
            return


def _reached(reading: Reading, sent: Sequence[Placed], position: int) -> int:
    """How far everything is delivered or passed over."""
    if len(sent) == len(reading.found):
        return reading.position
    return sent[-1].position if sent else position


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
    before: Standstill | None,
    refusal: Refused,
    subscriptions: Subscriptions,
) -> None:
    standstill = held_again(before, str(refusal), now())
    await subscriptions.progresses.hold(stored.id, stored.state.generation, standstill)
    log.warning("delivery.held", subscription=stored.id, reason=str(refusal))
