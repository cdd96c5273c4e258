"""What the directory says: agencies, offices, employees with dated assignments, accounts."""

from datetime import UTC, date, datetime
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints, model_validator

from contracts.envelope import (
    AgencyCode,
    Code,
    CommandBody,
    EmployeeId,
    EventData,
    Grant,
    OfficeCode,
    QueryBody,
    Value,
)
from contracts.paging import Paging
from contracts.text import ShortText

Employment = Literal["pns", "pppk", "pppk_part_time", "cpns", "non_asn"]
AssignmentKind = Literal["definitive", "plt", "plh", "secondment", "additional"]
StageName = Literal["planned", "pilot", "active"]

Day = Annotated[date, Field(ge=date(1950, 1, 1), le=date(2100, 12, 31))]
"""A day that a person may enter: far enough either way for any decree, and no further."""

Nip = Annotated[str, StringConstraints(pattern=r"^[0-9]{18}$")]
"""A civil-servant number: 18 digits."""

PersonKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9.\-_/]{0,39}$")]
"""The key of a person in the personnel system that the data come from."""

TimeZone = Literal["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]
Kind = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{1,39}$")]

_PERSON = EmployeeId("0b9d6a52-6f0e-5c1e-9a51-0d3c3f5f3c11")  # in examples
_RECORDED = datetime(2026, 1, 1, tzinfo=UTC)


class Stage(Value):
    """A step of an agency's roll-out and the day it begins."""

    stage: StageName
    from_: Day = Field(alias="from")

    model_config = ConfigDict(populate_by_name=True)


class AgencyState(Value):
    """An agency (*OPD*) in the city's tree."""

    code: Code
    name: str
    kind: str
    parent: Code | None = None
    time_zone: str = "Asia/Jakarta"
    stages: tuple[Stage, ...] = ()


class Circle(Value):
    """A round boundary: centre in degrees (WGS 84), radius in metres."""

    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)
    radius_m: float = Field(gt=0, le=5_000)


class OfficeVersion(Value):
    """What an office is from a day on: its boundary, its seats and the agencies that use it."""

    name: str
    circle: Circle | None = None
    polygon: dict[str, object] | None = None  # GeoJSON Polygon, positions [lon, lat]
    capacity: int | None = Field(default=None, ge=0)
    used_by: tuple[Code, ...] = ()
    invented: bool = False
    time_zone: str = "Asia/Jakarta"
    effective_from: date
    until: date | None = None
    recorded_at: AwareDatetime
    decree: str | None = None


class Assignment(Value):
    """A dated post of a person in an agency; two may run at once; ``until`` is the last day."""

    id: str
    agency: Code
    position: str
    supervisor: EmployeeId | None = None
    kind: AssignmentKind = "definitive"
    main: bool = True
    from_: date = Field(alias="from")
    until: date | None = None
    decree: str | None = None
    recorded_at: AwareDatetime

    model_config = ConfigDict(populate_by_name=True)


class AgencyPublic(Value):
    """What other governments see of an agency."""

    model_config = ConfigDict(extra="ignore")

    code: str
    name: str
    kind: str
    parent: str | None = None
    time_zone: str
    stages: tuple[Stage, ...] = ()


class OfficePublic(Value):
    """What other governments see of an office: that it exists, where it is used, how big it is."""

    model_config = ConfigDict(extra="ignore")

    code: str
    name: str
    capacity: int | None = None
    used_by: tuple[str, ...] = ()


class AgencyChanged(EventData, type="directory.agency.changed.v1", public=AgencyPublic):
    """An agency was created or changed; the data is its whole state."""

    code: AgencyCode
    name: str
    kind: str
    parent: AgencyCode | None = None
    time_zone: str
    stages: tuple[Stage, ...] = ()

    def about_agency(self) -> AgencyCode:
        """The agency itself."""
        return self.code

    @classmethod
    def example(cls) -> Self:
        """The personnel agency."""
        return cls(
            code=AgencyCode("BKPSDM"),
            name="Badan Kepegawaian dan Pengembangan Sumber Daya Manusia",
            kind="badan",
            parent=AgencyCode("PEMKOT"),
            time_zone="Asia/Jakarta",
            stages=(Stage(stage="active", from_=date(2026, 1, 1)),),
        )


class OfficeChanged(EventData, type="directory.office.changed.v1", public=OfficePublic):
    """An office was created or changed; the data is its whole state with every dated version.

    ``name``, ``capacity`` and ``used_by`` repeat the newest version for readers who need no dates.
    """

    code: OfficeCode
    name: str
    capacity: int | None = None
    used_by: tuple[str, ...] = ()
    versions: tuple[OfficeVersion, ...]

    @classmethod
    def example(cls) -> Self:
        """The city hall."""
        version = OfficeVersion(
            name="Balai Kota Surakarta",
            circle=Circle(lat=-7.569192, lon=110.829658, radius_m=150),
            used_by=("SETDA", "BKPSDM"),
            effective_from=date(2026, 1, 1),
            recorded_at=_RECORDED,
        )
        return cls(
            code=OfficeCode("BALAIKOTA"),
            name=version.name,
            used_by=version.used_by,
            versions=(version,),
        )


class EmployeeChanged(EventData, type="directory.employee.changed.v1"):
    """An employee was added or changed; the data is the whole state with every assignment."""

    employee: EmployeeId
    name: str
    nip: str | None = None
    employment: Employment
    active: bool = True
    assignments: tuple[Assignment, ...] = ()

    @classmethod
    def example(cls) -> Self:
        """A person with one post."""
        post = Assignment(
            id="5f0c2b1e-8f44-5a0b-b7a0-1f1a6a2b9c01",
            agency="BKPSDM",
            position="Analis SDM Aparatur",
            from_=date(2026, 1, 1),
            recorded_at=_RECORDED,
        )
        return cls(
            employee=_PERSON,
            name="Contoh Pegawai",
            employment="pppk",
            assignments=(post,),
        )


class AccountChanged(EventData, type="directory.account.changed.v1"):
    """An account was made, its roles changed, or it was closed; never carries a secret."""

    account: str
    employee: EmployeeId | None = None
    active: bool
    grants: tuple[Grant, ...] = ()

    @classmethod
    def example(cls) -> Self:
        """A head's account."""
        return cls(
            account="kepala.bkpsdm",
            employee=_PERSON,
            active=True,
            grants=(Grant(role="head", scope="BKPSDM"),),
        )


class AgencyView(AgencyState):
    """An agency as it stands."""

    actions: tuple[str, ...] = ()
    version: int


class AgencyRequest(Value):
    """What an agency shall be."""

    name: ShortText
    kind: Kind
    parent: Code | None = None
    time_zone: TimeZone = "Asia/Jakarta"
    stages: tuple[Stage, ...] = Field(default=(), max_length=20)

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Dinas Kesehatan",
                    "kind": "dinas",
                    "parent": "PEMKOT",
                    "time_zone": "Asia/Jakarta",
                    "stages": [{"stage": "active", "from": "2026-01-01"}],
                }
            ]
        }
    )


class Precondition(Value):
    """The version a caller saw, or that it expects nothing to be there (``If-None-Match: *``)."""

    if_match: int | None = None
    absent: bool = False


class PutAgency(CommandBody, name="directory.put_agency", feature="directory.agencies"):
    """Create an agency, or change it knowing its version."""

    code: Code
    agency: AgencyRequest
    precondition: Precondition = Precondition()


class GetAgency(QueryBody, name="directory.get_agency"):
    """One agency."""

    code: str = Field(max_length=40)


class ListAgencies(Paging, QueryBody, name="directory.list_agencies"):
    """Agencies; ``agency`` includes those below unless ``exact``."""

    agency: tuple[str, ...] = Field(default=(), max_length=200)
    exact: bool = False
    kind: tuple[str, ...] = Field(default=(), max_length=40)
    parent: tuple[str, ...] = Field(default=(), max_length=200)
    q: str | None = Field(default=None, max_length=100)


Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Ring = Annotated[tuple[tuple[Longitude, Latitude], ...], Field(min_length=4, max_length=1_000)]


class Polygon(Value):
    """A GeoJSON Polygon: an outer ring and holes, positions ``[lon, lat]``, first equals last."""

    type: Literal["Polygon"]
    coordinates: tuple[Ring, ...] = Field(min_length=1, max_length=20)


class Boundary(Value):
    """Where an office is: a circle or a polygon."""

    circle: Circle | None = None
    polygon: Polygon | None = None

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        if (self.circle is None) == (self.polygon is None):
            raise ValueError("give either circle or polygon")
        return self


class CircleBoundary(Value):
    """A round boundary, as answered."""

    circle: Circle


class PolygonBoundary(Value):
    """A drawn boundary, as answered."""

    polygon: Polygon


class OfficeRequest(Value):
    """What an office is from a day on; a version with the same first day is replaced."""

    name: ShortText
    boundary: Boundary
    capacity: int | None = Field(default=None, ge=0, le=100_000)
    used_by: tuple[Code, ...] = Field(default=(), max_length=500)
    time_zone: TimeZone = "Asia/Jakarta"
    invented: bool = False
    from_: Day = Field(alias="from")
    until: Day | None = None
    decree: ShortText | None = None

    model_config = ConfigDict(
        populate_by_name=True,
        json_schema_extra={
            "examples": [
                {
                    "name": "Balai Kota Surakarta",
                    "boundary": {"circle": {"lat": -7.569192, "lon": 110.829658, "radius_m": 150}},
                    "capacity": 400,
                    "used_by": ["SETDA", "BKPSDM"],
                    "from": "2026-01-01",
                }
            ]
        },
    )


class PutOffice(CommandBody, name="directory.put_office", feature="directory.offices"):
    """Create an office, or record what it is from a day on, knowing its version."""

    code: Code
    office: OfficeRequest
    precondition: Precondition = Precondition()


class OfficeVersionView(Value):
    """What an office is between two days."""

    name: str
    boundary: CircleBoundary | PolygonBoundary | None
    capacity: int | None = None
    used_by: tuple[str, ...] = ()
    time_zone: str
    invented: bool = False
    from_: date = Field(alias="from")
    until: date | None = None
    recorded_at: AwareDatetime
    decree: str | None = None

    model_config = ConfigDict(populate_by_name=True)


class OfficeView(OfficeVersionView):
    """An office as it is on the day asked for, with every version it has."""

    code: str
    versions: tuple[OfficeVersionView, ...] = ()
    actions: tuple[str, ...] = ()
    version: int


class GetOffice(QueryBody, name="directory.get_office"):
    """One office on a day (default today)."""

    code: str = Field(max_length=40)
    on: Day | None = None


class ListOffices(Paging, QueryBody, name="directory.list_offices"):
    """Offices in use on a day (default today); ``used_by`` includes agencies below."""

    used_by: tuple[str, ...] = Field(default=(), max_length=200)
    exact: bool = False
    q: str | None = Field(default=None, max_length=100)
    on: Day | None = None


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
    """What may change of a person; a field that is absent stays, ``nip: null`` removes it."""

    name: ShortText | None = None
    nip: Nip | None = None
    employment: Employment | None = None
    active: bool | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [{"employment": "pns"}]})


class ChangeEmployee(CommandBody, name="directory.change_employee", feature="directory.employees"):
    """Correct a person's record."""

    employee: EmployeeId = Field(max_length=60)
    changes: EmployeeChanges
    clear_nip: bool = False
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
