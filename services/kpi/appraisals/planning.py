"""Plans are proposed by one side and agreed to by the other."""

from typing import Any

from contracts import appraisals as asked
from contracts.envelope import Answer, Command, EmployeeId, Query, Verdict
from contracts.outcome import Refusal
from kit.messaging.handlers import Handlers
from services.kpi.appraisals import model
from services.kpi.appraisals.model import Plan, plan_id
from services.kpi.appraisals.sight import Sight, sight_of
from services.kpi.appraisals.views import plan_view
from services.kpi.context import Kpi

handlers: Handlers[Kpi] = Handlers()


@handlers.handles(asked.ProposePlan)
async def propose_plan(command: Command[asked.ProposePlan], kpi: Kpi) -> Verdict:
    """The person or the evaluator writes; the other side has to agree."""
    body = command.body
    stored = await kpi.appraisals.plans.get(plan_id(body.employee, body.year))
    sight = await _sight(command, kpi, stored.state if stored else None)
    party = sight.party
    if party is None:
        raise Refusal("forbidden")
    if stored is not None and body.if_match is None:
        raise Refusal("version_required")
    fresh = Plan(
        employee=EmployeeId(sight.person.id),
        agency=sight.agency,
        year=body.year,
        state="proposed",
        proposed_by=party,
        items=body.plan.items,
    )
    return await kpi.appraisals.plans.change(
        plan_id(body.employee, body.year),
        lambda plan: model.propose(
            plan, fresh, at=command.received_at, by=command.actor.employee, note=body.plan.note
        ),
        command,
        answer=lambda after: plan_view(after, sight),
        status=200 if stored else 201,
        if_match=body.if_match,
    )


@handlers.handles(asked.AgreeToPlan)
async def agree_to_plan(command: Command[asked.AgreeToPlan], kpi: Kpi) -> Verdict:
    """The other side agrees."""
    body = command.body
    sight = await _plan_sight(command, kpi)
    party = sight.party
    if party is None:
        raise Refusal("forbidden")
    return await kpi.appraisals.plans.change(
        plan_id(body.employee, body.year),
        lambda plan: model.agree(
            plan, party, at=command.received_at, by=command.actor.employee, note=body.said.note
        ),
        command,
        answer=lambda after: plan_view(after, sight),
        if_match=body.if_match,
    )


@handlers.handles(asked.NoteOnPlan)
async def note_on_plan(command: Command[asked.NoteOnPlan], kpi: Kpi) -> Verdict:
    """Either side keeps a note with the plan."""
    body = command.body
    sight = await _plan_sight(command, kpi)
    if sight.party is None:
        raise Refusal("forbidden")
    note = model.Note(command.received_at, command.actor.employee, body.said.text, body.said.item)
    return await kpi.appraisals.plans.change(
        plan_id(body.employee, body.year),
        lambda plan: model.noted(plan, note),
        command,
        answer=lambda after: plan_view(after, sight),
        status=201,
    )


@handlers.answers(asked.GetPlan)
async def get_plan(query: Query[asked.GetPlan], kpi: Kpi) -> Answer:
    """The plan of a person in a year."""
    sight = await _plan_sight(query, kpi)
    stored = await kpi.appraisals.plans.get(plan_id(query.body.employee, query.body.year))
    if stored is None:
        raise Refusal("not_found")
    view = plan_view(stored, sight)
    return Answer(result=view.model_dump_json(by_alias=True), version=stored.version)


async def _plan_sight(message: Command[Any] | Query[Any], kpi: Kpi) -> Sight:
    stored = await kpi.appraisals.plans.get(plan_id(message.body.employee, message.body.year))
    return await _sight(message, kpi, stored.state if stored else None)


async def _sight(message: Command[Any] | Query[Any], kpi: Kpi, plan: Plan | None) -> Sight:
    steps = [step.by for step in plan.history] if plan else []
    notes = [note.by for note in plan.notes] if plan else []
    return await sight_of(message, kpi, involved=(*steps, *notes))
