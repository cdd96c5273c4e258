"""Subscriptions: a standing order for events, with a cursor kept here or a queue of its own."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from contracts.paging import DEFAULT_LIMIT, MAX_LIMIT, Page, Paging
from contracts.subscriptions import (
    EndSubscription,
    GetSubscription,
    ListSubscriptions,
    PauseSubscription,
    ReplayRequest,
    ReplaySubscription,
    ResumeSubscription,
    RotateSecret,
    Subscribe,
    Subscribed,
    SubscribeRequest,
    SubscriptionView,
)
from contracts.webhooks import AttemptOutcome, AttemptView, ListDeliveries, TestSubscription
from gateway.call import Call
from gateway.problems import answers

router = APIRouter(prefix="/v1/subscriptions", tags=["events for other systems"])

Id = Annotated[str, Path(max_length=80)]
_AT_THE_RECEIVER_S = 25.0
"""A webhook is called while the caller waits."""
_AT_THE_BROKER_S = 10.0
"""Queues and users are made at the broker while the caller waits."""


@router.post(
    "",
    summary="Subscribe to events",
    status_code=201,
    responses=answers(Subscribed, "wrong_state", status=201),
)
async def subscribe(body: SubscribeRequest, call: Call) -> Response:
    """Begin a subscription under a name that is free; credentials are shown here, once.

    If the answer is lost while the subscription is `preparing`, the same call goes on with it; if
    it is `active`, `rotate-secret` gives new credentials.
    """
    asked = Subscribe(
        called=body.name,
        types=body.types,
        agencies=body.agencies,
        delivery=body.delivery,
        after=body.after,
    )
    return call.tell(await call.ask(asked, deadline_s=_AT_THE_BROKER_S))


@router.get("", summary="List subscriptions", responses=answers(Page[SubscriptionView]))
async def list_subscriptions(
    call: Call,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Response:
    """The caller's own subscriptions; administrators and operators see all."""
    return await call.query(ListSubscriptions(paging=Paging(limit=limit, cursor=cursor)))


@router.get("/{id}", summary="Read a subscription", responses=answers(SubscriptionView))
async def get_subscription(id: Id, call: Call) -> Response:  # noqa: A002  # the contract's name
    """State, cursor, lag and, where the queue takes nothing now, why and until when."""
    return await call.query(GetSubscription(subscription=id))


@router.post(
    "/{id}/pause",
    summary="Pause a subscription",
    responses=answers(SubscriptionView, "wrong_state"),
)
async def pause_subscription(id: Id, call: Call) -> Response:  # noqa: A002  # as above
    """Hold the delivery; nothing is lost, it goes on where it stopped."""
    return await call.command(PauseSubscription(subscription=id))


@router.post(
    "/{id}/resume",
    summary="Resume a subscription",
    responses=answers(SubscriptionView, "wrong_state"),
)
async def resume_subscription(id: Id, call: Call) -> Response:  # noqa: A002  # as above
    """Let the delivery go on."""
    return await call.command(ResumeSubscription(subscription=id))


@router.post(
    "/{id}/replay",
    summary="Replay events",
    responses=answers(SubscriptionView, "wrong_state"),
)
async def replay_subscription(
    id: Id,  # noqa: A002  # as above
    body: ReplayRequest,
    call: Call,
) -> Response:
    """Deliver again what came after a cursor (or `earliest`); ids are those of the first time."""
    return await call.command(ReplaySubscription(subscription=id, after=body.after))


@router.post(
    "/{id}/rotate-secret",
    summary="Change the secret",
    responses=answers(Subscribed, "wrong_state"),
)
async def rotate_secret(id: Id, call: Call) -> Response:  # noqa: A002  # as above
    """New credentials, shown here once. Those of a queue replace the old ones at once; the old
    secret of a webhook signs beside the new one for another day.
    """
    asked = RotateSecret(subscription=id)
    return call.tell(await call.ask(asked, deadline_s=_AT_THE_BROKER_S))


@router.get(
    "/{id}/deliveries",
    summary="List attempts to deliver",
    responses=answers(Page[AttemptView]),
)
async def list_deliveries(
    id: Id,  # noqa: A002  # as above
    call: Call,
    outcome: AttemptOutcome | None = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Response:
    """The attempts of the last thirty days, newest first; of a queue only what it refused."""
    paging = Paging(limit=limit, cursor=cursor)
    return await call.query(ListDeliveries(subscription=id, outcome=outcome, paging=paging))


@router.post(
    "/{id}/test",
    summary="Send a test event",
    responses=answers(AttemptView, "wrong_state"),
)
async def send_test_event(id: Id, call: Call) -> Response:  # noqa: A002  # as above
    """One signed event that says nothing, now; what came of it is the answer.

    If it arrives, a delivery that rests after a failure goes on at once.
    """
    asked = TestSubscription(subscription=id)
    return call.tell(await call.ask(asked, deadline_s=_AT_THE_RECEIVER_S))


@router.delete(
    "/{id}",
    summary="End a subscription",
    responses=answers(SubscriptionView, "wrong_state"),
)
async def end_subscription(id: Id, call: Call) -> Response:  # noqa: A002  # as above
    """End it; its queue and user are removed within seconds, and the name is free again."""
    return await call.command(EndSubscription(subscription=id))
