"""Check-ins and imported punches become part of a day; days are closed when their time is over."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import datetime
from typing import Any

from contracts.attendance import ImportPunch, RecordCheckIn
from contracts.envelope import AgencyCode, Command, EmployeeId, OfficeCode, Verdict
from contracts.outcome import Decision, Refusal
from kit.clock import now
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Cause, Stored
from rules.working_time import zone
from services.attendance import access
from services.attendance.context import Attendance
from services.attendance.days.capturing import Captured, captured, punch_id, use_nonce
from services.attendance.days.model import Day, Punch, day_id
from services.attendance.days.moments import effective_moment
from services.attendance.days.placing import Placed, place
from services.attendance.days.punches import repeat_of
from services.attendance.days.settling import acts_for
from services.attendance.days.views import check_in_view
from services.attendance.own_copies.store import Person
from services.attendance.patterns.model import DayRules

handlers: Handlers[Attendance] = Handlers()

_CLOSED_AT_ONCE = 200
_CITY_ZONE = "Asia/Jakarta"


@handlers.handles(RecordCheckIn)
async def record_check_in(command: Command[RecordCheckIn], attendance: Attendance) -> Verdict:
    """Record the moment for the person who asks, at the office it happened at."""
    employee = access.may_check_in(command.actor)
    person = await _person(attendance, employee, command.received_at, own=True)
    capture = await captured(command, attendance)
    rules = await attendance.patterns.rules_at(person, capture.moment.at, command.body.direction)
    offices = await attendance.copies.offices()
    placed = place(
        capture.position,
        capture.shown,
        attendance.patterns.places_on(offices, rules.on),
        on_duty=command.body.duty_note is not None,
    )
    punch = await _held_if_offline_too_often(
        _punch(command, capture, placed), person, rules, command, attendance
    )
    await use_nonce(command, attendance)
    seen = capture.position is not None or capture.shown is not None
    kept = attendance.positions.add(punch, employee, command.body.position) if seen else None
    return await _record(command, attendance, person, punch, rules, before=kept)


def _punch(command: Command[RecordCheckIn], capture: Captured, placed: Placed) -> Punch:
    return Punch(
        id=punch_id(command.id),
        direction=command.body.direction,
        office=placed.office,
        method=placed.method,
        at=capture.moment.at,
        received_at=command.received_at,
        captured_at=command.body.captured_at,
        offline=capture.moment.offline,
        flags=(*capture.moment.flags, *placed.flags),
        standing="pending" if placed.pending else "counts",
        note=command.body.duty_note if placed.method == "duty" else None,
        kiosk_use=placed.kiosk_use,
        clock_drift_s=capture.drift_s,
    )


async def _held_if_offline_too_often(
    punch: Punch,
    person: Person,
    rules: DayRules,
    command: Command[RecordCheckIn],
    attendance: Attendance,
) -> Punch:
    """The capture; one made offline waits where the month has had its offline days already."""
    if not punch.offline or punch.standing != "counts":
        return punch
    known = await attendance.days.get(person.id, rules.on)
    if known is not None and repeat_of(punch, known.state.punches) is not None:
        return punch  # it will be refused, and takes no place
    most = rules.offline_days_a_month
    if await attendance.offline_days.take(person.id, rules.on, most, command):
        return punch
    return replace(punch, standing="pending", flags=(*punch.flags, "offline_days_exceeded"))


@handlers.handles(ImportPunch)
async def import_punch(command: Command[ImportPunch], attendance: Attendance) -> Verdict:
    """Record a moment that another system captured; any past moment counts, marked so."""
    access.may_import_punches(command.actor)
    body = command.body
    person = await _person(attendance, body.employee_id, body.at, own=False)
    moment = effective_moment(
        captured_at=body.at, received_at=command.received_at, may_be_past=True
    )
    rules = await attendance.patterns.rules_at(person, moment.at, body.direction)
    offices = await attendance.copies.offices()
    places = attendance.patterns.places_on(offices, rules.on)
    if body.office not in {place.office for place in places}:
        raise Refusal.invalid("/office", f"no office {body.office} is open on {rules.on}")
    punch = Punch(
        id=punch_id(command.id),
        direction=body.direction,
        office=OfficeCode(body.office),
        method="device" if body.device else "import",
        at=moment.at,
        received_at=command.received_at,
        captured_at=body.at,
        flags=moment.flags,
    )
    return await _record(command, attendance, person, punch, rules)


@handlers.every(3_600.0, "attendance.forget_positions")
async def forget_positions(attendance: Attendance) -> None:
    """Exact positions are kept no longer than retention says."""
    await attendance.positions.forget_old()


@handlers.every(10.0, "attendance.close_days")
async def close_days(attendance: Attendance) -> None:
    """Close the days whose pattern no longer awaits a departure."""
    moment = now()
    today = moment.astimezone(zone(_CITY_ZONE)).date()
    for counted in await attendance.agency_days.with_open_days(today):
        found = await attendance.days.still_open(counted.date, counted.agency, _CLOSED_AT_ONCE)
        await asyncio.gather(*(_close(attendance, stored, moment) for stored in found))


async def _close(attendance: Attendance, stored: Stored[Day], moment: datetime) -> None:
    day = stored.state
    person = await attendance.copies.people.get(day.employee)
    if person is None:
        raise LookupError(f"the employee of {stored.id} is not known")
    rules = await attendance.patterns.rules_on(person, day.date, agency=day.agency)
    if rules.closes_at <= moment:
        cause = Cause.timer("attendance", "close", stored.id, stored.version)
        await attendance.days.change(stored.id, _closing(rules), cause)


def _closing(rules: DayRules) -> Callable[[Day | None], Decision[Day]]:
    def close(day: Day | None) -> Decision[Day]:
        if day is None:
            raise LookupError("a day that was found is gone")
        return day.close(rules)

    return close


async def _record(
    command: Command[RecordCheckIn] | Command[ImportPunch],
    attendance: Attendance,
    person: Person,
    punch: Punch,
    rules: DayRules,
    *,
    before: Coroutine[Any, Any, None] | None = None,
) -> Verdict:
    acts = await acts_for(attendance, person.id, rules)  # in memory

    def decide(day: Day | None) -> Decision[Day]:
        standing = day or Day.blank(EmployeeId(person.id), AgencyCode(rules.agency), rules, acts)
        return standing.check_in(punch, rules)

    return await attendance.days.change(
        day_id(person.id, rules.on),
        decide,
        command,
        answer=lambda stored: check_in_view(stored, punch.id),
        status=201,
        before=before,
    )


async def _person(attendance: Attendance, employee: str, on: datetime, *, own: bool) -> Person:
    person = await attendance.copies.people.get(employee)
    if person is None or not person.active:
        day = on.astimezone(zone(_CITY_ZONE)).date().isoformat()
        raise Refusal("unknown_employee", retryable=own, employee=employee, on=day)
    return person
