"""A portion of a recomputation: some people's days, judged anew.

What will change is written to the report before it is changed: a portion that is repeated after a
crash finds those days unchanged, and their old results stand in the report already.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from contracts.jobs import JobProblem
from contracts.outcome import Refusal
from contracts.recomputations import DayDifference, RecomputeDays
from kit.jobs.model import Job, Portion
from kit.jobs.store import Row
from kit.storage.aggregates import Cause, Stored
from rules.assignments import main_on, works_for_one_of
from services.attendance.context import Attendance
from services.attendance.days.model import Day
from services.attendance.own_copies.store import Person
from services.attendance.patterns.model import DayRules
from services.attendance.recomputations.model import difference, recomputing

_DAYS_AT_ONCE = 1_500
_CHANGES_AT_ONCE = 300
"""A portion ends well within the term of its lease, also where every day changes."""


@dataclass(slots=True)
class _Plan:
    """What a portion found: how many days it looked at, and those that come out otherwise."""

    examined: int = 0
    changes: dict[str, tuple[DayRules, DayDifference]] = field(default_factory=dict)
    problems: list[JobProblem] = field(default_factory=list)


async def recompute_portion(attendance: Attendance, stored: Stored[Job]) -> Portion:
    """Judge the days of the next people anew; the cursor is the last person's id."""
    job = stored.state
    body = RecomputeDays.model_validate_json(job.arguments)
    tree = await attendance.copies.tree()
    agencies = frozenset({body.agency}) if body.exact else tree.below(body.agency)
    everybody = await attendance.copies.people.everybody()
    size = max(1, _DAYS_AT_ONCE // ((body.to - body.from_).days + 1))
    batch = list(islice(_concerned(everybody, agencies, body, after=job.cursor), size + 1))
    total = job.total
    if total is None:
        total = sum(1 for _ in _concerned(everybody, agencies, body, after=None))
    plan, done = _Plan(), 0
    for person in batch[:size]:
        await _look_at(attendance, person, body, agencies, plan)
        done += 1
        if len(plan.changes) >= _CHANGES_AT_ONCE:
            break
    await _carry_out(attendance, stored, plan)
    counts = {"examined": plan.examined}
    if last := done == len(batch):
        counts["changed"] = await attendance.jobs.reported(stored.id)
    return Portion(
        cursor=None if last else batch[done - 1].id,
        done=done,
        total=total,
        counts=counts,
        problems=tuple(plan.problems),
    )


def _concerned(
    everybody: list[Person], agencies: frozenset[str], body: RecomputeDays, *, after: str | None
) -> Iterator[Person]:
    """Whose days may be the agency's, in the order of their ids."""
    for person in everybody:
        if (after is None or person.id > after) and works_for_one_of(
            person.assignments, agencies, body.from_, body.to
        ):
            yield person


async def _look_at(
    attendance: Attendance,
    person: Person,
    body: RecomputeDays,
    agencies: frozenset[str],
    plan: _Plan,
) -> None:
    for found in await attendance.days.between(person.id, body.from_, body.to):
        day = found.state.live
        main = main_on(person.assignments, day.date)
        if day.agency not in agencies and (main is None or main.agency not in agencies):
            continue
        plan.examined += 1
        try:
            rules = await _rules(attendance, person, day)
        except Refusal as refusal:
            plan.problems.append(JobProblem(about=found.id, code=refusal.problem.code))
            continue
        if change := difference(day, rules):
            plan.changes[found.id] = (rules, change)


async def _rules(attendance: Attendance, person: Person, day: Day) -> DayRules:
    """The rules of a day in the agency the person has, as is known now, on that day."""
    main = main_on(person.assignments, day.date)
    if main is None:
        raise Refusal("unknown_employee", employee=person.id, on=day.date.isoformat())
    return await attendance.patterns.rules_on(person, day.date, agency=main.agency)


async def _carry_out(attendance: Attendance, job: Stored[Job], plan: _Plan) -> None:
    planned = {id_: change for id_, (_, change) in plan.changes.items()}
    await attendance.jobs.write_ahead(job.id, _rows(planned))
    made: dict[str, DayDifference] = {}

    async def change(id_: str, rules: DayRules) -> None:
        cause = Cause.derived(_cause(job), id_)
        decide = recomputing(rules, lambda difference: made.__setitem__(id_, difference))
        await attendance.days.change(id_, decide, cause)

    await asyncio.gather(*(change(id_, rules) for id_, (rules, _) in plan.changes.items()))
    otherwise = {id_: one for id_, one in made.items() if one != planned[id_]}
    await attendance.jobs.correct(job.id, _rows(otherwise))


def _rows(changes: dict[str, DayDifference]) -> dict[str, Row]:
    return {id_: change.model_dump(mode="json") for id_, change in changes.items()}


def _cause(stored: Stored[Job]) -> Cause:
    job = stored.state
    return Cause(stored.id, job.correlation_id, job.actor, job.created_at)
