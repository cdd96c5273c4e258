"""Events: the feed that other systems read by cursor, and the same as a stream."""

import asyncio
import json
from collections.abc import AsyncIterator
from time import monotonic
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query
from starlette.responses import Response, StreamingResponse

from contracts.envelope import Answer, Code
from contracts.paging import DEFAULT_LIMIT, MAX_LIMIT
from contracts.subscriptions import (
    LATEST,
    MAX_WAIT_S,
    EventPage,
    FollowEvents,
    Position,
    ReadEvents,
    TypePattern,
)
from gateway.call import Call, CallContext
from gateway.problems import answers
from kit.messaging.client import Unavailable

router = APIRouter(prefix="/v1/events", tags=["events for other systems"])

_ASK_AGAIN_S = 0.5
_STREAM_S = 300.0
"""A stream ends after as long as a token lives; its reader comes back with a fresh one."""
_HEARTBEAT_S = 15.0
_REST_S = 2.0
_STREAM_PAGE = 100

Types = Annotated[
    list[TypePattern] | None,
    Query(max_length=50, description="`tasks.*`, a full type, or `*`; repeated means any of."),
]
Agencies = Annotated[
    list[Code] | None,
    Query(max_length=200, description="Events about these agencies and those below them."),
]
After = Annotated[
    Position | None,
    Query(description="The `next_cursor` of the page before, `earliest` (default) or `latest`."),
]


@router.get("", summary="Read the feed of events", responses=answers(EventPage, "wrong_state"))
async def read_events(
    call: Call,
    after: After = None,
    types: Types = None,
    agency: Agencies = None,
    exact: Annotated[bool, Query(description="Only these agencies, none below.")] = False,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
    wait_s: Annotated[
        float, Query(ge=0, le=MAX_WAIT_S, description="How long to wait for something new.")
    ] = 0,
    subscription: Annotated[
        str | None,
        Query(max_length=80, description="Read by this feed subscription, which keeps `after`."),
    ] = None,
) -> Response:
    """Events in order, as the caller's audience sees them; the same cursor when nothing is new.

    A reader never sees a later position before an earlier one. With filters the cursor also passes
    over what was left out, so it can move although `items` is empty.
    """
    asked = ReadEvents(
        after=after,
        types=tuple(types or ()),
        agency=tuple(agency or ()),
        exact=exact,
        limit=limit,
        subscription=subscription,
    )
    return call.tell(await _when_there_is_something(call, asked, wait_s))


@router.get(
    "/stream",
    summary="Follow the feed as a stream",
    response_class=StreamingResponse,
    responses={
        **answers(None),
        200: {
            "description": "Server-sent events: `id` is the cursor, `event` the type, `data` the "
            "CloudEvent. Comments keep the connection alive; it ends after five minutes.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
    },
)
async def follow_events(
    call: Call,
    after: After = None,
    types: Types = None,
    agency: Agencies = None,
    exact: Annotated[bool, Query(description="Only these agencies, none below.")] = False,
    last_event_id: Annotated[Position | None, Header()] = None,
) -> Response:
    """New events as they come, or from `Last-Event-ID` (or `after`) on."""
    asked = FollowEvents(
        after=last_event_id or after or LATEST,
        types=tuple(types or ()),
        agency=tuple(agency or ()),
        exact=exact,
        limit=_STREAM_PAGE,
    )
    first = await call.ask(asked)
    if first.problem is not None:
        return call.tell(first)
    return StreamingResponse(
        _stream(call, asked, first),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _when_there_is_something(call: CallContext, asked: ReadEvents, wait_s: float) -> Answer:
    deadline = monotonic() + wait_s
    while True:
        answer = await call.ask(asked)
        if answer.problem is not None or not answer.result:
            return answer
        page = json.loads(answer.result)
        left = deadline - monotonic()
        if page["items"] or left <= 0:
            return answer
        asked = asked.model_copy(update={"after": page["next_cursor"]})
        await asyncio.sleep(min(_ASK_AGAIN_S, left))


async def _stream(call: CallContext, asked: FollowEvents, first: Answer) -> AsyncIterator[str]:
    """Pages as they come, until the stream has lived as long as a token."""
    until, told_at = monotonic() + _STREAM_S, monotonic()
    yield "retry: 2000\n\n"
    answer: Answer | None = first
    while monotonic() < until:
        page = json.loads(answer.result or "{}") if answer and not answer.problem else {}
        for item in page.get("items", ()):
            yield _as_sent(item)
        if page.get("items") or monotonic() - told_at > _HEARTBEAT_S:
            told_at = monotonic()
            yield ": here\n\n"
        if len(page.get("items", ())) < _STREAM_PAGE:
            await asyncio.sleep(_ASK_AGAIN_S if page else _REST_S)
        asked = asked.model_copy(update={"after": page.get("next_cursor", asked.after)})
        answer = await _ask_or_rest(call, asked)


async def _ask_or_rest(call: CallContext, asked: FollowEvents) -> Answer | None:
    """The next page; None while there is none to be had."""
    try:
        return await call.ask(asked)
    except Unavailable:
        return None


def _as_sent(item: dict[str, Any]) -> str:
    event = item["event"]
    data = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
    return f"id: {item['cursor']}\nevent: {event['type']}\ndata: {data}\n\n"
