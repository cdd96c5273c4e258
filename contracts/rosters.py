"""Duty rosters: who has which shift on which day; an entry goes before pattern and calendar."""

import calendar
from datetime import UTC, date, datetime
from typing import Annotated, Self

from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints

from contracts.attendance import Id
from contracts.envelope import (
    AgencyCode,
    Code,
    CommandBody,
    EmployeeId,
    EventData,
    QueryBody,
    Value,
)
from contracts.places import Precondition
from contracts.policies import HoursTerms, Month

ShiftCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,11}$")]


def days_of(period: str) -> tuple[date, date]:
    """The first and the last day of a month ``YYYY-MM``."""
    year, month = int(period[:4]), int(period[5:])
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


class RosterPerson(Value):
    """The entries of one person: a shift by its code, or null for a free day.

    Days without an entry go by pattern and calendar.
    """

    employee_id: Id
    days: dict[date, ShiftCode | None] = Field(max_length=31)


class RosterRequest(Value):
    """The whole roster of an agency and month: its shifts, and who has which of them."""

    shifts: dict[ShiftCode, HoursTerms] = Field(max_length=40)
    people: tuple[RosterPerson, ...] = Field(max_length=2_000)

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "shifts": {
                        "pagi": {"start": "07:00", "end": "14:00"},
                        "malam": {"start": "21:00", "end": "07:00"},
                    },
                    "people": [
                        {
                            "employee_id": "019b2f4e-7c1a-7d60-9a51-0f6f3a6d1c01",
                            "days": {
                                "2026-12-01": "pagi",
                                "2026-12-02": "malam",
                                "2026-12-03": None,
                            },
                        }
                    ],
                }
            ]
        }
    )


class PutRoster(CommandBody, name="attendance.put_roster", feature="attendance.rosters"):
    """Enter the roster of an agency and month, knowing the version that stands."""

    agency: Code
    period: Month
    roster: RosterRequest
    precondition: Precondition = Precondition()


class GetRoster(QueryBody, name="attendance.get_roster"):
    """The roster of an agency and month."""

    agency: str = Field(max_length=40)
    period: Month


class RosterView(Value):
    """The roster of an agency and month."""

    agency: AgencyCode
    period: str
    shifts: dict[str, HoursTerms]
    people: tuple[RosterPerson, ...]
    recorded_at: AwareDatetime
    version: int
    actions: tuple[str, ...] = ()


class RosterSummary(Value):
    """What was entered, counted."""

    agency: AgencyCode
    period: str
    shifts: int
    people: int
    entries: int
    recorded_at: AwareDatetime
    version: int


class RosterChanged(EventData, type="attendance.roster.changed.v1"):
    """People of an agency have other shifts between two days (both included)."""

    agency: AgencyCode
    period: str
    employees: tuple[EmployeeId, ...]
    first: date
    last: date
    recorded_at: AwareDatetime

    @classmethod
    def example(cls) -> Self:
        """The roster of December is entered."""
        return cls(
            agency=AgencyCode("SATPOLPP"),
            period="2026-12",
            employees=(EmployeeId("019b2f4e-7c1a-7d60-9a51-0f6f3a6d1c01"),),
            first=date(2026, 12, 1),
            last=date(2026, 12, 3),
            recorded_at=datetime(2026, 11, 24, 2, 30, tzinfo=UTC),
        )
