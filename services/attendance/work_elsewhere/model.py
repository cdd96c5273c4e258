"""A day of work elsewhere: asked for, decided, reported; and an agency's places of one day."""

from dataclasses import dataclass, replace
from datetime import date as Date  # noqa: N812  # the field is called date
from datetime import datetime, time, timedelta
from typing import TypeVar

from contracts.outcome import Decision, Refusal
from contracts.work_elsewhere import (
    ElsewhereDecided,
    ElsewhereFacts,
    ElsewhereReported,
    ElsewhereRequested,
)
from rules.working_time import zone
from services.attendance.days import inputs
from services.attendance.requests.model import DayRequest, Deed, Step

_DAY = timedelta(days=1)
_F = TypeVar("_F", bound=ElsewhereFacts)


@dataclass(frozen=True, slots=True)
class Report:
    """What came of the day."""

    output: str
    links: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkElsewhere(DayRequest):
    """One person's day outside the offices; ``report_days`` after it the report is due."""

    date: Date
    time_zone: str
    plan: str
    place: str | None = None
    report_days: int = 1
    policy: str | None = None
    report: Report | None = None

    @property
    def about(self) -> Date:
        """The day."""
        return self.date

    @property
    def days(self) -> tuple[Date, ...]:
        """The day."""
        return (self.date,)

    @property
    def report_due(self) -> datetime:
        """The end of the day by which the report is expected."""
        until = self.date + (self.report_days + 1) * _DAY
        return datetime.combine(until, time(), zone(self.time_zone))

    def span(self) -> tuple[datetime, datetime]:
        """The time it takes, from moment to moment."""
        here = zone(self.time_zone)
        begins = datetime.combine(self.date, time(), here)
        return begins, datetime.combine(self.date + _DAY, time(), here)

    def input(self) -> inputs.Input:
        """What the day takes into account."""
        return inputs.Elsewhere(self.id)

    def reported(
        self, output: str, links: tuple[str, ...], deed: Deed
    ) -> "Decision[WorkElsewhere]":
        """With the report of its output; a later report replaces an earlier one."""
        if self.state != "approved":
            raise Refusal("wrong_state", state=self.state, action="report", allowed=["approved"])
        at = max(deed.at, self.changed_at)
        step = Step("report", self.state, replace(deed, at=at))
        after = replace(self, report=Report(output, links, at), history=(*self.history, step))
        return Decision(after, (after._facts(ElsewhereReported),))  # noqa: SLF001  # its own class

    def requested(self) -> ElsewhereRequested:
        """It was asked for."""
        return self._facts(ElsewhereRequested)

    def decided(self) -> ElsewhereDecided:
        """It was approved, rejected or withdrawn."""
        return self._facts(ElsewhereDecided)

    def _facts(self, event: type[_F]) -> _F:
        return event(
            request=self.id,
            employee=self.employee,
            agency=self.agency,
            date=self.date,
            state=self.state,
            reported=self.report is not None,
        )


@dataclass(frozen=True, slots=True)
class Places:
    """Which requests hold a place among those of an agency who work elsewhere on a day."""

    requests: tuple[str, ...] = ()

    def take(self, request: str, most: int) -> "Decision[Places]":
        """One place more; refused beyond the quota of the day."""
        if request in self.requests:
            return Decision(self)
        if len(self.requests) >= most:
            raise Refusal("quota_exceeded", quota="agency_and_day", limit=most)
        return Decision(Places((*self.requests, request)))

    def give_back(self, request: str) -> "Decision[Places]":
        """One place less."""
        return Decision(Places(tuple(one for one in self.requests if one != request)))
