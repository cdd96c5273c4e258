"""Which pattern rules for whom; until agencies enter their own, the city's ordinary one."""

from datetime import date, datetime
from functools import lru_cache

from contracts.attendance_terms import Direction
from rules.presets import city_schedule
from rules.working_time import Schedule
from services.attendance.days.geofence import Place, places_on
from services.attendance.own_copies.store import Offices
from services.attendance.patterns.model import DayRules, day_of, rules_on


class Patterns:
    """The rules of a day, and the day of a moment, per agency; remembered, since they repeat."""

    def __init__(self) -> None:
        self._rules = lru_cache(maxsize=20_000)(_rules)
        self._places: tuple[Offices, date, tuple[Place, ...]] | None = None

    def schedule_for(self, agency: str, zone: str) -> Schedule:  # noqa: ARG002  # see docstring
        """What the agency works by: every agency by the city's pattern so far (api.md)."""
        return city_schedule(zone)

    def day_of(self, at: datetime, direction: Direction, agency: str, zone: str) -> date:
        """The day a moment belongs to."""
        return day_of(at, direction, self.schedule_for(agency, zone))

    def rules_on(self, on: date, agency: str, zone: str) -> DayRules:
        """The rules of that day; refused where no pattern is in force."""
        return self._rules(self.schedule_for(agency, zone), on, agency)

    def places_on(self, offices: Offices, on: date) -> tuple[Place, ...]:
        """The offices as they are on a day."""
        if self._places is None or self._places[0] is not offices or self._places[1] != on:
            self._places = (offices, on, places_on(offices.versions, on))
        return self._places[2]


def _rules(schedule: Schedule, on: date, agency: str) -> DayRules:
    return rules_on(schedule, on, agency=agency)
