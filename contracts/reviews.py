"""Reviews: check-ins that look odd, with the evidence; a person decides what they mean."""

from datetime import date as Date  # noqa: N812  # fields are called date
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, StringConstraints

from contracts.attendance import Id
from contracts.envelope import (
    AgencyCode,
    Code,
    CommandBody,
    EmployeeId,
    EventData,
    QueryBody,
    Value,
)
from contracts.paging import Paging
from contracts.people import PersonView
from contracts.text import ShortText

ReviewKind = Literal[
    "mocked_location",
    "impossible_travel",
    "repeated_coordinates",
    "shared_coordinates",
    "accuracy_too_good",
    "kiosk_elsewhere",
    "kiosk_without_position",
    "many_offline_days",
    "habitual_delay",
    "device_clock_reset",
]
ReviewState = Literal["open", "confirmed", "dismissed"]
ReviewDecision = Literal["confirm", "dismiss"]
Month = Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
Fact = str | int | float

_EMPLOYEE = EmployeeId("019b2f4e-7c1a-7d60-9a51-0f6f3a6d1c01")
_REVIEW = "5b0c2f0e-9a51-5f6f-8a6d-1c0100000001"


class ListReviews(QueryBody, name="attendance.list_reviews"):
    """The reviews that concern the caller, of an agency with those below, of a person."""

    state: tuple[ReviewState, ...] = ("open",)
    kind: tuple[ReviewKind, ...] = ()
    agency: tuple[Code, ...] = ()
    exact: bool = False
    employee: Id | None = None
    period: Month | None = None
    paging: Paging = Paging()


class GetReview(QueryBody, name="attendance.get_review"):
    """One review with all its evidence."""

    review: Id


class DecideReview(CommandBody, name="attendance.decide_review", feature="attendance.reviews"):
    """A person says what the finding means; it changes no day."""

    review: Id
    decision: ReviewDecision
    note: ShortText | None = None


class ReviewDecisionRequest(Value):
    """Why it is decided so; whoever dismisses says it."""

    note: ShortText | None = None

    model_config = {"json_schema_extra": {"examples": [{"note": "Ponsel lama, sudah diperiksa."}]}}


class OccurrenceView(Value):
    """One day's finding: how strongly it speaks, of which check-ins, and the numbers behind it.

    Numbers and names of offices only; positions stay where retention empties them.
    """

    date: Date
    score: int = Field(ge=0, le=100)
    check_ins: tuple[str, ...]
    facts: dict[str, Fact]


class ReviewView(Value):
    """What looks odd about a person's check-ins in a month, and what a reviewer made of it."""

    id: str
    kind: ReviewKind
    person: PersonView
    agency: str
    period: str
    score: int = Field(ge=0, le=100)
    state: ReviewState
    found_at: AwareDatetime
    occurrences: tuple[OccurrenceView, ...]
    decided_at: AwareDatetime | None = None
    decided_by: str | None = None
    decision_note: str | None = None
    actions: tuple[str, ...] = ()
    version: int


class ReviewRaised(EventData, type="attendance.review.raised.v1"):
    """Check-ins of a person look odd; raised again for every further day, never a verdict."""

    review: str
    kind: ReviewKind
    employee: EmployeeId
    agency: AgencyCode
    period: str
    score: int = Field(ge=0, le=100)
    occurrences: int = Field(ge=1)

    @classmethod
    def example(cls) -> Self:
        """Two places too far apart."""
        return cls(
            review=_REVIEW,
            kind="impossible_travel",
            employee=_EMPLOYEE,
            agency=AgencyCode("BKPSDM"),
            period="2026-11",
            score=80,
            occurrences=1,
        )


class ReviewDecided(EventData, type="attendance.review.decided.v1"):
    """A reviewer confirmed or dismissed what looked odd; the days stay as they are."""

    review: str
    kind: ReviewKind
    employee: EmployeeId
    agency: AgencyCode
    period: str
    decision: ReviewDecision

    @classmethod
    def example(cls) -> Self:
        """The head looked into it."""
        return cls(
            review=_REVIEW,
            kind="impossible_travel",
            employee=_EMPLOYEE,
            agency=AgencyCode("BKPSDM"),
            period="2026-11",
            decision="confirm",
        )
