"""Days: what was recorded, what the rules of that day make of it, and why."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from contracts.attendance import GetDay, ListDays, ListEmployeeDays
from contracts.attendance_terms import DayStatus
from contracts.attendance_views import DayView
from contracts.paging import DEFAULT_LIMIT, MAX_LIMIT, Page, Paging
from gateway.call import Call
from gateway.problems import answers
from gateway.routes.check_ins import person_of

router = APIRouter(tags=["days"])


@router.get(
    "/v1/employees/{employee}/days",
    summary="List the days of a person",
    responses=answers(Page[DayView]),
)
async def list_employee_days(
    employee: str, call: Call, from_: Annotated[date, Query(alias="from")], to: date
) -> Response:
    """The days between two dates, oldest first, at most 92."""
    who = person_of(call, employee)
    return await call.query(ListEmployeeDays(employee=who, from_=from_, to=to))


@router.get(
    "/v1/employees/{employee}/days/{day}",
    summary="Read a day with its explanation",
    responses=answers(DayView),
)
async def get_day(employee: str, day: date, call: Call) -> Response:
    """One day: status, minutes, bands, punches, and the rules and facts behind each."""
    return await call.query(GetDay(employee=person_of(call, employee), date=day))


@router.get("/v1/days", summary="List the days of a date", responses=answers(Page[DayView]))
async def list_days(  # the filters of the contract
    call: Call,
    on: Annotated[date, Query(alias="date")],
    agency: Annotated[list[str] | None, Query(max_length=20)] = None,
    supervisor: Annotated[str | None, Query(max_length=64)] = None,
    status: Annotated[list[DayStatus] | None, Query()] = None,
    exact: bool = False,  # a filter
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    sort: Annotated[str | None, Query(max_length=60, pattern=r"^-?[a-z_]+$")] = None,
) -> Response:
    """The days of one date in an agency and those below it, or of the people one supervises."""
    return await call.query(
        ListDays(
            date=on,
            agency=tuple(agency or ()),
            exact=exact,
            supervisor=person_of(call, supervisor) if supervisor else None,
            status=tuple(status or ()),
            paging=Paging(limit=limit, cursor=cursor, sort=sort),
        )
    )
