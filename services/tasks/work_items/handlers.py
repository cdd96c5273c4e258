"""Commands of ordinary tasks: load, decide, write, show; no rules here."""

from typing import Any

from contracts import work_items as asked
from contracts.envelope import AgencyCode, Command, Verdict
from contracts.outcome import Decision, Refusal
from contracts.work_items import TaskWanted
from contracts.work_terms import TaskAction
from kit.ids import derived_id
from kit.messaging.handlers import Handlers
from rules.working_time import zone
from services.tasks import task_access
from services.tasks.context import Tasks
from services.tasks.help_requests.people import check_people
from services.tasks.uploads.model import Owner
from services.tasks.work_items import decisions
from services.tasks.work_items.acting import act, check_version, deed_of, ids_of, scene_of, shown
from services.tasks.work_items.messages import Onlooker
from services.tasks.work_items.model import Deed, Task
from services.tasks.work_items.relatives import check_before, check_parent, hindering
from services.tasks.work_items.transitions import leading

handlers: Handlers[Tasks] = Handlers()


@handlers.handles(asked.CreateTask)
async def create_task(command: Command[asked.CreateTask], tasks: Tasks) -> Verdict:
    """Write a task down in the caller's agency, or in one that the caller heads."""
    city = await tasks.directory.city()
    agency = task_access.agency_for(command.actor, command.body.agency, city.tree)
    return await make(command, command.body, agency, tasks)


async def make(
    command: Command[Any],
    wanted: TaskWanted,
    agency: AgencyCode,
    tasks: Tasks,
    origin: decisions.Origin | None = None,
) -> Verdict:
    """Make the task that a command asks for, once its people and relatives are known to fit."""
    actor, city = command.actor, await tasks.directory.city()
    id_, deed = derived_id("task", command.id), deed_of(command.actor, command.received_at)
    people = await tasks.directory.people({*wanted.assignees, *ids_of(actor.employee)})
    check_people(
        tuple(dict.fromkeys(wanted.assignees)),
        agency=agency,
        at=deed.at,
        people=people,
        city=city,
        caller=actor.employee,
    )
    if wanted.parent is not None:
        await check_parent(actor, wanted.parent, agency, city.tree, tasks, child=id_)
    if wanted.blocked_by:
        await check_before(actor, wanted.blocked_by, agency, city.tree, tasks, task=id_)
    unfinished = await tasks.work_items.unfinished(wanted.blocked_by)
    onlooker = Onlooker(actor, deed.at, city, people, unfinished=unfinished)
    made = decisions.create(id_, wanted, agency, deed, origin)
    return await tasks.work_items.change(
        id_,
        decisions.once(made),
        command,
        answer=shown(onlooker),
        status=201,
    )


@handlers.handles(asked.EditTask)
async def edit_task(command: Command[asked.EditTask], tasks: Tasks) -> Verdict:
    """Change fields of a task; somebody who looked at an older version is told what differs."""
    body, actor = command.body, command.actor
    named = body.changes.assignees or ()
    scene = await scene_of(command, tasks, named)
    task_access.allow(actor, scene.task, "edit", scene.city.tree)
    agency, tree = scene.task.agency, scene.city.tree
    if body.changes.parent is not None:
        await check_parent(actor, body.changes.parent, agency, tree, tasks, child=scene.id)
    if body.changes.blocked_by:
        await check_before(actor, body.changes.blocked_by, agency, tree, tasks, task=scene.id)

    def do(task: Task, deed: Deed) -> Decision[Task]:
        scene.check_people(named, deed)
        return decisions.edit(scene.id, task, body.changes, body.fields, deed)

    return await act(command, tasks, scene, "edit", do)


@handlers.handles(asked.MoveOn)
async def move_task_on(command: Command[asked.MoveOn], tasks: Tasks) -> Verdict:
    """Start, stop, let wait, complete, cancel or reopen a task."""
    action, note = command.body.action, command.body.note
    scene = await scene_of(command, tasks)
    hindered = await hindering(scene.id, scene.task, action, tasks)

    def do(task: Task, deed: Deed) -> Decision[Task]:
        return decisions.move_on(scene.id, task, action, note, deed, hindered=hindered)

    return await act(command, tasks, scene, action, do)


@handlers.handles(asked.LogTaskWork)
async def log_task_work(command: Command[asked.LogTaskWork], tasks: Tasks) -> Verdict:
    """Write down minutes of a day and the outcome."""
    body = command.body
    scene = await scene_of(command, tasks)
    here = zone(scene.city.zone_of(scene.task.agency))
    today = command.received_at.astimezone(here).date()

    def do(task: Task, deed: Deed) -> Decision[Task]:
        return decisions.log_work(
            scene.id,
            task,
            deed,
            minutes=body.minutes,
            outcome=body.outcome,
            on=body.date or today,
            today=today,
        )

    return await act(command, tasks, scene, "log", do)


@handlers.handles(asked.CommentOnTask)
async def comment_on_task(command: Command[asked.CommentOnTask], tasks: Tasks) -> Verdict:
    """Say something about a task; whoever is named works in the agency or has to do with it."""
    body = command.body
    scene = await scene_of(command, tasks, body.mentions)

    def do(task: Task, deed: Deed) -> Decision[Task]:
        scene.check_people(body.mentions, deed)
        return decisions.comment(scene.id, task, deed, text=body.text, mentions=body.mentions)

    return await act(command, tasks, scene, "comment", do)


@handlers.handles(asked.TickTaskItem)
async def tick_task_item(command: Command[asked.TickTaskItem], tasks: Tasks) -> Verdict:
    """A line of the checklist is done, or not after all."""
    body = command.body
    scene = await scene_of(command, tasks)

    def do(task: Task, deed: Deed) -> Decision[Task]:
        return decisions.tick(scene.id, task, deed, item=body.item, done=body.done)

    return await act(command, tasks, scene, "tick", do)


@handlers.handles(asked.AttachToTask)
async def attach_to_task(command: Command[asked.AttachToTask], tasks: Tasks) -> Verdict:
    """Let a file that the caller has sent belong to a task."""
    scene = await scene_of(command, tasks)
    task_access.allow(command.actor, scene.task, "attach", scene.city.tree)
    check_version(scene.task, command.body.if_match)
    owner = Owner("task", scene.id)
    attachment = await tasks.uploads.claim(command.body.upload, owner, command)
    try:
        return await act(
            command,
            tasks,
            scene,
            "attach",
            lambda task, deed: decisions.attach(scene.id, task, deed, attachment),
        )
    except Refusal:
        stored = await tasks.work_items.get(scene.id)
        if stored and all(each.id != attachment.id for each in stored.state.attachments):
            await tasks.uploads.release(attachment.id, owner, command)
        raise


@handlers.handles(asked.PlaceTask)
async def place_task(command: Command[asked.PlaceTask], tasks: Tasks) -> Verdict:
    """Put a task between two others on a board, and perhaps into another column."""
    body = command.body
    scene = await scene_of(command, tasks)
    low = await _position(command, body.after, "/after", tasks)
    high = await _position(command, body.before, "/before", tasks)
    action: TaskAction = "move"
    hindered: tuple[str, ...] = ()
    if body.state is not None and body.state != scene.task.state:
        led = leading(scene.task.state, body.state)
        if led is None:
            raise decisions.wrong_state(scene.task, "move")
        action, hindered = led, await hindering(scene.id, scene.task, led, tasks)

    def do(task: Task, deed: Deed) -> Decision[Task]:
        return decisions.place_in(
            scene.id, task, deed, body.state, body.note, low=low, high=high, hindered=hindered
        )

    return await act(command, tasks, scene, action, do)


async def _position(
    command: Command[Any], id_: str | None, pointer: str, tasks: Tasks
) -> str | None:
    """Where a neighbour lies that the caller can see."""
    if id_ is None:
        return None
    stored, city = await tasks.work_items.get(id_), await tasks.directory.city()
    if stored is None or not task_access.may_see(command.actor, stored.state, city.tree):
        raise Refusal.invalid(pointer, "is not a task that you can see")
    return stored.state.position
