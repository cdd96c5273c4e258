"""Working patterns: the hours of a week, how they differ in a named span, and what lateness costs.

*Perpres* 21/2023 sets the frame (37.5 hours a week without rest, 32.5 in Ramadan; rest 60 minutes,
90 on Friday); the detailed hours, bands and percentages are each government's own and therefore
data: a pattern is a series of versions with the day they rule from, never a constant in the code.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Literal

SecondsRule = Literal["whole_minutes", "begun_minutes"]
"""How seconds count: only whole minutes (07:30:59 is in time), or every minute that has begun."""

MINUTES_OF_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Break:
    """A rest inside the hours that is no working time."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Hours:
    """When duty begins and ends; an end not after the start lies on the next day.

    Times are whole minutes on the wall clock of the place.
    """

    start: time
    end: time
    breaks: tuple[Break, ...] = ()

    def __post_init__(self) -> None:
        first, last = self.span
        previous = first
        for start, end in self.rests:
            if not previous <= start < end <= last:
                raise ValueError("breaks lie inside the hours, in order, one after the other")
            previous = end
        for moment in (self.start, self.end, *(rest.start for rest in self.breaks)):
            if moment.second or moment.microsecond or moment.tzinfo:
                raise ValueError("hours are whole minutes without a zone")

    @property
    def span(self) -> tuple[int, int]:
        """Beginning and end in minutes from the midnight that begins the day."""
        start, end = _minute(self.start), _minute(self.end)
        return start, end if end > start else end + MINUTES_OF_A_DAY

    @property
    def rests(self) -> tuple[tuple[int, int], ...]:
        """The breaks in minutes from the midnight that begins the day."""
        return tuple(
            (self._after_start(rest.start), self._after_start(rest.end)) for rest in self.breaks
        )

    @property
    def minutes(self) -> int:
        """Working time in minutes, breaks taken out."""
        start, end = self.span
        return end - start - sum(last - first for first, last in self.rests)

    def _after_start(self, moment: time) -> int:
        minute = _minute(moment)
        return minute if minute >= _minute(self.start) else minute + MINUTES_OF_A_DAY


@dataclass(frozen=True, slots=True)
class Week:
    """The hours of each weekday, Monday first; ``None`` is a free day."""

    days: tuple[Hours | None, ...]

    def __post_init__(self) -> None:
        if len(self.days) != 7:
            raise ValueError("a week has seven days")

    @classmethod
    def of(
        cls,
        *,
        monday_to_thursday: Hours | None,
        friday: Hours | None,
        saturday: Hours | None = None,
        sunday: Hours | None = None,
    ) -> "Week":
        """The usual shape of an office week, where only Friday differs."""
        return cls((*(monday_to_thursday,) * 4, friday, saturday, sunday))

    @property
    def minutes(self) -> int:
        """Working time of the week in minutes."""
        return sum(hours.minutes for hours in self.days if hours is not None)


@dataclass(frozen=True, slots=True)
class Core:
    """The time of the day when everybody is there, on the wall clock of the place."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Variant:
    """Other hours while a named span of the calendar lasts (``ramadan``)."""

    span: str
    week: Week


@dataclass(frozen=True, slots=True)
class Band:
    """A step of lateness or early leaving; ``below`` is the first minute that is beyond it."""

    code: str
    from_minutes: int
    below: int | None
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Bands:
    """The steps of a regulation and what each takes from the monthly allowance, in percent.

    A missing scan counts as the step named by ``no_scan_late`` or ``no_scan_early``.
    """

    name: str
    late: tuple[Band, ...]
    early: tuple[Band, ...]
    no_scan_late: str | None
    no_scan_early: str | None
    absent_percent: Decimal


@dataclass(frozen=True, slots=True)
class PatternVersion:
    """A working pattern as it rules from a day on.

    ``flexible_minutes`` is how much earlier or later one may begin, the end moving alike (*PMK*
    221/2021: 90); ``core`` is the time that is never given up for it. ``make_up_minutes`` is how
    late one may come and make up for it by staying longer the same day (*PermenPANRB* 6/2018: 30).
    ``minutes_per_absent_day`` is how many minutes late and early add up to a day of absence.
    ``closes_after_minutes`` is how long after its end a day waits for a departure, and never less
    than until midnight; ``reminds_after_minutes`` how long after it a missing one is asked for. On
    more than ``offline_days_a_month`` days what a phone captured offline waits for the
    supervisor. Until ``objection_days`` after a day its finding may be objected to.
    """

    id: str
    pattern: str
    effective_from: date
    recorded_at: datetime
    week: Week
    bands: Bands
    variants: tuple[Variant, ...] = ()
    decree: str | None = None
    flexible_minutes: int = 0
    core: Core | None = None
    seconds_rule: SecondsRule = "whole_minutes"
    make_up_minutes: int = 0
    minutes_per_absent_day: int | None = None
    closes_after_minutes: int = 180
    reminds_after_minutes: int = 30
    offline_days_a_month: int = 5
    objection_days: int = 14

    def variant_in(self, spans: frozenset[str]) -> Variant | None:
        """The variant that rules while these spans last; of several the first listed."""
        return next((each for each in self.variants if each.span in spans), None)


@dataclass(frozen=True, slots=True)
class Shift:
    """An entry of a duty roster: it beats week and holiday; without hours the day is free."""

    on: date
    code: str
    hours: Hours | None


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute
