"""Previews are answered from the days as they stand; nothing is written."""

import asyncio

from contracts.envelope import AgencyCode, Query
from contracts.outcome import Refusal
from contracts.policies import EmployeePreview, PolicyPreview, PreviewPolicy
from kit.clock import now
from kit.messaging.handlers import Handlers
from services.attendance import access
from services.attendance.context import Attendance
from services.attendance.own_copies.store import Person
from services.attendance.patterns.rulebook import RuleBook
from services.attendance.policies.model import AgencyPolicy, PolicyVersion
from services.attendance.policies.preview import Compared, Month, as_if, compared

handlers: Handlers[Attendance] = Handlers()


@handlers.answers(PreviewPolicy)
async def preview_policy(query: Query[PreviewPolicy], attendance: Attendance) -> PolicyPreview:
    """Judge the month's days of an agency, and those below, by a version: old beside new."""
    body, tree = query.body, await attendance.copies.tree()
    access.may_preview_policies(query.actor, body.agency, tree)
    await attendance.copies.must_know(body.agency)
    month = Month.of(body.period)
    stored = await attendance.policies.get(body.agency)
    policy = stored.state if stored else AgencyPolicy.blank(body.agency, now())
    tried = await attendance.patterns.book_with(as_if(policy, _version(body, policy), month))
    people = await attendance.copies.people.employed_in(
        tree.below(body.agency), month.first, month.last
    )
    left = [person for person in people if person.id > (body.cursor or "")]
    page = left[: body.limit]
    found = await asyncio.gather(*(_compare(attendance, one, month, tried) for one in page))
    return PolicyPreview(
        agency=AgencyCode(body.agency),
        period=body.period,
        people=len(people),
        items=tuple(one for one in found if one is not None),
        next_cursor=page[-1].id if len(page) < len(left) else None,
    )


def _version(body: PreviewPolicy, policy: AgencyPolicy) -> PolicyVersion:
    if body.version == "draft":
        if body.draft is None:
            raise Refusal.invalid("/", "a draft has the version in the body")
        moment = now()
        return policy.with_version(body.draft, recorded_at=moment, written_at=moment).versions[-1]
    version = policy.version(body.version)
    if version is None:
        raise Refusal("not_found")
    return version


async def _compare(
    attendance: Attendance, person: Person, month: Month, tried: RuleBook
) -> EmployeePreview | None:
    days = []
    for stored in await attendance.days.between(person.id, month.first, month.last):
        day = stored.state
        before = await attendance.patterns.rules_on(person, day.date, agency=day.agency)
        after = await attendance.patterns.rules_on(person, day.date, agency=day.agency, book=tried)
        days.append(Compared(day, before, day.judged_by(after), after))
    return compared(person, days, month.last)
