"""What the directory says: agencies, offices, employees with dated assignments, accounts.

The commands, queries and views are in :mod:`contracts.places`, :mod:`contracts.people` and
:mod:`contracts.identity`.
"""

from datetime import UTC, date, datetime
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints

from contracts.envelope import (
    AgencyCode,
    Code,
    EmployeeId,
    EventData,
    Grant,
    OfficeCode,
    Value,
)

Employment = Literal["pns", "pppk", "pppk_part_time", "cpns", "non_asn"]
AssignmentKind = Literal["definitive", "plt", "plh", "secondment", "additional"]
StageName = Literal["planned", "pilot", "active"]

Day = Annotated[date, Field(ge=date(1950, 1, 1), le=date(2100, 12, 31))]
"""A day that a person may enter: far enough either way for any decree, and no further."""

Nip = Annotated[str, StringConstraints(pattern=r"^[0-9]{18}$")]
"""A civil-servant number: 18 digits."""

Email = Annotated[
    str,
    StringConstraints(
        pattern=r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~\-]{1,64}@[A-Za-z0-9\-]+(\.[A-Za-z0-9\-]+)+$",
        max_length=254,
    ),
]
"""An address for e-mail, as people write it: no display name, no comment, no quotes."""

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
    email: str | None = None

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
