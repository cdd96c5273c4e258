"""A statement is put together from what is kept; nothing of it is stored."""

from datetime import date
from typing import Any

from contracts.envelope import Query
from contracts.recaps import RecapRow
from contracts.statements import ChangeKind, DayChange, GetStatement, StatementView
from kit.clock import now
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Stored
from rules.working_time import zone
from services.attendance import access
from services.attendance.access_log.handlers import entries, looks_at
from services.attendance.access_log.store import Scope
from services.attendance.context import Attendance
from services.attendance.days.model import Day
from services.attendance.days.views import day_view
from services.attendance.own_copies.store import Person
from services.attendance.periods.model import days_of
from services.attendance.recaps.rows import row_of
from services.attendance.recaps.versions import versions_of
from services.attendance.requests.store import RequestStore
from services.attendance.statements.model import changes_of, in_order, recomputed, steps_of

handlers: Handlers[Attendance] = Handlers()

LOOKS_SHOWN = 200
_CITY_ZONE = "Asia/Jakarta"


@handlers.answers(GetStatement)
async def get_statement(query: Query[GetStatement], attendance: Attendance) -> StatementView:
    """The days of a month with their explanation, what changed them, and who looked."""
    found = await attendance.copies.people.get(query.body.employee)
    person = access.may_see_statement(query.actor, found)
    first, last = days_of(query.body.period)
    await attendance.access_log.note(
        query.actor, "statement", Scope(people=(person.id,), first=first, last=last)
    )
    days = await attendance.days.between(person.id, first, last)
    looks, _ = await looks_at(attendance, person, limit=LOOKS_SHOWN)
    return StatementView(
        person=person.shown(last),
        period=query.body.period,
        days=tuple(day_view(stored) for stored in days),
        recap=await _recap(attendance, person, first, last),
        changes=await _changes(attendance, person, days, first, last),
        looked_at=await entries(attendance, looks),
        as_of=now(),
    )


async def _recap(attendance: Attendance, person: Person, first: date, last: date) -> RecapRow:
    days = (await attendance.recap_days.of([person], first, last))[person.id]
    agencies = {one.agency for one in days}
    versions = await versions_of(attendance, agencies, first, last)
    return await row_of(attendance, person, days, versions, (first, last), counts=lambda _: True)


async def _decided_elsewhere(attendance: Attendance, days: list[Stored[Day]]) -> list[DayChange]:
    """Who asked for what lies on these days, and who decided about it."""
    sources: tuple[tuple[str, ChangeKind, RequestStore[Any]], ...] = (
        ("absence", "absence", attendance.absences),
        ("correction", "correction", attendance.corrections),
        ("work_elsewhere", "work_elsewhere", attendance.work_elsewhere),
        ("general_act", "general_act", attendance.general_acts),
        ("objection", "objection", attendance.objections),
        ("correction", "objection", attendance.objections),  # moments that one established
    )
    changes: list[DayChange] = []
    for type_, kind, requests in sources:
        lying = [
            (stored.state.date, one.id)
            for stored in days
            for one in stored.state.inputs
            if one.type == type_
        ]
        known = await requests.get_many(id_ for _, id_ in lying)
        for on, id_ in lying:
            if id_ in known:
                changes += steps_of(on, kind, known[id_].state)
    return changes


async def _changes(
    attendance: Attendance, person: Person, days: list[Stored[Day]], first: date, last: date
) -> tuple[DayChange, ...]:
    changes = [change for stored in days for change in changes_of(stored.state)]
    changes += await _decided_elsewhere(attendance, days)
    by: dict[str, str] = {}
    for job, at, row in await attendance.jobs.rows_about(person.id):
        on = date.fromisoformat(str(row["date"]))
        if first <= on <= last:
            if job not in by:
                known = await attendance.jobs.get(job)
                by[job] = known.state.actor.account if known else ""
            changes.append(recomputed(on, at, job, by[job], row))
    local = zone(_CITY_ZONE)
    return in_order(
        change.model_copy(update={"at": change.at.astimezone(local) if change.at else None})
        for change in changes
    )
