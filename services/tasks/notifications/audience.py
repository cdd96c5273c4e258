"""Who is told of an event: one row per event and kind. Pure.

A new kind is a row here, its words in :mod:`services.tasks.notifications.kinds`, and the binding of
its event in :mod:`contracts.catalogue` (a test compares the two).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from contracts import tasks as told
from contracts.absences import AbsenceDecided, AbsenceRequested
from contracts.attendance import DayLeftIncomplete, DayReminded
from contracts.check_ins import CheckInDecided, CheckInHeld
from contracts.corrections import CorrectionDecided, CorrectionRequested
from contracts.envelope import EventData
from contracts.objections import ObjectionDecided, ObjectionRaised
from contracts.work_elsewhere import ElsewhereDecided, ElsewhereRequested
from services.tasks.notifications.model import Recipient


class Acquaintances(Protocol):
    """What is known of who leads and supervises whom."""

    def heads(self, agency: str) -> Sequence[Recipient]:
        """Who heads the agency, or the nearest one above it that has a head."""
        ...

    def all_heads(self, *, but: str) -> Sequence[Recipient]:
        """Who heads any agency but this one."""
        ...

    def deciders(self, employee: str, on: date) -> Sequence[Recipient]:
        """Who decides about a person: the supervisors, else the heads above."""
        ...


Facts = dict[str, str]
Audience = Callable[[Any, Acquaintances], Iterable[Recipient]]


@dataclass(frozen=True, slots=True)
class Rule:
    """Of which event who is told what, about which resource.

    ``once`` tells a person once about a resource, however often the event comes.
    """

    event: type[EventData]
    kind: str
    audience: Audience
    resource: str
    subject: Callable[[Any], str]
    facts: Callable[[Any], Facts]
    once: bool = False


def asking(data: told.HelpRequestFacts, known: Acquaintances) -> Sequence[Recipient]:
    """The heads of the agency that asks."""
    return known.heads(data.asking_agency)


def receiving(data: told.HelpRequestFacts, known: Acquaintances) -> Iterable[Recipient]:
    """The heads of the agency that helps, or of those that are asked."""
    agencies = (data.helping_agency,) if data.helping_agency else data.receiving_agencies
    return (head for agency in agencies for head in known.heads(agency))


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
    return known.deciders(data.employee, _day(data))


def _help_facts(data: told.HelpRequestFacts) -> Facts:
    facts = {
        "number": data.number,
        "asking": data.asking_agency,
        "helping": data.helping_agency or "",
        "responding": data.responding_agency or "",
        "receiving": ",".join(data.receiving_agencies),
    }
    return {name: value for name, value in facts.items() if value}


def _help(event: type[EventData], kind: str, audience: Audience, *, once: bool = False) -> Rule:
    return Rule(event, kind, audience, "help_request", _help_id, _help_facts, once)


def _help_id(data: told.HelpRequestFacts) -> str:
    return data.help_request


def _day(data: Any) -> date:
    day: date = data.first if hasattr(data, "first") else data.date
    return day


def _about_day(event: type[EventData], kind: str, audience: Audience, what: str, id_: str) -> Rule:
    """A rule about something of a person's day; ``id_`` is the field that names it."""

    def facts(data: Any) -> Facts:
        state = getattr(data, "state", None)
        if state is None and hasattr(data, "counts"):
            state = "approved" if data.counts else "rejected"
        found = {"what": what, "person": data.employee, "date": _day(data).isoformat()}
        return found if state is None else found | {"state": state}

    return Rule(event, kind, audience, what, lambda data: str(getattr(data, id_)), facts)


def _of_day(data: DayLeftIncomplete | DayReminded) -> str:
    return f"{data.employee}:{data.date}"


def _its_day(data: DayLeftIncomplete | DayReminded) -> Facts:
    return {"person": data.employee, "date": data.date.isoformat()}


TABLE: tuple[Rule, ...] = (
    _help(told.HelpRequested, "help_asked", receiving),
    _help(told.HelpRequested, "help_open_call", anyone),
    _help(told.HelpAccepted, "help_accepted", asking),
    _help(told.HelpAccepted, "help_assigned", assigned, once=True),
    _help(told.HelpAssigned, "help_assigned", assigned, once=True),
    _help(told.HelpAsked, "help_question", asking),
    _help(told.HelpAnswered, "help_answered", both(receiving, assigned)),
    _help(told.HelpDeclined, "help_declined", asking),
    _help(told.HelpDelivered, "help_delivered", asking),
    _help(told.HelpReturned, "help_returned", both(receiving, assigned)),
    _help(told.HelpConfirmed, "help_confirmed", both(receiving, assigned)),
    _help(told.HelpWithdrawn, "help_withdrawn", both(receiving, assigned)),
    _help(told.HelpExpired, "help_expired", both(asking, receiving)),
    _help(told.HelpHandedOn, "help_asked", receiving),
    _help(told.HelpHandedOn, "help_handed_on", asking),
    _about_day(AbsenceRequested, "approval_waiting", deciders, "absence", "absence"),
    _about_day(AbsenceDecided, "request_decided", the_person, "absence", "absence"),
    _about_day(CorrectionRequested, "approval_waiting", deciders, "correction", "correction"),
    _about_day(CorrectionDecided, "request_decided", the_person, "correction", "correction"),
    _about_day(ElsewhereRequested, "approval_waiting", deciders, "work_elsewhere", "request"),
    _about_day(ElsewhereDecided, "request_decided", the_person, "work_elsewhere", "request"),
    _about_day(CheckInHeld, "approval_waiting", deciders, "held_check_in", "check_in"),
    _about_day(CheckInDecided, "request_decided", the_person, "held_check_in", "check_in"),
    _about_day(ObjectionRaised, "approval_waiting", deciders, "objection", "objection"),
    _about_day(ObjectionDecided, "request_decided", the_person, "objection", "objection"),
    Rule(DayReminded, "day_reminder", the_person, "day", _of_day, _its_day, once=True),
    Rule(DayLeftIncomplete, "day_incomplete", the_person, "day", _of_day, _its_day, once=True),
)


def _by_type() -> Mapping[str, tuple[Rule, ...]]:
    found: defaultdict[str, list[Rule]] = defaultdict(list)
    for rule in TABLE:
        found[rule.event.type].append(rule)
    return {name: tuple(rules) for name, rules in found.items()}


RULES = _by_type()
"""The rows by the type of their event."""
