"""Allowances (*TPP*): what attendance and performance come to, as percentages with reasons.

Never amounts: payroll computes those. What the system says is a proposal until a person confirms
it. Sources: *PP* 12/2019 art. 58 and *Kepmendagri* 900-4700/2020 for the frame; bands, percentages
and weights are the city's own and therefore versions of a rule.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints, field_validator

from contracts.attendance_terms import DayStatus
from contracts.directory import Day
from contracts.envelope import AgencyCode, CommandBody, EmployeeId, EventData, QueryBody, Value
from contracts.paging import Paging
from contracts.people import PersonView
from contracts.text import ShortText

MonthText = Annotated[
    str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", min_length=7, max_length=7)
]
"""A month, ``2026-11``."""

BandCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,6}[0-9]{1,2}$")]
Percent = Annotated[Decimal, Field(ge=0, le=100, max_digits=7, decimal_places=4)]


class AllowanceRuleWanted(Value):
    """How days and scores become a percentage of the allowance, from a month on.

    ``bands`` says what each band of lateness and early leaving takes off, ``absent`` a day without
    leave, both in percent of the attendance part. The two weights add up to 100.
    """

    effective_from: Day
    decree: ShortText | None = None
    bands: dict[BandCode, Percent] = Field(min_length=1, max_length=40)
    absent: Percent
    attendance_weight: Percent
    performance_weight: Percent

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "effective_from": "2027-01-01",
                    "decree": "Perwali 4/2023",
                    "bands": {"TL1": "0.5", "TL2": "1", "PSW1": "0.5", "PSW2": "1"},
                    "absent": "4",
                    "attendance_weight": "40",
                    "performance_weight": "60",
                }
            ]
        }
    )

    @field_validator("effective_from")
    @classmethod
    def _begins_a_month(cls, day: date) -> date:
        if day.day != 1:
            raise ValueError("must be the first day of a month")
        return day


class AddAllowanceRule(CommandBody, name="kpi.add_allowance_rule", feature="kpi.allowances"):
    """Enter a version of the city's rule."""

    rule: AllowanceRuleWanted


class ListAllowanceRules(QueryBody, name="kpi.list_allowance_rules"):
    """The versions of the rule, the newest first."""


class GetAllowance(QueryBody, name="kpi.get_allowance"):
    """What a person's month comes to, with every reason, and why it differs from the last one."""

    employee: EmployeeId = Field(max_length=64)
    period: MonthText


class ListAllowances(Paging, QueryBody, name="kpi.list_allowances"):
    """What the month of an agency's people comes to."""

    agency: str = Field(max_length=40)
    period: MonthText


class ConfirmAllowances(CommandBody, name="kpi.confirm_allowances", feature="kpi.allowances"):
    """Confirm the proposal for an agency's month, by who leads it."""

    agency: str = Field(max_length=40)
    period: MonthText


class AllowanceRuleView(Value):
    """A version of the rule."""

    version: str
    effective_from: date
    recorded_at: AwareDatetime
    decree: str | None = None
    bands: dict[str, Decimal]
    absent: Decimal
    attendance_weight: Decimal
    performance_weight: Decimal


class AllowanceRules(Value):
    """The versions of the rule, the newest first."""

    items: tuple[AllowanceRuleView, ...]


class AllowanceReason(Value):
    """What takes something off: the day, the band or the absence, and the fact that says so."""

    date: date
    status: DayStatus
    reason: str
    minutes: int
    percent: Decimal
    fact: str


class AllowancePart(Value):
    """A part of the percentage in the month before and in this one."""

    part: str
    before: Decimal | None
    after: Decimal | None


class AllowanceRow(Value):
    """What a person's month comes to, in percent of the allowance.

    ``deducted`` is what bands and absences take off the attendance part (100 at most), ``score``
    the person's score of the month (100 at most; null without facts, whose weight then goes to
    attendance). ``confirmed`` is the percentage that was confirmed, if it was.
    """

    employee: PersonView
    agency: AgencyCode
    late_minutes: int
    early_minutes: int
    absent_days: int
    deducted: Decimal
    attendance: Decimal
    score: Decimal | None
    percent: Decimal
    change: Decimal | None
    confirmed: Decimal | None = None


class AllowanceView(AllowanceRow):
    """A person's month with every reason, and what changed since the month before."""

    period: str
    rule: AllowanceRuleView
    reasons: tuple[AllowanceReason, ...]
    difference: tuple[AllowancePart, ...]


class AllowancesPage(Value):
    """The month of an agency's people; a proposal until who leads the agency has confirmed it."""

    agency: AgencyCode
    period: str
    state: Literal["proposal", "confirmed"]
    confirmed_at: AwareDatetime | None = None
    confirmed_by: PersonView | None = None
    rule: AllowanceRuleView
    actions: tuple[str, ...] = ()
    items: tuple[AllowanceRow, ...]
    next_cursor: str | None = None


class AllowancesConfirmed(EventData, type="kpi.allowances.confirmed.v1", since="1.3"):
    """Who leads an agency has confirmed a month; ``digest`` covers people and percentages."""

    agency: AgencyCode
    period: str
    people: int
    digest: str

    @classmethod
    def example(cls) -> Self:
        """Sixty people."""
        return cls(agency=AgencyCode("BKPSDM"), period="2026-11", people=60, digest="5d41402a")


class AllowanceRuleAdded(EventData, type="kpi.allowance_rule.added.v1", since="1.3"):
    """The city has a new version of its rule."""

    version: str
    effective_from: date

    @classmethod
    def example(cls) -> Self:
        """For the new year."""
        return cls(version="allowance/2027-01-01", effective_from=date(2027, 1, 1))
