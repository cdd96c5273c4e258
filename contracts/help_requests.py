"""What the task service is asked about help requests: commands of the gateway and its queries.

The bodies of the HTTP calls (``…Reasoned``, ``Question``, …) are the commands without the path.
"""

from pydantic import AwareDatetime, ConfigDict, Field

from contracts.envelope import Code, CommandBody, QueryBody, Value
from contracts.help_terms import (
    MAX_IMPORTED,
    HelpRequestId,
    HelpState,
    ImportedAction,
    ImportedNumber,
    Link,
    OptionalText,
    PeopleIds,
    PersonId,
    Priority,
    Receivers,
    Skill,
)
from contracts.paging import Paging
from contracts.text import LongText, ShortText


class HelpWanted(Value):
    """What is needed, how many people, which skills, by when."""

    to: Receivers
    title: ShortText
    description: LongText
    skills: tuple[Skill, ...] = Field(default=(), max_length=20)
    people: int = Field(default=1, ge=1, le=200, strict=True)
    due: AwareDatetime
    priority: Priority = "normal"
    sensitive: bool = False


class RequestHelp(
    CommandBody, HelpWanted, name="tasks.request_help", feature="tasks.help_requests"
):
    """An agency asks another one, several, or whoever can.

    ``asking_agency`` is needed only from somebody who heads several agencies.
    """

    asking_agency: Code | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "to": ["DISKOMINFOSP"],
                    "title": "Dua orang untuk pendataan pegawai",
                    "description": "Memindahkan data pegawai ke aplikasi baru selama tiga hari.",
                    "skills": ["basis data"],
                    "people": 2,
                    "due": "2026-11-27T14:00:00+07:00",
                    "priority": "normal",
                }
            ]
        }
    )


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
    """The receiving agency accepts and names the people in the same step."""


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


class ImportedStep(Value):
    """What happened to an imported request, when, and by which agency.

    ``by`` names the person where it is known; the other fields are those of the action.
    """

    action: ImportedAction
    at: AwareDatetime
    agency: Code | None = None
    by: PersonId | None = None
    people: PeopleIds | None = None
    reason: OptionalText = ""
    question: OptionalText = ""
    text: OptionalText = ""
    minutes: int | None = Field(default=None, ge=1, le=1_440, strict=True)
    note: OptionalText = ""
    summary: OptionalText = ""
    links: tuple[Link, ...] = Field(default=(), max_length=20)
    rating: int | None = Field(default=None, ge=1, le=5, strict=True)
    thanks: OptionalText = ""
    to: Code | None = None


class ImportedHelpRequest(HelpWanted):
    """A help request as another system (or the played day) recorded it, with its own moments."""

    asking_agency: Code
    requested_at: AwareDatetime
    requested_by: PersonId | None = None
    number: ImportedNumber | None = None
    steps: tuple[ImportedStep, ...] = Field(default=(), max_length=50)

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "asking_agency": "BKPSDM",
                    "to": ["DISKOMINFOSP"],
                    "title": "Pemasangan jaringan ruang ujian",
                    "description": "Jaringan untuk 40 meja ujian.",
                    "people": 1,
                    "due": "2026-11-23T14:00:00+07:00",
                    "priority": "high",
                    "requested_at": "2026-11-23T08:00:00+07:00",
                    "steps": [
                        {
                            "action": "decline",
                            "at": "2026-11-23T08:40:00+07:00",
                            "agency": "DISKOMINFOSP",
                            "reason": "Semua petugas sedang di kelurahan.",
                        }
                    ],
                }
            ]
        }
    )


class ImportHelpRequests(Value):
    """Up to a hundred recorded requests."""

    items: tuple[ImportedHelpRequest, ...] = Field(min_length=1, max_length=MAX_IMPORTED)


class ImportHelpRequest(CommandBody, name="tasks.import_help_request", feature="tasks.imports"):
    """One recorded request with its steps; runs the same transitions as people's own calls."""

    item: ImportedHelpRequest


class GetHelpRequest(QueryBody, name="tasks.get_help_request"):
    """One help request as the caller may see it."""

    help_request: HelpRequestId


class GetHelpTimeline(QueryBody, name="tasks.get_help_timeline"):
    """Everything that happened to a help request, oldest first."""

    help_request: HelpRequestId


class GetAssignmentRecord(QueryBody, name="tasks.get_assignment_record"):
    """The numbered assignment record (*surat tugas*) of an accepted request, as PDF."""

    help_request: HelpRequestId


class ListHelpRequests(Paging, QueryBody, name="tasks.list_help_requests"):
    """The help requests the caller may see, newest first.

    Agencies include those below them unless ``exact``; ``receiving_agency=anyone`` finds open
    calls; ``assigned`` is a person or ``me``; every word of ``q`` begins a word of the request.
    """

    asking_agency: tuple[Code, ...] = Field(default=(), max_length=50)
    receiving_agency: tuple[Code, ...] = Field(default=(), max_length=50)
    state: tuple[HelpState, ...] = Field(default=(), max_length=20)
    assigned: PersonId | None = None
    q: ShortText | None = None
    exact: bool = False
