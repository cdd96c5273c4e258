"""What may become of a task, as functions of its state and what is wanted; pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from contracts import work_events as told
from contracts.envelope import AgencyCode, EmployeeId, EventData
from contracts.outcome import Decision, Refusal
from contracts.work_items import ChecklistLine, TaskChanges, TaskWanted
from contracts.work_terms import MoveAction, TaskAction, TaskState
from rules.words import searchable
from services.tasks.uploads.model import Attachment
from services.tasks.work_items import audience
from services.tasks.work_items.checklist import numbered, ticked_by
from services.tasks.work_items.differences import changes
from services.tasks.work_items.model import (
    URGENCY,
    Change,
    Comment,
    Deed,
    Line,
    Task,
    Work,
)
from services.tasks.work_items.ordering import LONGEST, at_the_end, between
from services.tasks.work_items.transitions import MOVES, leading, states_for

MOST_COMMENTS = 200
MOST_ATTACHMENTS = 50
MOST_WORK = 500
EARLIEST_WORK = timedelta(days=366)

_EVENTS: dict[MoveAction, type[told.TaskFacts]] = {
    "start": told.TaskStarted,
    "stop": told.TaskStopped,
    "wait": told.TaskWaiting,
    "complete": told.TaskCompleted,
    "cancel": told.TaskCancelled,
    "reopen": told.TaskReopened,
}


@dataclass(frozen=True, slots=True)
class Origin:
    """What a task was made from, if it was not written down by hand."""

    recurrence: str | None = None
    template: str | None = None


def create(
    id_: str,
    wanted: TaskWanted,
    agency: AgencyCode,
    deed: Deed,
    origin: Origin | None = None,
) -> Decision[Task]:
    """The task as it is written down."""
    made_from = origin or Origin()
    task = Task(
        agency=agency,
        title=wanted.title,
        description=wanted.description,
        private=wanted.private,
        priority=wanted.priority,
        urgency=URGENCY[wanted.priority],
        assignees=_each_once(wanted.assignees, "/assignees"),
        due=wanted.due,
        labels=tuple(dict.fromkeys(wanted.labels)),
        checklist=numbered(tuple(ChecklistLine(text=text) for text in wanted.checklist), (), deed),
        parent=wanted.parent,
        blocked_by=tuple(dict.fromkeys(wanted.blocked_by)),
        links=wanted.links,
        estimate_minutes=wanted.estimate_minutes,
        created_at=deed.at,
        created_by=deed.by,
        position=at_the_end(deed.at),
        recurrence=made_from.recurrence,
        template=made_from.template,
    )
    known = _found_by(_with_people(task, *_ids(deed.by), *task.assignees))
    found = _written(None, known, "create", deed)
    event = facts(id_, found, told.TaskCreated, deed, recurrence=made_from.recurrence)
    return Decision(found, (event, *_assigned(id_, None, found, deed)))


def once(made: Decision[Task]) -> Callable[[Task | None], Decision[Task]]:
    """What only now comes into the world; where it already stands, it stays as it is."""

    def decide(known: Task | None) -> Decision[Task]:
        return made if known is None else Decision(replace(known, revision=known.revision + 1))

    return decide


def edit(
    id_: str, task: Task, wanted: TaskChanges, fields: Sequence[str], deed: Deed
) -> Decision[Task]:
    """These fields take the values that are wanted; the same values change nothing."""
    edited = _found_by(_edited(task, wanted, frozenset(fields), deed))
    edited = _with_people(edited, *edited.assignees)
    differing = changes(task, edited)
    if not differing:
        return Decision(replace(task, revision=task.revision + 1))
    after = _written(task, edited, "edit", deed, changed=differing)
    names = tuple(each.field for each in differing)
    event = facts(id_, after, told.TaskEdited, deed, fields=names)
    return Decision(after, (event, *_assigned(id_, task, after, deed)))


def move_on(
    id_: str, task: Task, action: MoveAction, note: str, deed: Deed, *, hindered: Sequence[str] = ()
) -> Decision[Task]:
    """The next state; ``hindered`` are tasks that must be finished before it can start or end."""
    row = MOVES.get((task.state, action))
    if row is None:
        raise wrong_state(task, action)
    if row.reason and not note.strip():
        raise Refusal("reason_required")
    if hindered and action in {"start", "complete"}:
        raise Refusal(
            "wrong_state",
            state=task.state,
            action=action,
            allowed=", ".join(states_for(action)),
            waits_for=list(hindered),
        )
    moved = replace(task, state=row.to, completed_at=deed.at if row.to == "done" else None)
    after = _written(task, moved, action, deed, note=note)
    return Decision(after, (facts(id_, after, _EVENTS[action], deed),))


def log_work(
    id_: str, task: Task, deed: Deed, *, minutes: int, outcome: str, on: date, today: date
) -> Decision[Task]:
    """Minutes of a day, today or within the last year."""
    if on > today or on < today - EARLIEST_WORK:
        raise Refusal.invalid("/date", "must be today or within the last year")
    _room(len(task.work), MOST_WORK, "/minutes")
    work = Work(deed.by, on, minutes, outcome, deed.at)
    after = _written(task, replace(task, work=(*task.work, work)), "log", deed, note=outcome)
    return Decision(after, (facts(id_, after, told.TaskLogged, deed, minutes=minutes, date=on),))


def comment(
    id_: str, task: Task, deed: Deed, *, text: str, mentions: Sequence[EmployeeId]
) -> Decision[Task]:
    """Somebody says something; whoever is named goes on seeing the task."""
    _room(len(task.comments), MOST_COMMENTS, "/text")
    named = _each_once(mentions, "/mentions")
    said = Comment(str(len(task.comments) + 1), deed.by, deed.at, text, named)
    changed = _with_people(replace(task, comments=(*task.comments, said)), *named)
    after = _written(task, changed, "comment", deed)
    event = facts(id_, after, told.TaskCommented, deed, comment=said.id, mentions=named)
    return Decision(after, (event,))


def attach(id_: str, task: Task, deed: Deed, attachment: Attachment) -> Decision[Task]:
    """A file belongs to the task."""
    if any(each.id == attachment.id for each in task.attachments):
        return Decision(replace(task, revision=task.revision + 1))
    _room(len(task.attachments), MOST_ATTACHMENTS, "/upload")
    changed = replace(task, attachments=(*task.attachments, attachment))
    after = _written(task, changed, "attach", deed, note=attachment.name)
    return Decision(after, (facts(id_, after, told.TaskAttached, deed, upload=attachment.id),))


def tick(id_: str, task: Task, deed: Deed, *, item: str, done: bool) -> Decision[Task]:
    """A line of the checklist is done, or not after all."""
    known = next((each for each in task.checklist if each.id == item), None)
    if known is None:
        raise Refusal("not_found")
    if known.done == done:
        return Decision(replace(task, revision=task.revision + 1))
    ticked = ticked_by(known, done, deed)
    lines = tuple(ticked if each.id == item else each for each in task.checklist)
    after = _written(task, replace(task, checklist=lines), "tick", deed, note=known.text)
    return Decision(after, (facts(id_, after, told.TaskTicked, deed, item=item, done=done),))


def place(task: Task, deed: Deed, *, low: str | None, high: str | None) -> Decision[Task]:
    """Put the task between two positions; where they have crossed meanwhile, behind the first."""
    if low is not None and high is not None and low >= high:
        high = None
    position = between(low, high) if low is not None or high is not None else at_the_end(deed.at)
    if len(position) > LONGEST:
        raise Refusal.invalid("/after", "there is no room left between these two")
    return Decision(_written(task, replace(task, position=position), "move", deed))


def place_in(
    id_: str,
    task: Task,
    deed: Deed,
    column: TaskState | None,
    note: str,
    *,
    low: str | None,
    high: str | None,
    hindered: Sequence[str] = (),
) -> Decision[Task]:
    """Put the task between two positions of a column; into another column it moves on."""
    placed = place(task, deed, low=low, high=high)
    if column is None or column == task.state:
        return placed
    action = leading(task.state, column)
    if action is None:
        raise wrong_state(task, "move")
    moved = move_on(id_, task, action, note, deed, hindered=hindered)
    return replace(moved, state=replace(moved.state, position=placed.state.position))


def wrong_state(task: Task, action: TaskAction) -> Refusal:
    """Not in this state."""
    allowed = ", ".join(states_for(action))
    return Refusal("wrong_state", state=task.state, action=action, allowed=allowed)


def facts(
    id_: str, task: Task, type_: type[told.TaskFacts], deed: Deed, **more: Any
) -> told.TaskFacts:
    """The event that states where the task stands now."""
    return type_(
        task=id_,
        agency=task.agency,
        state=task.state,
        priority=task.priority,
        private=task.private,
        due=task.due,
        created_at=task.created_at,
        created_by=task.created_by,
        assignees=task.assignees,
        parent=task.parent,
        estimate_minutes=task.estimate_minutes,
        worked_minutes=task.worked_minutes,
        at=deed.at,
        by=deed.by,
        **more,
    )


def _edited(task: Task, wanted: TaskChanges, fields: frozenset[str], deed: Deed) -> Task:
    """The task with the named fields replaced; what may not be nothing refuses to be."""
    taken: dict[str, Any] = {}
    for field in fields:
        value = getattr(wanted, field)
        if value is None and field not in {"due", "parent", "estimate_minutes"}:
            raise Refusal.invalid(f"/{field}", "must have a value; leave it out to keep it")
        taken[field] = value
    if "checklist" in taken:
        taken["checklist"] = numbered(taken["checklist"], task.checklist, deed)
    if "assignees" in taken:
        taken["assignees"] = _each_once(taken["assignees"], "/assignees")
    if "priority" in taken:
        taken["urgency"] = URGENCY[wanted.priority or "normal"]
    for field in ("labels", "blocked_by"):
        if field in taken:
            taken[field] = tuple(dict.fromkeys(taken[field]))
    return replace(task, **taken)


def _assigned(id_: str, before: Task | None, after: Task, deed: Deed) -> tuple[EventData, ...]:
    had = before.assignees if before else ()
    added = tuple(each for each in after.assignees if each not in had)
    removed = tuple(each for each in had if each not in after.assignees)
    if not added and not removed:
        return ()
    return (facts(id_, after, told.TaskAssigned, deed, added=added, removed=removed),)


def _written(
    before: Task | None,
    after: Task,
    action: TaskAction,
    deed: Deed,
    *,
    note: str = "",
    changed: tuple[Change, ...] = (),
) -> Task:
    revision = after.revision + 1
    line = Line(
        at=deed.at,
        action=action,
        before=before.state if before else None,
        after=after.state,
        by=deed.by,
        account=deed.account,
        revision=revision,
        note=note,
        changes=changed,
    )
    seen_by = audience.of_task(after.agency, after.participants, private=after.private)
    return replace(
        after,
        timeline=(*after.timeline, line),
        revision=revision,
        changed_at=deed.at,
        audience=seen_by,
    )


def _with_people(task: Task, *people: EmployeeId) -> Task:
    return replace(task, participants=tuple(dict.fromkeys((*task.participants, *people))))


def _found_by(task: Task) -> Task:
    lines = (each.text for each in task.checklist)
    return replace(task, words=searchable(task.title, *task.labels, task.description, *lines))


def _each_once(people: Sequence[EmployeeId], pointer: str) -> tuple[EmployeeId, ...]:
    if len(set(people)) != len(people):
        raise Refusal.invalid(pointer, "names somebody twice")
    return tuple(people)


def _ids(*people: EmployeeId | None) -> tuple[EmployeeId, ...]:
    return tuple(each for each in people if each is not None)


def _room(count: int, most: int, pointer: str) -> None:
    if count >= most:
        raise Refusal.invalid(pointer, f"the task has {most} of them already, the most it can hold")


def moment_after(task: Task, at: datetime) -> datetime:
    """The moment of a deed: never before what happened last."""
    return max(at, task.changed_at or at)
