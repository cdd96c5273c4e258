"""What the task service says: help requests between agencies, their states and their times.

The commands and queries of the gateway are in :mod:`contracts.help_requests`, the views that
answer them in :mod:`contracts.help_views`; importing this module registers them all.
"""

from datetime import UTC, datetime
from typing import Self

from pydantic import AwareDatetime, ConfigDict, Field

from contracts import help_acts, help_requests
from contracts.envelope import AgencyCode, EmployeeId, EventData, Value
from contracts.help_terms import HelpAction, HelpState, Priority


class HelpRequestPublic(Value):
    """What other governments see of a help request: agencies, times, state; no person, no text."""

    model_config = ConfigDict(extra="ignore")

    help_request: str
    number: str
    asking_agency: str
    receiving_agencies: tuple[str, ...]
    helping_agency: str | None = None
    helping_agencies: tuple[str, ...] = ()
    state: HelpState
    priority: Priority
    people: int
    due: AwareDatetime
    requested_at: AwareDatetime
    response_minutes: int | None = None
    rating: int | None = None
    imported: bool = False


class HelpRequestFacts(EventData):
    """The state of a help request after a transition, as every type of it carries it.

    ``agency`` of the event is the asking agency. ``response_minutes`` are working minutes of the
    receiving agency from request to acceptance or decline, set from then on (rules/working_time);
    ``completion_minutes`` those from acceptance to delivery, likewise. ``waiting_for`` are the
    agencies that have to move next (nobody: an open call, or it has ended), ``waiting_since`` since
    when. ``acting_agency`` did what the event states; ``changed`` names the fields that an edit
    changed.
    """

    help_request: str
    number: str
    asking_agency: AgencyCode
    receiving_agencies: tuple[AgencyCode, ...]
    helping_agency: AgencyCode | None = None
    helping_agencies: tuple[AgencyCode, ...] = ()
    responding_agency: AgencyCode | None = None
    state: HelpState
    priority: Priority
    people: int = Field(ge=1)
    due: AwareDatetime
    at: AwareDatetime
    requested_at: AwareDatetime
    people_assigned: tuple[EmployeeId, ...] = ()
    response_minutes: int | None = None
    response_target_minutes: int | None = None
    completion_minutes: int | None = None
    completion_target_minutes: int | None = None
    waiting_for: tuple[AgencyCode, ...] = ()
    waiting_since: AwareDatetime | None = None
    rating: int | None = Field(default=None, ge=1, le=5)
    imported: bool = False
    acting_agency: AgencyCode | None = None
    sensitive: bool = False
    changed: tuple[str, ...] = ()

    def is_withheld(self) -> bool:
        """A sensitive request is nobody's business outside the agencies involved."""
        return self.sensitive

    def about_agency(self) -> AgencyCode:
        """The agency that asks."""
        return self.asking_agency

    @classmethod
    def example(cls) -> Self:
        """A request of the personnel agency that the informatics agency answered."""
        answered = cls.type not in _UNANSWERED
        return cls(
            help_request="0198f6a2-3c5e-7b6a-9d1f-2f6f0c1b7a11",
            number="SBT/2026/000123",
            asking_agency=AgencyCode("BKPSDM"),
            receiving_agencies=(AgencyCode("DISKOMINFOSP"),),
            helping_agency=AgencyCode("DISKOMINFOSP") if answered else None,
            helping_agencies=(AgencyCode("DISKOMINFOSP"),) if answered else (),
            responding_agency=AgencyCode("DISKOMINFOSP") if answered else None,
            state=_EXAMPLE_STATES[cls.type],
            priority="normal",
            people=2,
            due=datetime(2026, 11, 27, 7, tzinfo=UTC),
            at=datetime(2026, 11, 24, 2, 5, tzinfo=UTC),
            requested_at=datetime(2026, 11, 24, 1, 20, tzinfo=UTC),
            people_assigned=(EmployeeId("0198f6a2-0000-7000-8000-000000000001"),)
            if answered
            else (),
            response_minutes=45 if answered else None,
            response_target_minutes=240,
            rating=5 if cls.type == "tasks.help_request.confirmed.v1" else None,
        )


_EXAMPLE_STATES: dict[str, HelpState] = {
    "tasks.help_request.requested.v1": "requested",
    "tasks.help_request.accepted.v1": "accepted",
    "tasks.help_request.acceptance_proposed.v1": "requested",
    "tasks.help_request.acceptance_rejected.v1": "requested",
    "tasks.help_request.declined.v1": "declined",
    "tasks.help_request.asked.v1": "clarifying",
    "tasks.help_request.answered.v1": "requested",
    "tasks.help_request.assigned.v1": "accepted",
    "tasks.help_request.started.v1": "in_progress",
    "tasks.help_request.logged.v1": "in_progress",
    "tasks.help_request.delivered.v1": "delivered",
    "tasks.help_request.part_delivered.v1": "in_progress",
    "tasks.help_request.returned.v1": "in_progress",
    "tasks.help_request.confirmed.v1": "confirmed",
    "tasks.help_request.withdrawn.v1": "withdrawn",
    "tasks.help_request.expired.v1": "expired",
    "tasks.help_request.handed_on.v1": "requested",
    "tasks.help_request.edited.v1": "requested",
    "tasks.help_request.commented.v1": "requested",
    "tasks.help_request.attached.v1": "requested",
}
_UNANSWERED = frozenset(
    f"tasks.help_request.{verb}.v1"
    for verb in (
        "requested",
        "asked",
        "answered",
        "withdrawn",
        "expired",
        "handed_on",
        "edited",
        "acceptance_proposed",
        "acceptance_rejected",
        "commented",
        "attached",
    )
)


class HelpRequested(
    HelpRequestFacts, type="tasks.help_request.requested.v1", public=HelpRequestPublic
):
    """An agency asked another one (or several, or anyone) for help."""


class HelpAccepted(
    HelpRequestFacts, type="tasks.help_request.accepted.v1", public=HelpRequestPublic
):
    """A receiving agency accepted, wholly or for a part, and named the people who will come."""


class HelpAcceptanceProposed(
    HelpRequestFacts,
    type="tasks.help_request.acceptance_proposed.v1",
):
    """A responder accepted; by the agency's rule it waits for the head's approval."""


class HelpAcceptanceRejected(
    HelpRequestFacts,
    type="tasks.help_request.acceptance_rejected.v1",
):
    """The head did not approve an acceptance; the request waits for another answer."""


class HelpDeclined(
    HelpRequestFacts, type="tasks.help_request.declined.v1", public=HelpRequestPublic
):
    """A receiving agency declined; of several only that one leaves, the last one ends it."""


class HelpAsked(HelpRequestFacts, type="tasks.help_request.asked.v1", public=HelpRequestPublic):
    """The receiving agency asked back; the clock rests until the answer."""


class HelpAnswered(
    HelpRequestFacts, type="tasks.help_request.answered.v1", public=HelpRequestPublic
):
    """The asking agency answered the question."""


class HelpAssigned(
    HelpRequestFacts, type="tasks.help_request.assigned.v1", public=HelpRequestPublic
):
    """Other people were put on the accepted request."""


class HelpStarted(HelpRequestFacts, type="tasks.help_request.started.v1", public=HelpRequestPublic):
    """The work began."""


class HelpLogged(HelpRequestFacts, type="tasks.help_request.logged.v1", public=HelpRequestPublic):
    """Minutes of work were written down."""


class HelpDelivered(
    HelpRequestFacts, type="tasks.help_request.delivered.v1", public=HelpRequestPublic
):
    """The helping agency handed the work over."""


class HelpPartDelivered(
    HelpRequestFacts, type="tasks.help_request.part_delivered.v1", public=HelpRequestPublic
):
    """One of several helping agencies handed its part over; others are still at work."""


class HelpReturned(
    HelpRequestFacts, type="tasks.help_request.returned.v1", public=HelpRequestPublic
):
    """The asking agency sent the delivery back for more work."""


class HelpConfirmed(
    HelpRequestFacts, type="tasks.help_request.confirmed.v1", public=HelpRequestPublic
):
    """The asking agency confirmed the help with a rating, or silence confirmed it without one."""


class HelpWithdrawn(
    HelpRequestFacts, type="tasks.help_request.withdrawn.v1", public=HelpRequestPublic
):
    """The asking agency no longer needs the help."""


class HelpExpired(HelpRequestFacts, type="tasks.help_request.expired.v1", public=HelpRequestPublic):
    """The day it was needed by passed without an acceptance."""


class HelpEdited(HelpRequestFacts, type="tasks.help_request.edited.v1", public=HelpRequestPublic):
    """The asking agency changed what it wants before anybody had accepted."""


class HelpCommented(
    HelpRequestFacts, type="tasks.help_request.commented.v1", public=HelpRequestPublic
):
    """Somebody said something; those in ``mentions`` may see the request and should be told."""

    mentions: tuple[EmployeeId, ...] = ()


class HelpAttached(
    HelpRequestFacts, type="tasks.help_request.attached.v1", public=HelpRequestPublic
):
    """A file belongs to the request from now on."""

    upload: str | None = None


class HelpHandedOn(
    HelpRequestFacts, type="tasks.help_request.handed_on.v1", public=HelpRequestPublic
):
    """The receiving agency passed the request on to another one."""


__all__ = [
    "HelpAcceptanceProposed",
    "HelpAcceptanceRejected",
    "HelpAccepted",
    "HelpAction",
    "HelpAnswered",
    "HelpAsked",
    "HelpAssigned",
    "HelpAttached",
    "HelpCommented",
    "HelpConfirmed",
    "HelpDeclined",
    "HelpDelivered",
    "HelpEdited",
    "HelpExpired",
    "HelpHandedOn",
    "HelpLogged",
    "HelpPartDelivered",
    "HelpRequestFacts",
    "HelpRequestPublic",
    "HelpRequested",
    "HelpReturned",
    "HelpStarted",
    "HelpState",
    "HelpWithdrawn",
    "Priority",
    "help_acts",
    "help_requests",
]
