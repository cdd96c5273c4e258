"""Which event becomes a hint about what, and whom it concerns: one row per family of events. Pure.

Nobody gets a hint about what a query would not show them: a person about their own matters, the
people who help about their help, the heads of exactly the agencies that are named about what their
agency decides. What reaches others goes through their inbox, which gives hints of its own.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from contracts import tasks
from contracts.absences import AbsenceDecided, AbsenceRequested
from contracts.attendance import DayChanged
from contracts.catalogue import EVENTS
from contracts.check_ins import CheckInDecided, CheckInHeld
from contracts.corrections import CorrectionDecided, CorrectionRequested
from contracts.directory import AccountChanged
from contracts.envelope import Actor, EventData
from contracts.kpi import ScorecardChanged
from contracts.notifications import (
    InboxMarkedRead,
    NotificationPreferencesChanged,
    NotificationRaised,
)
from contracts.objections import ObjectionDecided, ObjectionRaised
from contracts.periods import PeriodClosed, PeriodReopened
from contracts.work_elsewhere import ElsewhereDecided, ElsewhereReported, ElsewhereRequested
from contracts.work_events import TaskFacts

Concerns = Callable[[Any, Actor], bool]


@dataclass(frozen=True, slots=True)
class Row:
    """The sort of resource that events of these types are about, and whom a hint of it concerns."""

    resource: str
    types: tuple[type[EventData], ...]
    concerns: Concerns


def own(data: Any, actor: Actor) -> bool:
    """It is about the person."""
    return actor.employee is not None and actor.employee == data.employee


def own_or_led(data: Any, actor: Actor) -> bool:
    """It is about the person, or about somebody of an agency the person heads."""
    return own(data, actor) or data.agency in actor.scopes("head")


def part_of_help(data: tasks.HelpRequestFacts, actor: Actor) -> bool:
    """The person helps, or heads one of the agencies."""
    if actor.employee is not None and actor.employee in data.people_assigned:
        return True
    helping = {data.helping_agency, *data.helping_agencies}
    agencies = {data.asking_agency, *data.receiving_agencies, *helping}
    return any(scope in agencies for scope in actor.scopes("head"))


def part_of_task(data: TaskFacts, actor: Actor) -> bool:
    """The person has the task or wrote it down, or heads its agency and it is not private."""
    if actor.employee is not None and actor.employee in {data.created_by, *data.assignees}:
        return True
    return not data.private and data.agency in actor.scopes("head")


def led(data: Any, actor: Actor) -> bool:
    """The person heads the agency."""
    return data.agency in actor.scopes("head")


def own_account(data: AccountChanged, actor: Actor) -> bool:
    """It is the account that listens."""
    return data.account == actor.account


def _kinds_of(facts: type[EventData]) -> tuple[type[EventData], ...]:
    return tuple(data for data in EVENTS.values() if issubclass(data, facts))


TABLE: tuple[Row, ...] = (
    Row("help_request", _kinds_of(tasks.HelpRequestFacts), part_of_help),
    Row("task", _kinds_of(TaskFacts), part_of_task),
    Row("notification", (NotificationRaised,), own),
    Row("inbox", (InboxMarkedRead,), own),
    Row("notification_preferences", (NotificationPreferencesChanged,), own),
    Row("day", (DayChanged,), own),
    Row("absence", (AbsenceRequested, AbsenceDecided), own_or_led),
    Row("correction", (CorrectionRequested, CorrectionDecided), own_or_led),
    Row("work_elsewhere", (ElsewhereRequested, ElsewhereDecided, ElsewhereReported), own_or_led),
    Row("held_check_in", (CheckInHeld, CheckInDecided), own_or_led),
    Row("objection", (ObjectionRaised, ObjectionDecided), own_or_led),
    Row("period", (PeriodClosed, PeriodReopened), led),
    Row("scorecard", (ScorecardChanged,), own),
    Row("me", (AccountChanged,), own_account),
)


def rows_by_type(table: Iterable[Row] = TABLE) -> dict[str, Row]:
    """The row of each event type."""
    return {data.type: row for row in table for data in row.types}
