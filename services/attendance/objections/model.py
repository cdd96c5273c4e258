"""An objection to a day's finding: raised by its deadline, answered, and what the day makes of it.

There is one per person and day, so that a finding is argued about once: what was decided stays
decided, what was taken back may be raised again.
"""

from dataclasses import dataclass, replace
from datetime import date as Date  # noqa: N812  # the field is called date
from datetime import datetime, timedelta
from typing import TypeVar

from contracts.attendance_terms import DayStatus, Excused
from contracts.objections import ObjectionDecided, ObjectionFacts, ObjectionRaised
from contracts.outcome import Decision, Refusal
from services.attendance.days import inputs
from services.attendance.requests.model import DayRequest, Deed, Step

_F = TypeVar("_F", bound=ObjectionFacts)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about the day when it was objected to."""

    status: DayStatus
    late_minutes: int
    late_band: str | None
    early_minutes: int
    early_band: str | None
    day_version: int


@dataclass(frozen=True, slots=True)
class Remedy:
    """Moments (UTC) that are to count instead, or what is to be excused."""

    first_in: datetime | None = None
    last_out: datetime | None = None
    excuse: Excused | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection(DayRequest):
    """What somebody holds against the finding, until when it could be raised, what is to follow."""

    date: Date
    time_zone: str
    reason: str
    finding: Finding
    remedy: Remedy
    deadline: Date
    attachments: tuple[str, ...] = ()

    @property
    def about(self) -> Date:
        """The day."""
        return self.date

    @property
    def days(self) -> tuple[Date, ...]:
        """The day."""
        return (self.date,)

    def input(self) -> inputs.Input:
        """What the day takes into account once the objection is found right."""
        remedy = self.remedy
        if remedy.excuse is not None:
            return inputs.Pardon(self.id, remedy.excuse)
        return inputs.Correction(self.id, self.decided_at, remedy.first_in, remedy.last_out)

    def with_remedy(self, remedy: Remedy | None) -> "Objection":
        """With what is granted instead of what was asked for."""
        return self if remedy is None else replace(self, remedy=remedy)

    def raised_over(self, known: "Objection | None", deed: Deed) -> "Decision[Objection]":
        """The objection as it begins; refused where there is one that stands or was answered."""
        if known is not None and known.state == "pending":
            raise Refusal("overlaps", with_=known.id, what="objection")
        if known is not None and known.state != "withdrawn":
            raise Refusal("already_decided", state=known.state)
        before = known.history if known is not None else ()
        at = max(deed.at, known.changed_at) if known is not None else deed.at
        step = Step("request", "pending", replace(deed, at=at))
        begun = replace(self, history=(*before, step))
        return Decision(begun, (begun.requested(),))

    def requested(self) -> ObjectionRaised:
        """It was raised."""
        return self._facts(ObjectionRaised)

    def decided(self) -> ObjectionDecided:
        """It was approved, rejected or withdrawn."""
        return self._facts(ObjectionDecided)

    def _facts(self, event: type[_F]) -> _F:
        return event(
            objection=self.id,
            employee=self.employee,
            agency=self.agency,
            date=self.date,
            state=self.state,
            excuse=self.remedy.excuse,
        )


def deadline_of(on: Date, objection_days: int) -> Date:
    """The last day on which what was found about a day may be objected to."""
    return on + timedelta(days=objection_days)


def check_in_time(deadline: Date, today: Date) -> None:
    """Refuse an objection that comes too late."""
    if today > deadline:
        raise Refusal.invalid("/about/day/date", f"could be objected to until {deadline}")
