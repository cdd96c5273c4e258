"""What a help request is made of: who was asked, who took a part, what was done and when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from contracts.envelope import AgencyCode, EmployeeId
from contracts.help_terms import HelpAction, HelpSign, HelpState, Priority
from rules.working_time import Schedule, zone
from services.tasks.help_requests.transitions import Side
from services.tasks.service_levels.clock import Reason
from services.tasks.service_levels.targets import NOTHING_ENTERED, LevelBook, Terms

EVERYBODY = "*"
"""In place of the agencies called: an open call to the whole city."""

Leaving = Literal["declined", "handed-on"]


@dataclass(frozen=True, slots=True)
class Receiver:
    """An agency that was asked: since when its clock counts by which terms, and how it left."""

    agency: AgencyCode
    since: datetime
    left: Leaving | None = None
    terms: Terms | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What one agency took on: its people by its record number, and what it handed over."""

    agency: AgencyCode
    people: tuple[EmployeeId, ...]
    accepted_at: datetime
    assignment: int
    assigned_at: datetime
    delivered_at: datetime | None = None
    summary: str | None = None
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """An acceptance that waits for the head of the agency, and the rule that asks for it."""

    agency: AgencyCode
    people: tuple[EmployeeId, ...]
    at: datetime
    by: EmployeeId | None
    account: str
    rule: str


@dataclass(frozen=True, slots=True)
class Work:
    """Minutes somebody worked on the request."""

    by: EmployeeId | None
    at: datetime
    minutes: int
    note: str = ""


FieldValue = str | int | datetime | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A field that was edited, as it was and as it is."""

    field: str
    before: FieldValue
    after: FieldValue


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the time line; ``by`` is None where a clock or an import stands behind it.

    ``changed`` names the fields that others see changed; ``changes`` is what an edit did to them.
    """

    at: datetime
    action: HelpAction | HelpSign
    after: HelpState
    before: HelpState | None = None
    by: EmployeeId | None = None
    account: str = ""
    agency: AgencyCode | None = None
    note: str = ""
    people: tuple[EmployeeId, ...] = ()
    explanation: tuple[Reason, ...] = ()
    changed: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Deed:
    """Who does something, for which agency and on which side, when, and by which hours.

    ``as_head`` is whether it is the head's own word, which no rule has anybody else approve.
    """

    at: datetime
    side: Side
    agency: AgencyCode | None
    schedule: Schedule
    by: EmployeeId | None = None
    account: str = ""
    levels: LevelBook = NOTHING_ENTERED
    as_head: bool = True

    def terms_of(self, agency: AgencyCode, priority: Priority) -> Terms:
        """The service levels that rule what an agency is asked now."""
        on = self.at.astimezone(zone(self.schedule.zone)).date()
        return self.levels.terms(agency, priority, on)
