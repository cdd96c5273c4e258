"""What the task service is asked about help requests: to ask for help, to import, to show.

What may be done with a request that stands is in :mod:`contracts.help_acts`.
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
    Mode,
    OptionalText,
    PeopleIds,
    PersonId,
    Priority,
    Receivers,
    Skill,
)
from contracts.paging import Paging
from contracts.text import LongText, ShortText
from contracts.uploads import UploadId


class HelpWanted(Value):
    """What is needed, how many people, which skills, by when.

    ``mode`` says whether the first to accept helps alone or each agency takes a part of the people;
    ``area`` narrows an open call to these agencies and those below them.
    """

    to: Receivers
    title: ShortText
    description: LongText
    skills: tuple[Skill, ...] = Field(default=(), max_length=20)
    people: int = Field(default=1, ge=1, le=200, strict=True)
    due: AwareDatetime
    priority: Priority = "normal"
    sensitive: bool = False
    mode: Mode = "first"
    area: tuple[Code, ...] = Field(default=(), max_length=50)


class RequestHelp(
    CommandBody, HelpWanted, name="tasks.request_help", feature="tasks.help_requests"
):
    """An agency asks another one, several, or whoever can.

    ``asking_agency`` is needed only from somebody who heads several agencies; ``attachments`` are
    files that were sent before (`POST /v1/uploads`).
    """

    asking_agency: Code | None = None
    attachments: tuple[UploadId, ...] = Field(default=(), max_length=20)

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


class ListHelpComments(QueryBody, name="tasks.list_help_comments"):
    """What was said about a help request, oldest first."""

    help_request: HelpRequestId


class GetAssignmentRecord(QueryBody, name="tasks.get_assignment_record"):
    """The numbered assignment record (*surat tugas*) of an accepted request, as PDF.

    Where several agencies help, ``agency`` says whose; without it, of the first to have accepted.
    """

    help_request: HelpRequestId
    agency: Code | None = None


class ListHelpRequests(Paging, QueryBody, name="tasks.list_help_requests"):
    """The help requests the caller may see, newest first.

    Agencies include those below them unless ``exact``; ``receiving_agency=anyone`` finds open
    calls; ``skill`` is one that is wanted; ``assigned`` is a person or ``me``; every word of ``q``
    begins a word of the request.
    """

    asking_agency: tuple[Code, ...] = Field(default=(), max_length=50)
    receiving_agency: tuple[Code, ...] = Field(default=(), max_length=50)
    state: tuple[HelpState, ...] = Field(default=(), max_length=20)
    skill: tuple[Skill, ...] = Field(default=(), max_length=20)
    assigned: PersonId | None = None
    q: ShortText | None = None
    exact: bool = False
