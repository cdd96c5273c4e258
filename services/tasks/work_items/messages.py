"""Tasks as views: moments in the agency's zone, people by name, actions by right."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from contracts.envelope import Actor, EmployeeId
from contracts.people import PersonView
from contracts.work_views import (
    ChecklistItemView,
    FieldChangeView,
    SubTasksView,
    TaskAttachmentView,
    TaskCommentsView,
    TaskCommentView,
    TaskTimelineItemView,
    TaskTimelineView,
    TaskView,
    TaskWorkView,
)
from kit.storage.aggregates import Stored
from rules.working_time import zone
from services.tasks import task_access
from services.tasks.own_copies.model import City, People
from services.tasks.work_items.model import ChecklistItem, Task
from services.tasks.work_items.store import Parts


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Who looks, when, and what is known of city, people and neighbouring tasks."""

    actor: Actor
    at: datetime
    city: City
    people: People
    parts: Mapping[str, Parts] = field(default_factory=dict)
    unfinished: frozenset[str] = frozenset()


def people_of(task: Task) -> set[str]:
    """Everybody whose name a view of the task may need."""
    ids = {*task.participants, *task.assignees, task.created_by}
    ids |= {line.by for line in task.timeline} | {said.by for said in task.comments}
    ids |= {work.by for work in task.work} | {file.by for file in task.attachments}
    ids |= {each.done_by for each in task.checklist}
    ids |= {person for each in task.comments for person in each.mentions}
    return {str(each) for each in ids if each is not None}


def people_of_views(tasks: Iterable[Task]) -> set[str]:
    """Everybody whose name a list of these tasks needs."""
    return {person for task in tasks for person in people_of(task)}


def view(stored: Stored[Task], onlooker: Onlooker) -> TaskView:
    """The task as this caller sees it."""
    task = stored.state
    local, person = _writers(task, onlooker)
    parts = onlooker.parts.get(stored.id, Parts())
    return TaskView(
        id=stored.id,
        agency=task.agency,
        state=task.state,
        title=task.title,
        description=task.description,
        private=task.private,
        priority=task.priority,
        due=local(task.due) if task.due else None,
        labels=task.labels,
        created_at=local(task.created_at),
        created_by=person(task.created_by),
        changed_at=local(task.changed_at or task.created_at),
        completed_at=local(task.completed_at) if task.completed_at else None,
        assignees=tuple(_some(person(each) for each in task.assignees)),
        checklist=tuple(_item(each, local, person) for each in task.checklist),
        parent=task.parent,
        sub_tasks=SubTasksView(total=parts.total, finished=parts.finished),
        blocked_by=task.blocked_by,
        blocked=any(each in onlooker.unfinished for each in task.blocked_by),
        links=task.links,
        attachments=tuple(
            TaskAttachmentView(
                id=each.id,
                name=each.name,
                media_type=each.media_type,
                size=each.size,
                sha256=each.sha256,
                at=local(each.at),
                by=person(each.by),
            )
            for each in task.attachments
        ),
        comments=len(task.comments),
        estimate_minutes=task.estimate_minutes,
        work=tuple(
            TaskWorkView(
                person=person(each.by), date=each.on, minutes=each.minutes, outcome=each.outcome
            )
            for each in task.work
        ),
        worked_minutes=task.worked_minutes,
        recurrence=task.recurrence,
        template=task.template,
        position=task.position,
        actions=task_access.permitted(onlooker.actor, task, onlooker.city.tree),
        version=stored.version,
    )


def comments(task: Task, onlooker: Onlooker) -> TaskCommentsView:
    """What was said, oldest first."""
    local, person = _writers(task, onlooker)
    return TaskCommentsView(
        items=tuple(
            TaskCommentView(
                id=each.id,
                at=local(each.at),
                person=person(each.by),
                text=each.text,
                mentions=tuple(_some(person(one) for one in each.mentions)),
            )
            for each in task.comments
        )
    )


def timeline(task: Task, onlooker: Onlooker) -> TaskTimelineView:
    """What happened, oldest first."""
    local, person = _writers(task, onlooker)
    return TaskTimelineView(
        items=tuple(
            TaskTimelineItemView(
                at=local(line.at),
                actor=person(line.by),
                action=line.action,
                before=line.before,
                after=line.after,
                note=line.note,
                changes=tuple(
                    FieldChangeView(field=each.field, before=each.before, after=each.after)
                    for each in line.changes
                ),
                version=line.revision,
            )
            for line in task.timeline
        )
    )


def _item(
    item: ChecklistItem,
    local: Callable[[datetime], datetime],
    person: Callable[[EmployeeId | None], PersonView | None],
) -> ChecklistItemView:
    return ChecklistItemView(
        id=item.id,
        text=item.text,
        done=item.done,
        done_by=person(item.done_by),
        done_at=local(item.done_at) if item.done_at else None,
    )


def _writers(
    task: Task, onlooker: Onlooker
) -> tuple[Callable[[datetime], datetime], Callable[[EmployeeId | None], PersonView | None]]:
    here = zone(onlooker.city.zone_of(task.agency))
    on = onlooker.at.astimezone(here).date()

    def local(moment: datetime) -> datetime:
        return moment.astimezone(here)

    def person(id_: EmployeeId | None) -> PersonView | None:
        return None if id_ is None else onlooker.people.view(id_, on)

    return local, person


def _some(views: Iterable[PersonView | None]) -> Iterable[PersonView]:
    return (each for each in views if each is not None)
