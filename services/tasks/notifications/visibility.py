"""What a notification needs to be shown, and whether its reader may still see it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from contracts.envelope import Actor
from kit.clock import now
from rules.assignments import supervisors_on
from rules.working_time import WIB, zone
from services.tasks import access
from services.tasks.context import Tasks
from services.tasks.help_requests.model import HelpRequest
from services.tasks.notifications.model import Notification
from services.tasks.own_copies.model import City, People

HELP_REQUEST = "help_request"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What notifications are about, as it stands now."""

    city: City
    people: People
    requests: Mapping[str, HelpRequest]
    today: date

    def request(self, notification: Notification) -> HelpRequest | None:
        """The help request it is about, if it is about one."""
        if notification.resource != HELP_REQUEST:
            return None
        return self.requests.get(notification.subject)

    def may_see(self, actor: Actor, notification: Notification) -> bool:
        """Whether the person may see today what they were told of."""
        if notification.resource == HELP_REQUEST:
            request = self.request(notification)
            return request is not None and access.may_see(actor, request, self.city.tree)
        supervised = self.people.known.get(notification.supervises or "")
        supervisors = supervisors_on(supervised.assignments, self.today) if supervised else ()
        return access.may_be_told(actor, notification, supervisors, self.city.tree)


async def surroundings(
    tasks: Tasks, notifications: Sequence[Notification], *, people: Iterable[str] = ()
) -> Surroundings:
    """Load what these notifications are about, the people they name, and these people."""
    about = {each.subject for each in notifications if each.resource == HELP_REQUEST}
    found = await tasks.requests.get_many(about)
    named = {*people, *(id_ for each in notifications for id_ in _people_in(each))}
    return Surroundings(
        await tasks.directory.city(),
        await tasks.directory.people(named),
        {id_: stored.state for id_, stored in found.items()},
        now().astimezone(zone(WIB)).date(),
    )


def _people_in(notification: Notification) -> Iterable[str]:
    named = (notification.facts.get("person"), notification.supervises)
    return (id_ for id_ in named if id_)
