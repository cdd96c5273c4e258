"""An absence: asked for, decided, and what it makes of the days it covers."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from contracts.absences import AbsenceDecided, AbsenceFacts, AbsenceRequested
from contracts.attendance_terms import CountsAs, DayStatus
from contracts.outcome import Refusal
from rules.working_time import zone
from services.attendance.absence_kinds.model import Kind
from services.attendance.days import inputs
from services.attendance.patterns.model import DayRules
from services.attendance.requests.model import DayRequest

MOST_DAYS = 366
"""How many days one request may cover; longer leave is asked for year by year."""

MOST_HOURS = timedelta(hours=24)
_DAY = timedelta(days=1)
_MOMENT = timedelta(microseconds=1)
_F = TypeVar("_F", bound=AbsenceFacts)


@dataclass(frozen=True, slots=True)
class Stretch:
    """From when to when: whole days (both included), or the hours between two moments in UTC."""

    first: date
    last: date
    start: datetime | None = None
    end: datetime | None = None

    @classmethod
    def read(cls, begins: date | datetime, ends: date | datetime, zone_name: str) -> "Stretch":
        """What was asked for; refused where it makes no stretch of either sort."""
        here = zone(zone_name)
        if isinstance(begins, datetime) and isinstance(ends, datetime):
            if ends <= begins:
                raise Refusal.invalid("/to", "after from")
            if ends - begins > MOST_HOURS:
                raise Refusal.invalid("/to", "at most 24 hours after from; give dates for days")
            days = begins.astimezone(here).date(), (ends.astimezone(here) - _MOMENT).date()
            return cls(*days, begins, ends)
        if isinstance(begins, datetime) or isinstance(ends, datetime):
            raise Refusal.invalid("/to", "a date if from is a date, an instant if it is an instant")
        if ends < begins:
            raise Refusal.invalid("/to", f"not before {begins}")
        if ends - begins >= MOST_DAYS * _DAY:
            raise Refusal.invalid("/to", f"at most {MOST_DAYS} days; ask year by year")
        return cls(begins, ends)

    @property
    def whole_days(self) -> bool:
        """Whether it is days and not hours."""
        return self.start is None

    def span(self, zone_name: str) -> tuple[datetime, datetime]:
        """The time it takes, from moment to moment."""
        if self.start is not None and self.end is not None:
            return self.start, self.end
        here = zone(zone_name)
        begins = datetime.combine(self.first, time(), here)
        return begins, datetime.combine(self.last + _DAY, time(), here)


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence(DayRequest):
    """An absence, with what its kind meant on its first day."""

    kind: str
    counts_as: CountsAs
    status: DayStatus
    stretch: Stretch
    time_zone: str
    reference: str | None = None
    attachments: tuple[str, ...] = ()
    note: str = ""

    @property
    def about(self) -> date:
        """Its first day."""
        return self.stretch.first

    @property
    def days(self) -> tuple[date, ...]:
        """Its days; hours may belong to the shift that began the day before."""
        first = self.stretch.first if self.stretch.whole_days else self.stretch.first - _DAY
        return tuple(first + n * _DAY for n in range((self.stretch.last - first).days + 1))

    def touches(self, rules: DayRules) -> bool:
        """Whole days whatever their hours; hours where they meet those of the day."""
        start, end = self.stretch.start, self.stretch.end
        if start is None or end is None:
            return self.stretch.first <= rules.on <= self.stretch.last
        if rules.start is None or rules.end is None:
            return False
        return start < rules.end and rules.start < end

    def input(self) -> inputs.Input:
        """What its days take into account."""
        return inputs.Absence(
            id=self.id,
            kind=self.kind,
            counts_as=self.counts_as,
            status=self.status,
            start=self.stretch.start,
            end=self.stretch.end,
        )

    def requested(self) -> AbsenceRequested:
        """It was asked for."""
        return self._facts(AbsenceRequested)

    def decided(self) -> AbsenceDecided:
        """It was approved, rejected or withdrawn."""
        return self._facts(AbsenceDecided)

    def _facts(self, event: type[_F]) -> _F:
        return event(
            absence=self.id,
            employee=self.employee,
            agency=self.agency,
            kind=self.kind,
            counts_as=self.counts_as,
            first=self.stretch.first,
            last=self.stretch.last,
            whole_days=self.stretch.whole_days,
            state=self.state,
        )


def check_kind(kind: Kind, stretch: Stretch, reference: str | None) -> None:
    """Refuse what the kind does not allow, naming the field and what is."""
    if not stretch.whole_days and not kind.by_hours:
        raise Refusal.invalid("/from", f"{kind.code} takes whole days: give dates")
    days = (stretch.last - stretch.first).days + 1
    if kind.most_days is not None and days > kind.most_days:
        raise Refusal.invalid("/to", f"{kind.code}: at most {kind.most_days} days")
    if kind.needs_reference and not reference:
        raise Refusal.invalid("/reference", f"{kind.code} needs the number of its letter")
