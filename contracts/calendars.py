"""Calendars: days on which nobody has to come, and named spans that policies refer to.

``national`` applies to everybody; a calendar named after an agency adds its local days for that
agency and those below it. The national one of the release stands until the city enters its own.
"""

from datetime import UTC, date, datetime
from typing import Literal, Self

from pydantic import AwareDatetime, ConfigDict, Field

from contracts.directory import Day
from contracts.envelope import AgencyCode, Code, CommandBody, EventData, QueryBody, Value
from contracts.places import Precondition
from contracts.policies import SpanName
from contracts.text import ShortText

DayKind = Literal["national_holiday", "collective_leave", "local_day", "working_day"]
"""``working_day``: people of this agency come although a calendar above has the day off."""


class CalendarDay(Value):
    """A day and what it is, by its name in both languages."""

    date: Day
    kind: DayKind
    name_id: ShortText
    name_en: ShortText


class CalendarSpan(Value):
    """A named stretch of days, both ends included."""

    name: SpanName
    first: date
    last: date


class CalendarRequest(Value):
    """All days of a calendar; its spans stay as they are."""

    days: tuple[CalendarDay, ...] = Field(max_length=1_000)
    decree: ShortText | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "days": [
                        {
                            "date": "2027-02-17",
                            "kind": "local_day",
                            "name_id": "Hari Jadi Kota Surakarta",
                            "name_en": "Anniversary of the City of Surakarta",
                        }
                    ],
                    "decree": "SE Wali Kota 2/2027",
                }
            ]
        }
    )


class SpanRequest(Value):
    """When a named span begins and ends, both days included."""

    first: Day
    last: Day

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"first": "2027-02-08", "last": "2027-03-09"}]}
    )


class PutCalendar(CommandBody, name="attendance.put_calendar", feature="attendance.calendars"):
    """Enter all days of a calendar, knowing its version."""

    code: Code
    calendar: CalendarRequest
    precondition: Precondition = Precondition()


class PutSpan(CommandBody, name="attendance.put_span", feature="attendance.calendars"):
    """Say when a named span begins and ends; possible until the evening before it begins."""

    code: Code
    name_of_span: SpanName
    span: SpanRequest


class GetCalendar(QueryBody, name="attendance.get_calendar"):
    """A calendar with its days and spans."""

    code: str = Field(max_length=40)


class CalendarView(Value):
    """A calendar: its days and spans; ``shipped`` where nobody has entered its days."""

    code: str
    days: tuple[CalendarDay, ...]
    spans: tuple[CalendarSpan, ...]
    decree: str | None
    recorded_at: AwareDatetime | None
    shipped: bool
    version: int
    actions: tuple[str, ...] = ()


class CalendarChanged(EventData, type="attendance.calendar.changed.v1"):
    """A calendar has other days or spans; the whole state, newest sequence wins.

    ``first`` and ``last`` are the days between which something changes; ``agency`` is null for the
    national calendar.
    """

    code: str
    agency: AgencyCode | None
    days: tuple[CalendarDay, ...]
    spans: tuple[CalendarSpan, ...]
    decree: str | None = None
    recorded_at: AwareDatetime
    first: date
    last: date

    @classmethod
    def example(cls) -> Self:
        """The city's anniversary is entered as a local day."""
        on = date(2027, 2, 17)
        anniversary = CalendarDay(
            date=on,
            kind="local_day",
            name_id="Hari Jadi Kota Surakarta",
            name_en="Anniversary of the City of Surakarta",
        )
        return cls(
            code="PEMKOT",
            agency=AgencyCode("PEMKOT"),
            days=(anniversary,),
            spans=(),
            recorded_at=datetime(2026, 11, 24, 2, 30, tzinfo=UTC),
            first=on,
            last=on,
        )
