"""Queries about ordinary tasks: what the caller may see, and nothing else."""

from collections.abc import Sequence
from typing import Any

from contracts import work_items as asked
from contracts.envelope import Actor, Answer, EmployeeId, Query
from contracts.outcome import Refusal
from contracts.paging import Page
from contracts.work_items import TaskFilter
from contracts.work_views import (
    BoardColumnView,
    TaskBoardView,
    TaskCommentsView,
    TaskTimelineView,
    TaskView,
)
from kit.clock import now
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Stored
from services.tasks import task_access
from services.tasks.context import Tasks
from services.tasks.own_copies.model import City
from services.tasks.work_items import messages
from services.tasks.work_items.messages import Onlooker
from services.tasks.work_items.model import Task
from services.tasks.work_items.store import Filter, matching
from services.tasks.work_items.transitions import STATES

handlers: Handlers[Tasks] = Handlers()

ME = "me"


@handlers.answers(asked.GetTask)
async def get_task(query: Query[asked.GetTask], tasks: Tasks) -> Answer:
    """One task, with what the caller may do now."""
    stored, onlooker = await _seen(query, query.body.task, tasks)
    shown = messages.view(stored, onlooker)
    return Answer(result=shown.model_dump_json(by_alias=True), version=stored.version)


@handlers.answers(asked.GetTaskTimeline)
async def get_task_timeline(query: Query[asked.GetTaskTimeline], tasks: Tasks) -> TaskTimelineView:
    """Everything that happened to a task."""
    stored, onlooker = await _seen(query, query.body.task, tasks)
    return messages.timeline(stored.state, onlooker)


@handlers.answers(asked.ListTaskComments)
async def list_task_comments(
    query: Query[asked.ListTaskComments], tasks: Tasks
) -> TaskCommentsView:
    """Everything that was said about a task."""
    stored, onlooker = await _seen(query, query.body.task, tasks)
    return messages.comments(stored.state, onlooker)


@handlers.answers(asked.ListTasks)
async def list_tasks(query: Query[asked.ListTasks], tasks: Tasks) -> Page[TaskView]:
    """The tasks the caller may see, filtered, newest first."""
    body = query.body
    city = await tasks.directory.city()
    limits, sort = conditions(query.actor, body, city), body.sort
    if body.filter is not None:
        saved = await tasks.saved_filters.get(body.filter)
        kept = task_access.see_plan(query.actor, saved.state if saved else None, city.tree)
        limits += conditions(query.actor, kept.wanted, city)
        sort = sort or kept.sort
    found, next_cursor = await tasks.work_items.listed(
        limits, sort=sort, limit=body.limit, cursor=body.cursor
    )
    onlooker = await onlooker_of(query.actor, found, city, tasks)
    return Page(
        items=tuple(messages.view(each, onlooker) for each in found), next_cursor=next_cursor
    )


@handlers.answers(asked.GetTaskBoard)
async def get_task_board(query: Query[asked.GetTaskBoard], tasks: Tasks) -> TaskBoardView:
    """The tasks of an agency, or those the caller has, in columns by state and in their order."""
    body, actor = query.body, query.actor
    city = await tasks.directory.city()
    mine = () if body.agency is not None else (EmployeeId(ME),)
    wanted = TaskFilter(
        agency=(body.agency,) if body.agency else (), exact=True, assignee=mine, label=body.label
    )
    limits = conditions(actor, wanted, city)
    columns = {
        state: await tasks.work_items.column(limits, state, body.limit + 1) for state in STATES
    }
    shown = [each for column in columns.values() for each in column[: body.limit]]
    onlooker = await onlooker_of(actor, shown, city, tasks)
    return TaskBoardView(
        columns=tuple(
            BoardColumnView(
                state=state,
                items=tuple(messages.view(each, onlooker) for each in column[: body.limit]),
                more=len(column) > body.limit,
            )
            for state, column in columns.items()
        )
    )


def conditions(actor: Actor, wanted: TaskFilter, city: City) -> list[Filter]:
    """What the caller may see, and the filter, as conditions; ``me`` is the caller."""
    named = wanted.model_copy(
        update={
            "assignee": people_named(actor, wanted.assignee, "/assignee"),
            "created_by": people_named(actor, wanted.created_by, "/created_by"),
        }
    )
    agencies = None
    if wanted.agency:
        below = (city.tree.below(code) for code in wanted.agency)
        agencies = set(wanted.agency) if wanted.exact else set().union(*below)
    return [*matching(named, agencies), task_access.seen_by(actor, city.tree)]


def people_named(actor: Actor, named: Sequence[str], pointer: str) -> tuple[str, ...]:
    """The people of a filter; ``me`` is the person behind the account."""
    if ME in named and actor.employee is None:
        raise Refusal.invalid(pointer, "me is nobody: there is no person behind this account")
    return tuple(str(actor.employee) if each == ME else each for each in named)


async def onlooker_of(
    actor: Actor, found: Sequence[Stored[Task]], city: City, tasks: Tasks
) -> Onlooker:
    """What is needed to show these tasks to the caller."""
    before = {id_ for stored in found for id_ in stored.state.blocked_by}
    named = messages.people_of_views(stored.state for stored in found)
    return Onlooker(
        actor,
        now(),
        city,
        await tasks.directory.people(named),
        await tasks.work_items.parts(stored.id for stored in found),
        await tasks.work_items.unfinished(before),
    )


async def _seen(query: Query[Any], id_: str, tasks: Tasks) -> tuple[Stored[Task], Onlooker]:
    city = await tasks.directory.city()
    stored = await tasks.work_items.get(id_)
    task_access.see(query.actor, stored.state if stored else None, city.tree)
    assert stored is not None
    return stored, await onlooker_of(query.actor, [stored], city, tasks)
