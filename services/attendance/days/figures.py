"""What a lock holds fast of a day, and the lock itself."""

from dataclasses import dataclass, replace
from datetime import datetime

from contracts.attendance_terms import DayStatus
from contracts.envelope import AgencyCode
from rules.calendars import Holiday
from services.attendance.days.explanation import Reason


@dataclass(frozen=True, slots=True)
class Figures:
    """What the rules make of a day: all that a closed period keeps as it was.

    The names are those of the day's own fields.
    """

    agency: AgencyCode
    time_zone: str
    pattern: str
    policy_version: str
    working_day: bool
    status: DayStatus
    holiday: Holiday | None
    expected_start: datetime | None
    expected_end: datetime | None
    first_in: datetime | None
    last_out: datetime | None
    worked_minutes: int | None
    late_minutes: int
    late_band: str | None
    early_minutes: int
    early_band: str | None
    explanation: tuple[Reason, ...]

    def equals(self, other: "Figures") -> bool:
        """Whether both say the same, however they explain it."""
        return replace(self, explanation=()) == replace(other, explanation=())


@dataclass(frozen=True, slots=True)
class Lock:
    """The period that holds a day, since which revision, and what has come to it afterwards.

    ``sequence`` is that of the event that told of the lock; 0 says that the day is not counted in
    the period, because nothing was known of it then. ``later`` is what the day would be with what
    came since, where that is something else.
    """

    period: str
    revision: int
    sequence: int = 0
    later: Figures | None = None

    @property
    def counts(self) -> bool:
        """Whether the day is part of what was closed."""
        return self.sequence > 0
