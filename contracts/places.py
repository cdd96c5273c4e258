"""What the directory takes and gives about places: agencies and offices."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, ConfigDict, Field, model_validator

from contracts.directory import AgencyState, Circle, Day, Kind, Stage, TimeZone
from contracts.envelope import Code, CommandBody, QueryBody, Value
from contracts.paging import Paging
from contracts.text import ShortText


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
