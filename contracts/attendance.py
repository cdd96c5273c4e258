"""What attendance says and is asked: check-ins, days, presence, the counts outsiders see."""

from datetime import UTC, datetime
from datetime import date as Date  # noqa: N812  # fields are called date
from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, Field, FiniteFloat, StringConstraints

from contracts.attendance_terms import DayStatus, Direction, Method, Standing
from contracts.envelope import (
    AgencyCode,
    Code,
    CommandBody,
    EmployeeId,
    EventData,
    OfficeCode,
    QueryBody,
    Value,
)
from contracts.paging import Paging
from contracts.text import ShortText

Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9\-]+$")]
Pin = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{1,24}$")]
Serial = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9\-]{1,40}$")]

Missing = Literal["arrival", "departure"]
"""What was not recorded of a day."""

_EMPLOYEE = EmployeeId("019b2f4e-7c1a-7d60-9a51-0f6f3a6d1c01")
_MOMENT = datetime(2026, 11, 24, 0, 21, 40, tzinfo=UTC)


class Position(Value):
    """Where the phone says it is: degrees (WGS 84) and the radius of uncertainty in metres."""

    lat: FiniteFloat = Field(ge=-90, le=90)
    lon: FiniteFloat = Field(ge=-180, le=180)
    accuracy_m: FiniteFloat = Field(ge=0, le=100_000)
    mocked: bool = False


class RecordCheckIn(CommandBody, name="attendance.record_check_in", feature="attendance.days"):
    """The caller has arrived at or left an office.

    ``captured_at`` and ``sent_at`` are by the phone's clock: when the person tapped, and when the
    request was sent, which tells how far that clock is off. A nonce that was given out for a
    ``device`` counts from there only.
    """

    direction: Direction
    position: Position | None = None
    kiosk_code: ShortText | None = None
    captured_at: AwareDatetime | None = None
    sent_at: AwareDatetime | None = None
    nonce: ShortText | None = None
    device: ShortText | None = None
    duty_note: ShortText | None = None

    model_config = {
        "json_schema_extra": {
            "examples": [
                {
                    "direction": "in",
                    "position": {"lat": -7.569192, "lon": 110.829658, "accuracy_m": 12},
                }
            ]
        }
    }


class ImportPunch(CommandBody, name="attendance.import_punch", feature="attendance.imports"):
    """Another system recorded that a person arrived or left; any past moment counts."""

    employee_id: Id
    direction: Direction
    at: AwareDatetime
    office: Code
    device: Serial | None = None

    model_config = {
        "json_schema_extra": {
            "examples": [
                {
                    "employee_id": _EMPLOYEE,
                    "direction": "in",
                    "at": "2026-11-23T07:21:40+07:00",
                    "office": "BALAIKOTA",
                }
            ]
        }
    }


class IssueNonces(QueryBody, name="attendance.issue_nonces"):
    """The caller wants nonces for captures without a network (a request: it gives secrets)."""

    count: int = Field(default=10, ge=1, le=50)
    device: ShortText | None = None


class GetDay(QueryBody, name="attendance.get_day"):
    """One day of a person."""

    employee: Id
    date: Date


class ListEmployeeDays(QueryBody, name="attendance.list_employee_days"):
    """The days of a person between two dates (both included), at most 92."""

    employee: Id
    from_: Date = Field(alias="from")
    to: Date

    model_config = {"populate_by_name": True}


class ListDays(QueryBody, name="attendance.list_days"):
    """The days of one date, by agency or supervisor."""

    date: Date
    agency: tuple[Code, ...] = ()
    exact: bool = False
    supervisor: Id | None = None
    status: tuple[DayStatus, ...] = ()
    paging: Paging = Paging()


class ListCheckIns(QueryBody, name="attendance.list_check_ins"):
    """The check-ins of a person between two dates (both included), recorded or refused."""

    employee: Id
    from_: Date = Field(alias="from")
    to: Date
    refused: bool = False
    direction: tuple[Direction, ...] = ()
    method: tuple[Method, ...] = ()
    office: tuple[Code, ...] = ()
    standing: tuple[Standing, ...] = ()
    flags: tuple[ShortText, ...] = ()
    paging: Paging = Paging()

    model_config = {"populate_by_name": True}

    @property
    def asks_for_recorded(self) -> bool:
        """Whether a filter speaks of what only recorded check-ins have."""
        return any((self.direction, self.method, self.office, self.standing, self.flags))


class GetPresence(QueryBody, name="attendance.get_presence"):
    """Who is where now: of one office, of one agency, or one person."""

    office: Code | None = None
    agency: Code | None = None
    employee_id: Id | None = None


class FollowPresence(QueryBody, name="attendance.follow_presence"):
    """Who is where now, for a board that asks again and again; at most a second old."""

    office: Code | None = None
    agency: Code | None = None


class CheckInRecorded(EventData, type="attendance.check_in.recorded.v1"):
    """A person arrived at or left an office; carries the office, never the position.

    The subject of the event is the day's id, ``<employee>:<date>``.
    """

    check_in: str
    employee: EmployeeId
    agency: AgencyCode
    date: Date
    direction: Direction
    office: OfficeCode | None
    method: Method
    at: AwareDatetime
    received_at: AwareDatetime
    offline: bool = False
    move: bool = False
    flags: tuple[str, ...] = ()
    standing: Standing = "counts"

    @classmethod
    def example(cls) -> Self:
        """An arrival at the city hall at 07:21."""
        return cls(
            check_in="7c1a7d60-9a51-5f6f-8a6d-1c0100000001",
            employee=_EMPLOYEE,
            agency=AgencyCode("BKPSDM"),
            date=Date(2026, 11, 24),
            direction="in",
            office=OfficeCode("BALAIKOTA"),
            method="position",
            at=_MOMENT,
            received_at=_MOMENT,
        )


class DayChanged(EventData, type="attendance.day.changed.v1"):
    """What the rules of that day make of a person's day; the whole state, newest sequence wins.

    ``present_in`` is the office the person was in after the last movement, ``moved_at`` its moment.
    ``locked`` is the period that holds the day from now on, in its ``revision``.
    """

    employee: EmployeeId
    agency: AgencyCode
    date: Date
    status: DayStatus
    working_day: bool
    pattern: str
    policy_version: str
    expected_start: AwareDatetime | None = None
    expected_end: AwareDatetime | None = None
    first_in: AwareDatetime | None = None
    last_out: AwareDatetime | None = None
    worked_minutes: int | None = None
    late_minutes: int = Field(default=0, ge=0)
    late_band: str | None = None
    early_minutes: int = Field(default=0, ge=0)
    early_band: str | None = None
    present_in: OfficeCode | None = None
    moved_at: AwareDatetime | None = None
    closed: bool = False
    locked: str | None = None
    revision: int | None = None

    @classmethod
    def example(cls) -> Self:
        """A day on which the person came in time and has not left yet."""
        return cls(
            employee=_EMPLOYEE,
            agency=AgencyCode("BKPSDM"),
            date=Date(2026, 11, 24),
            status="present",
            working_day=True,
            pattern="surakarta-ordinary",
            policy_version="surakarta-ordinary/2026-01-01",
            first_in=_MOMENT,
        )


class DayLeftIncomplete(EventData, type="attendance.day.left_incomplete.v1", since="1.2"):
    """A day was closed although an arrival or a departure is missing: its person is reminded."""

    employee: EmployeeId
    agency: AgencyCode
    date: Date

    @classmethod
    def example(cls) -> Self:
        """Somebody forgot to record the departure."""
        return cls(employee=_EMPLOYEE, agency=AgencyCode("BKPSDM"), date=Date(2026, 11, 24))


class DayReminded(EventData, type="attendance.day.reminded.v1", since="1.2"):
    """Its person is asked for an arrival or a departure that is missing, before the day closes."""

    employee: EmployeeId
    agency: AgencyCode
    date: Date
    missing: Missing

    @classmethod
    def example(cls) -> Self:
        """Somebody has not recorded the departure, half an hour after the end."""
        return cls(
            employee=_EMPLOYEE,
            agency=AgencyCode("BKPSDM"),
            date=Date(2026, 11, 24),
            missing="departure",
        )


class AgencyDayCounts(Value):
    """People of one agency by the status of their day."""

    model_config = {"extra": "ignore"}

    agency: str
    date: Date
    people: int = Field(ge=0)
    counts: dict[str, int]


class AgencyDayCounted(EventData, type="attendance.agency_day.counted.v1", public=AgencyDayCounts):
    """How many people of an agency were present, late, absent on a day; no person in it."""

    agency: AgencyCode
    date: Date
    people: int = Field(ge=0)
    counts: dict[str, int]

    @classmethod
    def example(cls) -> Self:
        """Six people of the personnel agency."""
        counts: dict[str, Any] = {"present": 5, "late": 1}
        return cls(agency=AgencyCode("BKPSDM"), date=Date(2026, 11, 24), people=6, counts=counts)
