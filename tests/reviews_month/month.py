"""What both generators build from: working days, offices, people, captures, planted cases."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from math import cos, radians

from services.attendance.reviews.captures import Capture, Spot

DAYS = [
    day for day in (date(2026, 11, 1) + timedelta(days=n) for n in range(30)) if day.weekday() < 5
]
"""The working days of November 2026."""

CITY = (-7.5692, 110.8296)
_METRE = 1 / 111_195
_EAST = _METRE / cos(radians(CITY[0]))


@dataclass(frozen=True)
class Office:
    """Where people work."""

    code: str
    lat: float
    lon: float

    def beside(self, north_m: float, east_m: float) -> tuple[float, float]:
        """A point so many metres away."""
        return self.lat + north_m * _METRE, self.lon + east_m * _EAST


def office_at(code: str, north_m: float, east_m: float) -> Office:
    """An office so far from the city's middle."""
    return Office(code, CITY[0] + north_m * _METRE, CITY[1] + east_m * _EAST)


@dataclass
class Person:
    """Somebody with a desk."""

    id: str
    office: Office
    seat: tuple[float, float]
    last: Spot | None = None


@dataclass
class Month:
    """Captures by the day they arrived, and who was planted as what."""

    rng: random.Random
    captures: dict[date, list[Capture]] = field(default_factory=lambda: defaultdict(list))
    planted: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _numbers: count = field(default_factory=count)

    def capture(
        self,
        person: Person,
        at: datetime,
        spot: Spot | None,
        *,
        office: Office | None = None,
        received_after: timedelta = timedelta(seconds=1),
        **more: object,
    ) -> None:
        """Add a capture of a person."""
        received = at + received_after
        self.captures[received_on(received)].append(
            Capture(
                check_in=f"c{next(self._numbers)}",
                employee=person.id,
                at=at,
                received_at=received,
                captured_at=at,
                office=(office or person.office).code,
                spot=spot,
                **more,
            )
        )

    def plant(self, kind: str, people: Sequence[Person]) -> Sequence[Person]:
        """Note that these people cheat in this way."""
        self.planted[kind] |= {person.id for person in people}
        return people


def moment(day: date, hour: float) -> datetime:
    """An hour of the city's day, as a moment."""
    return datetime.combine(day, time(), UTC) + timedelta(hours=hour - 7)


def received_on(received: datetime) -> date:
    """The city's day in which a moment lies."""
    return (received + timedelta(hours=7)).date()


def some_days(rng: random.Random, at_least: int, at_most: int) -> set[date]:
    """So many working days of the month."""
    return set(rng.sample(DAYS, rng.randint(at_least, at_most)))
