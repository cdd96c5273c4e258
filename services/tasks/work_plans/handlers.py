"""Commands and queries of templates, recurrences and saved filters."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel

from contracts import work_plans as asked
from contracts.envelope import Actor, Answer, Command, Query, Verdict
from contracts.outcome import Decision, Refusal
from contracts.paging import Page
from contracts.work_items import TaskWanted
from contracts.work_plans import RecurrenceView, SavedFilterView, TemplateView
from kit.clock import now
from kit.ids import derived_id
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Aggregates, Stored
from services.tasks import task_access
from services.tasks.context import Tasks
from services.tasks.own_copies.model import City
from services.tasks.work_items.acting import deed_of, ids_of
from services.tasks.work_items.decisions import Origin
from services.tasks.work_items.handlers import make
from services.tasks.work_plans import messages, model
from services.tasks.work_plans.messages import Onlooker
from services.tasks.work_plans.model import Plan
from services.tasks.work_plans.rule import check_rule

handlers: Handlers[Tasks] = Handlers()

P = TypeVar("P", bound=Plan)
V = TypeVar("V", bound=BaseModel)
Show = Callable[[Stored[P], Onlooker], V]


@handlers.handles(asked.AddTemplate)
async def add_template(command: Command[asked.AddTemplate], tasks: Tasks) -> Verdict:
    """Keep a task as a template of the agency."""
    wanted = command.body.wanted
    _check_plain(wanted.task)
    city, id_ = await tasks.directory.city(), derived_id("task-template", command.id)
    agency = task_access.agency_for(command.actor, wanted.task.agency, city.tree)
    deed = deed_of(command.actor, command.received_at)
    made = model.template_of(None, id_, wanted, agency, deed)
    return await _add(command, tasks.templates, id_, made, show=messages.template, tasks=tasks)


@handlers.handles(asked.PutTemplate)
async def put_template(command: Command[asked.PutTemplate], tasks: Tasks) -> Verdict:
    """Write a template anew."""
    wanted = command.body.wanted
    _check_plain(wanted.task)
    deed = deed_of(command.actor, command.received_at)

    def anew(plan: model.Template, _: City) -> Decision[model.Template]:
        return model.template_of(plan, command.body.id, wanted, plan.agency, deed)

    return await _change(command, tasks.templates, anew, messages.template, tasks)


@handlers.handles(asked.AddRecurrence)
async def add_recurrence(command: Command[asked.AddRecurrence], tasks: Tasks) -> Verdict:
    """Let a task be made by itself from a day on."""
    wanted = command.body.wanted
    _check_plain(wanted.task)
    check_rule(wanted.rule, wanted.starts_on)
    city, id_ = await tasks.directory.city(), derived_id("task-recurrence", command.id)
    agency = task_access.agency_for(command.actor, wanted.task.agency, city.tree)
    deed = deed_of(command.actor, command.received_at)
    made = model.recurrence_of(None, id_, wanted, agency, deed, zone_name=city.zone_of(agency))
    return await _add(command, tasks.recurrences, id_, made, show=messages.recurrence, tasks=tasks)


@handlers.handles(asked.PutRecurrence)
async def put_recurrence(command: Command[asked.PutRecurrence], tasks: Tasks) -> Verdict:
    """Write a recurrence anew; what was made stays."""
    wanted = command.body.wanted
    _check_plain(wanted.task)
    check_rule(wanted.rule, wanted.starts_on)
    deed = deed_of(command.actor, command.received_at)

    def anew(plan: model.Recurrence, city: City) -> Decision[model.Recurrence]:
        zone_name = city.zone_of(plan.agency)
        return model.recurrence_of(
            plan, command.body.id, wanted, plan.agency, deed, zone_name=zone_name
        )

    return await _change(command, tasks.recurrences, anew, messages.recurrence, tasks)


@handlers.handles(asked.AddFilter)
async def add_filter(command: Command[asked.AddFilter], tasks: Tasks) -> Verdict:
    """Keep a filter under a name, for oneself or for the agency."""
    city, id_ = await tasks.directory.city(), derived_id("task-filter", command.id)
    agency = task_access.agency_for(command.actor, None, city.tree)
    deed = deed_of(command.actor, command.received_at)
    made = model.filter_of(None, id_, command.body.wanted, agency, deed)
    return await _add(
        command, tasks.saved_filters, id_, made, show=messages.saved_filter, tasks=tasks
    )


@handlers.handles(asked.PutFilter)
async def put_filter(command: Command[asked.PutFilter], tasks: Tasks) -> Verdict:
    """Write a filter anew."""
    deed = deed_of(command.actor, command.received_at)

    def anew(plan: model.SavedFilter, _: City) -> Decision[model.SavedFilter]:
        return model.filter_of(plan, command.body.id, command.body.wanted, plan.agency, deed)

    return await _change(command, tasks.saved_filters, anew, messages.saved_filter, tasks)


@handlers.handles(asked.RemovePlan)
async def remove_plan(command: Command[asked.RemovePlan], tasks: Tasks) -> Verdict:
    """Take a template, recurrence or filter out of use; what came of it stays."""
    deed = deed_of(command.actor, command.received_at)
    store, show = _kept(tasks)[command.body.kind]
    return await _change(
        command, store, lambda plan, _: model.removed(plan, command.body.id, deed), show, tasks
    )


@handlers.handles(asked.MakeFromTemplate)
async def make_from_template(command: Command[asked.MakeFromTemplate], tasks: Tasks) -> Verdict:
    """Make a task from a template, with what is different this time."""
    body, actor = command.body, command.actor
    city = await tasks.directory.city()
    stored = await tasks.templates.get(body.template)
    plan = task_access.see_plan(actor, stored.state if stored else None, city.tree)
    task_access.agency_for(actor, plan.agency, city.tree)
    due = model.due_after(
        command.received_at, plan.due_in_working_days, city.schedule_of(plan.agency)
    )
    different = {"title": body.title, "assignees": body.assignees, "due": body.due or due}
    wanted = plan.wanted.model_copy(
        update={name: value for name, value in different.items() if value is not None}
    )
    return await make(command, wanted, plan.agency, tasks, Origin(template=body.template))


@handlers.answers(asked.ListTemplates)
async def list_templates(query: Query[asked.ListTemplates], tasks: Tasks) -> Page[TemplateView]:
    """The templates the caller may use, the newest first."""
    return await _list(query, tasks.templates, messages.template, tasks)


@handlers.answers(asked.ListRecurrences)
async def list_recurrences(
    query: Query[asked.ListRecurrences], tasks: Tasks
) -> Page[RecurrenceView]:
    """The recurrences the caller may see, the newest first."""
    return await _list(query, tasks.recurrences, messages.recurrence, tasks)


@handlers.answers(asked.ListFilters)
async def list_filters(query: Query[asked.ListFilters], tasks: Tasks) -> Page[SavedFilterView]:
    """The caller's filters and those shared in the agency, the newest first."""
    return await _list(query, tasks.saved_filters, messages.saved_filter, tasks)


@handlers.answers(asked.GetTemplate)
async def get_template(query: Query[asked.GetTemplate], tasks: Tasks) -> Answer:
    """One template."""
    return await _get(query, tasks.templates, messages.template, tasks)


@handlers.answers(asked.GetRecurrence)
async def get_recurrence(query: Query[asked.GetRecurrence], tasks: Tasks) -> Answer:
    """One recurrence."""
    return await _get(query, tasks.recurrences, messages.recurrence, tasks)


@handlers.answers(asked.GetFilter)
async def get_filter(query: Query[asked.GetFilter], tasks: Tasks) -> Answer:
    """One saved filter."""
    return await _get(query, tasks.saved_filters, messages.saved_filter, tasks)


def _kept(tasks: Tasks) -> Mapping[str, tuple[Aggregates[Any], Show[Any, Any]]]:
    return {
        "template": (tasks.templates, messages.template),
        "recurrence": (tasks.recurrences, messages.recurrence),
        "filter": (tasks.saved_filters, messages.saved_filter),
    }


async def _add(
    command: Command[Any],
    store: Aggregates[P],
    id_: str,
    made: Decision[P],
    *,
    show: Show[P, V],
    tasks: Tasks,
) -> Verdict:
    onlooker = await _onlooker(command.actor, command.received_at, (), tasks)
    return await store.change(
        id_,
        lambda known: made if known is None else Decision(known),
        command,
        answer=lambda stored: show(stored, onlooker),
        status=201,
    )


async def _change(
    command: Command[Any],
    store: Aggregates[P],
    decide: Callable[[P, City], Decision[P]],
    show: Show[P, V],
    tasks: Tasks,
) -> Verdict:
    body, actor = command.body, command.actor
    stored = await store.get(body.id)
    onlooker = await _onlooker(actor, command.received_at, (stored,) if stored else (), tasks)

    def changed(known: P | None) -> Decision[P]:
        plan = task_access.see_plan(actor, known, onlooker.city.tree)
        if not task_access.may_change_plan(actor, plan, onlooker.city.tree):
            raise Refusal("forbidden")
        return decide(plan, onlooker.city)

    changed(stored.state if stored else None)  # who may not is told that, not the version
    return await store.change(
        body.id,
        changed,
        command,
        answer=lambda found: show(found, onlooker),
        if_match=body.if_match,
    )


async def _list(query: Query[Any], store: Aggregates[P], show: Show[P, V], tasks: Tasks) -> Page[V]:
    city = await tasks.directory.city()
    seen = task_access.plans_seen_by(query.actor, city.tree)
    found, next_cursor = await store.page(
        {"$and": [{"removed": False}, seen]},
        sort="-created_at",
        limit=query.body.limit,
        cursor=query.body.cursor,
    )
    onlooker = await _onlooker(query.actor, now(), found, tasks)
    return Page(items=tuple(show(each, onlooker) for each in found), next_cursor=next_cursor)


async def _get(query: Query[Any], store: Aggregates[P], show: Show[P, V], tasks: Tasks) -> Answer:
    city = await tasks.directory.city()
    stored = await store.get(query.body.id)
    task_access.see_plan(query.actor, stored.state if stored else None, city.tree)
    assert stored is not None
    onlooker = await _onlooker(query.actor, now(), (stored,), tasks)
    shown = show(stored, onlooker)
    return Answer(result=shown.model_dump_json(by_alias=True), version=stored.version)


async def _onlooker(actor: Actor, at: datetime, found: Any, tasks: Tasks) -> Onlooker:
    named = ids_of(actor.employee, *(each.state.created_by for each in found))
    people = await tasks.directory.people(named)
    return Onlooker(actor, at, await tasks.directory.city(), people)


def _check_plain(task: TaskWanted) -> None:
    """What is made again and again is part of nothing, waits for nothing, and has no day yet."""
    for field in ("parent", "blocked_by", "due"):
        if getattr(task, field):
            raise Refusal.invalid(f"/task/{field}", "is not possible for what is made again")
