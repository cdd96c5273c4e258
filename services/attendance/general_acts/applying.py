"""A general act reaches the days that stand already; days made later ask the acts in force."""

import asyncio
from collections.abc import Sequence
from datetime import date

from contracts.envelope import Event
from contracts.general_acts import ActDecided
from kit.errors import Transient
from kit.storage.aggregates import Cause, Stored
from kit.storage.freshness import EVERY_S
from services.attendance.context import Attendance
from services.attendance.days.model import Day
from services.attendance.days.settling import attach, detach, rules_of
from services.attendance.days.store import Concerned
from services.attendance.general_acts.model import GeneralAct

_PORTION = 50
_ATTEMPTS = 10
_UNTIL_ALL_KNOW_S = EVERY_S + 1.0
"""How long a process may still make days by the acts it knew before."""


async def apply(attendance: Attendance, event: Event[ActDecided]) -> None:
    """Bring every day an act concerns into line with it as it stands now.

    A second time after all processes have heard of it: a day that one of them made meanwhile, by
    the acts it still knew, is found then.
    """
    seen = None
    for _ in range(_ATTEMPTS):
        stored = await attendance.general_acts.get(event.data.act)
        if stored is None or stored.version == seen:
            return
        await _apply_once(attendance, stored, event)
        await asyncio.sleep(_UNTIL_ALL_KNOW_S)
        await _apply_once(attendance, stored, event)
        seen = stored.version
    raise Transient("the act did not stand still")


async def _apply_once(
    attendance: Attendance, stored: Stored[GeneralAct], event: Event[ActDecided]
) -> None:
    source = Cause.derived(event, stored.id, stored.version)
    for on in stored.state.days:
        concerned = await _concerned(attendance, stored.state, on)
        after = ""
        while found := await attendance.days.concerned(concerned, after, _PORTION):
            await asyncio.gather(
                *(_apply_to(attendance, stored.state, day.state, source) for day in found)
            )
            after = found[-1].id


async def _concerned(attendance: Attendance, act: GeneralAct, on: date) -> Concerned:
    agencies: Sequence[str] | None = None
    if not act.whole_city and not act.employees:
        tree = await attendance.copies.tree()
        agencies = sorted({below for code in act.agencies for below in tree.below(code)})
    holds = act.state == "approved"
    return Concerned(on, agencies, act.employees or None, act.id, attached=not holds)


async def _apply_to(attendance: Attendance, act: GeneralAct, day: Day, source: Cause) -> None:
    person = await attendance.copies.people.get(day.employee)
    rules = await rules_of(attendance, person, day.date) if person else None
    if person is None or rules is None:
        return
    if act.state == "approved":
        if act.meets(rules):
            await attach(attendance, person, rules, act.input(), source)
    else:
        await detach(attendance, person.id, rules, act.id, source)
