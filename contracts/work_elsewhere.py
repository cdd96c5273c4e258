"""Work elsewhere: a day outside the offices, within quotas, with a report of what came of it."""

from datetime import date as Date  # noqa: N812  # fields are called date
from typing import Self

from pydantic import AwareDatetime, ConfigDict, Field

from contracts.directory import Day
from contracts.envelope import (
    AgencyCode,
    Code,
    CommandBody,
    EmployeeId,
    EventData,
    QueryBody,
    Value,
)
from contracts.help_terms import Link
from contracts.paging import Paging
from contracts.people import PersonView
from contracts.places import Latitude, Longitude
from contracts.requests import OnRequest, PersonId, RequestId, RequestState, RequestView
from contracts.text import LongText, ShortText

_PERSON = EmployeeId("0b9d6a52-6f0e-5c1e-9a51-0d3c3f5f3c11")


class Spot(Value):
    """A point of the map, in degrees."""

    lat: Latitude
    lon: Longitude


class ElsewhereWanted(Value):
    """The day, the place, and what will be done there.

    ``employee_id`` is the caller where it is left out or ``me``. ``position`` is where the work
    will be done: needed where the policy has an area, looked at once and kept nowhere.
    """

    employee_id: PersonId | None = None
    date: Day
    place: ShortText | None = None
    position: Spot | None = None
    plan: LongText

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"date": "2026-12-02", "place": "Rumah, Jebres", "plan": "Menyusun laporan."}
            ]
        }
    )


class RequestElsewhere(
    CommandBody,
    ElsewhereWanted,
    name="attendance.request_elsewhere",
    feature="attendance.work_elsewhere",
):
    """Somebody wants to work outside the offices on a day."""


class ApproveElsewhere(
    CommandBody, OnRequest, name="attendance.approve_elsewhere", feature="attendance.work_elsewhere"
):
    """The person works elsewhere on that day."""


class RejectElsewhere(
    CommandBody, OnRequest, name="attendance.reject_elsewhere", feature="attendance.work_elsewhere"
):
    """The person comes to an office, with the reason."""


class WithdrawElsewhere(
    CommandBody,
    OnRequest,
    name="attendance.withdraw_elsewhere",
    feature="attendance.work_elsewhere",
):
    """It is taken back; its place in the quotas is free again."""


class OutputReport(Value):
    """What came of a day of work elsewhere."""

    output: LongText
    links: tuple[Link, ...] = Field(default=(), max_length=20)

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"output": "Laporan triwulan selesai.", "links": []}]}
    )


class ReportElsewhere(
    CommandBody,
    OutputReport,
    name="attendance.report_elsewhere",
    feature="attendance.work_elsewhere",
):
    """The person reports what came of the day."""

    id: RequestId
    if_match: int | None = Field(default=None, ge=0)


class GetElsewhere(QueryBody, name="attendance.get_elsewhere"):
    """One day of work elsewhere."""

    id: RequestId


class ListElsewhere(Paging, QueryBody, name="attendance.list_elsewhere"):
    """The days of work elsewhere the caller may see, newest request first."""

    employee_id: tuple[PersonId, ...] = Field(default=(), max_length=50)
    agency: tuple[Code, ...] = Field(default=(), max_length=20)
    exact: bool = False
    state: tuple[RequestState, ...] = Field(default=(), max_length=5)
    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None

    model_config = ConfigDict(populate_by_name=True)


class ReportView(Value):
    """What was reported, and whether it came by its deadline."""

    output: str
    links: tuple[str, ...]
    at: AwareDatetime
    late: bool


class ElsewhereView(RequestView):
    """A day of work elsewhere: whose, where, what for, how it stands, what came of it."""

    employee: PersonView
    agency: str
    date: Date
    place: str | None = None
    plan: str
    policy: str | None = None
    report_due: AwareDatetime
    report: ReportView | None = None
    report_overdue: bool = False


class ElsewhereFacts(EventData):
    """A day of work elsewhere as events tell of it: whose; never where or what for."""

    request: str
    employee: EmployeeId
    agency: AgencyCode
    date: Date
    state: RequestState
    reported: bool = False

    @classmethod
    def example(cls) -> Self:
        """A day next week."""
        return cls(
            request="019b2f4e-7c1a-7d60-9a51-0f6f3a6d1c05",
            employee=_PERSON,
            agency=AgencyCode("BKPSDM"),
            date=Date(2026, 12, 2),
            state="pending" if cls is ElsewhereRequested else "approved",
            reported=cls is ElsewhereReported,
        )


class ElsewhereRequested(ElsewhereFacts, type="attendance.work_elsewhere.requested.v1"):
    """Somebody asked to work elsewhere on a day."""


class ElsewhereDecided(ElsewhereFacts, type="attendance.work_elsewhere.decided.v1"):
    """A day of work elsewhere was approved, rejected or withdrawn; ``state`` says which."""


class ElsewhereReported(ElsewhereFacts, type="attendance.work_elsewhere.reported.v1"):
    """Somebody reported what came of a day of work elsewhere."""
