"""Working time: when an agency or a person is on duty, and how many working minutes pass between.

Moments are cut to their minute before they are counted, as lateness does it. Minutes between two
moments are therefore whole, add up exactly however a stretch is split, and never shrink when it
grows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from rules.calendars import Calendar, Holiday
from rules.patterns import Hours, PatternVersion, Shift, Variant
from rules.versions import in_force

WIB, WITA, WIT = "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"
"""The three zones of Indonesia: UTC+7, +8 and +9, without summer time."""

HORIZON_DAYS = 400
"""How far ahead a working moment is looked for."""

_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)


@cache
def zone(name: str) -> ZoneInfo:
    """The zone of this name; ``ZoneInfoNotFoundError`` (a ``KeyError``) if there is none."""
    return ZoneInfo(name)


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of time in UTC; the start belongs to it, the end does not."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, eq=False)
class Schedule:
    """What an agency, a group or a person works by: pattern versions, calendars, duty roster.

    Of calendars that are versions of one another (the part of the id before ``/`` is equal) the one
    in force counts; different ones apply together. A schedule is compared by identity, so that what
    is computed from it can be remembered cheaply.
    """

    zone: str = WIB
    patterns: tuple[PatternVersion, ...] = ()
    calendars: tuple[Calendar, ...] = ()
    roster: tuple[Shift, ...] = ()

    def pattern_on(self, on: date) -> PatternVersion | None:
        """The version of the pattern that rules that day."""
        return in_force(self.patterns, on)

    def shift_on(self, on: date) -> Shift | None:
        """The roster's entry for that day; the last one listed counts."""
        return next((shift for shift in reversed(self.roster) if shift.on == on), None)

    def calendars_on(self, on: date) -> tuple[Calendar, ...]:
        """The calendars that rule that day, one version of each."""
        if len(self.calendars) == 1:
            return self.calendars if self.calendars[0].effective_from <= on else ()
        families: dict[str, list[Calendar]] = {}
        for calendar in self.calendars:
            families.setdefault(calendar.id.split("/", 1)[0], []).append(calendar)
        ruling = (in_force(versions, on) for versions in families.values())
        return tuple(calendar for calendar in ruling if calendar is not None)

    def holiday_on(self, on: date) -> Holiday | None:
        """The holiday of that day: the first calendar that knows the day says what it is."""
        found = (calendar.holiday_on(on) for calendar in self.calendars_on(on))
        known = next((holiday for holiday in found if holiday is not None), None)
        return None if known is None or known.kind == "working_day" else known

    def variant_on(self, on: date) -> Variant | None:
        """The variant of the pattern that rules that day, where a named span changes the hours."""
        pattern = self.pattern_on(on)
        if pattern is None or not pattern.variants:
            return None
        spans = frozenset[str]().union(*(each.spans_on(on) for each in self.calendars_on(on)))
        return pattern.variant_in(spans)

    def week_hours_on(self, on: date) -> Hours | None:
        """The hours the pattern gives that weekday, whatever roster and holidays say."""
        pattern = self.pattern_on(on)
        if pattern is None:
            return None
        variant = self.variant_on(on)
        return (variant.week if variant else pattern.week).days[on.weekday()]

    def hours_on(self, on: date) -> Hours | None:
        """The hours of duty that begin on that day: the roster's, else the week's off holidays."""
        shift = self.shift_on(on) if self.roster else None
        if shift is not None:
            return shift.hours
        hours = self.week_hours_on(on)
        return None if hours is None or self.holiday_on(on) is not None else hours

    def is_working_day(self, on: date) -> bool:
        """Whether duty begins on that day."""
        return self.hours_on(on) is not None


def moment_on(on: date, minute: int, zone_name: str) -> datetime:
    """The moment in UTC that is so many minutes after the midnight beginning a day in a zone."""
    wall = datetime.combine(on, datetime.min.time()) + minute * _MINUTE
    return wall.replace(tzinfo=zone(zone_name)).astimezone(UTC)


def working_intervals(schedule: Schedule, on: date) -> tuple[Interval, ...]:
    """The working time that begins on a day, in order, breaks taken out; empty on a free day."""
    hours = schedule.hours_on(on)
    if hours is None:
        return ()
    start, end = hours.span
    edges = [start, *(minute for rest in hours.rests for minute in rest), end]
    return tuple(
        Interval(moment_on(on, first, schedule.zone), moment_on(on, last, schedule.zone))
        for first, last in zip(edges[::2], edges[1::2], strict=True)
        if first < last
    )


def working_minutes_between(start: datetime, end: datetime, schedule: Schedule) -> int:
    """Working minutes that pass from one moment to a later one; 0 outside hours and backwards.

    Shifts of neighbouring days that overlap count once.
    """
    start, end = _cut(start), _cut(end)
    total = timedelta()
    reached = start
    for interval in _intervals(schedule, start, end):
        first, last = max(interval.start, reached), min(interval.end, end)
        if first < last:
            total += last - first
            reached = last
    return total // _MINUTE


def moment_after(start: datetime, minutes: int, schedule: Schedule) -> datetime | None:
    """The first moment by which so many working minutes have passed: what a deadline means.

    None when the schedule has too little working time in the next 400 days.
    """
    start = reached = _cut(start)
    left = minutes * _MINUTE
    if not left:
        return start
    for interval in _intervals(schedule, start, start + HORIZON_DAYS * _DAY):
        first = max(interval.start, reached)
        if first >= interval.end:
            continue
        if interval.end - first >= left:
            return first + left
        left -= interval.end - first
        reached = interval.end
    return None


def is_working_moment(at: datetime, schedule: Schedule) -> bool:
    """Whether somebody on this schedule is at work at that moment."""
    return any(
        interval.start <= at < interval.end for interval in _intervals(schedule, at, at + _MINUTE)
    )


def next_change(at: datetime, schedule: Schedule) -> datetime | None:
    """The next moment after this one at which working time begins or ends."""
    for interval in _intervals(schedule, at, at + HORIZON_DAYS * _DAY):
        for edge in (interval.start, interval.end):
            if edge > at:
                return edge
    return None


def add_working_days(on: date, days: int, schedule: Schedule) -> date | None:
    """The date that lies so many working days after a day, which itself does not count."""
    for _ in range(1, HORIZON_DAYS + 1):
        if days <= 0:
            break
        on += _DAY
        days -= schedule.is_working_day(on)
    return None if days > 0 else on


def _intervals(schedule: Schedule, start: datetime, end: datetime) -> Iterator[Interval]:
    """Working time of every day that can touch the stretch; a night shift began the day before."""
    here = zone(schedule.zone)
    day = start.astimezone(here).date() - _DAY
    last = end.astimezone(here).date()
    while day <= last:
        yield from working_intervals(schedule, day)
        day += _DAY


def _cut(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(second=0, microsecond=0)
