"""A change of the rules is followed by the days it rules, portion by portion."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, cast

from contracts.calendars import CalendarChanged
from contracts.envelope import Actor, Event, EventData
from contracts.outcome import Decision, Refusal
from contracts.policies import PolicyChanged
from contracts.rosters import RosterChanged
from kit.clock import now
from kit.ids import derived_id
from kit.logging import get_logger
from kit.messaging.handlers import Handlers
from kit.messaging.relay import Outgoing
from kit.storage.aggregates import Cause, Stored
from rules.agencies import AgencyTree
from services.attendance.context import Attendance
from services.attendance.days.model import Day
from services.attendance.patterns.model import DayRules
from services.attendance.rejudging.model import Scope
from services.attendance.rejudging.moving import move_punches, place_lines_anew
from services.attendance.rejudging.store import Rejudging

log = get_logger(__name__)
handlers: Handlers[Attendance] = Handlers()

_AT_ONCE = 50
_DAY = timedelta(days=1)
_STRETCH_S = 1.0
"""How long one run works before it gives check-ins their turn; far less than a lease's term."""


def scope_of(change: EventData) -> Scope:
    """The days that a change of the rules may touch."""
    match change:
        case PolicyChanged():
            return Scope(change.effective_from, change.until, change.agency)
        case CalendarChanged():
            return Scope(change.first, change.last, change.agency)
        case RosterChanged():
            return Scope(change.first, change.last, change.agency, change.employees)
        case _:
            raise LookupError(f"{change.type} changes no rules")


async def follow_rules(
    attendance: Attendance, kind: type[EventData], changes: Sequence[Outgoing]
) -> None:
    """Remember durably that the days of these changes must be judged anew."""
    typed = cast("type[Event[Any]]", cast("Any", Event)[kind])
    for change in changes:
        event = typed.model_validate_json(change.event)
        scope = scope_of(event.data)
        work = Rejudging(event.id, scope, event.correlationid, event.actor or "system")
        await attendance.rejudgings.add(work, heard_at=now())


@handlers.every(1.0, "attendance.rejudge_days", share=0.4)
async def rejudge_days(attendance: Attendance) -> None:
    """Judge the days of the oldest change anew, from where it stopped, for a short while."""
    work = await attendance.rejudgings.next(now())
    if work is None:
        return
    began = time.monotonic()
    for portion in await _left(attendance, work):
        days = await _days(attendance, work.scope, portion)
        changed = await _rejudge(attendance, work, days)
        work = replace(
            work,
            reached=portion,
            judged=work.judged + len(days),
            changed=work.changed + changed,
        )
        if time.monotonic() - began > _STRETCH_S:
            await attendance.rejudgings.save(work)
            return
    tree = await attendance.copies.tree()
    await place_lines_anew(attendance, work.scope, _agencies(work.scope, tree))
    await attendance.rejudgings.save(replace(work, done=True))
    log.info("rules.settled", event_id=work.id, judged=work.judged, changed=work.changed)


async def _left(attendance: Attendance, work: Rejudging) -> list[str]:
    agencies = _agencies(work.scope, await attendance.copies.tree())
    tomorrow = now().date() + timedelta(days=1)
    return [key for key in work.scope.portions(agencies, tomorrow) if key > work.reached]


def _agencies(scope: Scope, tree: AgencyTree) -> frozenset[str]:
    return tree.below(scope.agency) if scope.agency else tree.all()


async def _days(attendance: Attendance, scope: Scope, portion: str) -> list[Stored[Day]]:
    if scope.employees:
        last = scope.last or now().date() + timedelta(days=1)
        # a shift over midnight takes punches of the days beside it
        return await attendance.days.between(portion, scope.first - _DAY, last + _DAY)
    on, _, agency = portion.partition("|")
    return await attendance.days.of_agency(date.fromisoformat(on), agency)


async def _rejudge(attendance: Attendance, work: Rejudging, days: list[Stored[Day]]) -> int:
    changed = 0
    for start in range(0, len(days), _AT_ONCE):
        group = days[start : start + _AT_ONCE]
        changed += sum(await asyncio.gather(*(_judge(attendance, work, one) for one in group)))
    return changed


async def _judge(attendance: Attendance, work: Rejudging, stored: Stored[Day]) -> bool:
    """Judge one day anew; written, and told, only if it becomes another one."""
    day = stored.state.live
    person = await attendance.copies.people.get(day.employee)
    if person is None:
        return False
    await move_punches(attendance, work, person, stored)
    try:
        rules = await attendance.patterns.rules_on(person, day.date, agency=day.agency)
    except Refusal:
        return False  # no pattern is in force any more: the day stays as it was judged
    if day.judged_by(rules) == day:
        return False
    cause = Cause(
        derived_id(work.id, "rejudge", stored.id),
        work.correlation_id,
        Actor(account=work.actor),
        now(),
    )
    await attendance.days.change(stored.id, _judging(rules), cause)
    return True


def _judging(rules: DayRules) -> Callable[[Day | None], Decision[Day]]:
    def judge(day: Day | None) -> Decision[Day]:
        if day is None:
            raise LookupError("a day that was found is gone")
        return day.rejudge(rules)

    return judge
