"""Absences of whole days or hours: what may be asked for, how they are decided, what they say."""

from datetime import date
from typing import Literal, Self

from pydantic import AwareDatetime, ConfigDict, Field

from contracts.absence_kinds import KindCode
from contracts.attendance_terms import CountsAs, DayStatus
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
from contracts.paging import Paging
from contracts.people import PersonView
from contracts.requests import (
    Attachments,
    DateOrInstant,
    Note,
    OnRequest,
    PersonId,
    RequestId,
    RequestState,
    RequestView,
)
from contracts.text import ShortText

_PERSON = EmployeeId("0b9d6a52-6f0e-5c1e-9a51-0d3c3f5f3c11")


class AbsenceWanted(Value):
    """From when to when somebody is absent, and why: both dates (whole days) or both instants.

    ``employee_id`` is the caller where it is left out or ``me``; ``reference`` is the number of the
    letter that some kinds need.
    """

    employee_id: PersonId | None = None
    kind: KindCode
    from_: DateOrInstant = Field(alias="from")
    to: DateOrInstant
    reference: ShortText | None = None
    attachments: Attachments = ()
    note: Note = ""

    model_config = ConfigDict(
        populate_by_name=True,
        json_schema_extra={
            "examples": [
                {
                    "kind": "official_duty",
                    "from": "2026-12-01T07:30:00+07:00",
                    "to": "2026-12-01T10:00:00+07:00",
                    "reference": "800/1234/2026",
                    "note": "Rapat koordinasi di provinsi.",
                }
            ]
        },
    )


class RequestAbsence(
    CommandBody, AbsenceWanted, name="attendance.request_absence", feature="attendance.absences"
):
    """Somebody will be (or was) absent and asks that it be approved."""


class ApproveAbsence(
    CommandBody, OnRequest, name="attendance.approve_absence", feature="attendance.absences"
):
    """The absence is approved; the days it covers change."""


class RejectAbsence(
    CommandBody, OnRequest, name="attendance.reject_absence", feature="attendance.absences"
):
    """The absence is not approved, with the reason."""


class WithdrawAbsence(
    CommandBody, OnRequest, name="attendance.withdraw_absence", feature="attendance.absences"
):
    """The absence is taken back; the days it covered are what they would be without it."""


class GetAbsence(QueryBody, name="attendance.get_absence"):
    """One absence."""

    id: RequestId


class ListAbsences(Paging, QueryBody, name="attendance.list_absences"):
    """The absences the caller may see, newest request first; ``from`` and ``to`` are dates."""

    employee_id: tuple[PersonId, ...] = Field(default=(), max_length=50)
    agency: tuple[Code, ...] = Field(default=(), max_length=20)
    exact: bool = False
    state: tuple[RequestState, ...] = Field(default=(), max_length=5)
    kind: tuple[KindCode, ...] = Field(default=(), max_length=30)
    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None

    model_config = ConfigDict(populate_by_name=True)


class ListAbsenceKinds(QueryBody, name="attendance.list_absence_kinds"):
    """The kinds of absence that are in force on a day."""

    on: Day | None = None


class KindView(Value):
    """A kind of absence: what it counts as, whether hours may be asked for, what it needs."""

    code: str
    name: str
    name_en: str
    counts_as: CountsAs
    day_status: DayStatus
    by_hours: bool
    needs_reference: bool
    most_days: int | None = None
    effective_from: date
    recorded_at: AwareDatetime
    decree: str


class KindsView(Value):
    """Every kind of absence in force."""

    items: tuple[KindView, ...]


class AbsenceView(RequestView):
    """An absence: whose, from when to when, what it counts as, and how it stands."""

    employee: PersonView
    agency: str
    kind: str
    counts_as: CountsAs
    whole_days: bool
    from_: date | AwareDatetime = Field(alias="from")
    to: date | AwareDatetime
    reference: str | None = None
    attachments: tuple[str, ...] = ()
    note: str = ""

    model_config = ConfigDict(populate_by_name=True)


class AbsenceFacts(EventData):
    """An absence as events tell of it: whose, which days, what it counts as; never why."""

    absence: str
    employee: EmployeeId
    agency: AgencyCode
    kind: str
    counts_as: CountsAs
    first: date
    last: date
    whole_days: bool
    state: RequestState

    @classmethod
    def example(cls) -> Self:
        """Three days of leave."""
        return cls(
            absence="019b2f4e-7c1a-7d60-9a51-0f6f3a6d1c02",
            employee=_PERSON,
            agency=AgencyCode("BKPSDM"),
            kind="annual_leave",
            counts_as="excused",
            first=date(2026, 12, 1),
            last=date(2026, 12, 3),
            whole_days=True,
            state=cls._state_of_the_example(),
        )

    @classmethod
    def _state_of_the_example(cls) -> Literal["pending", "approved"]:
        return "pending" if cls is AbsenceRequested else "approved"


class AbsenceRequested(AbsenceFacts, type="attendance.absence.requested.v1"):
    """Somebody asked that an absence be approved."""


class AbsenceDecided(AbsenceFacts, type="attendance.absence.decided.v1"):
    """An absence was approved, rejected or withdrawn; ``state`` says which."""
