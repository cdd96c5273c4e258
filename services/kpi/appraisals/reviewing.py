"""Reviews are proposed, confirmed by a second person, and objected to."""

from datetime import date
from typing import Any

from contracts import appraisals as asked
from contracts.envelope import Answer, Command, EmployeeId, Query, Verdict
from contracts.outcome import Refusal
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Stored
from rules.calendars import national_calendar
from services.kpi.appraisals import reviews
from services.kpi.appraisals.model import plan_id
from services.kpi.appraisals.reviews import Action, Review, review_id
from services.kpi.appraisals.sight import Sight, sight_of
from services.kpi.appraisals.views import review_view
from services.kpi.context import Kpi
from services.kpi.periods.model import Period

handlers: Handlers[Kpi] = Handlers()


@handlers.handles(asked.ProposeReview)
async def propose_review(command: Command[asked.ProposeReview], kpi: Kpi) -> Verdict:
    """The evaluator rates an agreed plan; the predicate follows from the matrix."""
    body = command.body
    stored, sight = await _review_sight(command, kpi)
    evaluator = command.actor.employee
    if sight.party != "evaluator" or evaluator is None:
        raise Refusal("forbidden")
    if stored is not None and body.if_match is None:
        raise Refusal("version_required")
    period = Period.of(body.period)
    if not reviews.has_begun(period, sight.on):
        raise Refusal.invalid("/period", "a quarter or year that has begun")
    plan = await kpi.appraisals.plans.get(plan_id(body.employee, period.year))
    if plan is None or plan.state.state != "agreed":
        raise Refusal(
            "wrong_state",
            state=f"plan {plan.state.state if plan else 'missing'}",
            action="propose",
            allowed="plan agreed",
        )
    fresh = reviews.review_of(
        body.review,
        plan.state.items,
        employee=EmployeeId(sight.person.id),
        agency=sight.agency,
        period=body.period,
        evaluator=evaluator,
    )
    return await kpi.appraisals.reviews.change(
        fresh.id,
        lambda review: reviews.propose(review, fresh, at=command.received_at),
        command,
        answer=lambda after: review_view(after, sight),
        status=200 if stored else 201,
        if_match=body.if_match,
    )


@handlers.handles(asked.ConfirmReview)
async def confirm_review(command: Command[asked.ConfirmReview], kpi: Kpi) -> Verdict:
    """A second person makes it final."""
    return await _take(command, kpi, "confirm")


@handlers.handles(asked.ReturnReview)
async def return_review(command: Command[asked.ReturnReview], kpi: Kpi) -> Verdict:
    """A second person gives it back, with the reason."""
    return await _take(command, kpi, "return")


@handlers.handles(asked.ObjectToReview)
async def object_to_review(command: Command[asked.ObjectToReview], kpi: Kpi) -> Verdict:
    """The person objects within the deadline."""
    return await _take(command, kpi, "object")


@handlers.answers(asked.GetReview)
async def get_review(query: Query[asked.GetReview], kpi: Kpi) -> Answer:
    """The review of a person in a quarter or year."""
    stored, sight = await _review_sight(query, kpi)
    if stored is None:
        raise Refusal("not_found")
    view = review_view(stored, sight)
    return Answer(result=view.model_dump_json(by_alias=True), version=stored.version)


async def _take(command: Command[Any], kpi: Kpi, action: Action) -> Verdict:
    body = command.body
    stored, sight = await _review_sight(command, kpi)
    if not sight.may(action, stored.state if stored else None):
        raise Refusal("forbidden")
    if stored is None:
        raise Refusal("not_found")
    return await kpi.appraisals.reviews.change(
        stored.id,
        lambda review: reviews.take(
            review,
            action,
            at=command.received_at,
            by=command.actor.employee,
            note=body.said.note,
            deadline=_objection_deadline,
            today=sight.on,
        ),
        command,
        answer=lambda after: review_view(after, sight),
        if_match=body.if_match,
    )


async def _review_sight(
    message: Command[Any] | Query[Any], kpi: Kpi
) -> tuple[Stored[Review] | None, Sight]:
    stored = await kpi.appraisals.reviews.get(review_id(message.body.employee, message.body.period))
    history = stored.state.history if stored else ()
    return stored, await sight_of(message, kpi, involved=(step.by for step in history))


def _objection_deadline(on: date) -> date:
    calendar = national_calendar()
    return reviews.working_days_after(
        on, reviews.OBJECTION_DAYS, lambda day: calendar.holiday_on(day) is not None
    )
