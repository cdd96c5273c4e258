"""The caller's inbox, and how they want to be told of what."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from contracts.notifications import (
    MOST_KINDS,
    GetNotificationPreferences,
    InboxPage,
    InboxRead,
    KindCode,
    ListNotifications,
    MarkNotificationsRead,
    PreferencesRequest,
    PreferencesView,
    PutNotificationPreferences,
    ReadRequest,
)
from contracts.paging import DEFAULT_LIMIT, MAX_LIMIT, Paging
from gateway.call import Call
from gateway.problems import answers

router = APIRouter(prefix="/v1", tags=["me"])


@router.get("/notifications", summary="Read my inbox", responses=answers(InboxPage))
async def list_notifications(
    call: Call,
    unread: bool | None = None,
    kind: Annotated[list[KindCode] | None, Query(max_length=MOST_KINDS)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Response:
    """What concerns the caller, newest first; what they may no longer see is left out."""
    paging = Paging(limit=limit, cursor=cursor)
    return await call.query(ListNotifications(unread=unread, kind=tuple(kind or ()), paging=paging))


@router.post("/notifications/read", summary="Mark as read", responses=answers(InboxRead))
async def mark_notifications_read(call: Call, body: ReadRequest) -> Response:
    """These notifications, or all up to a moment, are read; what is not the caller's stays."""
    return await call.command(MarkNotificationsRead(ids=body.ids, until=body.until))


@router.get(
    "/me/notification-preferences",
    summary="How I want to be told",
    responses=answers(PreferencesView),
)
async def get_notification_preferences(call: Call) -> Response:
    """Every kind of notification and the channels the caller hears of it by."""
    return await call.query(GetNotificationPreferences())


@router.put(
    "/me/notification-preferences",
    summary="Choose how I want to be told",
    responses=answers(PreferencesView, "version_required", "version_conflict"),
)
async def put_notification_preferences(call: Call, body: PreferencesRequest) -> Response:
    """Choices by kind and channel; a kind that is not named follows the default."""
    return await call.command(
        PutNotificationPreferences(items=body.items, if_match=call.if_match())
    )
