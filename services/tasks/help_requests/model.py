"""A help request: who asked whom for what, how far it is, and what its clocks have to count.

The decisions that change it are in :mod:`services.tasks.help_requests.decisions`.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from contracts.envelope import AgencyCode, EmployeeId
from contracts.help_terms import HelpAction, HelpState, Mode, Priority
from contracts.help_views import Holder
from rules.working_time import Schedule, working_minutes_between
from services.tasks.help_requests.elements import (
    EVERYBODY,
    Change,
    Deed,
    FieldValue,
    Happening,
    Leaving,
    Part,
    Proposal,
    Receiver,
    Work,
)
from services.tasks.help_requests.transitions import FIRST, is_final
from services.tasks.service_levels.clock import Clock, Pause
from services.tasks.service_levels.targets import SHIPPED, Terms
from services.tasks.service_levels.watches import Watch
from services.tasks.uploads.model import Attachment

__all__ = [
    "EVERYBODY",
    "Change",
    "Deed",
    "FieldValue",
    "Happening",
    "HelpRequest",
    "Leaving",
    "Part",
    "Proposal",
    "Receiver",
    "Work",
]


@dataclass(frozen=True, slots=True)
class HelpRequest:
    """The whole state of a help request; immutable, each decision makes the next one."""

    id: str
    number: str
    asking_agency: AgencyCode
    to_anyone: bool
    receivers: tuple[Receiver, ...]
    title: str
    description: str
    skills: tuple[str, ...]
    people: int
    due: datetime
    priority: Priority
    sensitive: bool
    requested_at: datetime
    requested_by: EmployeeId | None
    response_target: int
    words: tuple[str, ...]
    imported: bool = False
    mode: Mode = "first"
    area: tuple[AgencyCode, ...] = ()
    called: tuple[str, ...] = (EVERYBODY,)
    state: HelpState = FIRST
    resumes: HelpState | None = None
    question: str | None = None
    pauses: tuple[Pause, ...] = ()
    helping_agency: AgencyCode | None = None
    responding_agency: AgencyCode | None = None
    responded_at: datetime | None = None
    response_minutes: int | None = None
    accepted_at: datetime | None = None
    completion_target: int | None = None
    completion_minutes: int | None = None
    parts: tuple[Part, ...] = ()
    awaiting_approval: tuple[Proposal, ...] = ()
    people_assigned: tuple[EmployeeId, ...] = ()
    assignments: int = 0
    work: tuple[Work, ...] = ()
    delivered_at: datetime | None = None
    summary: str | None = None
    links: tuple[str, ...] = ()
    rating: int | None = None
    thanks: str | None = None
    confirmed_by_silence: bool = False
    ended_at: datetime | None = None
    attachments: tuple[Attachment, ...] = ()
    participants: tuple[EmployeeId, ...] = ()
    involved: tuple[AgencyCode, ...] = ()
    timer: HelpAction | None = None
    timer_at: datetime | None = None
    terms: Terms | None = None
    watches: tuple[Watch, ...] = ()
    digests: tuple[AgencyCode, ...] = ()
    rings_at: datetime | None = None
    timeline: tuple[Happening, ...] = ()

    @property
    def changed_at(self) -> datetime:
        """The moment of the newest thing that happened."""
        return self.timeline[-1].at if self.timeline else self.requested_at

    @property
    def receiving_agencies(self) -> tuple[AgencyCode, ...]:
        """The agencies asked, those that declined included, those that handed it on not."""
        return tuple(each.agency for each in self.receivers if each.left != "handed-on")

    @property
    def declined_agencies(self) -> tuple[AgencyCode, ...]:
        """The agencies that declined."""
        return tuple(each.agency for each in self.receivers if each.left == "declined")

    @property
    def comments(self) -> tuple[Happening, ...]:
        """What was said about it, oldest first."""
        return tuple(each for each in self.timeline if each.action == "comment")

    @property
    def helping_agencies(self) -> tuple[AgencyCode, ...]:
        """The agencies that have taken it on, or a part of it, the first one first."""
        return tuple(each.agency for each in self.parts)

    @property
    def waiting(self) -> tuple[AgencyCode, ...]:
        """The named agencies that have not answered."""
        helping = self.helping_agencies
        still = (each.agency for each in self.receivers if each.left is None)
        return tuple(agency for agency in still if agency not in helping)

    @property
    def responders(self) -> tuple[AgencyCode, ...]:
        """The named agencies that hold the receiving side now: who helps, else who was asked."""
        return self.helping_agencies or self.waiting

    @property
    def people_missing(self) -> int:
        """How many people are still wanted of others; none once one agency helps alone."""
        if self.parts and self.mode == "first":
            return 0
        return max(0, self.people - len(self.people_assigned))

    @property
    def wants_more(self) -> bool:
        """Whether agencies may still join those that help."""
        return bool(self.parts) and self.people_missing > 0

    def part_of(self, agency: str) -> Part | None:
        """What an agency took on."""
        return next((each for each in self.parts if each.agency == agency), None)

    def has_left(self, agency: str) -> bool:
        """Whether the agency declined or handed the request on."""
        return any(each.agency == agency and each.left is not None for each in self.receivers)

    def is_open_to(self, agency: str) -> bool:
        """Whether an open call waits for this agency's word too."""
        return (
            self.to_anyone
            and (self.helping_agency is None or self.wants_more)
            and agency != self.asking_agency
            and (EVERYBODY in self.called or agency in self.called)
            and self.part_of(agency) is None
            and not self.has_left(agency)
        )

    def proposal_of(self, agency: str) -> Proposal | None:
        """The acceptance of an agency that waits for its head."""
        return next((each for each in self.awaiting_approval if each.agency == agency), None)

    def without_proposal(self, agency: str) -> "HelpRequest":
        """The request without what this agency proposed."""
        left = tuple(each for each in self.awaiting_approval if each.agency != agency)
        return replace(self, awaiting_approval=left)

    def number_of(self, part: Part) -> str:
        """The number of a part's assignment record."""
        return f"{self.number}/ST-{part.assignment}"

    @property
    def assignment_number(self) -> str | None:
        """The number of the assignment record of the agency that accepted first."""
        return self.number_of(self.parts[0]) if self.parts else None

    @property
    def holder(self) -> Holder | None:
        """The side that has to do something next."""
        if is_final(self.state):
            return None
        return "asking" if self.state in {"clarifying", "delivered"} else "receiving"

    @property
    def waiting_for(self) -> tuple[AgencyCode, ...]:
        """The agencies that have to do something next; none for an open call."""
        if self.holder is None:
            return ()
        return (self.asking_agency,) if self.holder == "asking" else self.responders

    @property
    def waiting_since(self) -> datetime:
        """When the state became what it is."""
        moved = (line.at for line in reversed(self.timeline) if line.before != line.after)
        return next(moved, self.requested_at)

    def response_clock(self) -> Clock | None:
        """The clock from the request to the word of the receiving side; None if none is owed."""
        if self.responding_agency is not None:
            return replace(
                self.response_clock_of(self.responding_agency), stopped_at=self.responded_at
            )
        if self.state == "withdrawn":
            return None
        waiting = self.responders
        clock = self.response_clock_of(waiting[0] if waiting else None)
        return replace(clock, stopped_at=self.ended_at)

    def response_clock_of(self, agency: str | None) -> Clock:
        """The clock of one agency that was asked; for an open call that of the call."""
        named = [each.since for each in self.receivers if each.agency == agency]
        waiting = [each.since for each in self.receivers if each.left is None]
        since = (named or waiting or [self.requested_at])[0]
        return Clock(since, self.response_target_of(agency), None, self.pauses)

    def terms_of(self, agency: str | None) -> Terms:
        """The terms an agency's clocks count by: those in force when it was asked."""
        own = next((each.terms for each in self.receivers if each.agency == agency), None)
        return own or self.terms or SHIPPED.of(self.priority)

    def response_target_of(self, agency: str | None) -> int:
        """The working minutes an agency has to answer; of an open call those of the call."""
        own = next((each.terms for each in self.receivers if each.agency == agency), None)
        return own.response_minutes if own else self.response_target

    def completion_clock(self) -> Clock | None:
        """The clock from acceptance to delivery; None before."""
        if self.accepted_at is None or self.completion_target is None:
            return None
        stopped = self.delivered_at or self.ended_at
        return Clock(self.accepted_at, self.completion_target, stopped, self.pauses)

    def with_people(
        self, agency: AgencyCode, people: tuple[EmployeeId, ...], at: datetime
    ) -> "HelpRequest":
        """These people of an agency on it from now on; those before keep seeing it."""
        known, number = self.part_of(agency), self.assignments + 1
        part = (
            replace(known, people=people, assignment=number, assigned_at=at)
            if known
            else Part(agency, people, at, number, at)
        )
        return replace(
            self.with_part(part),
            assignments=number,
            participants=tuple(dict.fromkeys((*self.participants, *people))),
        )

    def with_part(self, part: Part) -> "HelpRequest":
        """The part instead of the agency's former one, or behind the others."""
        if self.part_of(part.agency) is None:
            return self.with_parts((*self.parts, part))
        return self.with_parts(
            tuple(part if each.agency == part.agency else each for each in self.parts)
        )

    def with_parts(self, parts: tuple[Part, ...]) -> "HelpRequest":
        """The parts, and what follows from them: who helps, who comes."""
        people = (person for part in parts for person in part.people)
        return replace(
            self,
            parts=parts,
            helping_agency=parts[0].agency if parts else None,
            people_assigned=tuple(dict.fromkeys(people)),
        )

    def with_involved(self, *agencies: AgencyCode) -> "HelpRequest":
        """These agencies see the request from now on."""
        return replace(self, involved=tuple(dict.fromkeys((*self.involved, *agencies))))

    def completion_target_from(self, at: datetime, schedule: Schedule, terms: Terms) -> int:
        """Working minutes from an acceptance to the moment the help is needed by.

        No more than the service level allows, where it has a target of its own.
        """
        until_due = working_minutes_between(at, self.due, schedule)
        allowed = terms.completion_minutes
        return until_due if allowed is None else min(until_due, allowed)
