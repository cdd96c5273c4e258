"""Attendance policies: which hours, limits and bands rule whom, from which day on.

A policy is a series of versions. Each rules an agency and everything below it, or a named group of
its people, from ``effective_from`` on, which may lie in the past (decrees are signed late). What is
nearer goes first: the agency's own group, the agency's own version, then the agency above.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints, model_validator

from contracts.attendance_terms import DayStatus
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
from contracts.people import PersonView
from contracts.text import ShortText

Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""A time on the wall clock of the agency's place, ``HH:MM``."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
SpanName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
"""The name of a span of a calendar, such as ``ramadan``."""

Month = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
PolicyId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9.\-_]{0,59}$")]
BandCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{0,9}$")]
Percent = Annotated[Decimal, Field(ge=0, le=100, max_digits=7, decimal_places=4)]
SecondsRule = Literal["whole_minutes", "begun_minutes"]
BandPreset = Literal["national-a", "national-b"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class BreakTerms(Value):
    """A rest inside the hours that is no working time."""

    start: Clock
    end: Clock


class HoursTerms(Value):
    """When duty begins and ends; an end that is not after the start lies on the next day."""

    start: Clock
    end: Clock
    breaks: tuple[BreakTerms, ...] = Field(default=(), max_length=6)


class WeekTerms(Value):
    """The hours of each weekday; a weekday without hours is free."""

    monday: HoursTerms | None = None
    tuesday: HoursTerms | None = None
    wednesday: HoursTerms | None = None
    thursday: HoursTerms | None = None
    friday: HoursTerms | None = None
    saturday: HoursTerms | None = None
    sunday: HoursTerms | None = None


class VariantTerms(Value):
    """Other hours while a named span of the calendar lasts."""

    span: SpanName
    week: WeekTerms


class CoreTerms(Value):
    """When everybody is there whatever the flexible band allows."""

    start: Clock
    end: Clock


class BandTerms(Value):
    """A step of lateness or early leaving; ``below`` is the first minute beyond it."""

    code: BandCode
    from_minutes: int = Field(ge=1, le=1_440)
    below: int | None = Field(default=None, ge=2, le=1_441)
    percent: Percent


class BandsTerms(Value):
    """The steps of a regulation and what each takes from the monthly allowance, in percent."""

    name: Slug
    late: tuple[BandTerms, ...] = Field(max_length=20)
    early: tuple[BandTerms, ...] = Field(max_length=20)
    no_scan_late: BandCode | None = None
    no_scan_early: BandCode | None = None
    absent_percent: Percent


class BandsChoice(Value):
    """One of the presets by name, or a table of the city's own."""

    preset: BandPreset | None = None
    table: BandsTerms | None = None

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        if (self.preset is None) == (self.table is None):
            raise ValueError("give either preset or table")
        return self


class GroupTerms(Value):
    """A named group of an agency's people: by name, or by how their post begins.

    Who belongs to it is part of the version, so it has a day it rules from, too. A version with
    nobody in it ends the group.
    """

    name: Slug
    employees: tuple[EmployeeId, ...] = Field(default=(), max_length=1_000)
    positions: tuple[ShortText, ...] = Field(default=(), max_length=50)


class Terms(Value):
    """What a version says, apart from its bands."""

    pattern: Slug
    week: WeekTerms
    variants: tuple[VariantTerms, ...] = Field(default=(), max_length=10)
    flexible_minutes: int = Field(default=0, ge=0, le=240)
    core: CoreTerms | None = None
    seconds_rule: SecondsRule = "whole_minutes"
    make_up_minutes: int = Field(default=0, ge=0, le=240)
    minutes_per_absent_day: int | None = Field(default=None, ge=60, le=1_440)
    closes_after_minutes: int = Field(default=180, ge=0, le=1_440)
    reminds_after_minutes: int = Field(default=30, ge=0, le=1_440)
    offline_days_a_month: int = Field(default=5, ge=0, le=31)
    objection_days: int = Field(default=14, ge=1, le=90)


class PolicyTerms(Terms):
    """What a version says, with its table of bands."""

    bands: BandsTerms


_DAY: dict[str, Any] = {
    "start": "07:30",
    "end": "16:30",
    "breaks": [{"start": "12:00", "end": "13:00"}],
}
_FRIDAY: dict[str, Any] = {
    "start": "07:30",
    "end": "14:30",
    "breaks": [{"start": "11:30", "end": "13:00"}],
}
_WEEK: dict[str, Any] = {
    "monday": _DAY,
    "tuesday": _DAY,
    "wednesday": _DAY,
    "thursday": _DAY,
    "friday": _FRIDAY,
}


class PolicyRequest(Terms):
    """A version to be entered: for the whole agency, or for a group of its people."""

    group: GroupTerms | None = None
    effective_from: Day
    decree: ShortText | None = None
    bands: BandsChoice

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "pattern": "dinkes-lentur",
                    "effective_from": "2026-12-01",
                    "decree": "SE Kepala BKPSDM 31/2026",
                    "week": _WEEK,
                    "flexible_minutes": 60,
                    "core": {"start": "09:00", "end": "14:00"},
                    "make_up_minutes": 30,
                    "bands": {"preset": "national-a"},
                }
            ]
        }
    )


class AddPolicy(CommandBody, name="attendance.add_policy", feature="attendance.policies"):
    """Enter a version of an agency's attendance policy."""

    agency: Code
    policy: PolicyRequest


class ListPolicies(QueryBody, name="attendance.list_policies"):
    """The versions of an agency, newest first; with ``on`` those that rule that day."""

    agency: str = Field(max_length=40)
    on: Day | None = None
    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = Field(default=None, max_length=20)


class GroupView(Value):
    """A group, how many are named in it, and who, for those who may see it."""

    name: str
    members: int
    employees: tuple[EmployeeId, ...] = ()
    positions: tuple[str, ...] = ()


class PolicyView(PolicyTerms):
    """A version: what it says, whom it rules from when, and what its weeks add up to.

    Where nothing has been entered the pattern that ships with the product rules; it has no agency.
    """

    id: str
    agency: AgencyCode | None
    group: GroupView | None
    effective_from: date
    recorded_at: AwareDatetime
    decree: str | None
    weekly_minutes: int
    variant_weekly_minutes: dict[str, int]
    version: int
    actions: tuple[str, ...] = ()


class PolicyChanged(EventData, type="attendance.policy.changed.v1"):
    """An agency entered a version of its attendance policy; ``until`` is the last day it changes.

    Of a group the event names the beginnings of posts and counts the people.
    """

    agency: AgencyCode
    policy: str
    group: str | None = None
    positions: tuple[str, ...] = ()
    members: int = 0
    effective_from: date
    until: date | None = None
    recorded_at: AwareDatetime
    decree: str | None = None
    weekly_minutes: int
    terms: PolicyTerms

    @classmethod
    def example(cls) -> Self:
        """The health agency works by flexible hours from December on."""
        day = HoursTerms(start="07:30", end="15:30")
        table = BandsTerms(
            name="national-a",
            late=(BandTerms(code="TL1", from_minutes=1, percent=Decimal("0.5")),),
            early=(BandTerms(code="PSW1", from_minutes=1, percent=Decimal("0.5")),),
            absent_percent=Decimal(4),
        )
        return cls(
            agency=AgencyCode("DINKES"),
            policy="DINKES-v1",
            effective_from=date(2026, 12, 1),
            recorded_at=datetime(2026, 11, 24, 2, 30, tzinfo=UTC),
            weekly_minutes=480,
            terms=PolicyTerms(
                pattern="dinkes-lentur",
                week=WeekTerms(monday=day),
                flexible_minutes=60,
                bands=table,
            ),
        )


class PreviewPolicy(QueryBody, name="attendance.preview_policy"):
    """What a version would change in a month: one that is entered, or ``draft``."""

    agency: str = Field(max_length=40)
    version: PolicyId
    period: Month
    draft: PolicyRequest | None = None
    limit: int = Field(default=50, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=60)


class JudgedView(Value):
    """What the rules make of a day."""

    status: DayStatus
    late_minutes: int
    late_band: str | None
    early_minutes: int
    early_band: str | None
    policy_version: str


class DayPreview(Value):
    """A day as it stands and as it would be."""

    date: date
    before: JudgedView
    after: JudgedView


class EmployeePreview(Value):
    """What would change for one person; only changed days are listed."""

    employee: PersonView
    days: int
    late_minutes: tuple[int, int]
    early_minutes: tuple[int, int]
    percent: tuple[str, str]
    changed: tuple[DayPreview, ...]


class PolicyPreview(Value):
    """What a version would change in a month, person by person, page by page.

    Pairs are before and after; ``percent`` is the sum over the bands of the month.
    """

    agency: AgencyCode
    period: str
    people: int
    items: tuple[EmployeePreview, ...]
    next_cursor: str | None = None
