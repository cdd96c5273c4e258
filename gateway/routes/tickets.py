"""Tickets, and the stream of hints they open."""

from collections.abc import AsyncIterator
from time import monotonic
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response, StreamingResponse

from contracts.envelope import Actor
from contracts.tickets import Admitted, IssueTicket, RedeemTicket, TicketView
from gateway.arrival import arrival_of
from gateway.call import Call
from gateway.desk import ANONYMOUS, Desk
from gateway.problems import answers, respond

router = APIRouter(prefix="/v1", tags=["me"])

STREAM_S = 300.0
"""A stream ends after as long as a token lives; its reader comes back with a fresh ticket."""
HEARTBEAT_S = 15.0
_LOOK_S = 3.0
"""How often a quiet stream looks whether its account was closed."""


@router.post(
    "/session/tickets",
    status_code=201,
    summary="Get a ticket for the stream",
    responses=answers(TicketView, status=201),
)
async def issue_ticket(call: Call) -> Response:
    """A ticket for one use within 30 seconds: a browser cannot send a token with a stream."""
    answer = await call.ask(IssueTicket())
    return call.tell(answer.model_copy(update={"status": 201}) if not answer.problem else answer)


@router.get(
    "/me/stream",
    summary="Follow what concerns me",
    response_class=StreamingResponse,
    responses={
        **answers(None, "token_invalid"),
        200: {
            "description": "Server-sent events `hint` with `{resource, id, version}`: something "
            "changed; ask for it (with `X-Written: <id>@<version>` for at least that state). "
            "`reset` says that hints may have been missed: look at everything again; the first one "
            "comes at once. Comments keep the connection alive; it ends after five minutes.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
    },
)
async def follow_hints(
    request: Request, ticket: Annotated[str, Query(min_length=1, max_length=200)]
) -> Response:
    """Hints, never data, about what concerns whoever the ticket was given to."""
    desk: Desk = request.app.state.desk
    arrival = arrival_of(request.scope)
    answer = await desk.bus.query(
        RedeemTicket(ticket=ticket),
        actor=ANONYMOUS,
        received_at=arrival.received_at,
        correlation_id=arrival.request_id,
        language=arrival.language,
    )
    if answer.problem is not None:
        return respond(arrival, answer.problem)
    admitted = Admitted.model_validate_json(answer.result or "")
    arrival.account = admitted.account
    actor = _actor(admitted)
    await desk.hints.prepare(actor)
    return StreamingResponse(
        _stream(desk, actor, round(admitted.as_of.timestamp() * 1_000)),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _stream(desk: Desk, actor: Actor, as_of: int) -> AsyncIterator[str]:
    """Hints as they come, until the stream has lived as long as a token, or the account has not."""
    with desk.hints.listening(actor) as listener:
        until, told_at = monotonic() + STREAM_S, monotonic()
        yield "event: reset\ndata: {}\n\n"
        while monotonic() < until and not desk.closed.refuses(actor.account, as_of):
            missed, hints = await listener.take(_LOOK_S)
            said = ["event: reset\ndata: {}\n\n"] if missed else []
            said += [f"event: hint\ndata: {hint.model_dump_json()}\n\n" for hint in hints]
            if not said and monotonic() - told_at > HEARTBEAT_S:
                said = [": here\n\n"]
            if said:
                told_at = monotonic()
                yield "".join(said)


def _actor(admitted: Admitted) -> Actor:
    return Actor(
        account=admitted.account,
        employee=admitted.employee,
        agency=admitted.agency,
        grants=admitted.grants,
    )
