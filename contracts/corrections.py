"""Corrections of a day: moments that count instead of what was recorded, once approved."""

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
from contracts.paging import Paging
from contracts.people import PersonView
from contracts.requests import (
    Attachments,
    Instant,
    OnRequest,
    PersonId,
    RequestId,
    RequestState,
    RequestView,
)
from contracts.text import LongText

_PERSON = EmployeeId("0b9d6a52-6f0e-5c1e-9a51-0d3c3f5f3c11")


class CorrectionWanted(Value):
    """When somebody really came or left on a day, and why it was not recorded so.

    ``employee_id`` is the caller where it is left out or ``me``.
    """

    employee_id: PersonId | None = None
    date: Day
    first_in: Instant | None = None
    last_out: Instant | None = None
    reason: LongText
    attachments: Attachments = ()

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "date": "2026-11-23",
                    "last_out": "2026-11-23T21:00:00+07:00",
                    "reason": "Lupa presensi pulang setelah lembur.",
                }
            ]
        }
    )


class RequestCorrection(
    CommandBody,
    CorrectionWanted,
    name="attendance.request_correction",
    feature="attendance.corrections",
):
    """What was recorded of a day is not how it was."""


class ApproveCorrection(
    CommandBody, OnRequest, name="attendance.approve_correction", feature="attendance.corrections"
):
    """The stated moments count from now on."""


class RejectCorrection(
    CommandBody, OnRequest, name="attendance.reject_correction", feature="attendance.corrections"
):
    """What was recorded stands, with the reason."""


class WithdrawCorrection(
    CommandBody, OnRequest, name="attendance.withdraw_correction", feature="attendance.corrections"
):
    """The correction is taken back; what was recorded counts again."""


class GetCorrection(QueryBody, name="attendance.get_correction"):
    """One correction."""

    id: RequestId


class ListCorrections(Paging, QueryBody, name="attendance.list_corrections"):
    """The corrections the caller may see, newest request first."""

    employee_id: tuple[PersonId, ...] = Field(default=(), max_length=50)
    agency: tuple[Code, ...] = Field(default=(), max_length=20)
    exact: bool = False
    state: tuple[RequestState, ...] = Field(default=(), max_length=5)
    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None

    model_config = ConfigDict(populate_by_name=True)


class CorrectionView(RequestView):
    """A correction: whose day, which moments, why, and how it stands."""

    employee: PersonView
    agency: str
    date: Date
    first_in: AwareDatetime | None = None
    last_out: AwareDatetime | None = None
    reason: str
    attachments: tuple[str, ...] = ()


class CorrectionFacts(EventData):
    """A correction as events tell of it: whose day it is about; never why."""

    correction: str
    employee: EmployeeId
    agency: AgencyCode
    date: Date
    state: RequestState

    @classmethod
    def example(cls) -> Self:
        """A forgotten departure."""
        return cls(
            correction="019b2f4e-7c1a-7d60-9a51-0f6f3a6d1c03",
            employee=_PERSON,
            agency=AgencyCode("BKPSDM"),
            date=Date(2026, 11, 23),
            state="pending" if cls is CorrectionRequested else "approved",
        )


class CorrectionRequested(CorrectionFacts, type="attendance.correction.requested.v1"):
    """Somebody asked that a day be corrected."""


class CorrectionDecided(CorrectionFacts, type="attendance.correction.decided.v1"):
    """A correction was approved, rejected or withdrawn; ``state`` says which."""
