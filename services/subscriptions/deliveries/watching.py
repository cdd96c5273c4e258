"""What subscribers ask about their deliveries: the attempts, and one for a test."""

from typing import Any

from contracts.envelope import Query
from contracts.paging import Page
from contracts.webhooks import AttemptView, ListDeliveries, TestSubscription
from kit.clock import now
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Stored
from services.subscriptions import access
from services.subscriptions.context import Subscriptions
from services.subscriptions.deliveries.attempts import Attempt, attempt_of
from services.subscriptions.deliveries.outlet import Refused
from services.subscriptions.deliveries.post import Outcome
from services.subscriptions.deliveries.webhooks import a_test_event, call
from services.subscriptions.log.model import Placed
from services.subscriptions.subscribers import model
from services.subscriptions.subscribers.model import Subscription

handlers: Handlers[Subscriptions] = Handlers()


@handlers.answers(ListDeliveries)
async def list_deliveries(
    query: Query[ListDeliveries], subscriptions: Subscriptions
) -> Page[AttemptView]:
    """The attempts to deliver a subscription, newest first."""
    stored, body = await _own(query, subscriptions), query.body
    found, next_cursor = await subscriptions.attempts.page(
        stored.id, body.outcome, limit=body.paging.limit, cursor=body.paging.cursor
    )
    return Page(items=tuple(_shown(*one) for one in found), next_cursor=next_cursor)


@handlers.answers(TestSubscription)
async def send_test_event(
    query: Query[TestSubscription], subscriptions: Subscriptions
) -> AttemptView:
    """Send a test event now; if it arrives, what rested after a failure goes on."""
    stored = await _own(query, subscriptions)
    model.require(stored.state, "test")
    placed = a_test_event(stored.id)
    with subscriptions.errands.only_one(f"test:{stored.id}"):
        if stored.state.queue is not None:
            outcome, id_, attempt = await _put(stored, placed, subscriptions)
        else:
            outcome, id_, attempt = await call(stored, placed, subscriptions, None, test=True)
    if outcome.delivered:
        await subscriptions.progresses.release(stored.id, stored.state.generation)
    return _shown(id_, attempt)


async def _put(
    stored: Stored[Subscription], placed: Placed, subscriptions: Subscriptions
) -> tuple[Outcome, str, Attempt]:
    outcome = Outcome(True, 0)
    try:
        await subscriptions.outlet.put(stored.state.queue or "", placed, "")
    except Refused as refusal:
        outcome = Outcome(False, 0, reason=str(refusal))
    attempt = attempt_of(stored.id, placed, now(), outcome, test=True)
    return outcome, await subscriptions.attempts.add(attempt), attempt


async def _own(query: Query[Any], subscriptions: Subscriptions) -> Stored[Subscription]:
    stored = await subscriptions.subscribers.get(query.body.subscription)
    access.may_manage(query.actor, stored.state.owner if stored else None)
    assert stored is not None  # access has refused it
    return stored


def _shown(id_: str, attempt: Attempt) -> AttemptView:
    return AttemptView(
        id=id_,
        at=attempt.at,
        event_id=attempt.event_id,
        event_type=attempt.event_type,
        number=attempt.number,
        outcome=attempt.outcome,
        status=attempt.status,
        reason=attempt.reason,
        ms=attempt.ms,
        test=attempt.test,
    )
