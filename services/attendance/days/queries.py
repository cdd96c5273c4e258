"""Days and check-ins are shown to those who may see them."""

from datetime import date, timedelta

from contracts.attendance import GetDay, ListCheckIns, ListDays, ListEmployeeDays
from contracts.attendance_views import CheckInRow, DayView
from contracts.envelope import Query
from contracts.outcome import Refusal
from contracts.paging import Page
from contracts.statements import Looked
from kit.messaging.handlers import Handlers
from kit.storage.connection import Document
from rules.assignments import main_on
from rules.working_time import zone
from services.attendance import access
from services.attendance.access_log.store import Scope
from services.attendance.context import Attendance
from services.attendance.days.listing import page_of
from services.attendance.days.refused import RefusedCheckIns
from services.attendance.days.views import day_view

handlers: Handlers[Attendance] = Handlers()

MOST_DAYS = 92
CITY_ZONE = "Asia/Jakarta"
_SORTS = ("date", "late_minutes", "status")


@handlers.answers(GetDay)
async def get_day(query: Query[GetDay], attendance: Attendance) -> DayView:
    """One day of a person, with its explanation."""
    body = query.body
    await _visible(query, attendance, body.employee, body.date, body.date)
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
    await _visible(query, attendance, body.employee, body.from_, body.to)
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
    seen = tuple(stored.state.employee for stored in found)
    scope = Scope(people=seen, first=body.date, last=body.date)
    await attendance.access_log.note(query.actor, "days", scope)
    return Page(items=tuple(day_view(stored) for stored in found), next_cursor=cursor)


@handlers.answers(ListCheckIns)
async def list_check_ins(query: Query[ListCheckIns], attendance: Attendance) -> Page[CheckInRow]:
    """The check-ins of a person, recorded or (``refused``) refused with their codes."""
    body = query.body
    _check_span(body.from_, body.to)
    await _visible(query, attendance, body.employee, body.from_, body.to)
    if body.refused:
        return await _refused(body, attendance)
    return page_of(await attendance.days.between(body.employee, body.from_, body.to), body)


async def _refused(body: ListCheckIns, attendance: Attendance) -> Page[CheckInRow]:
    if body.asks_for_recorded:
        raise Refusal.invalid("/refused", "refused check-ins have no other filters")
    person = await attendance.copies.people.get(body.employee)
    main = main_on(person.assignments, body.to) if person else None
    local = zone(await attendance.copies.zone_of(main.agency) if main else CITY_ZONE)
    refused = RefusedCheckIns(attendance.refusals)
    return await refused.page(body.employee, body.from_, body.to, body.paging, local)


async def _visible(
    query: "Query[GetDay] | Query[ListEmployeeDays] | Query[ListCheckIns]",
    attendance: Attendance,
    employee: str,
    first: date,
    last: date,
) -> None:
    person = await attendance.copies.people.get(employee)
    tree = await attendance.copies.tree()
    access.may_see_days_of(query.actor, person, tree, last)
    looked_at: Looked = "check_ins" if isinstance(query.body, ListCheckIns) else "days"
    seen = Scope(people=(employee,), first=first, last=last)
    await attendance.access_log.note(query.actor, looked_at, seen)


async def _supervised(attendance: Attendance, supervisor: str, query: Query[ListDays]) -> list[str]:
    people = await attendance.copies.people.supervised_by(supervisor, query.body.date)
    return [person.id for person in people]


def _check_span(first: date, last: date) -> None:
    if last < first:
        raise Refusal.invalid("/to", f"not before {first}")
    if last - first > timedelta(days=MOST_DAYS):
        raise Refusal.invalid("/to", f"at most {MOST_DAYS} days after {first}")
