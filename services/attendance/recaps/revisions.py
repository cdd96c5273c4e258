"""Which figures a recap shows: as they are, or as a revision of the closed month kept them.

And what was settled in the month: the differences of days of months that were closed before.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from contracts.outcome import Refusal
from contracts.recaps import (
    DescribeMonthlyRecap,
    ListMonthlyRecap,
    RecapRow,
    RecapSettlement,
    RecapStatus,
)
from services.attendance.context import Attendance
from services.attendance.days.figures import Figures
from services.attendance.own_copies.store import Person
from services.attendance.periods.model import AgencyPeriod, days_of, next_open
from services.attendance.periods.settlements import Part, Settlement
from services.attendance.recaps.members import Members, in_order
from services.attendance.recaps.model import RecapDay, Ruling, four_places, percent_of, recap_of
from services.attendance.recaps.rows import row_of, row_view
from services.attendance.recaps.versions import versions_of
from services.attendance.recomputations.model import figures_of

Asked = DescribeMonthlyRecap | ListMonthlyRecap


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the month is closed, in which revision that is shown, under which fingerprint."""

    status: RecapStatus = "running"
    revision: int | None = None
    fingerprint: str | None = None


async def standing_of(attendance: Attendance, asked: Asked) -> Standing:
    """The closing whose figures are shown; refused where there is no such revision."""
    stored = await attendance.periods.get(asked.agency, asked.period)
    period = stored.state if stored else None
    if asked.revision is None:
        shown = period.closed if period else None
    else:
        shown = period.numbered(asked.revision) if period else None
        if shown is None:
            raise Refusal("not_found")
    return Standing("closed", shown.number, shown.fingerprint) if shown else Standing()


async def members_of(attendance: Attendance, asked: Asked) -> Members:
    """Whose rows the recap has."""
    first, last = days_of(asked.period)
    if asked.revision is None:
        return await attendance.member_lists.of(asked.agency, first, last, exact=asked.exact)
    closed = await attendance.recap_days.closed(asked.agency, first, last, asked.revision)
    people = await attendance.copies.people.get_many(sorted(closed))
    return Members(frozenset({asked.agency}), in_order(people.values(), last))


async def rows_of(
    attendance: Attendance,
    asked: ListMonthlyRecap,
    members: Members,
    people: Sequence[Person],
    versions: Mapping[str, Ruling],
) -> list[RecapRow]:
    """The rows of these people."""
    first, last = days_of(asked.period)
    if asked.revision is not None:
        closed = await attendance.recap_days.closed(asked.agency, first, last, asked.revision)
        kept = {person.id: [one.day for one in closed.get(person.id, ())] for person in people}
        return [
            row_view(person, recap_of(kept[person.id], versions), last, without_record=0)
            for person in people
        ]
    days = await attendance.recap_days.of(people, first, last)
    counts = members.agencies.__contains__
    return [
        await row_of(attendance, person, days[person.id], versions, (first, last), counts=counts)
        for person in people
    ]


async def with_settlements(
    attendance: Attendance, members: Members, period: str, rows: Sequence[RecapRow]
) -> list[RecapRow]:
    """The rows, each with what was (or is to be) settled in this month."""
    periods = await attendance.periods.all()
    found: defaultdict[str, list[RecapSettlement]] = defaultdict(list)
    for agency in sorted({one.agency for one in periods.values()} & members.agencies):
        for settlement in await attendance.settlements.of_agency(agency, before=period):
            for part in _parts(settlement, period, periods):
                found[settlement.employee].append(await _view(attendance, settlement, part))
    return [
        row.model_copy(update={"settlements": tuple(found[row.person.id])})
        if row.person.id in found
        else row
        for row in rows
    ]


def _parts(settlement: Settlement, period: str, periods: Mapping[str, AgencyPeriod]) -> list[Part]:
    parts = [part for part in settlement.settled if part.settled_in == period]
    if settlement.waiting is not None:
        upcoming = next_open(periods, settlement.agency, settlement.period)
        parts += [settlement.waiting] if upcoming == period else []
    return parts


async def _view(attendance: Attendance, settlement: Settlement, part: Part) -> RecapSettlement:
    before = await _percent(attendance, part.before, settlement.date) if part.before else "0.0000"
    return RecapSettlement(
        date=settlement.date,
        period=settlement.period,
        before=figures_of(part.before) if part.before else None,
        after=figures_of(part.after),
        percent_before=before,
        percent_after=await _percent(attendance, part.after, settlement.date),
    )


async def _percent(attendance: Attendance, made: Figures, on: date) -> str:
    versions = await versions_of(attendance, [made.agency], on, on)
    version = versions.get(made.policy_version)
    day = RecapDay(
        status=made.status,
        working_day=made.working_day,
        policy_version=made.policy_version,
        late_band=made.late_band,
        early_band=made.early_band,
    )
    return four_places(percent_of(day, version.bands if version else None))
