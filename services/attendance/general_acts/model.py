"""A general act: whom it concerns, when, and what it makes of their days."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from contracts.attendance_terms import ActEffect
from contracts.general_acts import ActDecided, ActFacts, ActProposed
from contracts.outcome import Refusal
from rules.agencies import AgencyTree
from rules.working_time import zone
from services.attendance.days import inputs
from services.attendance.patterns.model import DayRules
from services.attendance.requests.model import ManyRequest

MOST_DAYS = 62
_DAY = timedelta(days=1)
_MOMENT = timedelta(milliseconds=1)
_F = TypeVar("_F", bound=ActFacts)


@dataclass(frozen=True, slots=True)
class Said:
    """The scope as it was stated; what it comes to is in the act itself."""

    city: bool = False
    agencies: tuple[str, ...] = ()
    offices: tuple[str, ...] = ()
    device: str | None = None
    service: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneralAct(ManyRequest):
    """One act; ``start`` and ``end`` are in UTC, the end not included."""

    effect: ActEffect
    said: Said
    start: datetime
    end: datetime
    time_zone: str
    reason: str
    decree: str | None = None

    @property
    def about(self) -> date:
        """Its first day."""
        return self.start.astimezone(zone(self.time_zone)).date()

    @property
    def last(self) -> date:
        """Its last day."""
        return (self.end - _MOMENT).astimezone(zone(self.time_zone)).date()

    @property
    def days(self) -> tuple[date, ...]:
        """The dates whose hours it may meet; a night shift began the day before."""
        first = self.about - _DAY
        return tuple(first + n * _DAY for n in range((self.last - first).days + 1))

    def concerns(self, employee: str, agency: str, tree: AgencyTree) -> bool:
        """Whether it is for this person, who works for this agency that day."""
        if self.whole_city or employee in self.employees:
            return True
        return not self.employees and any(tree.covers(code, agency) for code in self.agencies)

    def meets(self, rules: DayRules) -> bool:
        """Whether it has anything to say about a day of these rules."""
        if rules.start is None or rules.end is None:
            return False
        return self.start < rules.end and rules.start < self.end

    def input(self) -> inputs.Input:
        """What the days take into account while it holds."""
        return inputs.Act(self.id, self.effect, self.start, self.end)

    def requested(self) -> ActProposed:
        """It was proposed."""
        return self._facts(ActProposed)

    def decided(self) -> ActDecided:
        """It was approved, rejected or revoked."""
        return self._facts(ActDecided)

    def _facts(self, event: type[_F]) -> _F:
        return event(
            act=self.id,
            effect=self.effect,
            first=self.about,
            last=self.last,
            agencies=() if self.employees else self.agencies,
            whole_city=self.whole_city,
            state=self.state,
        )


def span_of(
    begins: date | datetime, ends: date | datetime, zone_name: str
) -> tuple[datetime, datetime]:
    """From which moment to which an act holds; dates are whole days, both included."""
    if isinstance(begins, datetime) != isinstance(ends, datetime):
        raise Refusal.invalid("/to", "a date if from is a date, an instant if it is an instant")
    here = zone(zone_name)
    start = begins if isinstance(begins, datetime) else datetime.combine(begins, time(), here)
    end = ends if isinstance(ends, datetime) else datetime.combine(ends + _DAY, time(), here)
    if end <= start:
        raise Refusal.invalid("/to", "after from")
    if end - start > MOST_DAYS * _DAY:
        raise Refusal.invalid("/to", f"at most {MOST_DAYS} days after from")
    return start, end
