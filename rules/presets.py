"""Patterns that ship with the product: Surakarta's hours, and two national families of bands.

Hours: circular (*SE*) 25/2026 of the head of *BKPSDM*, 14 February 2026, which names ordinary hours
and three sets of Ramadan hours; rest by *Perpres* 21/2023 (60 minutes, Friday 90; in Ramadan 30 and
60). Schools and health services are named by the circular only for Ramadan; outside it the ordinary
week stands in until their own decree is entered.

Bands: **neither family is claimed to be Surakarta's**, whose own table (*Perwali* 4/2023) could not
be read in full. All of it is data that a city replaces by versions of its own.
"""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache

from rules.calendars import national_calendar
from rules.patterns import Band, Bands, Break, Hours, PatternVersion, Variant, Week
from rules.working_time import WIB, Schedule

_STEPS = ((1, 31), (31, 61), (61, 91), (91, None))


def _bands(name: str, percents: tuple[str, str, str, str], absent: str) -> Bands:
    late, early = (
        tuple(
            Band(f"{family}{number}", first, below, Decimal(percent))
            for number, ((first, below), percent) in enumerate(
                zip(_STEPS, percents, strict=True), start=1
            )
        )
        for family in ("TL", "PSW")
    )
    return Bands(name, late, early, "TL4", "PSW4", Decimal(absent))


BANDS_A = _bands("national-a", ("0.5", "1", "1.5", "2"), "4")
"""The family of *Permentan* 68/2012."""

BANDS_B = _bands("national-b", ("0.5", "1", "1.25", "1.5"), "5")
"""The family used by BMKG and, among others, Tebo (*Perbup* 1/2022)."""


def _hours(start: str, end: str, rest: tuple[str, str] | None = None) -> Hours:
    breaks = (Break(time.fromisoformat(rest[0]), time.fromisoformat(rest[1])),) if rest else ()
    return Hours(time.fromisoformat(start), time.fromisoformat(end), breaks)


ORDINARY_WEEK = Week.of(
    monday_to_thursday=_hours("07:30", "16:30", ("12:00", "13:00")),
    friday=_hours("07:30", "14:30", ("11:30", "13:00")),
)
RAMADAN_WEEK = Week.of(
    monday_to_thursday=_hours("08:00", "15:30", ("12:00", "12:30")),
    friday=_hours("08:00", "13:30", ("11:30", "12:30")),
)
RAMADAN_SCHOOL_WEEK = Week.of(
    monday_to_thursday=_hours("07:30", "15:15", ("12:00", "12:30")),
    friday=_hours("07:30", "11:00"),
)
RAMADAN_HEALTH_WEEK = Week.of(
    monday_to_thursday=_hours("07:30", "14:00", ("12:00", "12:30")),
    friday=_hours("07:30", "11:30"),
    saturday=_hours("07:30", "12:00"),
)


def _surakarta(name: str, ramadan: Week) -> tuple[PatternVersion, ...]:
    effective_from = date(2026, 1, 1)
    version = PatternVersion(
        id=f"{name}/{effective_from}",
        pattern=name,
        effective_from=effective_from,
        recorded_at=datetime(2025, 12, 31, tzinfo=UTC),
        decree="SE Kepala BKPSDM 25/2026",
        week=ORDINARY_WEEK,
        variants=(Variant("ramadan", ramadan),),
        bands=BANDS_A,
    )
    return (version,)


SURAKARTA_ORDINARY = _surakarta("surakarta-ordinary", RAMADAN_WEEK)
"""Offices, city-wide: five days, Ramadan hours of offices."""

SURAKARTA_SCHOOL = _surakarta("surakarta-school", RAMADAN_SCHOOL_WEEK)
"""Schools: Ramadan hours of their own."""

SURAKARTA_HEALTH = _surakarta("surakarta-health", RAMADAN_HEALTH_WEEK)
"""Hospital and *puskesmas*: six shorter days in Ramadan."""


@cache
def city_schedule(zone: str = WIB) -> Schedule:
    """What the city works by until it says otherwise: ordinary pattern and national calendar."""
    return Schedule(zone=zone, patterns=SURAKARTA_ORDINARY, calendars=(national_calendar(),))
