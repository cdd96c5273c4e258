"""A review on its way through two hands: proposed, confirmed, perhaps objected to. Pure.

The table of steps is in :data:`STEPS`; whoever may take them is in ``access.py``. A predicate is
proposed by the evaluator and made final by a second person (*PermenPANRB* 6/2022); the person may
object within fourteen working days.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from contracts.appraisal_terms import (
    BehaviourRating,
    ItemRating,
    PlanItem,
    Predicate,
    Rating,
    ReviewState,
    ReviewWanted,
)
from contracts.appraisals import ReviewChanged
from contracts.envelope import AgencyCode, EmployeeId
from contracts.outcome import Decision, Refusal
from services.kpi.appraisals.model import Step
from services.kpi.appraisals.predicates import predicate_of
from services.kpi.periods.model import Period

Action = Literal["propose", "confirm", "return", "object"]

STEPS: dict[tuple[ReviewState | None, Action], ReviewState] = {
    (None, "propose"): "proposed",
    ("proposed", "propose"): "proposed",
    ("returned", "propose"): "proposed",
    ("proposed", "confirm"): "confirmed",
    ("objected", "confirm"): "confirmed",
    ("proposed", "return"): "returned",
    ("objected", "return"): "returned",
    ("confirmed", "object"): "objected",
}
"""State and action to the state that follows; anything else is refused."""

OBJECTION_DAYS = 14
_REASONED = ("return", "object")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Review:
    """What was rated in a quarter or year, and how far the sign-off is."""

    employee: EmployeeId
    agency: AgencyCode
    period: str
    state: ReviewState
    evaluator: EmployeeId
    results: tuple[ItemRating, ...]
    behaviour: tuple[BehaviourRating, ...]
    result_rating: Rating
    behaviour_rating: Rating
    predicate: Predicate
    note: str | None
    history: tuple[Step, ...] = ()
    objection_until: date | None = None
    objected: bool = False

    @property
    def id(self) -> str:
        """Whose, and of when."""
        return review_id(self.employee, self.period)

    def changed(self) -> ReviewChanged:
        """The event that states it."""
        return ReviewChanged(
            review=self.id,
            employee=self.employee,
            agency=self.agency,
            period=self.period,
            state=self.state,
            evaluator=self.evaluator,
        )

    def may(self, action: Action) -> bool:
        """Whether the state allows an action; an answered objection ends the matter."""
        return (self.state, action) in STEPS and not (action == "object" and self.objected)


def review_id(employee: str, period: str) -> str:
    """The id of a person's review of a period."""
    return f"{employee}:{period}"


def review_of(
    wanted: ReviewWanted,
    plan_items: tuple[PlanItem, ...],
    *,
    employee: EmployeeId,
    agency: AgencyCode,
    period: str,
    evaluator: EmployeeId,
) -> Review:
    """What an evaluator proposes; every item of the plan is rated, and outliers are explained."""
    planned = {item.id for item in plan_items}
    rated = {one.item for one in wanted.results}
    if rated != planned:
        raise Refusal.invalid(
            "/results", f"a rating for each item of the plan: {', '.join(sorted(planned))}"
        )
    parts = {one.rating for one in wanted.results} | {one.rating for one in wanted.behaviour}
    whole = {wanted.result_rating, wanted.behaviour_rating}
    if not parts <= whole and wanted.note is None:
        raise Refusal.invalid("/note", "why a part is rated otherwise than the whole")
    return Review(
        employee=employee,
        agency=agency,
        period=period,
        state="proposed",
        evaluator=evaluator,
        results=wanted.results,
        behaviour=wanted.behaviour,
        result_rating=wanted.result_rating,
        behaviour_rating=wanted.behaviour_rating,
        predicate=predicate_of(wanted.result_rating, wanted.behaviour_rating),
        note=wanted.note,
    )


def propose(review: Review | None, fresh: Review, *, at: datetime) -> Decision[Review]:
    """Rate, or rate again what was not final; history stays."""
    _follows(review, "propose")
    step = Step(at, fresh.evaluator, "propose", fresh.note)
    past = review.history if review else ()
    objected = review.objected if review else False
    proposed = replace(fresh, history=(*past, step), objected=objected)
    return Decision(proposed, (proposed.changed(),))


def take(
    review: Review | None,
    action: Action,
    *,
    at: datetime,
    by: EmployeeId | None,
    note: str | None,
    deadline: Callable[[date], date],
    today: date,
) -> Decision[Review]:
    """Confirm, return or object."""
    if review is None:
        raise Refusal("not_found")
    state = _follows(review, action)
    if action in _REASONED and not note:
        raise Refusal("reason_required")
    until = review.objection_until
    if action == "object" and until is not None and today > until:
        raise Refusal("wrong_state", state="confirmed", action="object", allowed=f"until {until}")
    objected = review.objected or review.state == "objected"
    changed = replace(
        review,
        state=state,
        history=(*review.history, Step(at, by, action, note)),
        objected=objected,
        objection_until=deadline(today) if state == "confirmed" and not objected else until,
    )
    return Decision(changed, (changed.changed(),))


def _follows(review: Review | None, action: Action) -> ReviewState:
    state = review.state if review else None
    if review is not None and not review.may(action):
        allowed = ", ".join(sorted(str(from_) for from_, one in STEPS if one == action and from_))
        raise Refusal("wrong_state", state=state, action=action, allowed=allowed)
    return STEPS[state, action]


def working_days_after(on: date, days: int, is_free: Callable[[date], bool]) -> date:
    """The last of so many working days (Monday to Friday, no holidays) after a date."""
    while days:
        on += _DAY
        if on.weekday() < 5 and not is_free(on):
            days -= 1
    return on


def has_begun(period: Period, today: date) -> bool:
    """Whether there is anything to review yet."""
    return period.first <= today
