"""What every change of a task shares: what is loaded before, who acts, what is shown."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.envelope import Actor, Command, EmployeeId, Verdict
from contracts.outcome import Decision, Refusal
from contracts.work_terms import TaskAction
from contracts.work_views import TaskView
from kit.storage.aggregates import Stored
from services.tasks import task_access
from services.tasks.context import Tasks
from services.tasks.help_requests.people import check_people
from services.tasks.own_copies.model import City, People
from services.tasks.work_items import decisions, messages
from services.tasks.work_items.differences import since
from services.tasks.work_items.messages import Onlooker
from services.tasks.work_items.model import Deed, Task

Do = Callable[[Task, Deed], Decision[Task]]


@dataclass(frozen=True, slots=True)
class Scene:
    """What is known before a change is decided: the task as it stands, the city, the people."""

    id: str
    task: Task
    city: City
    people: People
    onlooker: Onlooker

    def check_people(self, named: Iterable[EmployeeId], deed: Deed) -> None:
        """Refuse people who neither work in the task's agency nor have to do with the task."""
        new = [each for each in dict.fromkeys(named) if each not in self.task.participants]
        check_people(
            new,
            agency=self.task.agency,
            at=deed.at,
            people=self.people,
            city=self.city,
            caller=deed.by,
        )


async def scene_of(command: Command[Any], tasks: Tasks, named: Sequence[EmployeeId] = ()) -> Scene:
    """Load what the decision and its answer need; refuse early what the caller may not know of."""
    id_ = command.body.task
    stored = await tasks.work_items.get(id_)
    city = await tasks.directory.city()
    task = task_access.see(command.actor, stored.state if stored else None, city.tree)
    ids = {*messages.people_of(task), *named, *ids_of(command.actor.employee)}
    people = await tasks.directory.people(ids)
    onlooker = Onlooker(
        command.actor,
        command.received_at,
        city,
        people,
        await tasks.work_items.parts([id_]),
        await tasks.work_items.unfinished(task.blocked_by),
    )
    return Scene(id_, task, city, people, onlooker)


async def act(
    command: Command[Any], tasks: Tasks, scene: Scene, action: TaskAction, do: Do
) -> Verdict:
    """Carry out one change; a stale version is refused with what has happened since."""
    actor, tree = command.actor, scene.city.tree

    def decide(known: Task | None) -> Decision[Task]:
        task = task_access.see(actor, known, tree)
        task_access.allow(actor, task, action, tree)
        check_version(task, command.body.if_match)
        at = decisions.moment_after(task, command.received_at)
        return do(task, deed_of(actor, at))

    return await tasks.work_items.change(scene.id, decide, command, answer=shown(scene.onlooker))


def check_version(task: Task, if_match: int | None) -> None:
    """Refuse a version that is not the newest: with what happened since the caller looked."""
    if if_match is not None and if_match != task.revision:
        raise Refusal("version_conflict", version=task.revision, differences=since(task, if_match))


def deed_of(actor: Actor, at: datetime) -> Deed:
    """What the caller does at this moment."""
    return Deed(at, actor.employee, actor.account)


def shown(onlooker: Onlooker) -> Callable[[Stored[Task]], TaskView]:
    """The answer of a command: the task as the caller sees it then."""
    return lambda stored: messages.view(stored, onlooker)


def ids_of(*employees: EmployeeId | None) -> list[str]:
    """Those that are somebody."""
    return [str(employee) for employee in employees if employee is not None]
