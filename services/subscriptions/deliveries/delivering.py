"""What every delivery does, by whatever way: what is new, in order, as far as it is taken."""

import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Protocol

from kit.clock import now
from kit.logging import get_logger
from kit.storage.aggregates import Stored
from services.subscriptions.context import Subscriptions
from services.subscriptions.deliveries.model import Progress, Standstill, held_again
from services.subscriptions.deliveries.outlet import Refused
from services.subscriptions.log import cursors
from services.subscriptions.log.model import Placed, Reading
from services.subscriptions.subscribers import selection
from services.subscriptions.subscribers.model import Subscription

log = get_logger(__name__)

STEP_S = 4.0
"""How long one subscriber may be served in a step; the lease outlasts it."""


class Carrier(Protocol):
    """A way to one subscriber."""

    async def put(self, placed: Placed, cursor: str) -> None:
        """Deliver one event; :class:`Refused` if that is not certain."""
        ...


async def deliver_to(
    stored: Stored[Subscription],
    progress: Progress,
    carrier: Carrier,
    subscriptions: Subscriptions,
    *,
    page: int,
    rest: Callable[[int], timedelta],
) -> tuple[Refused, Standstill] | None:
    """Deliver for a few seconds at most; what stopped it, if something did."""
    if not progress.begun:
        await subscriptions.progresses.begin(stored.id, stored.state)
    wanted = selection.filter_of(stored.state, await subscriptions.agencies.tree())
    until, held = time.monotonic() + STEP_S, progress.held
    position, moved = progress.position, True
    while moved and time.monotonic() < until:
        reading = await subscriptions.log.read(position, wanted, page)
        sent, refusal = await _put_all(carrier, reading.found, until, subscriptions)
        reached = _reached(reading, sent, position)
        moved = reached > position
        if moved:
            position, held = reached, None
            await subscriptions.progresses.advance(
                stored.id, stored.state.generation, position, by=len(sent)
            )
        if refusal is not None:
            standstill = held_again(held, str(refusal), now(), rest=rest, at_least=refusal.at_least)
            await subscriptions.progresses.hold(stored.id, stored.state.generation, standstill)
            log.warning("delivery.held", subscription=stored.id, reason=str(refusal))
            return refusal, standstill
    return None


def _reached(reading: Reading, sent: Sequence[Placed], position: int) -> int:
    """How far everything is delivered or passed over."""
    if len(sent) == len(reading.found):
        return reading.position
    return sent[-1].position if sent else position


async def _put_all(
    carrier: Carrier, found: tuple[Placed, ...], until: float, subscriptions: Subscriptions
) -> tuple[list[Placed], Refused | None]:
    """What was taken, in order; one at a time, so that none overtakes another."""
    key = await subscriptions.log.key()
    sent: list[Placed] = []
    for placed in found:
        if time.monotonic() > until:
            break
        try:
            await carrier.put(placed, cursors.encode(placed.position, key))
        except Refused as refusal:
            return sent, refusal
        sent.append(placed)
    return sent, None
