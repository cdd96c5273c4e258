"""Every event enters the log; readers get what their audience may see of it, in order."""

import asyncio
from collections.abc import Sequence
from typing import Any

from contracts.envelope import Answer, Event, Query
from contracts.outcome import Refusal
from contracts.subscriptions import FollowEvents, ReadEvents
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Stored
from services.subscriptions import access
from services.subscriptions.context import Subscriptions
from services.subscriptions.deliveries.model import Progress
from services.subscriptions.log import cursors, messages
from services.subscriptions.log.model import Filter, Reading, chosen, covered
from services.subscriptions.subscribers import selection
from services.subscriptions.subscribers.model import Subscription, require_active

handlers: Handlers[Subscriptions] = Handlers()


@handlers.reads("subscriptions.log.on-events")
async def append_to_log(events: Sequence[Event[Any]], subscriptions: Subscriptions) -> None:
    """Give each event its position, once; what arrives together shares one write."""
    entries = [messages.entry_of(event) for event in events]
    await asyncio.gather(*(subscriptions.log.append(entry) for entry in entries))


@handlers.answers(ReadEvents)
async def read_events(query: Query[ReadEvents], subscriptions: Subscriptions) -> Answer:
    """Give the events behind a cursor, as the caller's audience sees them."""
    if query.body.subscription is not None:
        return await _read_subscription(query, query.body.subscription, subscriptions)
    reading = await _read(query, query.body, subscriptions)
    key = await subscriptions.log.key()
    return Answer.model_construct(result=messages.page_text(reading, key))


@handlers.answers(FollowEvents)
async def follow_events(query: Query[FollowEvents], subscriptions: Subscriptions) -> Answer:
    """Give the events behind a cursor, each with the cursor that resumes there."""
    reading = await _read(query, query.body, subscriptions)
    key = await subscriptions.log.key()
    return Answer.model_construct(result=messages.followed_text(reading, key))


async def _read(
    query: Query[Any], body: ReadEvents | FollowEvents, subscriptions: Subscriptions
) -> Reading:
    audience = access.audience_of(query.actor)
    types = chosen(body.types, access.types_for(audience), pointer="/query/types")
    agencies = covered(body.agency, await subscriptions.agencies.tree(), exact=body.exact)
    wanted = Filter(audience, types, agencies)
    after = await _start(body.after, subscriptions)
    return await subscriptions.log.read(after, wanted, body.limit)


async def _read_subscription(
    query: Query[ReadEvents], id_: str, subscriptions: Subscriptions
) -> Answer:
    """Read by the filters of a feed subscription; ``after`` tells what was read safely."""
    body = query.body
    stored = await subscriptions.subscribers.get(id_)
    access.may_manage(query.actor, stored.state.owner if stored else None)
    assert stored is not None  # access has refused it
    require_active(stored.state, "feed")
    if body.types or body.agency:
        raise Refusal.invalid("/query/subscription", "has its own types and agencies")
    progress = await subscriptions.progresses.current(id_, stored.state)
    position = progress.position
    if body.after is not None:
        position = await _start(body.after, subscriptions)
        await _keep(position, stored, progress, subscriptions)
    wanted = selection.filter_of(stored.state, await subscriptions.agencies.tree())
    reading = await subscriptions.log.read(position, wanted, body.limit)
    key = await subscriptions.log.key()
    return Answer.model_construct(result=messages.page_text(reading, key))


async def _keep(
    position: int,
    stored: Stored[Subscription],
    progress: Progress,
    subscriptions: Subscriptions,
) -> None:
    """What was read safely; going back is reading again, not keeping less."""
    if position <= progress.position:
        return
    if not progress.begun:
        await subscriptions.progresses.begin(stored.id, stored.state)
    await subscriptions.progresses.advance(stored.id, stored.state.generation, position)


async def _start(after: str | None, subscriptions: Subscriptions) -> int:
    log = subscriptions.log
    return cursors.start(after, await log.key(), tail=await log.tail(), pointer="/query/after")
