"""Whose a line is and which day it counts for, by what is known now.

People are read as they are stored, not from memory: what just became known is why a line is placed
again, and nothing would place it a second time.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from contracts.attendance_terms import Direction
from contracts.envelope import AgencyCode
from contracts.outcome import Refusal
from rules.assignments import main_on
from services.attendance.context import Attendance
from services.attendance.days.model import day_id
from services.attendance.device_lines.model import Line
from services.attendance.own_copies.store import Person
from services.attendance.patterns.model import DayRules


@dataclass(frozen=True, slots=True)
class DayOf:
    """A person's day: the agency they belonged to and the rules that judge it."""

    person: Person
    agency: AgencyCode
    rules: DayRules


async def placed(attendance: Attendance, serial: str, lines: Sequence[Line]) -> list[Line]:
    """Each believed line with its owner and its day, as far as they are known."""
    pins = {line.pin for line in lines if line.pin and line.status != "implausible"}
    owners = await _owners(attendance, serial, pins)
    return [await _placed(attendance, line, owners.get(line.pin)) for line in lines]


async def rules_of(attendance: Attendance, person: Person, on: date) -> DayOf | None:
    """How a person's day of that date is judged; None where nothing rules it."""
    main = main_on(person.assignments, on)
    if main is None:
        return None
    try:
        rules = await attendance.patterns.rules_on(person, on, agency=main.agency)
    except Refusal:
        return None
    return DayOf(person, AgencyCode(main.agency), rules)


async def _placed(attendance: Attendance, line: Line, owner: Person | None) -> Line:
    if line.status in {"implausible", "unreadable"} or line.at is None:
        return replace(line, employee=None, day=None)
    if owner is None:
        return replace(line, status="unmapped", employee=None, day=None)
    on = await _date_of(attendance, owner, line.at, line.key or "in")
    if on is None or await rules_of(attendance, owner, on) is None:
        return replace(line, status="not_assigned", employee=owner.id, day=None)
    return replace(line, status="counted", employee=owner.id, day=day_id(owner.id, on))


async def _date_of(
    attendance: Attendance, person: Person, at: datetime, key: Direction
) -> date | None:
    try:
        return (await attendance.patterns.rules_at(person, at, key)).on
    except Refusal:
        return None


async def _owners(attendance: Attendance, serial: str, pins: set[str]) -> dict[str, Person]:
    """Whose each PIN is: as mapped on the machine; a civil-servant number maps by itself."""
    if not pins:
        return {}
    said = await attendance.devices.owners(serial, pins)
    mapped = {pin: employee for pin, employee in said.items() if employee is not None}
    people = await attendance.copies.people.current(mapped.values())
    by_nip = await attendance.copies.people.by_nip(sorted(pins - mapped.keys()))
    return by_nip | {pin: people[who] for pin, who in mapped.items() if who in people}
