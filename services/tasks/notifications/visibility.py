"""What a notification needs to be shown, and whether its reader may still see it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from contracts.envelope import Actor
from kit.clock import now
from rules.assignments import supervisors_on
from rules.working_time import WIB, zone
from services.tasks import access, task_access
from services.tasks.context import Tasks
from services.tasks.help_requests.model import HelpRequest
from services.tasks.notifications.model import Notification
from services.tasks.own_copies.model import City, People
from services.tasks.work_items.model import Task

HELP_REQUEST = "help_request"
TASK = "task"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What notifications are about, as it stands now."""

    city: City
    people: People
    requests: Mapping[str, HelpRequest]
    tasks: Mapping[str, Task]
    today: date

    def title(self, notification: Notification, *, outside: bool = False) -> str | None:
        """What the thing it is about is called; ``outside``: only what may leave the system."""
        if notification.resource == HELP_REQUEST:
            request = self.requests.get(notification.subject)
            return None if request is None or (outside and request.sensitive) else request.title
        task = self.tasks.get(notification.subject) if notification.resource == TASK else None
        return None if task is None or (outside and task.private) else task.title

    def may_see(self, actor: Actor, notification: Notification) -> bool:
        """Whether the person may see today what they were told of."""
        if notification.resource == HELP_REQUEST:
            request = self.requests.get(notification.subject)
            return request is not None and access.may_see(actor, request, self.city.tree)
        if notification.resource == TASK:
            task = self.tasks.get(notification.subject)
            return task is not None and task_access.may_see(actor, task, self.city.tree)
        supervised = self.people.known.get(notification.supervises or "")
        supervisors = supervisors_on(supervised.assignments, self.today) if supervised else ()
        return access.may_be_told(actor, notification, supervisors, self.city.tree)


async def surroundings(
    tasks: Tasks, notifications: Sequence[Notification], *, people: Iterable[str] = ()
) -> Surroundings:
    """Load what these notifications are about, the people they name, and these people."""
    found = await tasks.requests.get_many(_subjects(notifications, HELP_REQUEST))
    ordinary = await tasks.work_items.get_many(_subjects(notifications, TASK))
    named = {*people, *(id_ for each in notifications for id_ in _people_in(each))}
    return Surroundings(
        await tasks.directory.city(),
        await tasks.directory.people(named),
        {id_: stored.state for id_, stored in found.items()},
        {id_: stored.state for id_, stored in ordinary.items()},
        now().astimezone(zone(WIB)).date(),
    )


def _subjects(notifications: Sequence[Notification], resource: str) -> set[str]:
    return {each.subject for each in notifications if each.resource == resource}


def _people_in(notification: Notification) -> Iterable[str]:
    facts = notification.facts
    named = (facts.get("person"), facts.get("by"), notification.supervises)
    return (id_ for id_ in named if id_)
