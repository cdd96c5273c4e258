"""After a change of the rules punches go to the day they belong to now, and lines are placed anew.

First the other day takes a punch in, then this one lets it go: what dies in between is done again
and nothing is lost. What waits for a supervisor stays where it is listed until it is decided. Lines
of machines are marked, and those who count them place them anew.
"""

from collections.abc import Iterable

from contracts.envelope import Actor, AgencyCode, EmployeeId
from contracts.outcome import Decision, Refusal
from kit.clock import now
from kit.ids import derived_id
from kit.storage.aggregates import Cause, Stored
from services.attendance.context import Attendance
from services.attendance.days.model import Day, day_id
from services.attendance.days.moving import let_go, take_in
from services.attendance.days.punches import Punch
from services.attendance.days.settling import acts_for
from services.attendance.device_lines.marks import pin_key
from services.attendance.own_copies.store import Person
from services.attendance.patterns.model import DayRules
from services.attendance.rejudging.model import Scope
from services.attendance.rejudging.store import Rejudging


async def move_punches(
    attendance: Attendance, work: Rejudging, person: Person, stored: Stored[Day]
) -> None:
    """Move what of a day belongs to another one by the rules that hold now."""
    for punch in stored.state.punches:
        rules = await _belongs_to(attendance, person, punch)
        if rules is None or rules.on == stored.state.date:
            continue
        if punch.device is not None:
            found = await attendance.lines.of_days([stored.id])
            await _mark(attendance, ((one.serial, one.pin) for one in found[stored.id]))
        elif punch.standing != "pending":
            await _move(attendance, work, stored, punch, (person, rules))


async def place_lines_anew(attendance: Attendance, scope: Scope, agencies: Iterable[str]) -> None:
    """Lines that no day was found for may have one now."""
    people = scope.employees or await _members(attendance, agencies)
    await _mark(attendance, await attendance.lines.waiting_for(list(people), []))


async def _members(attendance: Attendance, agencies: Iterable[str]) -> list[str]:
    wanted = frozenset(agencies)
    everybody = await attendance.copies.people.everybody()
    return [one.id for one in everybody if any(post.agency in wanted for post in one.assignments)]


async def _mark(attendance: Attendance, pins: Iterable[tuple[str, str]]) -> None:
    keys = {pin_key(serial, pin) for serial, pin in pins if pin}
    if keys:
        await attendance.lines.marks.add(*sorted(keys))


async def _belongs_to(attendance: Attendance, person: Person, punch: Punch) -> DayRules | None:
    try:
        return await attendance.patterns.rules_at(person, punch.at, punch.direction)
    except Refusal:
        return None  # nothing rules that moment: it stays where it is


async def _move(
    attendance: Attendance,
    work: Rejudging,
    stored: Stored[Day],
    punch: Punch,
    to: tuple[Person, DayRules],
) -> None:
    person, rules = to
    here = await attendance.patterns.rules_on(person, stored.state.date, agency=stored.state.agency)
    there = day_id(person.id, rules.on)
    acts = await acts_for(attendance, person.id, rules)

    def take(day: Day | None) -> Decision[Day]:
        blank = Day.blank(EmployeeId(person.id), AgencyCode(rules.agency), rules, acts)
        return take_in(day or blank, punch, rules)

    def release(day: Day | None) -> Decision[Day]:
        if day is None:
            raise LookupError("a day that was found is gone")
        return let_go(day, punch.id, here)

    await attendance.days.change(there, take, _cause(work, "take-in", there, punch.id))
    await attendance.days.change(stored.id, release, _cause(work, "let-go", stored.id, punch.id))


def _cause(work: Rejudging, *parts: str) -> Cause:
    actor = Actor(account=work.actor)
    return Cause(derived_id(work.id, *parts), work.correlation_id, actor, now())
