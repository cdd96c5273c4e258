"""Subscriptions as their subscribers see them."""

from contracts.subscriptions import (
    AmqpCredentials,
    Delivery,
    Held,
    Nothing,
    Subscribed,
    SubscriptionView,
    WebhookTarget,
)
from kit.storage.aggregates import Stored
from services.subscriptions.deliveries.model import Progress
from services.subscriptions.log import cursors
from services.subscriptions.subscribers.model import Subscription


def view_of(
    stored: Stored[Subscription], progress: Progress, *, tail: int, key: str
) -> SubscriptionView:
    """The subscription with how far it has come."""
    state = stored.state
    return SubscriptionView(
        id=stored.id,
        name=state.name,
        owner=state.owner,
        types=state.types,
        agencies=state.agencies,
        delivery=delivery_of(state),
        queue=state.queue,
        state=state.state,
        paused_by=state.paused_by,
        cursor=cursors.encode(progress.position, key),
        lag=max(0, tail - progress.position),
        delivered=progress.delivered,
        held=_held(progress),
        created_at=state.created_at,
        actions=state.actions,
        version=stored.version,
    )


def subscribed(
    view: SubscriptionView, credentials: AmqpCredentials | None, secret: str | None = None
) -> Subscribed:
    """The answer that shows a secret, this once."""
    fields = {name: getattr(view, name) for name in SubscriptionView.model_fields}
    return Subscribed(**fields, credentials=credentials, secret=secret)


def delivery_of(subscription: Subscription) -> Delivery:
    """The choice as it was made."""
    if subscription.delivery == "webhook":
        return Delivery(webhook=WebhookTarget.model_construct(url=subscription.url or ""))
    if subscription.delivery == "amqp":
        return Delivery(amqp=Nothing())
    return Delivery(feed=Nothing())


def _held(progress: Progress) -> Held | None:
    held = progress.held
    if held is None:
        return None
    return Held(reason=held.reason, since=held.since, retry_at=held.retry_at)
