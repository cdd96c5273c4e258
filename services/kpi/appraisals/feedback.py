"""Those who work with a person, or were helped, say what they noticed."""

from collections.abc import Iterable
from typing import Any

from contracts import appraisals as asked
from contracts.appraisal_views import FeedbackView
from contracts.envelope import Command, EmployeeId, Query, Verdict
from contracts.kpi import HelpFact
from contracts.outcome import Decision, Refusal
from contracts.paging import Page
from contracts.tasks import HelpConfirmed
from kit.ids import derived_id
from kit.messaging.handlers import Handlers
from rules.assignments import agencies_on
from services.kpi import access
from services.kpi.appraisals.model import Feedback
from services.kpi.appraisals.sight import Sight, people
from services.kpi.appraisals.views import feedback_view
from services.kpi.context import Kpi
from services.kpi.ledger.model import CITY_ZONE
from services.kpi.periods.model import Period

handlers: Handlers[Kpi] = Handlers()


@handlers.handles(asked.GiveFeedback)
async def give_feedback(command: Command[asked.GiveFeedback], kpi: Kpi) -> Verdict:
    """Whoever works with a person, or was helped by one, says what they noticed."""
    body, by = command.body, command.actor.employee
    on = command.received_at.astimezone(CITY_ZONE).date()
    known = await people(kpi, {body.employee, by})
    person, own = known.get(body.employee), known.get(by or "")
    if by is None or person is None or own is None:
        raise Refusal("forbidden" if by is None else "not_found")
    helped = await _was_helped(kpi, person.id, agencies_on(own.assignments, on), body.year)
    if by == body.employee or not (helped or access.works_with(command.actor, own, person, on)):
        raise Refusal("forbidden")
    sight = Sight(command.actor, person, await kpi.copies.tree(), on, known)
    said = Feedback(
        employee=EmployeeId(person.id),
        agency=sight.agency,
        year=body.year,
        by=by,
        at=command.received_at,
        kind=body.said.kind,
        text=body.said.text,
        value=body.said.value,
        helped=helped,
    )
    return await kpi.appraisals.feedback.change(
        derived_id("feedback", command.id),
        lambda _: Decision(said, (said.given(),)),
        command,
        answer=lambda after: feedback_view(after, sight),
        status=201,
    )


@handlers.answers(asked.ListFeedback)
async def list_feedback(query: Query[asked.ListFeedback], kpi: Kpi) -> Page[FeedbackView]:
    """What was said: all of it to those who may see the scores, to others their own words."""
    body, actor = query.body, query.actor
    on = query.received_at.astimezone(CITY_ZONE).date()
    tree = await kpi.copies.tree()
    person = await kpi.copies.person(body.employee)
    if person is None:
        raise Refusal("not_found")
    wanted: dict[str, Any] = {"employee": body.employee, "year": body.year}
    if not access.sees_scores_of(actor, person, tree, on):
        if actor.employee is None:
            raise Refusal("not_found")
        wanted["by"] = actor.employee
    if body.sort is not None:
        raise Refusal.invalid("/sort", "newest first, always")
    found, cursor = await kpi.appraisals.feedback.page(
        wanted, sort="-at", limit=body.limit, cursor=body.cursor
    )
    names = await people(kpi, {one.state.by for one in found} | {person.id})
    sight = Sight(actor, person, tree, on, names)
    items = tuple(feedback_view(one, sight) for one in found)
    return Page(items=items, next_cursor=cursor)


async def _was_helped(kpi: Kpi, person: str, agencies: Iterable[str], year: int) -> bool:
    """Whether one of these agencies has confirmed help that the person took part in that year."""
    mine = set(agencies)
    facts = await kpi.facts.of_employee(person, Period.of(str(year)))
    return any(
        fact.type == HelpConfirmed.type
        and isinstance(fact.data, HelpFact)
        and fact.data.asking_agency in mine
        for fact in facts
    )
