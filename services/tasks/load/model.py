"""What an agency and its people have promised, and on which working days they are away."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from contracts.envelope import AgencyCode
from rules.working_time import Schedule, zone
from services.tasks.help_requests.model import HelpRequest
from services.tasks.own_copies.model import City
from services.tasks.service_levels.clock import elapsed_minutes

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Away:
    """An approved absence of whole days: whose and when; not what for."""

    employee: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Stretch:
    """The working days of a schedule between two days, both included."""

    first: date
    last: date
    days: tuple[date, ...]

    @classmethod
    def ahead(cls, at: datetime, days: int, schedule: Schedule) -> "Stretch":
        """So many days from today on."""
        today = at.astimezone(zone(schedule.zone)).date()
        every = [today + place * _DAY for place in range(days)]
        working = tuple(day for day in every if schedule.is_working_day(day))
        return cls(today, every[-1], working)

    def away(self, absences: Iterable[Away]) -> frozenset[date]:
        """The working days on which somebody with these absences is away."""
        spans = list(absences)
        return frozenset(
            day for day in self.days if any(each.first <= day <= each.last for each in spans)
        )

    def free_from(self, away: frozenset[date]) -> date | None:
        """The first working day on which they are there."""
        return next((day for day in self.days if day not in away), None)


@dataclass(frozen=True, slots=True)
class Promise:
    """A request an agency helps with: who is on it and what is left of the agreed time."""

    request: str
    agency: AgencyCode
    people: tuple[str, ...]
    minutes_left: int


def promises(requests: Iterable[HelpRequest], city: City, at: datetime) -> tuple[Promise, ...]:
    """What agencies have promised with these requests and not yet handed over."""
    return tuple(
        Promise(request.id, part.agency, tuple(part.people), _left(request, city, at))
        for request in requests
        if request.state in {"accepted", "in_progress", "clarifying"}
        for part in request.parts
        if part.delivered_at is None
    )


def by_person(promised: Iterable[Promise]) -> Mapping[str, Sequence[Promise]]:
    """The promises each person is on."""
    found: defaultdict[str, list[Promise]] = defaultdict(list)
    for promise in promised:
        for person in promise.people:
            found[person].append(promise)
    return found


def _left(request: HelpRequest, city: City, at: datetime) -> int:
    clock = request.completion_clock()
    if clock is None:
        return 0
    schedule = city.schedule_of(request.helping_agency)
    return max(0, clock.target_minutes - elapsed_minutes(clock, max(at, clock.since), schedule))
