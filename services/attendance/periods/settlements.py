"""Settlements: what days of closed periods came out as afterwards, and where it was settled. Pure.

What counts in the end is what was closed, plus what was settled since. So a settlement is the
difference between that and the day as it would be now; it follows from the day, in whatever order
and how often it is looked at.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from contracts.envelope import AgencyCode, EmployeeId
from contracts.outcome import Decision
from services.attendance.days.figures import Figures
from services.attendance.days.model import Day


@dataclass(frozen=True, slots=True)
class Part:
    """A difference; ``settled_in`` is the month whose closed figures it was added to."""

    before: Figures | None
    after: Figures
    at: datetime
    settled_in: str | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of one day after its period was closed; ``agency`` is where it was closed."""

    employee: EmployeeId
    agency: AgencyCode
    date: date
    period: str
    settled: tuple[Part, ...] = ()
    waiting: Part | None = None

    @classmethod
    def of(cls, day: Day, period: str) -> "Settlement":
        """Nothing to settle yet."""
        return cls(day.employee, day.agency, day.date, period)

    def following(self, day: Day, at: datetime) -> "Decision[Settlement]":
        """The day is now this; what differs from what has been counted waits."""
        if day.locked is None:
            return Decision(replace(self, waiting=None))
        counted = self._counted(day)
        now = day.live.figures
        if counted is not None and counted.equals(now):
            return Decision(replace(self, waiting=None))
        known = self.waiting
        if known and known.before == counted and known.after == now:
            return Decision(self)
        return Decision(replace(self, waiting=Part(counted, now, at)))

    def settling(self, month: str) -> "Decision[Settlement]":
        """What waits is added to the figures of this month, which is being closed."""
        if self.waiting is None:
            return Decision(self)
        part = replace(self.waiting, settled_in=month)
        return Decision(replace(self, settled=(*self.settled, part), waiting=None))

    def unsettling(self, month: str, day: Day, at: datetime) -> "Decision[Settlement]":
        """That month is opened again: what was settled in it waits once more."""
        kept = tuple(part for part in self.settled if part.settled_in != month)
        return replace(self, settled=kept).following(day, at)

    def _counted(self, day: Day) -> Figures | None:
        if self.settled:
            return self.settled[-1].after
        return day.figures if day.locked and day.locked.counts else None
