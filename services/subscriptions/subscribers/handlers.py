"""Subscriptions begin, are shown, rest, are replayed and end."""

import secrets
from collections.abc import Sequence
from typing import Any

from contracts.envelope import Answer, Command, Query, Verdict
from contracts.outcome import Refusal
from contracts.paging import Page
from contracts.subscriptions import (
    AmqpCredentials,
    EndSubscription,
    GetSubscription,
    ListSubscriptions,
    PauseSubscription,
    ReplaySubscription,
    ResumeSubscription,
    RotateSecret,
    Subscribe,
    Subscribed,
    SubscriptionView,
)
from kit.clock import now
from kit.messaging.handlers import Handlers
from kit.messaging.topology import PUBLIC_VHOST
from kit.storage.aggregates import Cause, Stored
from services.subscriptions import access
from services.subscriptions.context import Subscriptions
from services.subscriptions.deliveries.addresses import NotAllowed
from services.subscriptions.deliveries.model import Progress
from services.subscriptions.log import cursors
from services.subscriptions.log.model import chosen
from services.subscriptions.subscribers import messages, model
from services.subscriptions.subscribers.broker import PublicBroker
from services.subscriptions.subscribers.model import Decide, Subscription
from services.subscriptions.subscribers.store import id_of

handlers: Handlers[Subscriptions] = Handlers()


@handlers.answers(Subscribe)
async def subscribe(query: Query[Subscribe], subscriptions: Subscriptions) -> Answer:
    """Take the name, prepare what the delivery needs, and show the credentials once."""
    access.may_have_subscriptions(query.actor)
    wanted = await _wanted(query, subscriptions)
    id_ = id_of(wanted.name)
    cause = _cause(query, "begin")
    await subscriptions.subscribers.change(id_, model.begin(wanted), cause)
    shown = await _give(id_, wanted, subscriptions, first=True)
    cause = _cause(query, "activate")
    await subscriptions.subscribers.change(id_, model.activate(query.id), cause)
    stored = await _stored(query, id_, subscriptions)
    subscribed = messages.subscribed(await _view(stored, subscriptions), *shown)
    return Answer(status=201, result=subscribed.model_dump_json(), version=stored.version)


@handlers.answers(RotateSecret)
async def rotate_secret(query: Query[RotateSecret], subscriptions: Subscriptions) -> Subscribed:
    """Show new credentials once; those of a queue replace the old ones at once."""
    stored = await _stored(query, query.body.subscription, subscriptions)
    model.require(stored.state, "rotate-secret")
    shown = await _give(stored.id, stored.state, subscriptions, first=False)
    return messages.subscribed(await _view(stored, subscriptions), *shown)


@handlers.answers(GetSubscription)
async def get_subscription(query: Query[GetSubscription], subscriptions: Subscriptions) -> Answer:
    """Show a subscription with its lag."""
    stored = await _stored(query, query.body.subscription, subscriptions)
    view = await _view(stored, subscriptions)
    return Answer(result=view.model_dump_json(), version=stored.version)


@handlers.answers(ListSubscriptions)
async def list_subscriptions(
    query: Query[ListSubscriptions], subscriptions: Subscriptions
) -> Page[SubscriptionView]:
    """List the caller's subscriptions; those who look after all of them see all."""
    access.may_have_subscriptions(query.actor)
    owner = None if access.sees_all_subscriptions(query.actor) else query.actor.account
    paging = query.body.paging
    if paging.sort not in (None, "id"):
        raise Refusal.invalid("/sort", "must be id")
    found, next_cursor = await subscriptions.subscribers.page(
        owner, limit=paging.limit, cursor=paging.cursor
    )
    items = await _views(found, subscriptions)
    return Page[SubscriptionView](items=items, next_cursor=next_cursor)


@handlers.handles(PauseSubscription)
async def pause_subscription(
    command: Command[PauseSubscription], subscriptions: Subscriptions
) -> Verdict:
    """Hold the delivery where it is."""
    return await _change(command, command.body.subscription, model.pause, subscriptions)


@handlers.handles(ResumeSubscription)
async def resume_subscription(
    command: Command[ResumeSubscription], subscriptions: Subscriptions
) -> Verdict:
    """Let the delivery go on where it stopped, at once."""
    id_ = command.body.subscription
    verdict = await _change(command, id_, model.resume, subscriptions)
    if (stored := await subscriptions.subscribers.get(id_)) is not None:
        await subscriptions.progresses.release(id_, stored.state.generation)
    return verdict


@handlers.handles(ReplaySubscription)
async def replay_subscription(
    command: Command[ReplaySubscription], subscriptions: Subscriptions
) -> Verdict:
    """Deliver again what came after a point."""
    log = subscriptions.log
    start = cursors.start(
        command.body.after, await log.key(), tail=await log.tail(), pointer="/after"
    )
    decide = model.replay(start)
    return await _change(command, command.body.subscription, decide, subscriptions)


@handlers.handles(EndSubscription)
async def end_subscription(
    command: Command[EndSubscription], subscriptions: Subscriptions
) -> Verdict:
    """End the subscription; deliveries then remove its queue and its user."""
    verdict = await _change(command, command.body.subscription, model.end, subscriptions)
    await subscriptions.secrets.forget(command.body.subscription)
    return verdict


async def _wanted(query: Query[Subscribe], subscriptions: Subscriptions) -> Subscription:
    body = query.body
    if body.delivery.kind == "amqp" and subscriptions.broker is None:
        raise Refusal.invalid("/delivery/amqp", "is not offered here; take feed or webhook")
    target = body.delivery.webhook
    if target is not None:
        await _must_be_reachable(target.url, subscriptions)
    chosen(body.types, access.types_for("public"), pointer="/types")
    log = subscriptions.log
    return Subscription(
        name=body.called,
        owner=query.actor.account,
        types=body.types,
        agencies=body.agencies,
        delivery=body.delivery.kind,
        state="preparing",
        start=cursors.start(body.after, await log.key(), tail=await log.tail(), pointer="/after"),
        generation=1,
        attempt=query.id,
        created_at=now(),
        url=target.url if target else None,
    )


async def _must_be_reachable(url: str, subscriptions: Subscriptions) -> None:
    try:
        await subscriptions.poster.check(url)
    except NotAllowed as error:
        raise Refusal.invalid("/delivery/webhook/url", str(error)) from error


async def _give(
    id_: str, wanted: Subscription, subscriptions: Subscriptions, *, first: bool
) -> tuple[AmqpCredentials | None, str | None]:
    """What the subscriber is shown this once: credentials of a queue, the secret of a webhook."""
    if wanted.delivery == "webhook":
        kept = subscriptions.secrets
        return None, await (kept.begin(id_, now()) if first else kept.rotate(id_, now()))
    return (await _credentials(wanted, subscriptions) if wanted.queue else None), None


async def _credentials(wanted: Subscription, subscriptions: Subscriptions) -> AmqpCredentials:
    broker: PublicBroker | None = subscriptions.broker
    queue = wanted.queue
    if broker is None or queue is None:
        raise Refusal.invalid("/delivery/amqp", "is not offered here")
    password = secrets.token_urlsafe(24)
    await broker.give(wanted.name, password)
    return AmqpCredentials(
        host=subscriptions.address.host,
        port=subscriptions.address.port,
        virtual_host=PUBLIC_VHOST,
        queue=queue,
        username=queue,
        password=password,
    )


async def _change(
    command: Command[Any], id_: str, decide: Decide, subscriptions: Subscriptions
) -> Verdict:
    stored = await subscriptions.subscribers.get(id_)
    access.may_manage(command.actor, stored.state.owner if stored else None)
    assert stored is not None  # access has refused it
    tail, key = await subscriptions.log.tail(), await subscriptions.log.key()
    progress = await subscriptions.progresses.current(id_, stored.state)

    def answer(after: Stored[Subscription]) -> SubscriptionView:
        same = after.state.generation == progress.generation
        shown = progress if same else Progress(after.state.generation, after.state.start)
        return messages.view_of(after, shown, tail=tail, key=key)

    return await subscriptions.subscribers.change(id_, decide, command, answer=answer)


async def _stored(
    query: Query[Any], id_: str, subscriptions: Subscriptions
) -> Stored[Subscription]:
    stored = await subscriptions.subscribers.get(id_)
    access.may_manage(query.actor, stored.state.owner if stored else None)
    assert stored is not None  # access has refused it
    return stored


async def _view(stored: Stored[Subscription], subscriptions: Subscriptions) -> SubscriptionView:
    return (await _views([stored], subscriptions))[0]


async def _views(
    found: Sequence[Stored[Subscription]], subscriptions: Subscriptions
) -> tuple[SubscriptionView, ...]:
    pairs = [(stored.id, stored.state) for stored in found]
    progresses = await subscriptions.progresses.current_many(pairs)
    tail, key = await subscriptions.log.tail(), await subscriptions.log.key()
    return tuple(
        messages.view_of(stored, progresses[stored.id], tail=tail, key=key) for stored in found
    )


def _cause(query: Query[Any], step: str) -> Cause:
    """A request's id is its own each time; what it changes is kept without its answer."""
    origin = Cause(query.id, query.correlation_id, query.actor, query.received_at)
    return Cause.derived(origin, step)
