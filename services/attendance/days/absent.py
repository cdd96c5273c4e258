"""Who was expected and did not come has a day too: it becomes ``absent`` when it closes.

A timer goes through the dates of each agency, in portions, and keeps in the database how far it
came; after an outage it goes on there. A later punch, absence or correction changes the day again.
Agencies that are only planned import and assert nothing.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from contracts.envelope import AgencyCode, EmployeeId
from contracts.outcome import Decision
from kit.clock import now
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Cause
from rules.working_time import zone
from services.attendance.context import Attendance
from services.attendance.days.model import Day, day_id
from services.attendance.days.settling import acts_for, rules_of
from services.attendance.own_copies.store import Person
from services.attendance.patterns.model import DayRules

handlers: Handlers[Attendance] = Handlers()

_PORTION = 200
_DATES_AT_ONCE = 5
_ASSERTING = ("pilot", "active")

Expected = tuple[Person, DayRules]


@dataclass(frozen=True, slots=True)
class Missing:
    """Whose days are missing of a date, and whether nobody's hours are still running."""

    people: tuple[Expected, ...]
    all_over: bool


def missing_of(expected: Iterable[Expected], known: frozenset[str], at: datetime) -> Missing:
    """Those who had to come, whose day is over, and who have none."""
    asked = [(person, rules) for person, rules in expected if rules.working_day]
    over = [(person, rules) for person, rules in asked if rules.closes_at <= at]
    without = tuple(pair for pair in over if day_id(pair[0].id, pair[1].on) not in known)
    return Missing(without, len(over) == len(asked))


@handlers.every(10.0, "attendance.make_absent_days", share=0.2)
async def make_absent_days(attendance: Attendance) -> None:
    """Make the days of those who did not come, of every date that is over."""
    watched = await attendance.watches.all()
    for agency in sorted((await attendance.copies.tree()).codes()):
        local = zone(await attendance.copies.zone_of(agency))
        today = now().astimezone(local).date()
        if agency not in watched:
            await attendance.watches.begin(agency, today)
            continue
        on = watched[agency].next
        for _ in range(_DATES_AT_ONCE):
            if on >= today or not await _make_days_of(attendance, agency, on):
                break
            await attendance.watches.done(agency, on)
            on = date.fromordinal(on.toordinal() + 1)


async def _make_days_of(attendance: Attendance, agency: str, on: date) -> bool:
    """Make a portion of the missing days of a date; True when the date is done."""
    if await attendance.copies.stage_of(agency, on) not in _ASSERTING:
        return True
    members = await attendance.copies.people.members_of(agency, on)
    expected = [(person, await rules_of(attendance, person, on)) for person in members]
    known = await attendance.days.known([day_id(person.id, on) for person in members])
    ruled = [(person, rules) for person, rules in expected if rules is not None]
    found = missing_of(ruled, known, now())
    await _make(attendance, found.people[:_PORTION])
    return found.all_over and len(found.people) <= _PORTION


async def _make(attendance: Attendance, missing: Sequence[Expected]) -> None:
    await asyncio.gather(*(_make_one(attendance, person, rules) for person, rules in missing))


async def _make_one(attendance: Attendance, person: Person, rules: DayRules) -> None:
    acts = await acts_for(attendance, person.id, rules)

    def decide(day: Day | None) -> Decision[Day]:
        if day is not None:  # somebody came, or something was decided, meanwhile
            return day.close(rules)
        agency = AgencyCode(rules.agency)
        return Day.begun(EmployeeId(person.id), agency, rules, acts, closed=True)

    id_ = day_id(person.id, rules.on)
    await attendance.days.change(id_, decide, Cause.timer("attendance", "absent", id_))
