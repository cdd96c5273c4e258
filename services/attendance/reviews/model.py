"""A review: what was found about a person in a month, day by day, and what a reviewer decided."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from contracts.envelope import AgencyCode, EmployeeId
from contracts.outcome import Decision, Refusal
from contracts.reviews import (
    Fact,
    ReviewDecided,
    ReviewDecision,
    ReviewKind,
    ReviewRaised,
    ReviewState,
)
from services.attendance.reviews.detectors import Finding


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One day's finding."""

    date: dt.date
    score: int
    check_ins: tuple[str, ...]
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Who decided (the account, and for whom it acted), when and why."""

    by: str
    on_behalf_of: EmployeeId | None
    at: dt.datetime
    note: str | None


@dataclass(frozen=True, slots=True)
class Review:
    """What one detector found about one person in one month; the days come oldest first."""

    id: str
    kind: ReviewKind
    employee: EmployeeId
    agency: AgencyCode
    period: str
    occurrences: tuple[Occurrence, ...]
    found_at: dt.datetime
    score: int
    state: ReviewState = "open"
    outcome: Outcome | None = None

    def decide(self, decision: ReviewDecision, outcome: Outcome) -> "Decision[Review]":
        """Confirm or dismiss; the same again changes nothing, the opposite is refused."""
        state: ReviewState = "confirmed" if decision == "confirm" else "dismissed"
        if self.state == state:
            return Decision(self)
        if self.state != "open":
            raise Refusal("already_decided")
        if decision == "dismiss" and outcome.note is None:
            raise Refusal("reason_required")
        said = ReviewDecided(
            review=self.id,
            kind=self.kind,
            employee=self.employee,
            agency=self.agency,
            period=self.period,
            decision=decision,
        )
        return Decision(replace(self, state=state, outcome=outcome), (said,))


def raised(
    review: Review | None,
    id_: str,
    finding: Finding,
    agency: AgencyCode,
    on: dt.date,
    *,
    at: dt.datetime,
) -> Decision[Review]:
    """Add a day's finding; looked at again, a day says what it says now, in the same place.

    What was decided stays decided for the month: later days are added for whoever looks again.
    """
    new = Occurrence(on, finding.score, finding.check_ins, dict(finding.facts))
    standing = review.occurrences if review else ()
    if new in standing:
        assert review is not None
        return Decision(review)
    others = [each for each in standing if each.date != on]
    occurrences = tuple(sorted([*others, new], key=lambda each: each.date))
    score = max(each.score for each in occurrences)
    if review is None:
        employee, period = EmployeeId(finding.employee), f"{on:%Y-%m}"
        review = Review(id_, finding.kind, employee, agency, period, (), at, 0)
    changed = replace(review, occurrences=occurrences, score=score)
    said = ReviewRaised(
        review=id_,
        kind=changed.kind,
        employee=changed.employee,
        agency=changed.agency,
        period=changed.period,
        score=score,
        occurrences=len(occurrences),
    )
    return Decision(changed, (said,))
