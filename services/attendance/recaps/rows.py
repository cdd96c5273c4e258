"""One person's row: the days that are recorded, and the working days of which nothing is known."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from contracts.outcome import Refusal
from contracts.recaps import RecapRow
from kit.clock import now
from rules.assignments import main_on
from rules.working_time import zone
from services.attendance.context import Attendance
from services.attendance.own_copies.store import Person
from services.attendance.recaps.model import Recap, Ruling, recap_of
from services.attendance.recaps.store import DatedDay


async def row_of(
    attendance: Attendance,
    person: Person,
    days: Sequence[DatedDay],
    versions: Mapping[str, Ruling],
    span: tuple[date, date],
    *,
    counts: Callable[[str], bool],
) -> RecapRow:
    """The sums of a person's days in the agencies that count."""
    recap = recap_of((one.day for one in days if one.counts and counts(one.agency)), versions)
    known = {one.on for one in days}
    missing = await _without_record(attendance, person, known, span, counts)
    return row_view(person, recap, span[1], without_record=missing)


async def _without_record(
    attendance: Attendance,
    person: Person,
    known: set[date],
    span: tuple[date, date],
    counts: Callable[[str], bool],
) -> int:
    """Working days in these agencies that have passed and have no document."""
    first, last = span
    missing = 0
    for number in range((last - first).days + 1):
        on = first + timedelta(days=number)
        main = None if on in known else main_on(person.assignments, on)
        if main is None or not counts(main.agency):
            continue
        name = await attendance.copies.zone_of(main.agency)
        if on >= now().astimezone(zone(name)).date():
            break
        missing += await _is_working_day(attendance, person, on, main.agency)
    return missing


async def _is_working_day(attendance: Attendance, person: Person, on: date, agency: str) -> bool:
    try:
        return (await attendance.patterns.rules_on(person, on, agency=agency)).working_day
    except Refusal:
        return False  # no pattern was in force: nobody had to come


def row_view(person: Person, recap: Recap, on: date, *, without_record: int) -> RecapRow:
    """A person's sums as callers see them."""
    by_status = recap.by_status
    return RecapRow(
        person=person.shown(on),
        days=recap.days,
        working_days=recap.working_days,
        present=recap.present,
        late=recap.late,
        left_early=recap.left_early,
        incomplete=by_status["incomplete"],
        absent=by_status["absent"],
        leave=by_status["leave"],
        sick=by_status["sick"],
        duty=by_status["duty"],
        elsewhere=by_status["elsewhere"],
        holiday=by_status["holiday"],
        off=by_status["off"],
        open=by_status["open"],
        without_record=without_record,
        absences=dict(sorted(recap.absences.items())),
        late_minutes=recap.late_minutes,
        early_minutes=recap.early_minutes,
        absent_by_minutes=recap.absent_by_minutes,
        late_bands=dict(sorted(recap.late_bands.items())),
        early_bands=dict(sorted(recap.early_bands.items())),
        percent=recap.percent,
        worked_minutes=recap.worked_minutes,
        policy_versions=tuple(sorted(recap.policy_versions)),
    )
