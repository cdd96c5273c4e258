"""Who may be told of an event: audiences, as functions of its data and of who is who. Pure."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, Protocol

from contracts import tasks as told
from contracts.help_clocks import HelpClockFacts, HelpStepFacts
from contracts.periods import PeriodClosed
from contracts.rosters import days_of
from contracts.work_events import TaskAssigned, TaskCommented, TaskFacts
from services.tasks.notifications.model import Recipient


class Acquaintances(Protocol):
    """What is known of who leads and supervises whom."""

    def heads(self, agency: str) -> Sequence[Recipient]:
        """Who heads the agency, or the nearest one above it that has a head."""
        ...

    def responders(self, agency: str) -> Sequence[Recipient]:
        """Who answers for the agency: its heads (or the nearest above) and its responders."""
        ...

    def all_heads(self, *, but: str) -> Sequence[Recipient]:
        """Who heads any agency but this one."""
        ...

    def deciders(self, employee: str, on: date) -> Sequence[Recipient]:
        """Who decides about a person: the supervisors, else the heads above."""
        ...

    def is_top(self, agency: str) -> bool:
        """Whether no agency is above."""
        ...

    def members(self, agency: str, on: date) -> Sequence[Recipient]:
        """Whose main post is in the agency on a day."""
        ...


Audience = Callable[[Any, Acquaintances], Iterable[Recipient]]


def asking(data: told.HelpRequestFacts, known: Acquaintances) -> Sequence[Recipient]:
    """The heads of the agency that asks."""
    return known.heads(data.asking_agency)


def receiving(data: told.HelpRequestFacts, known: Acquaintances) -> Iterable[Recipient]:
    """Who answers for the agencies that help, or for those that are asked."""
    helping = data.helping_agencies or ((data.helping_agency,) if data.helping_agency else ())
    agencies = helping or data.receiving_agencies
    return (one for agency in agencies for one in known.responders(agency))


def those_named(data: HelpClockFacts, known: Acquaintances) -> Iterable[Recipient]:
    """The heads of the agencies that are to hear of a clock."""
    return (head for agency in data.agencies for head in known.heads(agency))


def those_above(data: HelpStepFacts, known: Acquaintances) -> Iterable[Recipient]:
    """The same, but the top of the tree, which hears by its daily digest."""
    one_by_one = (
        agency for agency in data.agencies if not (data.in_digest and known.is_top(agency))
    )
    return (head for agency in one_by_one for head in known.heads(agency))


def heads(data: Any, known: Acquaintances) -> Sequence[Recipient]:
    """The heads of the agency it is about."""
    return known.heads(data.agency)


def acting(data: told.HelpRequestFacts, known: Acquaintances) -> Sequence[Recipient]:
    """The heads of the agency for which it was done."""
    return known.heads(data.acting_agency) if data.acting_agency else ()


def anyone(data: told.HelpRequestFacts, known: Acquaintances) -> Sequence[Recipient]:
    """Where no agency is named, the heads of all but the one that asks."""
    return () if data.receiving_agencies else known.all_heads(but=data.asking_agency)


def assigned(data: told.HelpRequestFacts, _: Acquaintances) -> Iterable[Recipient]:
    """The people who help."""
    return (Recipient(person) for person in data.people_assigned)


def both(*audiences: Audience) -> Audience:
    """All of these."""
    return lambda data, known: [one for each in audiences for one in each(data, known)]


def the_person(data: Any, _: Acquaintances) -> Iterable[Recipient]:
    """Whom it is about."""
    return (Recipient(data.employee),)


def deciders(data: Any, known: Acquaintances) -> Sequence[Recipient]:
    """Who decides about the person it is about."""
    return known.deciders(data.employee, day_of(data))


def put_on(data: TaskAssigned, _: Acquaintances) -> Iterable[Recipient]:
    """Who was put on a task."""
    return (Recipient(person) for person in data.added)


def assignees(data: TaskFacts, _: Acquaintances) -> Iterable[Recipient]:
    """Who has a task."""
    return (Recipient(person) for person in data.assignees)


def author(data: TaskFacts, _: Acquaintances) -> Iterable[Recipient]:
    """Who wrote a task down."""
    return (Recipient(data.created_by),) if data.created_by else ()


def mentioned(data: TaskCommented | told.HelpCommented, _: Acquaintances) -> Iterable[Recipient]:
    """Who is named in a comment."""
    return (Recipient(person) for person in data.mentions)


def everybody(data: PeriodClosed, known: Acquaintances) -> Sequence[Recipient]:
    """The people of an agency on the last day of a month."""
    return known.members(data.agency, days_of(data.period)[1])


def day_of(data: Any) -> date:
    """The first day that something is about."""
    day: date = data.first if hasattr(data, "first") else data.date
    return day
