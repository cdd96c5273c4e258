"""An agency's month: open, being closed, closed, being reopened, and each of its closings. Pure.

A closing goes through other hands: attendance locks its days and tells their digest, the ledger
must yield the same digest, and only then the results are frozen. Each step is taken once, whatever
comes twice or late.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar

from contracts.closings import PeriodState
from contracts.envelope import AgencyCode
from contracts.outcome import Decision, Refusal
from contracts.periods import (
    PeriodClosed,
    PeriodClosing,
    PeriodReopened,
    PeriodReopening,
    ReadinessItem,
)
from services.kpi.periods.model import Period

OP = TypeVar("OP", PeriodClosing, PeriodReopening, PeriodReopened)


@dataclass(frozen=True, slots=True)
class Frozen:
    """What was frozen: the results, the facts behind them, and the fingerprint over both.

    ``results_hash`` and ``facts_hash`` are what the fingerprint is computed over; ``previous`` is
    the fingerprint of the agency's closed month before.
    """

    at: datetime
    results: int
    results_hash: str
    facts: int
    facts_hash: str
    previous: str | None
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Closing:
    """One closing: who, why in spite of what, what attendance locked, what was frozen.

    ``matched_at`` is when the ledger was first seen to have what was locked.
    """

    revision: int
    by: str
    asked_at: datetime
    override_reason: str | None = None
    overridden: tuple[ReadinessItem, ...] = ()
    days: int | None = None
    digest: str | None = None
    matched_at: datetime | None = None
    frozen: Frozen | None = None
    reopened_by: str | None = None
    reopened_at: datetime | None = None
    reopen_reason: str | None = None


@dataclass(frozen=True, slots=True)
class AgencyMonth:
    """An agency's month and every closing of it, the newest last."""

    agency: AgencyCode
    period: str
    state: PeriodState = "open"
    closings: tuple[Closing, ...] = ()

    @property
    def id(self) -> str:
        """The key of the document."""
        return month_id(self.agency, self.period)

    @property
    def last(self) -> Closing | None:
        """The newest closing, completed or not."""
        return self.closings[-1] if self.closings else None

    @property
    def revision(self) -> int:
        """The number of the newest closing."""
        return self.last.revision if self.last else 0

    @property
    def closed(self) -> Closing | None:
        """The closing that holds."""
        return self.last if self.state == "closed" else None

    def numbered(self, revision: int | None) -> Closing | None:
        """The completed closing of this number; without one, that which holds."""
        if revision is None:
            return self.closed
        found = (one for one in self.closings if one.revision == revision and one.frozen)
        return next(found, None)

    def close(
        self,
        *,
        by: str,
        at: datetime,
        today: date,
        waiting: Sequence[ReadinessItem],
        override_reason: str | None,
    ) -> "Decision[AgencyMonth]":
        """Begin to close; what is not finished needs a reason, what is not over has to wait."""
        if self.state == "closed":
            raise Refusal("period_closed", agency=self.agency, period=self.period)
        if self.state != "open":
            raise Refusal("wrong_state", state=self.state, action="close", allowed=["open"])
        running = today <= Period.of(self.period).last
        if running or any(not item.overridable for item in waiting):
            raise Refusal("wrong_state", state="running", action="close", allowed=["over"])
        if waiting and override_reason is None:
            items = [item.model_dump() for item in waiting]
            raise Refusal(
                "wrong_state", state="not_ready", action="close", allowed=["ready"], items=items
            )
        begun = Closing(
            self.revision + 1,
            by,
            at,
            override_reason if waiting else None,
            tuple(waiting),
        )
        closing = replace(self, state="closing", closings=(*self.closings, begun))
        return Decision(closing, (_about(PeriodClosing, closing),))

    def locked(self, revision: int, *, days: int, digest: str) -> "Decision[AgencyMonth]":
        """Attendance has locked every day."""
        if self.state != "closing" or revision != self.revision or self.closings[-1].digest:
            return Decision(self)
        return Decision(self._with(replace(self.closings[-1], days=days, digest=digest)))

    def matched(self, revision: int, at: datetime) -> "Decision[AgencyMonth]":
        """The ledger yields the digest of the lock."""
        if self.state != "closing" or revision != self.revision or self.closings[-1].matched_at:
            return Decision(self)
        return Decision(self._with(replace(self.closings[-1], matched_at=at)))

    def freeze(self, revision: int, frozen: Frozen) -> "Decision[AgencyMonth]":
        """The results are frozen; the month is closed."""
        if self.state != "closing" or revision != self.revision:
            return Decision(self)
        last = self.closings[-1]
        closed = replace(self._with(replace(last, frozen=frozen)), state="closed")
        told = PeriodClosed(
            agency=self.agency,
            period=self.period,
            revision=revision,
            fingerprint=frozen.fingerprint,
            previous=frozen.previous,
            results=frozen.results,
            digest=last.digest or "",
        )
        return Decision(closed, (told,))

    def reopen(self, *, by: str, at: datetime, reason: str) -> "Decision[AgencyMonth]":
        """Open again, or give up a closing that does not come to its end."""
        if self.state not in {"closed", "closing"}:
            allowed = ["closed", "closing"]
            raise Refusal("wrong_state", state=self.state, action="reopen", allowed=allowed)
        noted = replace(self.closings[-1], reopened_by=by, reopened_at=at, reopen_reason=reason)
        reopening = replace(self._with(noted), state="reopening")
        return Decision(reopening, (_about(PeriodReopening, reopening),))

    def unlocked(self, revision: int) -> "Decision[AgencyMonth]":
        """Attendance has let go of every day; the month is open."""
        if self.state != "reopening" or revision != self.revision:
            return Decision(self)
        opened = replace(self, state="open")
        return Decision(opened, (_about(PeriodReopened, opened),))

    def _with(self, last: Closing) -> "AgencyMonth":
        return replace(self, closings=(*self.closings[:-1], last))


def _about(kind: type[OP], month: AgencyMonth) -> OP:
    return kind(agency=month.agency, period=month.period, revision=month.revision)


def month_id(agency: str, period: str) -> str:
    """The key of an agency's month."""
    return f"{agency}:{period}:closing"


def is_month(period: str) -> bool:
    """Whether a period is a month; quarters and years consist of months."""
    return len(period) == len("2026-11") and "Q" not in period


def month_before(period: str) -> str:
    """The month that went before."""
    year, month = int(period[:4]), int(period[5:])
    return f"{year - (month == 1)}-{(month - 2) % 12 + 1:02d}"
