"""Who is told of what: one row per event and kind. Pure.

A new kind is a row here, its words in :mod:`services.tasks.notifications.kinds`, and the binding of
its event in :mod:`contracts.catalogue` (a test compares the two).
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from contracts import tasks as told
from contracts.absences import AbsenceDecided, AbsenceRequested
from contracts.attendance import DayLeftIncomplete, DayReminded
from contracts.check_ins import CheckInDecided, CheckInHeld
from contracts.corrections import CorrectionDecided, CorrectionRequested
from contracts.envelope import EventData
from contracts.help_clocks import HelpBreached, HelpClockFacts, HelpEscalated, HelpWarned
from contracts.objections import ObjectionDecided, ObjectionRaised
from contracts.overdue_digests import OverdueDigestMade
from contracts.periods import PeriodClosed
from contracts.work_elsewhere import ElsewhereDecided, ElsewhereRequested
from contracts.work_events import (
    TaskAssigned,
    TaskCommented,
    TaskCompleted,
    TaskCreated,
    TaskFacts,
)
from services.tasks.notifications.audience import (
    Audience,
    acting,
    anyone,
    asking,
    assigned,
    assignees,
    author,
    both,
    day_of,
    deciders,
    everybody,
    heads,
    mentioned,
    put_on,
    receiving,
    the_person,
    those_above,
    those_named,
)

Facts = dict[str, str]


@dataclass(frozen=True, slots=True)
class Rule:
    """Of which event who is told what, about which resource.

    ``once`` tells a person once about a resource, however often the event comes. ``whole_agency``
    needs everybody of the event's agency to be known.
    """

    event: type[EventData]
    kind: str
    audience: Audience
    resource: str
    subject: Callable[[Any], str]
    facts: Callable[[Any], Facts]
    once: bool = False
    whole_agency: bool = False


def _help_facts(data: told.HelpRequestFacts) -> Facts:
    facts = {
        "number": data.number,
        "asking": data.asking_agency,
        "helping": data.helping_agency or "",
        "responding": data.responding_agency or "",
        "receiving": ",".join(data.receiving_agencies),
    }
    if isinstance(data, HelpClockFacts):
        facts["clock"] = data.clock
    return {name: value for name, value in facts.items() if value}


def _task(event: type[TaskFacts], kind: str, audience: Audience, *, once: bool = False) -> Rule:
    return Rule(event, kind, audience, "task", _task_id, _task_facts, once)


def _task_id(data: TaskFacts) -> str:
    return data.task


def _task_facts(data: TaskFacts) -> Facts:
    return {"agency": data.agency} | ({"by": data.by} if data.by else {})


def _morning(data: OverdueDigestMade) -> str:
    return f"{data.agency}:{data.on}"


def _overdue(data: OverdueDigestMade) -> Facts:
    return {"agency": data.agency, "date": data.on.isoformat(), "count": str(data.total)}


def _period(data: PeriodClosed) -> str:
    return f"{data.agency}:{data.period}"


def _period_facts(data: PeriodClosed) -> Facts:
    return {"agency": data.agency, "period": data.period}


def _help(event: type[EventData], kind: str, audience: Audience, *, once: bool = False) -> Rule:
    return Rule(event, kind, audience, "help_request", _help_id, _help_facts, once)


def _help_id(data: told.HelpRequestFacts) -> str:
    return data.help_request


def _about_day(event: type[EventData], kind: str, audience: Audience, what: str, id_: str) -> Rule:
    """A rule about something of a person's day; ``id_`` is the field that names it."""

    def facts(data: Any) -> Facts:
        state = getattr(data, "state", None)
        if state is None and hasattr(data, "counts"):
            state = "approved" if data.counts else "rejected"
        found = {"what": what, "person": data.employee, "date": day_of(data).isoformat()}
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
    _help(told.HelpAccepted, "help_promised", acting),
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
    _help(told.HelpPartDelivered, "help_delivered", asking),
    _help(told.HelpCommented, "help_mention", mentioned),
    _help(told.HelpAcceptanceProposed, "help_acceptance_waiting", acting),
    _help(HelpWarned, "help_warned", those_named),
    _help(HelpBreached, "help_breached", those_named),
    _help(HelpEscalated, "help_escalated", those_above),
    Rule(OverdueDigestMade, "overdue_digest", heads, "overdue_digest", _morning, _overdue),
    _task(TaskCreated, "task_assigned", assignees, once=True),
    _task(TaskAssigned, "task_assigned", put_on, once=True),
    _task(TaskCommented, "mention", mentioned),
    _task(TaskCompleted, "task_completed", author),
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
    Rule(
        PeriodClosed,
        "period_closed",
        everybody,
        "period",
        _period,
        _period_facts,
        whole_agency=True,
    ),
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
