"""Check-ins and imported punches become part of a day; days are closed when their time is over."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from contracts.attendance import ImportPunch, RecordCheckIn
from contracts.attendance_terms import Direction
from contracts.envelope import AgencyCode, Command, EmployeeId, OfficeCode, Verdict
from contracts.outcome import Decision, Refusal
from kit.clock import now
from kit.ids import derived_id
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Cause, Stored
from rules.assignments import main_on
from rules.working_time import zone
from services.attendance import access
from services.attendance.context import Attendance
from services.attendance.days.geofence import Position, locate
from services.attendance.days.model import Day, Punch, day_id
from services.attendance.days.moments import Moment, effective_moment, nonce_covers
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
    moment = await _moment(command, attendance)
    rules = await _rules(attendance, person, moment.at, command.body.direction)
    position = _position(command.body)
    offices = await attendance.copies.offices()
    located = locate(position, attendance.patterns.places_on(offices, rules.on))
    punch = Punch(
        id=derived_id(command.id, "punch"),
        direction=command.body.direction,
        office=located.office,
        method="position",
        at=moment.at,
        received_at=command.received_at,
        captured_at=command.body.captured_at,
        offline=moment.offline,
        flags=(*moment.flags, *located.flags),
    )
    if command.body.nonce and not await attendance.nonces.use(command.body.nonce, command.id):
        raise Refusal("nonce_wrong")
    if command.body.position is not None:
        await attendance.positions.add(punch.id, employee, command.body.position)
    return await _record(command, attendance, person, punch, rules)


@handlers.handles(ImportPunch)
async def import_punch(command: Command[ImportPunch], attendance: Attendance) -> Verdict:
    """Record a moment that another system captured; any past moment counts, marked so."""
    access.may_import_punches(command.actor)
    body = command.body
    person = await _person(attendance, body.employee_id, body.at, own=False)
    moment = effective_moment(
        captured_at=body.at, received_at=command.received_at, may_be_past=True
    )
    rules = await _rules(attendance, person, moment.at, body.direction)
    offices = await attendance.copies.offices()
    places = attendance.patterns.places_on(offices, rules.on)
    if body.office not in {place.office for place in places}:
        raise Refusal.invalid("/office", f"no office {body.office} is open on {rules.on}")
    punch = Punch(
        id=derived_id(command.id, "punch"),
        direction=body.direction,
        office=OfficeCode(body.office),
        method="device" if body.device else "import",
        at=moment.at,
        received_at=command.received_at,
        captured_at=body.at,
        flags=moment.flags,
    )
    return await _record(command, attendance, person, punch, rules)


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
    local = await attendance.copies.zone_of(day.agency)
    rules = attendance.patterns.rules_on(day.date, day.agency, local)
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
) -> Verdict:
    def decide(day: Day | None) -> Decision[Day]:
        standing = day or Day.blank(EmployeeId(person.id), AgencyCode(rules.agency), rules)
        return standing.check_in(punch, rules)

    return await attendance.days.change(
        day_id(person.id, rules.on),
        decide,
        command,
        answer=lambda stored: check_in_view(stored, punch.id),
        status=201,
    )


async def _person(attendance: Attendance, employee: str, on: datetime, *, own: bool) -> Person:
    person = await attendance.copies.people.get(employee)
    if person is None or not person.active:
        day = on.astimezone(zone(_CITY_ZONE)).date().isoformat()
        raise Refusal("unknown_employee", retryable=own, employee=employee, on=day)
    return person


async def _rules(
    attendance: Attendance, person: Person, at: datetime, direction: Direction
) -> DayRules:
    """The rules of the day the moment belongs to, in the agency the person had that day."""
    local = at.astimezone(zone(_CITY_ZONE)).date()
    main = main_on(person.assignments, local)
    if main is None:
        raise Refusal("unknown_employee", employee=person.id, on=local.isoformat())
    name = await attendance.copies.zone_of(main.agency)
    on = attendance.patterns.day_of(at, direction, main.agency, name)
    return attendance.patterns.rules_on(on, main.agency, name)


async def _moment(command: Command[RecordCheckIn], attendance: Attendance) -> Moment:
    body = command.body
    if body.nonce is None:
        return effective_moment(captured_at=body.captured_at, received_at=command.received_at)
    if body.captured_at is None:
        raise Refusal.invalid("/captured_at", "a nonce goes with the moment of the capture")
    issued = await attendance.nonces.issued_at(body.nonce, command.actor.account, command.id)
    if issued is None or not nonce_covers(
        issued_at=issued, captured_at=body.captured_at, received_at=command.received_at
    ):
        raise Refusal("nonce_wrong")
    return effective_moment(
        captured_at=body.captured_at, received_at=command.received_at, nonce_ok=True
    )


def _position(body: RecordCheckIn) -> Position:
    if body.duty_note is not None:
        raise Refusal.invalid("/duty_note", "check-ins on duty are not offered in this release")
    if body.kiosk_code is not None:
        raise Refusal("kiosk_code_wrong")  # no office has a kiosk yet, so no code is right
    if body.position is None:
        raise Refusal.invalid("/position", "state the position of the phone")
    given = body.position
    return Position(given.lat, given.lon, given.accuracy_m, given.mocked)
