"""What rules one working day, and which day a moment belongs to."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from contracts.attendance_terms import Direction
from contracts.envelope import AgencyCode
from contracts.outcome import Refusal
from rules.calendars import Holiday
from rules.patterns import Bands, Core, Hours, SecondsRule
from rules.working_time import Interval, Schedule, moment_on, zone

SHIFT_LEAD = timedelta(hours=3)
"""How long before a shift an arrival, and after it a departure, still belongs to that shift."""

_DAY = timedelta(days=1)
_LEAD_MINUTES = int(SHIFT_LEAD.total_seconds()) // 60
_MIDNIGHT = 24 * 60


@dataclass(frozen=True, slots=True)
class DayRules:
    """Everything that a day of one person is judged by; moments are UTC.

    ``start`` and ``end`` are None where nobody has to come; ``working_day`` says so in one word.
    ``agency`` is the one whose rules these are. ``closes_at`` is when a missing departure stops
    being awaited. ``core`` is the time that flexible hours never give up, ``make_up_minutes`` how
    late one may come and make up for it the same day. ``reminds_after`` the end a missing departure
    is asked for; the last two are limits of the month and of objecting (:mod:`rules.patterns`).
    """

    agency: AgencyCode
    on: date
    zone: str
    pattern: str
    policy_version: str
    variant: str | None
    calendar: str | None
    shift: str | None
    holiday: Holiday | None
    start: datetime | None
    end: datetime | None
    breaks: tuple[Interval, ...]
    flexible_minutes: int
    seconds_rule: SecondsRule
    bands: Bands
    closes_at: datetime
    core: Interval | None = None
    make_up_minutes: int = 0
    reminds_after: timedelta = timedelta(minutes=30)
    offline_days_a_month: int = 5
    objection_days: int = 14

    @property
    def working_day(self) -> bool:
        """Whether the person has to work that day."""
        return self.start is not None


def rules_on(schedule: Schedule, on: date, *, agency: str) -> DayRules:
    """The rules of a day: its version of the pattern, its variant, its holiday or its shift.

    Refused with ``no_pattern_in_force``, which may be the fault of a copy that is behind.
    """
    version = schedule.pattern_on(on)
    if version is None:
        raise Refusal("no_pattern_in_force", retryable=True, agency=agency, on=on.isoformat())
    hours = schedule.hours_on(on)
    variant, shift = schedule.variant_on(on), schedule.shift_on(on)
    calendars = schedule.calendars_on(on)
    end = hours.span[1] + version.closes_after_minutes if hours else 0
    return DayRules(
        agency=AgencyCode(agency),
        on=on,
        zone=schedule.zone,
        pattern=version.pattern,
        policy_version=version.id,
        variant=variant.span if variant else None,
        calendar=" ".join(each.id for each in calendars) or None,
        shift=shift.code if shift else None,
        holiday=None if shift else schedule.holiday_on(on),
        start=moment_on(on, hours.span[0], schedule.zone) if hours else None,
        end=moment_on(on, hours.span[1], schedule.zone) if hours else None,
        breaks=_breaks(hours, on, schedule.zone),
        flexible_minutes=version.flexible_minutes,
        seconds_rule=version.seconds_rule,
        bands=version.bands,
        closes_at=moment_on(on, max(_MIDNIGHT, end), schedule.zone),
        core=_core(version.core, on, schedule.zone) if hours and shift is None else None,
        make_up_minutes=version.make_up_minutes,
        reminds_after=timedelta(minutes=version.reminds_after_minutes),
        offline_days_a_month=version.offline_days_a_month,
        objection_days=version.objection_days,
    )


def day_of(at: datetime, direction: Direction, schedule: Schedule) -> date:
    """The day a moment counts for: the date where it happened, or that of the shift it belongs to.

    A shift that reaches over midnight takes its arrivals and departures with it. Where two shifts
    claim a moment, an arrival goes to the nearer beginning and a departure to the nearer end.
    """
    local = at.astimezone(zone(schedule.zone)).date()
    claims = []
    for on in (local - _DAY, local, local + _DAY):
        hours = schedule.hours_on(on)
        if hours is None or (on != local and not _reaches(hours, before=on < local)):
            continue
        start, end = (moment_on(on, minute, schedule.zone) for minute in hours.span)
        if start - SHIFT_LEAD <= at <= end + SHIFT_LEAD:
            edge = start if direction == "in" else end
            claims.append((abs(at.astimezone(UTC) - edge), on))
    return min(claims)[1] if claims else local


def _reaches(hours: Hours, *, before: bool) -> bool:
    """Whether the hours of a neighbouring day reach over midnight into this one.

    Yesterday's do if they end on the next day, tomorrow's if one arrives the evening before.
    """
    start, end = hours.span
    return end > _MIDNIGHT if before else start < _LEAD_MINUTES


def _core(core: Core | None, on: date, zone_name: str) -> Interval | None:
    if core is None:
        return None
    first, last = (each.hour * 60 + each.minute for each in (core.start, core.end))
    return Interval(moment_on(on, first, zone_name), moment_on(on, last, zone_name))


def _breaks(hours: Hours | None, on: date, zone_name: str) -> tuple[Interval, ...]:
    if hours is None:
        return ()
    return tuple(
        Interval(moment_on(on, first, zone_name), moment_on(on, last, zone_name))
        for first, last in hours.rests
    )
