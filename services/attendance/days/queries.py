"""Days and check-ins are shown to those who may see them."""

from datetime import date, timedelta

from contracts.attendance import GetDay, ListCheckIns, ListDays, ListEmployeeDays
from contracts.attendance_views import CheckInRow, DayView
from contracts.envelope import Query
from contracts.outcome import Refusal
from contracts.paging import Page
from kit.messaging.handlers import Handlers
from kit.storage.connection import Document
from services.attendance import access
from services.attendance.context import Attendance
from services.attendance.days.refused import RefusedCheckIns
from services.attendance.days.views import day_view

handlers: Handlers[Attendance] = Handlers()

MOST_DAYS = 92
_SORTS = ("date", "late_minutes", "status")


@handlers.answers(GetDay)
async def get_day(query: Query[GetDay], attendance: Attendance) -> DayView:
    """One day of a person, with its explanation."""
    body = query.body
    await _visible(query, attendance, body.employee, body.date)
    stored = await attendance.days.get(body.employee, body.date)
    if stored is None:
        raise Refusal("not_found")
    return day_view(stored)


@handlers.answers(ListEmployeeDays)
async def list_employee_days(
    query: Query[ListEmployeeDays], attendance: Attendance
) -> Page[DayView]:
    """The days of a person between two dates, oldest first."""
    body = query.body
    _check_span(body.from_, body.to)
    await _visible(query, attendance, body.employee, body.to)
    found = await attendance.days.between(body.employee, body.from_, body.to)
    return Page(items=tuple(day_view(stored) for stored in found))


@handlers.answers(ListDays)
async def list_days(query: Query[ListDays], attendance: Attendance) -> Page[DayView]:
    """The days of one date, by agency (with those below) or supervisor."""
    body, tree = query.body, await attendance.copies.tree()
    if body.supervisor is not None:
        access.may_list_days(query.actor, None, body.supervisor, tree)
    for agency in body.agency or (() if body.supervisor else (None,)):
        access.may_list_days(query.actor, agency, None, tree)
    wanted: Document = {"date": body.date.isoformat()}
    agencies = {
        below
        for agency in body.agency
        for below in ({agency} if body.exact else tree.below(agency))
    }
    if agencies:
        wanted["agency"] = {"$in": sorted(agencies)}
    if body.status:
        wanted["status"] = {"$in": list(body.status)}
    if body.supervisor is not None:
        wanted["employee"] = {"$in": await _supervised(attendance, body.supervisor, query)}
    sort = body.paging.sort or "_id"
    if sort.lstrip("-") not in (*_SORTS, "_id"):
        raise Refusal.invalid("/sort", f"one of {', '.join(_SORTS)}, with - for descending")
    found, cursor = await attendance.days.page(
        wanted, sort=sort, limit=body.paging.limit, cursor=body.paging.cursor
    )
    return Page(items=tuple(day_view(stored) for stored in found), next_cursor=cursor)


@handlers.answers(ListCheckIns)
async def list_check_ins(query: Query[ListCheckIns], attendance: Attendance) -> Page[CheckInRow]:
    """The check-ins of a person, recorded or (``refused``) refused with their codes."""
    body = query.body
    _check_span(body.from_, body.to)
    await _visible(query, attendance, body.employee, body.to)
    if body.refused:
        return await RefusedCheckIns(attendance.refusals).page(
            body.employee, body.from_, body.to, body.paging
        )
    found = await attendance.days.between(body.employee, body.from_, body.to)
    rows = [
        CheckInRow(
            id=punch.id,
            employee_id=body.employee,
            at=punch.at,
            direction=punch.direction,
            office=punch.office,
            method=punch.method,
            offline=punch.offline,
            move=punch.move,
            flags=punch.flags,
        )
        for stored in found
        for day in (day_view(stored),)
        for punch in day.punches
    ]
    return Page(items=tuple(sorted(rows, key=lambda row: row.at)))


async def _visible(
    query: "Query[GetDay] | Query[ListEmployeeDays] | Query[ListCheckIns]",
    attendance: Attendance,
    employee: str,
    on: date,
) -> None:
    person = await attendance.copies.people.get(employee)
    tree = await attendance.copies.tree()
    access.may_see_days_of(query.actor, person, tree, on)


async def _supervised(attendance: Attendance, supervisor: str, query: Query[ListDays]) -> list[str]:
    people = await attendance.copies.people.supervised_by(supervisor, query.body.date)
    return [person.id for person in people]


def _check_span(first: date, last: date) -> None:
    if last < first:
        raise Refusal.invalid("/to", f"not before {first}")
    if last - first > timedelta(days=MOST_DAYS):
        raise Refusal.invalid("/to", f"at most {MOST_DAYS} days after {first}")
