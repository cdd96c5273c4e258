"""What may be done with a help request: for each action the HTTP body and the command made of it.

The body of an HTTP call is the command without the path; :data:`ACTS` names both per action.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import AwareDatetime, ConfigDict, Field

from contracts.envelope import Code, CommandBody, Value
from contracts.help_terms import (
    HelpAction,
    HelpRequestId,
    Link,
    OptionalText,
    PeopleIds,
    PersonId,
    Skill,
)
from contracts.text import LongText, ShortText
from contracts.uploads import UploadId


class _OnHelp(Value):
    """Which request an action is about; ``agency`` says for which one somebody who heads several
    acts, ``if_match`` the version the caller has seen.
    """

    help_request: HelpRequestId
    agency: Code | None = None
    if_match: int | None = Field(default=None, ge=0)


class OnHelpRequest(Value):
    """What every action's body may say: for which agency somebody who heads several acts."""

    agency: Code | None = None


class NamedPeople(OnHelpRequest):
    """The people who will come; known employees of the helping agency on that day."""

    people: PeopleIds

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"people": ["0198f6a2-0000-7000-8000-000000000001"]}]}
    )


class Reasoned(OnHelpRequest):
    """Why; without it the answer is ``reason_required``."""

    reason: OptionalText = ""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "Semua petugas sedang pada pemilu."}]}
    )


class Question(OnHelpRequest):
    """What the receiving side has to know first; the asking side's clock runs meanwhile."""

    question: LongText

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"question": "Perlu membawa laptop?"}]}
    )


class AnswerText(OnHelpRequest):
    """The answer to the question."""

    text: LongText

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "Ya, satu per orang."}]})


class WorkDone(OnHelpRequest):
    """Minutes of work of the person who writes them down."""

    minutes: int = Field(ge=1, le=1_440, strict=True)
    note: OptionalText = ""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"minutes": 90, "note": "Impor 400 baris pertama."}]}
    )


class Delivery(OnHelpRequest):
    """What was done and where it is to be found."""

    summary: LongText
    links: tuple[Link, ...] = Field(default=(), max_length=20)

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"summary": "Data 612 pegawai sudah dipindahkan.", "links": []}]
        }
    )


class Confirmation(OnHelpRequest):
    """How good the help was, one to five, and a word of thanks."""

    rating: int = Field(ge=1, le=5, strict=True)
    thanks: OptionalText = ""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"rating": 5, "thanks": "Matur nuwun sanget."}]}
    )


class Onward(Reasoned):
    """Which agency the request goes to instead, and why."""

    to: Code

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"to": "BPKAD", "reason": "Data ada di BPKAD."}]}
    )


class NoText(OnHelpRequest):
    """An action that needs no words."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}]})


_FEATURE = "tasks.help_requests"


class AcceptHelp(_OnHelp, NamedPeople, CommandBody, name="tasks.accept_help", feature=_FEATURE):
    """The receiving agency accepts and names the people in the same step.

    Where the agency's rule says so, what a responder accepts waits for the head's approval.
    """


class ApproveHelp(_OnHelp, NoText, CommandBody, name="tasks.approve_help", feature=_FEATURE):
    """The head approves the acceptance that a responder proposed; it counts from now."""


class RejectHelp(_OnHelp, Reasoned, CommandBody, name="tasks.reject_help", feature=_FEATURE):
    """The head does not approve what a responder proposed; the request waits for another answer."""


class DeclineHelp(_OnHelp, Reasoned, CommandBody, name="tasks.decline_help", feature=_FEATURE):
    """The receiving agency declines; of several only that one leaves."""


class AskAboutHelp(_OnHelp, Question, CommandBody, name="tasks.ask_about_help", feature=_FEATURE):
    """The receiving agency asks back; its clock rests until the answer."""


class AnswerAboutHelp(
    _OnHelp, AnswerText, CommandBody, name="tasks.answer_about_help", feature=_FEATURE
):
    """The asking agency answers the question."""


class AssignHelp(_OnHelp, NamedPeople, CommandBody, name="tasks.assign_help", feature=_FEATURE):
    """The helping agency puts these people on it instead."""


class StartHelp(_OnHelp, NoText, CommandBody, name="tasks.start_help", feature=_FEATURE):
    """The work begins."""


class LogHelp(_OnHelp, WorkDone, CommandBody, name="tasks.log_help", feature=_FEATURE):
    """Minutes of work are written down."""


class DeliverHelp(_OnHelp, Delivery, CommandBody, name="tasks.deliver_help", feature=_FEATURE):
    """The work is handed over."""


class ConfirmHelp(_OnHelp, Confirmation, CommandBody, name="tasks.confirm_help", feature=_FEATURE):
    """The asking agency confirms the help with a rating."""


class ReturnHelp(_OnHelp, Reasoned, CommandBody, name="tasks.return_help", feature=_FEATURE):
    """The asking agency sends the delivery back for more work."""


class WithdrawHelp(_OnHelp, Reasoned, CommandBody, name="tasks.withdraw_help", feature=_FEATURE):
    """The asking agency no longer needs the help."""


class HandOnHelp(_OnHelp, Onward, CommandBody, name="tasks.hand_on_help", feature=_FEATURE):
    """The receiving agency passes the request on to another one."""


class HelpRemark(OnHelpRequest):
    """What is said, and whom it names: people of the agencies involved, who see it from then on."""

    text: LongText
    mentions: tuple[PersonId, ...] = Field(default=(), max_length=20)

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "Kabel sudah datang.", "mentions": []}]}
    )


class CommentOnHelp(
    _OnHelp, HelpRemark, CommandBody, name="tasks.comment_on_help", feature=_FEATURE
):
    """Either side says something about the request."""


class SentFile(OnHelpRequest):
    """A file that was sent before (`POST /v1/uploads`)."""

    upload: UploadId

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"upload": "0198f6a2-3c5e-7b6a-9d1f-2f6f0c1b7a21"}]}
    )


class AttachToHelp(_OnHelp, SentFile, CommandBody, name="tasks.attach_to_help", feature=_FEATURE):
    """Either side adds a file; who sees the request may read it."""


class HelpEdits(OnHelpRequest):
    """What is wanted instead, while nobody has accepted; what is not named stays as it is."""

    title: ShortText | None = None
    description: LongText | None = None
    skills: tuple[Skill, ...] | None = Field(default=None, max_length=20)
    people: int | None = Field(default=None, ge=1, le=200, strict=True)
    due: AwareDatetime | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"people": 3, "due": "2026-11-30T14:00:00+07:00"}],
        }
    )


class EditHelp(_OnHelp, HelpEdits, CommandBody, name="tasks.edit_help", feature=_FEATURE):
    """The asking agency changes what it wants, as long as nobody has accepted."""


@dataclass(frozen=True, slots=True)
class Act:
    """An action over HTTP: the body that is sent, the command it becomes, the end of its path."""

    body: type[OnHelpRequest]
    command: type[CommandBody]
    path: str = ""


ACTS: Mapping[HelpAction, Act] = {
    "accept": Act(NamedPeople, AcceptHelp),
    "approve": Act(NoText, ApproveHelp),
    "reject": Act(Reasoned, RejectHelp),
    "decline": Act(Reasoned, DeclineHelp),
    "ask": Act(Question, AskAboutHelp),
    "answer": Act(AnswerText, AnswerAboutHelp),
    "assign": Act(NamedPeople, AssignHelp),
    "start": Act(NoText, StartHelp),
    "log": Act(WorkDone, LogHelp),
    "deliver": Act(Delivery, DeliverHelp),
    "confirm": Act(Confirmation, ConfirmHelp),
    "return": Act(Reasoned, ReturnHelp),
    "withdraw": Act(Reasoned, WithdrawHelp),
    "hand-on": Act(Onward, HandOnHelp),
    "comment": Act(HelpRemark, CommentOnHelp, path="comments"),
    "attach": Act(SentFile, AttachToHelp, path="attachments"),
}
"""Every action somebody can do, in the order of a request's life; the path ends in its name, or in
``path`` where it says one."""
