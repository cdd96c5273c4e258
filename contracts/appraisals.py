"""What the national performance frame is asked, and what it tells: commands, queries, events."""

from typing import Literal, Self

from pydantic import Field

from contracts.appraisal_terms import (
    AgencyPredicate,
    AgencyPredicateWanted,
    FeedbackWanted,
    NoteWanted,
    Party,
    PlanState,
    PlanWanted,
    ReviewPeriod,
    ReviewState,
    ReviewWanted,
    Said,
    Year,
)
from contracts.envelope import AgencyCode, CommandBody, EmployeeId, EventData, QueryBody, Value
from contracts.paging import Paging

_EMPLOYEE = EmployeeId("019b2f4e-7c1a-7d60-9a51-0f6f3a6d1c01")
_HEAD = EmployeeId("019b2f4e-7c1a-7d60-9a51-0f6f3a6d1c02")
_REVIEW = f"{_EMPLOYEE}:2026-Q4"


class _OfYear(Value):
    employee: EmployeeId = Field(max_length=64)
    year: Year


class _OfPeriod(Value):
    employee: EmployeeId = Field(max_length=64)
    period: ReviewPeriod


class ProposePlan(CommandBody, _OfYear, name="kpi.propose_plan", feature="kpi.appraisals"):
    """Write the plan of a year, as the person or as the evaluator; the other one must agree."""

    plan: PlanWanted
    if_match: int | None = None


class AgreeToPlan(CommandBody, _OfYear, name="kpi.agree_to_plan", feature="kpi.appraisals"):
    """Agree to what the other side has proposed: the plan holds."""

    said: Said
    if_match: int | None = None


class NoteOnPlan(CommandBody, _OfYear, name="kpi.note_on_plan", feature="kpi.appraisals"):
    """Keep a monitoring note with the plan."""

    said: NoteWanted


class GetPlan(QueryBody, _OfYear, name="kpi.get_plan"):
    """The plan of a person in a year."""


class GiveFeedback(CommandBody, _OfYear, name="kpi.give_feedback", feature="kpi.appraisals"):
    """Say what one noticed; for whom worked with the person or was helped by the person."""

    said: FeedbackWanted


class ListFeedback(Paging, QueryBody, _OfYear, name="kpi.list_feedback"):
    """What was said of a person in a year, newest first; whoever said it sees the own words."""


class ProposeReview(CommandBody, _OfPeriod, name="kpi.propose_review", feature="kpi.appraisals"):
    """Rate a quarter or year; the predicate follows from the nine-cell matrix, as a proposal."""

    review: ReviewWanted
    if_match: int | None = None


class ConfirmReview(CommandBody, _OfPeriod, name="kpi.confirm_review", feature="kpi.appraisals"):
    """Make a proposed review final; never by who proposed it, nor by the person."""

    said: Said
    if_match: int | None = None


class ReturnReview(CommandBody, _OfPeriod, name="kpi.return_review", feature="kpi.appraisals"):
    """Give a proposed or objected review back to the evaluator, with the reason."""

    said: Said
    if_match: int | None = None


class ObjectToReview(CommandBody, _OfPeriod, name="kpi.object_to_review", feature="kpi.appraisals"):
    """Object to the own confirmed review, with the reason, within the deadline."""

    said: Said
    if_match: int | None = None


class GetReview(QueryBody, _OfPeriod, name="kpi.get_review"):
    """The review of a person in a quarter or year."""


class SetAgencyPredicate(
    CommandBody, name="kpi.set_agency_predicate", feature="kpi.agency_predicates"
):
    """State how an agency did in a quarter or year."""

    agency: str = Field(max_length=40)
    period: ReviewPeriod
    wanted: AgencyPredicateWanted


class ListPredicates(Paging, QueryBody, name="kpi.list_predicates"):
    """The predicates of an agency's people, and how they spread beside the national guidance."""

    agency: str = Field(max_length=40)
    period: ReviewPeriod


class PlanChanged(EventData, type="kpi.performance_plan.changed.v1", since="1.3"):
    """A plan was proposed or agreed to; ``waits_for`` names whose agreement is missing."""

    employee: EmployeeId
    agency: AgencyCode
    year: int
    state: PlanState
    waits_for: Party | None = None

    @classmethod
    def example(cls) -> Self:
        """A person has proposed a plan."""
        return cls(
            employee=_EMPLOYEE,
            agency=AgencyCode("BKPSDM"),
            year=2026,
            state="proposed",
            waits_for="evaluator",
        )


class FeedbackGiven(EventData, type="kpi.feedback.given.v1", since="1.3"):
    """Somebody said what they noticed about a person's work; the words are not in the event."""

    employee: EmployeeId
    agency: AgencyCode
    year: int
    kind: Literal["praise", "advice"]

    @classmethod
    def example(cls) -> Self:
        """Praise from those who were helped."""
        return cls(employee=_EMPLOYEE, agency=AgencyCode("BKPSDM"), year=2026, kind="praise")


class ReviewChanged(EventData, type="kpi.review.changed.v1", since="1.3"):
    """A review was proposed, returned, confirmed or objected to; ``state`` says which."""

    review: str
    employee: EmployeeId
    agency: AgencyCode
    period: str
    state: ReviewState
    evaluator: EmployeeId

    @classmethod
    def example(cls) -> Self:
        """A review has become final."""
        return cls(
            review=_REVIEW,
            employee=_EMPLOYEE,
            agency=AgencyCode("BKPSDM"),
            period="2026-Q4",
            state="confirmed",
            evaluator=_HEAD,
        )


class AgencyPredicateSet(EventData, type="kpi.agency_predicate.set.v1", since="1.3"):
    """It was stated how an agency did as an organisation."""

    agency: AgencyCode
    period: str
    predicate: AgencyPredicate

    @classmethod
    def example(cls) -> Self:
        """A good year."""
        return cls(agency=AgencyCode("BKPSDM"), period="2026", predicate="baik")
