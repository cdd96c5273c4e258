"""Parallel running: the days as the old system has them, compared with ours day by day."""

from datetime import date as Date  # noqa: N812  # fields are called date
from typing import Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from contracts.attendance import Id
from contracts.attendance_terms import DayStatus
from contracts.directory import Nip
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
from contracts.recaps import Month

DifferenceReason = Literal[
    "missing_here",
    "missing_there",
    "other_arrival",
    "other_departure",
    "other_minutes",
    "other_status",
]
"""Why a day differs; of several the first of this order, which as a rule causes the others."""


class ImportReferenceDay(
    CommandBody, name="attendance.import_reference_day", feature="attendance.reference_days"
):
    """A day as the old system has it; sent again it replaces what was sent before."""

    employee_id: Id | None = None
    nip: Nip | None = None
    date: Date
    first_in: AwareDatetime | None = None
    last_out: AwareDatetime | None = None
    late_minutes: int | None = Field(default=None, ge=0, le=1_440)
    status: DayStatus | None = None

    model_config = {
        "json_schema_extra": {
            "examples": [
                {
                    "nip": "199001012020011001",
                    "date": "2026-11-23",
                    "first_in": "2026-11-23T07:36:12+07:00",
                    "last_out": "2026-11-23T16:31:40+07:00",
                    "late_minutes": 6,
                    "status": "late",
                }
            ]
        }
    }

    @model_validator(mode="after")
    def _names_one_person(self) -> Self:
        if (self.employee_id is None) == (self.nip is None):
            raise ValueError("give either employee_id or nip")
        return self


class ReferenceDayView(Value):
    """A day of the old system as it is kept."""

    employee_id: str
    date: Date
    first_in: AwareDatetime | None = None
    last_out: AwareDatetime | None = None
    late_minutes: int | None = None
    status: DayStatus | None = None
    version: int


class ComparedDay(Value):
    """One side of a comparison."""

    first_in: AwareDatetime | None = None
    last_out: AwareDatetime | None = None
    late_minutes: int | None = None
    status: DayStatus | None = None


class ReferenceDifference(Value):
    """A day that differs: the reason, what else differs, and both sides (null where missing)."""

    person: PersonView
    date: Date
    reason: DifferenceReason
    also: tuple[DifferenceReason, ...] = ()
    here: ComparedDay | None = None
    there: ComparedDay | None = None


class ReferenceDifferences(Value):
    """Days that differ; ``counts`` and ``days`` are of the whole month, on the first page only."""

    agency: str
    period: str
    items: tuple[ReferenceDifference, ...]
    next_cursor: str | None = None
    days: int | None = None
    counts: dict[str, int] | None = None
    as_of: AwareDatetime


class ListReferenceDifferences(QueryBody, name="attendance.list_reference_differences"):
    """Where the old system and ours differ in a month; those below included unless exact."""

    agency: Code
    period: Month
    exact: bool = False
    reason: tuple[DifferenceReason, ...] = ()
    paging: Paging = Paging()


class ReferenceDayImported(EventData, type="attendance.reference_day.imported.v1", since="1.1"):
    """The old system's version of a day was brought in, to be compared; it changes no day."""

    employee: EmployeeId
    agency: AgencyCode | None = None
    date: Date

    @classmethod
    def example(cls) -> Self:
        """A day in November."""
        return cls(
            employee=EmployeeId("019b2f4e-7c1a-7d60-9a51-0f6f3a6d1c01"),
            agency=AgencyCode("BKPSDM"),
            date=Date(2026, 11, 23),
        )
