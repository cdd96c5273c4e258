"""Plans, feedback and reviews as answers show them."""

from datetime import date

from contracts.appraisal_views import (
    FeedbackView,
    PlanNoteView,
    PlanView,
    PredicateRow,
    ReviewView,
    StepView,
)
from kit.storage.aggregates import Stored
from services.kpi.appraisals.model import Feedback, Plan, Step
from services.kpi.appraisals.reviews import Review
from services.kpi.appraisals.sight import Sight
from services.kpi.own_copies.store import Person


def plan_view(stored: Stored[Plan], sight: Sight) -> PlanView:
    """A plan, with what the caller may do with it."""
    plan = stored.state
    return PlanView(
        employee=sight.person.shown(sight.on),
        year=plan.year,
        state=plan.state,
        proposed_by=plan.proposed_by,
        items=plan.items,
        notes=tuple(
            PlanNoteView(at=note.at, by=sight.named(note.by), text=note.text, item=note.item)
            for note in plan.notes
        ),
        history=tuple(_step(step, sight) for step in plan.history),
        actions=sight.plan_actions(plan),
        version=stored.version,
    )


def review_view(stored: Stored[Review], sight: Sight) -> ReviewView:
    """A review, with what the caller may do with it."""
    review = stored.state
    return ReviewView(
        id=stored.id,
        employee=sight.person.shown(sight.on),
        agency=review.agency,
        period=review.period,
        state=review.state,
        results=review.results,
        behaviour=review.behaviour,
        result_rating=review.result_rating,
        behaviour_rating=review.behaviour_rating,
        predicate=review.predicate,
        matrix=f"{review.result_rating} x {review.behaviour_rating}",
        note=review.note,
        objection_until=review.objection_until if review.may("object") else None,
        history=tuple(_step(step, sight) for step in review.history),
        actions=sight.review_actions(review),
        version=stored.version,
    )


def feedback_view(stored: Stored[Feedback], sight: Sight) -> FeedbackView:
    """What somebody has said of a person."""
    said = stored.state
    return FeedbackView(
        id=stored.id,
        at=said.at,
        by=sight.named(said.by),
        kind=said.kind,
        text=said.text,
        value=said.value,
        helped=said.helped,
    )


def row_of(review: Review, person: Person, on: date) -> PredicateRow:
    """A person's line among the predicates of an agency."""
    return PredicateRow(
        employee=person.shown(on),
        agency=review.agency,
        state=review.state,
        result_rating=review.result_rating,
        behaviour_rating=review.behaviour_rating,
        predicate=review.predicate,
    )


def _step(step: Step, sight: Sight) -> StepView:
    return StepView(at=step.at, by=sight.named(step.by), action=step.action, note=step.note)
