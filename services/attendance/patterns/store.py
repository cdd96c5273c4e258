"""Which rules hold for whom: put together from policies, calendars and rosters, in memory."""

from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache

from contracts.attendance_terms import Direction
from contracts.outcome import Refusal
from rules.assignments import main_on
from rules.working_time import Schedule, zone
from services.attendance.calendars.store import CalendarStore
from services.attendance.days.geofence import Place, places_on
from services.attendance.own_copies.store import Offices, OwnCopies, Person
from services.attendance.patterns.model import DayRules, day_of, rules_on
from services.attendance.patterns.rulebook import RuleBook
from services.attendance.policies.model import AgencyPolicy
from services.attendance.policies.store import PolicyStore
from services.attendance.rosters.store import RosterStore

_CITY_ZONE = "Asia/Jakarta"


class Patterns:
    """The rules of a person's day, a few seconds behind what has been entered."""

    def __init__(
        self,
        copies: OwnCopies,
        policies: PolicyStore,
        calendars: CalendarStore,
        rosters: RosterStore,
    ) -> None:
        self._copies = copies
        self._policies = policies
        self._calendars = calendars
        self._rosters = rosters
        self._book: tuple[tuple[object, ...], RuleBook] | None = None
        self._rules = lru_cache(maxsize=20_000)(_rules)
        self._places: tuple[Offices, date, tuple[Place, ...]] | None = None

    async def rules_at(self, person: Person, at: datetime, direction: Direction) -> DayRules:
        """The rules of the day that a moment belongs to, in the agency the person had that day."""
        local = at.astimezone(zone(_CITY_ZONE)).date()
        main = main_on(person.assignments, local)
        if main is None:
            raise Refusal("unknown_employee", employee=person.id, on=local.isoformat())
        schedule = await self._schedule(person, local, main.agency, main.position)
        on = day_of(at, direction, schedule)
        return await self.rules_on(person, on, agency=main.agency)

    async def rules_on(
        self, person: Person, on: date, *, agency: str, book: RuleBook | None = None
    ) -> DayRules:
        """The rules of a person's day in an agency; refused where no pattern is in force."""
        main = main_on(person.assignments, on)
        position = main.position if main else None
        schedule = await self._schedule(person, on, agency, position, book)
        if schedule.roster:
            return rules_on(schedule, on, agency=agency)
        return self._rules(schedule, on, agency)

    async def book(self) -> RuleBook:
        """What has been entered, as it stands."""
        policies, calendars = await self._policies.all(), await self._calendars.all()
        seen = (policies, calendars, await self._copies.tree())
        if self._book is None or any(a is not b for a, b in zip(self._book[0], seen, strict=True)):
            self._book = seen, RuleBook(*seen)
        return self._book[1]

    async def book_with(self, policy: AgencyPolicy) -> RuleBook:
        """What would rule if an agency's policy were this one."""
        policies, calendars = await self._policies.all(), await self._calendars.all()
        tried = {**policies, policy.agency: policy}
        return RuleBook(tried, calendars, await self._copies.tree())

    def places_on(self, offices: Offices, on: date) -> tuple[Place, ...]:
        """The offices as they are on a day."""
        if self._places is None or self._places[0] is not offices or self._places[1] != on:
            self._places = (offices, on, places_on(offices.versions, on))
        return self._places[2]

    async def _schedule(
        self,
        person: Person,
        on: date,
        agency: str,
        position: str | None,
        book: RuleBook | None = None,
    ) -> Schedule:
        book = book or await self.book()
        time_zone = await self._copies.zone_of(agency)
        common = book.schedule(agency, time_zone, on, employee=person.id, position=position)
        roster = await self._rosters.around(person.id, book.path(agency), on)
        return replace(common, roster=roster) if roster else common


def _rules(schedule: Schedule, on: date, agency: str) -> DayRules:
    return rules_on(schedule, on, agency=agency)
