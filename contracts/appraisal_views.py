"""How answers show plans, feedback, reviews and predicates."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime

from contracts.appraisal_terms import (
    AgencyPredicate,
    BehaviourRating,
    CoreValue,
    ItemRating,
    Party,
    PlanItem,
    PlanState,
    Predicate,
    Rating,
    ReviewState,
)
from contracts.envelope import AgencyCode, Value
from contracts.people import PersonView


class StepView(Value):
    """Something that happened, by whom."""

    at: AwareDatetime
    by: PersonView | None
    action: str
    note: str | None = None


class PlanNoteView(Value):
    """A monitoring note."""

    at: AwareDatetime
    by: PersonView | None
    text: str
    item: str | None = None


class PlanView(Value):
    """The plan of a person for a year, how it stands and how it came about."""

    employee: PersonView
    year: int
    state: PlanState
    proposed_by: Party
    items: tuple[PlanItem, ...]
    notes: tuple[PlanNoteView, ...]
    history: tuple[StepView, ...]
    actions: tuple[str, ...] = ()
    version: int


class FeedbackView(Value):
    """Something somebody noticed about a person's work."""

    id: str
    at: AwareDatetime
    by: PersonView | None
    kind: Literal["praise", "advice"]
    text: str
    value: CoreValue | None = None
    helped: bool
    """Whether it comes from an agency that the person had helped that year."""


class ReviewView(Value):
    """A review: what was rated, the predicate it comes to, and how far the sign-off is.

    ``matrix`` says which cell of the national matrix the predicate comes from.
    """

    id: str
    employee: PersonView
    agency: AgencyCode
    period: str
    state: ReviewState
    results: tuple[ItemRating, ...]
    behaviour: tuple[BehaviourRating, ...]
    result_rating: Rating
    behaviour_rating: Rating
    predicate: Predicate
    matrix: str
    note: str | None = None
    objection_until: date | None = None
    history: tuple[StepView, ...]
    actions: tuple[str, ...] = ()
    version: int


class PredicateRow(Value):
    """One reviewed person of an agency in a period."""

    employee: PersonView
    agency: AgencyCode
    state: ReviewState
    result_rating: Rating
    behaviour_rating: Rating
    predicate: Predicate


class Guidance(Value):
    """What the national guidance expects of a predicate's share; null where it says nothing."""

    predicate: Predicate
    people: int
    share: str
    at_least: int | None = None
    at_most: int | None = None


class PredicatesPage(Value):
    """The predicates of an agency's people; the spread is guidance for superiors, never a quota."""

    agency: AgencyCode
    period: str
    organisation: AgencyPredicate | None = None
    basis: str | None = None
    reviewed: int
    spread: tuple[Guidance, ...]
    items: tuple[PredicateRow, ...]
    next_cursor: str | None = None


class AgencyPredicateView(Value):
    """How an agency did as an organisation in a period."""

    agency: AgencyCode
    period: str
    predicate: AgencyPredicate
    basis: str
    set_at: AwareDatetime
    version: int
