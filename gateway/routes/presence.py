"""Presence: who is in which office now, asked once or followed as a stream."""

import asyncio
import json
from collections.abc import AsyncIterator
from time import monotonic
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response, StreamingResponse

from contracts.attendance import FollowPresence, GetPresence
from contracts.attendance_views import PresenceView
from contracts.envelope import Answer
from gateway.call import Call, CallContext
from gateway.problems import answers
from gateway.routes.check_ins import person_of
from kit.messaging.client import Unavailable

router = APIRouter(tags=["presence"])

_ASK_AGAIN_S = 2.0
_STREAM_S = 300.0
"""A stream ends after as long as a token lives; its reader comes back with a fresh one."""
_HEARTBEAT_S = 15.0

Code = Annotated[str | None, Query(max_length=40)]


@router.get("/v1/presence", summary="See who is where now", responses=answers(PresenceView))
async def get_presence(
    call: Call,
    office: Code = None,
    agency: Code = None,
    employee_id: Annotated[str | None, Query(max_length=64)] = None,
) -> Response:
    """By exactly one of office, agency or person; names only of those whom the caller may see.

    Colleagues are named in their working hours only; everybody present is in the count.
    """
    person = person_of(call, employee_id) if employee_id else None
    return await call.query(GetPresence(office=office, agency=agency, employee_id=person))


@router.get(
    "/v1/presence/stream",
    summary="Follow who is where",
    response_class=StreamingResponse,
    responses={
        **answers(None),
        200: {
            "description": "Server-sent events `presence`, each with the whole state as "
            "`GET /v1/presence` answers it: the first at once, others as it changes. Comments keep "
            "the connection alive; it ends after five minutes.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
    },
)
async def follow_presence(call: Call, office: Code = None, agency: Code = None) -> Response:
    """The board of an office or agency, as the caller may see it."""
    asked = FollowPresence(office=office, agency=agency)
    first = await call.ask(asked)
    if first.problem is not None:
        return call.tell(first)
    return StreamingResponse(
        _stream(call, asked, first),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _stream(call: CallContext, asked: FollowPresence, first: Answer) -> AsyncIterator[str]:
    """States as they change; a moment without an answer is passed over."""
    until, told_at, told = monotonic() + _STREAM_S, monotonic(), None
    yield "retry: 2000\n\n"
    answer: Answer | None = first
    while monotonic() < until:
        state = _state(answer)
        if state is not None and state != told:
            told, told_at = state, monotonic()
            yield f"event: presence\ndata: {answer.result if answer else ''}\n\n"
        elif monotonic() - told_at > _HEARTBEAT_S:
            told_at = monotonic()
            yield ": here\n\n"
        await asyncio.sleep(_ASK_AGAIN_S)
        answer = await _ask_or_rest(call, asked)


def _state(answer: Answer | None) -> object:
    """What a board shows, without the moment it was read at; None while there is no answer."""
    if answer is None or answer.problem is not None or answer.result is None:
        return None
    told = json.loads(answer.result)
    del told["as_of"]
    return told


async def _ask_or_rest(call: CallContext, asked: FollowPresence) -> Answer | None:
    try:
        return await call.ask(asked)
    except Unavailable:
        return None
