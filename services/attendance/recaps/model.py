"""A month of days added up: counts, minutes, bands and the percentage they propose. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Protocol

from contracts.attendance_terms import DayStatus
from rules.patterns import Band, Bands

_FOUR_PLACES = Decimal("0.0001")
_ALL = Decimal(100)
_NONE = Decimal(0)
_NO_SHARE = Fraction(0)
ATTENDED = frozenset({"present", "late", "left_early", "late_and_left_early", "incomplete"})
LATE = frozenset({"late", "late_and_left_early"})
LEFT_EARLY = frozenset({"left_early", "late_and_left_early"})


class Ruling(Protocol):
    """What a recap needs of the version that ruled a day."""

    @property
    def bands(self) -> Bands:
        """The steps of lateness and early leaving."""

    @property
    def minutes_per_absent_day(self) -> int | None:
        """How many minutes late and early add up to a day of absence; None: never."""


@dataclass(frozen=True, slots=True)
class RecapDay:
    """What a recap needs of a day; ``kinds`` are the absences that lie on it."""

    status: DayStatus
    working_day: bool
    policy_version: str
    late_minutes: int = 0
    late_band: str | None = None
    early_minutes: int = 0
    early_band: str | None = None
    worked_minutes: int | None = None
    kinds: tuple[str, ...] = ()


@dataclass(slots=True)
class Recap:
    """The sums of some days."""

    days: int = 0
    working_days: int = 0
    by_status: Counter[str] = field(default_factory=Counter)
    late: int = 0
    left_early: int = 0
    absences: Counter[str] = field(default_factory=Counter)
    late_minutes: int = 0
    early_minutes: int = 0
    late_bands: Counter[str] = field(default_factory=Counter)
    early_bands: Counter[str] = field(default_factory=Counter)
    taken: Decimal = _NONE
    worked_minutes: int = 0
    policy_versions: set[str] = field(default_factory=set)
    absent_share: Fraction = _NO_SHARE

    @property
    def absent_by_minutes(self) -> int:
        """Whole days that the minutes late and early add up to, each day's by its own version.

        Beside the bands, not added to their percentage: what is made of it a person decides.
        """
        return int(self.absent_share)

    @property
    def present(self) -> int:
        """Days on which the person was there, however long."""
        return sum(self.by_status[status] for status in ATTENDED)

    @property
    def percent(self) -> str:
        """The share of the monthly allowance that the bands propose to take, at most all of it.

        TL and PSW both apply on one day and add up over the month (domain.md §1.4).
        """
        return four_places(min(self.taken, _ALL))


def recap_of(days: Iterable[RecapDay], versions: Mapping[str, Ruling]) -> Recap:
    """Add days up; each by the version that ruled it."""
    recap = Recap()
    for day in days:
        recap.days += 1
        recap.working_days += day.working_day
        recap.by_status[day.status] += 1
        recap.late += day.status in LATE or (day.status == "incomplete" and day.late_minutes > 0)
        recap.left_early += day.status in LEFT_EARLY
        recap.absences.update(day.kinds)
        recap.late_minutes += day.late_minutes
        recap.early_minutes += day.early_minutes
        if day.late_band is not None:
            recap.late_bands[day.late_band] += 1
        if day.early_band is not None:
            recap.early_bands[day.early_band] += 1
        version = versions.get(day.policy_version)
        recap.taken += percent_of(day, version.bands if version else None)
        recap.absent_share += _share_of(day, version)
        recap.worked_minutes += day.worked_minutes or 0
        recap.policy_versions.add(day.policy_version)
    return recap


def _share_of(day: RecapDay, version: Ruling | None) -> Fraction:
    if version is None or version.minutes_per_absent_day is None:
        return _NO_SHARE
    return Fraction(day.late_minutes + day.early_minutes, version.minutes_per_absent_day)


def percent_of(day: RecapDay, bands: Bands | None) -> Decimal:
    """What the bands propose for one day; nothing where the version is not known any more."""
    if bands is None:
        return _NONE
    if day.status == "absent":
        return bands.absent_percent
    return _percent(day.late_band, bands.late) + _percent(day.early_band, bands.early)


def four_places(value: Decimal) -> str:
    """A decimal as answers state it."""
    return str(value.quantize(_FOUR_PLACES, ROUND_HALF_EVEN))


def _percent(code: str | None, bands: Iterable[Band]) -> Decimal:
    return next((band.percent for band in bands if band.code == code), _NONE)
