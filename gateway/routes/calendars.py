"""Calendars over HTTP: the national one, those of agencies, and their named spans."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from contracts.calendars import (
    CalendarRequest,
    CalendarView,
    GetCalendar,
    PutCalendar,
    PutSpan,
    SpanRequest,
)
from contracts.envelope import Code
from contracts.policies import SpanName
from gateway.call import Call
from gateway.preconditions import Absent, precondition
from gateway.problems import answers

router = APIRouter(prefix="/v1/calendars/{code}", tags=["attendance"])
Calendar = Annotated[Code, Path(description="`national`, or the code of an agency")]


@router.get("", summary="Show a calendar", responses=answers(CalendarView))
async def get_calendar(call: Call, code: Calendar) -> Response:
    """Days on which nobody has to come, and named spans; agencies add theirs to the nation's."""
    return await call.query(GetCalendar(code=code))


@router.put(
    "",
    summary="Enter the days of a calendar",
    responses={
        **answers(CalendarView, "version_required", "version_conflict"),
        **answers(CalendarView, status=201),
    },
)
async def put_calendar(
    call: Call, code: Calendar, body: CalendarRequest, if_none_match: Absent = None
) -> Response:
    """All its days; what was read is changed with its ETag in `If-Match`. Spans stay."""
    command = PutCalendar(code=code, calendar=body, precondition=precondition(call, if_none_match))
    return await call.command(command, location=f"/v1/calendars/{code}")


@router.put(
    "/spans/{name}",
    summary="Say when a named span begins and ends",
    responses=answers(CalendarView, "wrong_state"),
)
async def put_span(
    call: Call, code: Calendar, name: Annotated[SpanName, Path()], body: SpanRequest
) -> Response:
    """Possible until the evening before the first day; a span that has begun stays as it is."""
    return await call.command(PutSpan(code=code, name_of_span=name, span=body))
