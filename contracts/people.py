"""What the directory takes and gives about people: records, posts, files of them."""

from datetime import date
from typing import Literal, Self

from pydantic import AwareDatetime, ConfigDict, Field, model_validator

from contracts.directory import AssignmentKind, Day, Email, Employment, Nip, PersonKey
from contracts.envelope import AgencyCode, Code, CommandBody, EmployeeId, QueryBody, Value
from contracts.paging import Paging
from contracts.text import ShortText


class PersonView(Value):
    """A person as everybody inside may see one: who, which post, where."""

    id: EmployeeId
    name: str
    position: str | None = None
    agency: AgencyCode | None = None


class AssignmentView(Value):
    """A dated post; ``until`` is the last day."""

    id: str
    agency: str
    position: str
    supervisor: PersonView | None = None
    kind: AssignmentKind
    main: bool
    from_: date = Field(alias="from")
    until: date | None = None
    decree: str | None = None
    recorded_at: AwareDatetime

    model_config = ConfigDict(populate_by_name=True)


class EmployeeView(Value):
    """A person's record; position, agency and supervisor are those of the day asked for."""

    id: EmployeeId
    name: str
    position: str | None = None
    agency: AgencyCode | None = None
    key: str | None = None
    nip: str | None = None
    email: str | None = None
    employment: Employment
    active: bool = True
    assignments: tuple[AssignmentView, ...] = ()
    supervisor: PersonView | None = None
    actions: tuple[str, ...] = ()
    version: int


class AssignmentRequest(Value):
    """A post to be given; with ``id`` it corrects the post of that id.

    A main post that begins while an earlier open-ended main one runs ends that one the day before.
    """

    id: str | None = Field(default=None, max_length=60)
    agency: Code
    position: ShortText
    supervisor: EmployeeId | None = Field(default=None, max_length=60)
    kind: AssignmentKind = "definitive"
    main: bool = True
    from_: Day = Field(alias="from")
    until: Day | None = None
    decree: ShortText | None = None

    model_config = ConfigDict(
        populate_by_name=True,
        json_schema_extra={
            "examples": [
                {
                    "agency": "BKPSDM",
                    "position": "Analis SDM Aparatur",
                    "kind": "definitive",
                    "main": True,
                    "from": "2026-11-16",
                    "decree": "800/1234/2026",
                }
            ]
        },
    )

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.until is not None and self.until < self.from_:
            raise ValueError("until must not be before from")
        return self


class EmployeeRequest(Value):
    """A person to be added, with at least one post."""

    key: PersonKey | None = None
    nip: Nip | None = None
    email: Email | None = None
    name: ShortText
    employment: Employment
    assignments: tuple[AssignmentRequest, ...] = Field(min_length=1, max_length=50)

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Contoh Pegawai",
                    "employment": "pppk",
                    "assignments": [
                        {"agency": "BKPSDM", "position": "Analis", "from": "2026-11-02"}
                    ],
                }
            ]
        }
    )


class CreateEmployee(CommandBody, name="directory.create_employee", feature="directory.employees"):
    """Add a person with at least one post."""

    person: EmployeeRequest


class EmployeeChanges(Value):
    """What may change of a person; a field that is absent stays, null removes NIP or e-mail."""

    name: ShortText | None = None
    nip: Nip | None = None
    email: Email | None = None
    employment: Employment | None = None
    active: bool | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [{"employment": "pns"}]})


class ChangeEmployee(CommandBody, name="directory.change_employee", feature="directory.employees"):
    """Correct a person's record."""

    employee: EmployeeId = Field(max_length=60)
    changes: EmployeeChanges
    clear_nip: bool = False
    clear_email: bool = False
    if_match: int


class Assign(CommandBody, name="directory.assign", feature="directory.employees"):
    """Give a person a post, also retroactively, or correct one."""

    employee: EmployeeId = Field(max_length=60)
    assignment: AssignmentRequest


class GetEmployee(QueryBody, name="directory.get_employee"):
    """A person on a day (default today)."""

    employee: EmployeeId = Field(max_length=60)
    on: Day | None = None


class ListEmployees(Paging, QueryBody, name="directory.list_employees"):
    """People by the agency of their main post on a day, by the beginnings of words, or by id."""

    id: tuple[str, ...] = Field(default=(), max_length=200)
    agency: tuple[str, ...] = Field(default=(), max_length=200)
    exact: bool = False
    q: str | None = Field(default=None, max_length=100)
    active: bool | None = None
    on: Day | None = None


FileType = Literal["text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"]


class ImportEmployees(CommandBody, name="directory.import_employees", feature="directory.imports"):
    """Take over people, posts and accounts from a file; ``content`` is the file in base64."""

    content: str = Field(max_length=4_000_000, repr=False)
    media_type: FileType
    dry_run: bool = False


class RejectedRow(Value):
    """A row that cannot be taken: where, and what is allowed instead."""

    row: int
    column: str | None = None
    detail: str


class ImportView(Value):
    """What became of a file: rows taken over (of them unchanged ones) and rows refused."""

    dry_run: bool = False
    accepted: int
    unchanged: int = 0
    rejected: tuple[RejectedRow, ...] = ()
