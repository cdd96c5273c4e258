"""How help requests are shown: the request, its clocks, its time line."""

from typing import Literal

from pydantic import AwareDatetime, JsonValue

from contracts.envelope import Value
from contracts.help_terms import HelpAction, HelpSign, HelpState, Mode, Priority
from contracts.people import PersonView
from contracts.uploads import AttachmentView

ClockState = Literal["running", "paused", "outside_hours", "met", "breached"]
Holder = Literal["asking", "receiving"]


class ClockView(Value):
    """One service level: what is left of the target in working minutes, and until when.

    ``due`` is null while the clock is paused or has stopped; ``remaining_minutes`` is negative
    once the target is passed; ``changes_at`` is when ``state`` changes without anybody acting.
    """

    state: ClockState
    target_minutes: int
    elapsed_minutes: int
    remaining_minutes: int
    due: AwareDatetime | None = None
    as_of: AwareDatetime
    changes_at: AwareDatetime | None = None


class ServiceLevelView(Value):
    """Both clocks and the side that holds the ball; a clock that has not begun is null."""

    response: ClockView | None = None
    completion: ClockView | None = None
    holder: Holder | None = None


class WorkView(Value):
    """Minutes somebody worked, and what came of them."""

    person: PersonView | None = None
    at: AwareDatetime
    minutes: int
    note: str = ""


class PartView(Value):
    """What one agency took on: who comes from it, and whether it has handed its work over."""

    agency: str
    people: tuple[PersonView, ...]
    accepted_at: AwareDatetime
    assignment_number: str
    delivered_at: AwareDatetime | None = None
    summary: str | None = None
    links: tuple[str, ...] = ()


class ProposalView(Value):
    """An acceptance that waits for the head: who proposed which people when, by which rule."""

    agency: str
    people: tuple[PersonView, ...]
    proposed_by: PersonView | None = None
    at: AwareDatetime
    rule: str


class HelpRequestView(Value):
    """A help request as this caller may see it, with what the caller may do now.

    ``helping_agency`` is the first to have accepted; ``parts`` are what each of
    ``helping_agencies`` took on, ``people_missing`` how many are still wanted of others;
    ``comments`` is how many were made; ``awaiting_approval`` is shown to the agency whose head has
    to approve, and to auditors.
    """

    id: str
    number: str
    state: HelpState
    asking_agency: str
    to_anyone: bool = False
    area: tuple[str, ...] = ()
    mode: Mode = "first"
    receiving_agencies: tuple[str, ...]
    declined_agencies: tuple[str, ...] = ()
    helping_agency: str | None = None
    title: str
    description: str
    skills: tuple[str, ...] = ()
    people: int
    due: AwareDatetime
    priority: Priority
    sensitive: bool = False
    requested_at: AwareDatetime
    requested_by: PersonView | None = None
    people_assigned: tuple[PersonView, ...] = ()
    helping_agencies: tuple[str, ...] = ()
    parts: tuple[PartView, ...] = ()
    people_missing: int = 0
    awaiting_approval: tuple[ProposalView, ...] = ()
    attachments: tuple[AttachmentView, ...] = ()
    comments: int = 0
    assignment_number: str | None = None
    question: str | None = None
    work: tuple[WorkView, ...] = ()
    worked_minutes: int = 0
    summary: str | None = None
    links: tuple[str, ...] = ()
    rating: int | None = None
    thanks: str | None = None
    confirmed_by_silence: bool = False
    response_minutes: int | None = None
    imported: bool = False
    service_level: ServiceLevelView
    actions: tuple[HelpAction, ...] = ()
    version: int


class ExplanationView(Value):
    """How a number came about: the rule, what it looked at, what it found."""

    rule: str
    facts: tuple[str, ...] = ()
    result: str


class ChangeView(Value):
    """A field that was edited: what it said, and what it says since."""

    field: str
    before: JsonValue
    after: JsonValue


class TimelineItemView(Value):
    """One thing that happened; ``actor`` is null where a clock or an import stands behind it."""

    at: AwareDatetime
    actor: PersonView | None = None
    agency: str | None = None
    action: HelpAction | HelpSign
    before: HelpState | None = None
    after: HelpState
    note: str = ""
    people: tuple[PersonView, ...] = ()
    explanation: tuple[ExplanationView, ...] = ()
    changes: tuple[ChangeView, ...] = ()


class HelpCommentView(Value):
    """What somebody said for an agency, and whom it names."""

    at: AwareDatetime
    person: PersonView | None = None
    agency: str | None = None
    text: str
    mentions: tuple[PersonView, ...] = ()


class HelpCommentsView(Value):
    """Everything that was said, oldest first."""

    items: tuple[HelpCommentView, ...]


class DifferenceView(Value):
    """What happened between two versions of a request: who did what when, and to which fields.

    Carried by a ``version_conflict`` as ``changes``, so that nobody overwrites the other unseen.
    """

    at: AwareDatetime
    actor: PersonView | None = None
    agency: str | None = None
    action: HelpAction | HelpSign
    fields: tuple[str, ...] = ()


class TimelineView(Value):
    """Everything that happened, oldest first."""

    items: tuple[TimelineItemView, ...]
