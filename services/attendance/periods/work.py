"""Locking a month, and letting go of it: jobs that go date by date and bear being repeated.

A date is done when none of its days is left; then its sheet of that revision is written, which is
what the revision is read from ever after and what the digest is computed from. A day that newly
comes into the month meanwhile counts where its date is not done yet, and is a settlement otherwise.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import date, timedelta
from functools import partial
from time import monotonic

from contracts.envelope import AgencyCode, EmployeeId, Value
from contracts.jobs import JobProblem
from contracts.outcome import Decision
from kit.clock import now
from kit.jobs.model import Job, Portion
from kit.storage.aggregates import Cause, Stored
from kit.storage.freshness import EVERY_S
from rules.assignments import main_on
from rules.sealing import digest_of
from services.attendance.context import Attendance
from services.attendance.days.figures import Lock
from services.attendance.days.locking import lock, unlock
from services.attendance.days.model import Day, day_id
from services.attendance.days.settling import acts_for, rules_of
from services.attendance.own_copies.store import Person
from services.attendance.patterns.model import DayRules
from services.attendance.periods.model import days_of
from services.attendance.periods.settlements import Settlement

LOCK, UNLOCK = "lock_period", "unlock_period"
_ASSERTING = ("pilot", "active")
_AT_ONCE = 400
_STRETCH_S = 2.0
"""A portion ends well within the term of its lease, and after so many days."""
_DAY = timedelta(days=1)
_UNTIL_ALL_KNOW_S = EVERY_S + 1.0
"""How long a process may still make days of a month that it knew as open."""


class PeriodWork(Value):
    """Which month of which agency is locked or let go of, in which revision."""

    agency: str
    period: str
    revision: int

    @property
    def dates(self) -> list[date]:
        """The dates of the month."""
        first, last = days_of(self.period)
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]


async def lock_portion(attendance: Attendance, stored: Stored[Job]) -> Portion:
    """Lock some days of the date that the cursor names; the last portion completes the lock."""
    work = PeriodWork.model_validate_json(stored.state.arguments)
    if not await _is(attendance, work, "locking"):
        return Portion(cursor=None, done=0)
    if stored.state.cursor is None:
        await asyncio.sleep(_UNTIL_ALL_KNOW_S)
        return Portion(cursor=str(work.dates[0]), done=0, total=await _expected(attendance, work))
    on, done = date.fromisoformat(stored.state.cursor), 0
    problems: tuple[JobProblem, ...] = ()
    began = monotonic()
    while done < _AT_ONCE and monotonic() - began < _STRETCH_S:
        left = await _not_locked(attendance, work, on)
        some = left[:_AT_ONCE]
        told = await _each(some, partial(_lock_day, attendance, stored, work, on))
        done, problems = done + len(some), (*problems, *told)
        if len(some) == len(left):
            await attendance.recap_days.close_sheet(work.agency, on, work.period, work.revision)
            if on == work.dates[-1]:
                await _complete(attendance, stored, work)
                return Portion(None, done=done, problems=problems)
            on += _DAY
    return Portion(str(on), done=done, problems=problems)


async def unlock_portion(attendance: Attendance, stored: Stored[Job]) -> Portion:
    """Let go of some days of the date that the cursor names."""
    work = PeriodWork.model_validate_json(stored.state.arguments)
    if not await _is(attendance, work, "unlocking"):
        return Portion(cursor=None, done=0)
    if stored.state.cursor is None:
        await asyncio.sleep(_UNTIL_ALL_KNOW_S)  # a worker that still locks has ended then
        return Portion(cursor=str(work.dates[0]), done=0)
    on, done = date.fromisoformat(stored.state.cursor), 0
    began = monotonic()
    while done < _AT_ONCE and monotonic() - began < _STRETCH_S:
        days = await attendance.days.of_agency(on, work.agency)
        left = [day for day in days if day.state.locked and day.state.locked.period == work.period]
        some = [day.id for day in left[:_AT_ONCE]]
        await _each(some, partial(_unlock_day, attendance, stored))
        done += len(some)
        if len(some) == len(left):
            if on == work.dates[-1]:
                await _let_go(attendance, stored, work)
                return Portion(None, done=done)
            on += _DAY
    return Portion(str(on), done=done)


async def _is(attendance: Attendance, work: PeriodWork, state: str) -> bool:
    known = await attendance.periods.get(work.agency, work.period)
    if known is None:
        return False
    return (known.state.state, known.state.revision) == (state, work.revision)


async def _expected(attendance: Attendance, work: PeriodWork) -> int:
    members = attendance.copies.people.members_of
    return sum([len(await members(work.agency, on)) for on in work.dates])


async def _not_locked(attendance: Attendance, work: PeriodWork, on: date) -> list[str]:
    """Whose days of a date have to be locked: those with one here, and those expected here."""
    found = await attendance.days.of_agency(on, work.agency)
    held = {str(day.state.employee) for day in found if _is_done(day.state, work)}
    people = {str(day.state.employee) for day in found} - held
    members = await attendance.copies.people.members_of(work.agency, on)
    others = [one for one in members if one.id not in people and one.id not in held]
    known = await attendance.days.known([day_id(one.id, on) for one in others])
    elsewhere = {one.id for one in others if day_id(one.id, on) in known}
    people |= {one for one in elsewhere if not await _is_held_elsewhere(attendance, one, on)}
    if await attendance.copies.stage_of(work.agency, on) in _ASSERTING:
        people |= await _missing(attendance, [one for one in others if one.id not in elsewhere], on)
    return sorted(people)


def _is_done(day: Day, work: PeriodWork) -> bool:
    """Whether a lock holds the day, and not only because it came while the month was locked."""
    held = day.locked
    return held is not None and (held.counts or held.revision != work.revision)


async def _is_held_elsewhere(attendance: Attendance, employee: str, on: date) -> bool:
    stored = await attendance.days.get(employee, on)
    return stored is not None and stored.state.locked is not None


async def _missing(attendance: Attendance, people: Iterable[Person], on: date) -> set[str]:
    """Those who had to come and have no day."""
    found = set()
    for person in people:
        rules = await rules_of(attendance, person, on)
        if rules is not None and rules.working_day:
            found.add(person.id)
    return found


async def _lock_day(
    attendance: Attendance, job: Stored[Job], work: PeriodWork, on: date, employee: str
) -> JobProblem | None:
    """Lock one day as it is; one of somebody who by now belonged elsewhere moves there instead."""
    id_ = day_id(employee, on)
    cause = Cause.derived(_cause(job), id_)
    person = await attendance.copies.people.get(employee)
    main = main_on(person.assignments, on) if person else None
    rules = await rules_of(attendance, person, on) if person else None
    if main is not None and main.agency != work.agency and rules is not None:
        await attendance.days.change(id_, _moving(rules), cause)
        return JobProblem(about=id_, code="moved")
    acts = await acts_for(attendance, employee, rules) if rules is not None else ()

    def hold(day: Day | None, sequence: int) -> Decision[Day]:
        held = Lock(work.period, work.revision, sequence)
        if day is not None and _is_done(day, work):
            return Decision(day)
        if day is None:
            assert rules is not None
            day = Day.blank(EmployeeId(employee), AgencyCode(work.agency), rules, acts)
        elif rules is not None and day.agency != work.agency:
            day = day.rejudge(rules, agency=AgencyCode(work.agency)).state
        return lock(day, rules, held)

    await attendance.days.hold(id_, hold, cause)
    await _settle(attendance, employee, on)
    return None


async def _settle(attendance: Attendance, employee: str, on: date) -> None:
    """A day that came while the month was being locked, and counts after all, settles nothing."""
    known = await attendance.settlements.get(day_id(employee, on))
    if known is not None and (day := await _day(attendance, employee, on)) is not None:
        await attendance.settlements.change(day, lambda one: one.following(day, now()))


def _moving(rules: DayRules) -> Callable[[Day | None], Decision[Day]]:
    def move(day: Day | None) -> Decision[Day]:
        if day is None:
            raise LookupError("a day that was found is gone")
        return day.rejudge(rules, agency=AgencyCode(rules.agency))

    return move


async def _unlock_day(attendance: Attendance, job: Stored[Job], id_: str) -> None:
    def let_go(day: Day | None, _: int) -> Decision[Day]:
        if day is None:
            raise LookupError(f"{id_} is gone")
        return unlock(day)

    await attendance.days.hold(id_, let_go, Cause.derived(_cause(job), id_))


async def _complete(attendance: Attendance, job: Stored[Job], work: PeriodWork) -> None:
    for one in await attendance.settlements.of_agency(work.agency, before=work.period):
        if one.waiting is not None and (day := await _day(attendance, one.employee, one.date)):
            await attendance.settlements.change(day, lambda known: known.settling(work.period))
    marks = await attendance.recap_days.marks_of(work.agency, *days_of(work.period), work.revision)
    digest = digest_of(marks)
    await attendance.periods.change(
        work.agency,
        work.period,
        lambda period: period.locked(work.revision, days=len(marks), digest=digest, at=now()),
        Cause.derived(_cause(job), "locked"),
    )


async def _let_go(attendance: Attendance, job: Stored[Job], work: PeriodWork) -> None:
    """What was settled here waits again, and what became of these days is settled by itself."""
    for one in await attendance.settlements.of_agency(work.agency):
        day = await _day(attendance, one.employee, one.date)
        if day is not None:
            await attendance.settlements.change(day, partial(_unsettling, work.period, day))
    await attendance.periods.change(
        work.agency,
        work.period,
        lambda period: period.unlocked(work.revision, now()),
        Cause.derived(_cause(job), "unlocked"),
    )


def _unsettling(month: str, day: Day, known: Settlement) -> Decision[Settlement]:
    return known.unsettling(month, day, now())


async def _day(attendance: Attendance, employee: str, on: date) -> Day | None:
    stored = await attendance.days.get(employee, on)
    return None if stored is None else stored.state


async def _each(
    keys: Sequence[str], act: Callable[[str], Awaitable[JobProblem | None]]
) -> tuple[JobProblem, ...]:
    """Some at a time: they share writes, and check-ins get their turn."""
    problems: list[JobProblem] = []
    for start in range(0, len(keys), 50):
        told = await asyncio.gather(*(act(key) for key in keys[start : start + 50]))
        problems += [one for one in told if one is not None]
    return tuple(problems)


def _cause(stored: Stored[Job]) -> Cause:
    job = stored.state
    return Cause(stored.id, job.correlation_id, job.actor, job.created_at)
