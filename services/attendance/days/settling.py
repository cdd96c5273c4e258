"""What was decided elsewhere reaches the days it is about, once, also after a crash between.

A feature follows its own event and calls :func:`settle`, which brings every day into line with the
request as it stands *now*: attached while it is approved, detached otherwise. So it does not matter
how often, or in which order, the events arrive.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from typing import TypeVar

from contracts.envelope import AgencyCode, EmployeeId
from contracts.outcome import Decision, Refusal
from kit.errors import Transient
from kit.storage.aggregates import AnyCause, Cause, Stored
from rules.assignments import main_on
from services.attendance.context import Attendance
from services.attendance.days.inputs import Input, with_input
from services.attendance.days.model import Day, day_id
from services.attendance.own_copies.store import Person
from services.attendance.patterns.model import DayRules
from services.attendance.requests.model import DayRequest

_AT_ONCE = 20
_ATTEMPTS = 10

DR = TypeVar("DR", bound=DayRequest)


async def settle(
    attendance: Attendance,
    load: Callable[[], Awaitable[Stored[DR] | None]],
    cause: AnyCause,
) -> None:
    """Bring the days of a request into line with it; again if it changed meanwhile."""
    seen = None
    for _ in range(_ATTEMPTS):
        stored = await load()
        if stored is None or stored.version == seen:
            return
        await _settle_days(attendance, stored, cause)
        seen = stored.version
    raise Transient("the request did not stand still")


async def _settle_days(attendance: Attendance, stored: Stored[DR], cause: AnyCause) -> None:
    request = stored.state
    person = await attendance.copies.people.get(request.employee)
    if person is None:
        raise Transient(f"{request.employee} is not known yet")
    source = Cause.derived(cause, stored.id, stored.version)
    for start in range(0, len(request.days), _AT_ONCE):
        some = request.days[start : start + _AT_ONCE]
        await asyncio.gather(*(_settle_day(attendance, request, person, on, source) for on in some))


async def _settle_day(
    attendance: Attendance, request: DayRequest, person: Person, on: date, source: Cause
) -> None:
    rules = await rules_of(attendance, person, on)
    if rules is None:
        return  # not in the city's service that day
    if request.state == "approved" and request.touches(rules):
        await attach(attendance, person, rules, request.input(), source)
    else:
        await detach(attendance, person.id, rules, request.id, source)


async def rules_of(attendance: Attendance, person: Person, on: date) -> DayRules | None:
    """The rules of a person's day, in the agency they had; None where they had none."""
    main = main_on(person.assignments, on)
    if main is None:
        return None
    try:
        return await attendance.patterns.rules_on(person, on, agency=main.agency)
    except Refusal as error:
        raise Transient(f"no rules for {main.agency} on {on}") from error


async def acts_for(attendance: Attendance, employee: str, rules: DayRules) -> tuple[Input, ...]:
    """What a day begins with: the general acts in force, from memory."""
    tree = await attendance.copies.tree()
    return await attendance.general_acts.inputs_for(employee, rules, tree)


async def attach(
    attendance: Attendance, person: Person, rules: DayRules, one: Input, source: Cause
) -> None:
    """Attach an input to a day, which begins with it where nobody has come yet."""
    known = await attendance.days.get(person.id, rules.on)
    if known is not None and known.state.has(one):
        return

    acts = await acts_for(attendance, person.id, rules)

    def decide(day: Day | None) -> Decision[Day]:
        if day is None:
            agency = AgencyCode(rules.agency)
            return Day.begun(EmployeeId(person.id), agency, rules, with_input(acts, one))
        return day.attach(one, rules)

    id_ = day_id(person.id, rules.on)
    await attendance.days.change(id_, decide, Cause.derived(source, "attach", id_, one.id))


async def detach(
    attendance: Attendance, employee: str, rules: DayRules, input_id: str, source: Cause
) -> None:
    """Take an input off a day, where it is attached."""
    id_ = day_id(employee, rules.on)
    known = await attendance.days.get(employee, rules.on)
    if known is None or all(one.id != input_id for one in known.state.inputs):
        return

    def decide(day: Day | None) -> Decision[Day]:
        if day is None:
            raise LookupError(f"{id_} is gone")
        return day.detach(input_id, rules)

    await attendance.days.change(id_, decide, Cause.derived(source, "detach", id_, input_id))
