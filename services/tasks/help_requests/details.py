"""What is said with an action, and the action itself: one table for people's calls and imports."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from contracts.envelope import AgencyCode, EmployeeId, Value
from contracts.help_acts import HelpEdits
from contracts.help_terms import HelpAction
from contracts.outcome import Refusal
from rules.working_time import zone
from services.tasks.acceptance_rules.model import NO_RULES, AcceptanceRule, RuleBook
from services.tasks.help_requests import decisions
from services.tasks.help_requests.editing import Edits, edit
from services.tasks.help_requests.happening import Outcome
from services.tasks.help_requests.model import Deed, HelpRequest
from services.tasks.help_requests.people import check_people
from services.tasks.help_requests.remarks import attach, check_mentions, comment
from services.tasks.own_copies.model import City, People
from services.tasks.uploads.model import Attachment


@dataclass(frozen=True, slots=True)
class Details:
    """What any action may say; each takes what it needs and refuses where that is missing."""

    people: tuple[EmployeeId, ...] | None = None
    reason: str = ""
    question: str = ""
    text: str = ""
    minutes: int | None = None
    note: str = ""
    summary: str = ""
    links: tuple[str, ...] = ()
    rating: int | None = None
    thanks: str = ""
    to: str | None = None
    edits: Edits | None = None
    mentions: tuple[EmployeeId, ...] = ()
    attachment: Attachment | None = None

    @classmethod
    def of(cls, body: Value) -> "Details":
        """The details of a command's body or of a recorded step."""
        if isinstance(body, HelpEdits):
            return cls(edits=Edits.of(body))
        said: dict[str, Any] = {
            each.name: getattr(body, each.name) for each in fields(cls) if hasattr(body, each.name)
        }
        return cls(**said)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of city and people when an action is decided; ``caller`` is who calls now."""

    city: City
    people: People
    caller: EmployeeId | None = None
    rules: RuleBook = NO_RULES

    def sent(self, details: Details, deed: Deed) -> tuple[EmployeeId, ...]:
        """The people named, if the acting agency can send them on that day."""
        if details.people is None:
            raise Refusal.invalid("/people", "must name somebody")
        self.check(details.people, deed)
        return details.people

    def proposed(self, request: HelpRequest, deed: Deed) -> HelpRequest:
        """The request, if the people proposed for the acting agency can still be sent."""
        proposal = request.proposal_of(deed.agency or "")
        if proposal is not None:
            self.check(proposal.people, deed)
        return request

    def mentioned(self, request: HelpRequest, deed: Deed, details: Details) -> HelpRequest:
        """The request, if everybody who is named has to do with it."""
        check_mentions(request, deed, details.mentions, self.people, self.city)
        return request

    def rule(self, deed: Deed) -> AcceptanceRule | None:
        """What rules the acceptances of the acting agency now."""
        on = deed.at.astimezone(zone(deed.schedule.zone)).date()
        return self.rules.ruling(deed.agency or "", on)

    def check(self, people: Sequence[EmployeeId], deed: Deed) -> None:
        """Refuse people whom the acting agency cannot send on that day."""
        check_people(
            people,
            agency=deed.agency or "",
            at=deed.at,
            people=self.people,
            city=self.city,
            caller=self.caller,
        )

    def onward(self, details: Details) -> AgencyCode:
        """The agency a request is handed on to."""
        if details.to is None or not self.city.knows(details.to):
            raise Refusal.invalid("/to", "is not an agency of the city")
        return AgencyCode(details.to)


Do = Callable[[HelpRequest, Deed, Details, Known], Outcome]

DO: Mapping[HelpAction, Do] = {
    "accept": lambda r, deed, said, known: decisions.accept(
        r, deed, known.sent(said, deed), known.rule(deed)
    ),
    "approve": lambda r, deed, _said, known: decisions.approve(known.proposed(r, deed), deed),
    "reject": lambda r, deed, said, _: decisions.reject(r, deed, said.reason),
    "decline": lambda r, deed, said, _: decisions.decline(r, deed, said.reason),
    "ask": lambda r, deed, said, _: decisions.ask(r, deed, said.question),
    "answer": lambda r, deed, said, _: decisions.answer(r, deed, said.text),
    "assign": lambda r, deed, said, known: decisions.assign(r, deed, known.sent(said, deed)),
    "start": lambda r, deed, _said, _: decisions.start(r, deed),
    "log": lambda r, deed, said, _: decisions.log_work(
        r, deed, _needed(said.minutes, "/minutes"), said.note
    ),
    "deliver": lambda r, deed, said, _: decisions.deliver(r, deed, said.summary, said.links),
    "confirm": lambda r, deed, said, _: decisions.confirm(
        r, deed, _needed(said.rating, "/rating"), said.thanks
    ),
    "return": lambda r, deed, said, _: decisions.send_back(r, deed, said.reason),
    "withdraw": lambda r, deed, said, _: decisions.withdraw(r, deed, said.reason),
    "comment": lambda r, deed, said, known: comment(
        known.mentioned(r, deed, said), deed, said.text, said.mentions
    ),
    "attach": lambda r, deed, said, _: attach(r, deed, _given(said.attachment)),
    "edit": lambda r, deed, said, _: edit(r, deed, said.edits or Edits()),
    "hand-on": lambda r, deed, said, known: decisions.hand_on(
        r, deed, known.onward(said), said.reason
    ),
}
"""How each action of the table that somebody can do is carried out."""


def _given(attachment: Attachment | None) -> Attachment:
    if attachment is None:
        raise Refusal.invalid("/upload", "must be given")
    return attachment


def _needed(value: int | None, pointer: str) -> int:
    if value is None:
        raise Refusal.invalid(pointer, "must be given")
    return value
