"""Monthly recaps: what the days of a month add up to, person by person."""

from datetime import date as Date  # noqa: N812  # fields are called date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from contracts.envelope import Code, QueryBody, Value
from contracts.paging import Paging
from contracts.people import PersonView
from contracts.recomputations import DayFigures

Month = Annotated[str, StringConstraints(pattern=r"^20\d{2}-(0[1-9]|1[0-2])$")]
"""A month of this century, ``2026-11``."""

RecapStatus = Literal["running", "closed"]
Percent = str
"""A percentage as text with four places, rounded half even (api.md)."""


class RecapSettlement(Value):
    """What a day of a closed month came out as afterwards; settled in the month of the recap.

    ``before`` is null for a day that was not known when its month was closed; both percentages
    are what the bands propose for the day.
    """

    date: Date
    period: str
    before: DayFigures | None
    after: DayFigures
    percent_before: Percent
    percent_after: Percent


class RecapRow(Value):
    """A month of one person, as far as it belongs to the agency that was asked about.

    Days of different states add up to ``days``; ``late`` and ``left_early`` say how many of the
    days with presence were so, a day may be both. ``percent`` is what the bands of each day's
    own policy version propose to take from the monthly allowance: a proposal, never a decision.
    ``absent_by_minutes`` are whole days that late and early minutes add up to where a version says
    how many make a day; it is no part of ``percent``. ``without_record`` counts working days that
    have passed and of which nothing is known here.
    """

    person: PersonView
    days: int
    working_days: int
    present: int
    late: int
    left_early: int
    incomplete: int
    absent: int
    leave: int
    sick: int
    duty: int
    elsewhere: int
    holiday: int
    off: int
    open: int
    without_record: int
    absences: dict[str, int] = Field(default_factory=dict)
    late_minutes: int
    early_minutes: int
    absent_by_minutes: int = 0
    late_bands: dict[str, int] = Field(default_factory=dict)
    early_bands: dict[str, int] = Field(default_factory=dict)
    percent: Percent
    worked_minutes: int
    policy_versions: tuple[str, ...] = ()
    settlements: tuple[RecapSettlement, ...] = ()


class RecapBand(Value):
    """A step of lateness (TL) or early leaving (PSW), and its share of the allowance."""

    code: str
    from_minutes: int
    below: int | None = None
    percent: Percent


class RecapVersion(Value):
    """A version of a working pattern that ruled days of the month, and where it comes from."""

    id: str
    pattern: str
    effective_from: Date
    recorded_at: AwareDatetime
    decree: str | None = None
    seconds_rule: str
    bands: str
    late: tuple[RecapBand, ...]
    early: tuple[RecapBand, ...]
    no_scan_late: str | None = None
    no_scan_early: str | None = None
    absent_percent: Percent
    minutes_per_absent_day: int | None = None


class RecapFrame(Value):
    """What a recap is about, and the rules its figures come from."""

    agency: str
    period: str
    from_: Date = Field(alias="from")
    to: Date
    people: int
    versions: tuple[RecapVersion, ...]
    late_bands: tuple[str, ...]
    early_bands: tuple[str, ...]
    status: RecapStatus = "running"
    revision: int | None = None
    fingerprint: str | None = None
    as_of: AwareDatetime

    model_config = {"populate_by_name": True}


class RecapPage(Value):
    """A page of a monthly recap; ``next_cursor`` is null on the last.

    ``revision`` is the closing whose figures these are, ``fingerprint`` what its scores were
    frozen under; null where the month is not closed.
    """

    agency: str
    period: str
    status: RecapStatus = "running"
    revision: int | None = None
    fingerprint: str | None = None
    items: tuple[RecapRow, ...]
    next_cursor: str | None = None
    as_of: AwareDatetime


class DescribeMonthlyRecap(QueryBody, name="attendance.describe_monthly_recap"):
    """What a monthly recap of an agency is about: people, days, versions of the rules."""

    agency: Code
    period: Month
    exact: bool = False
    revision: int | None = Field(default=None, ge=1)


class ListMonthlyRecap(QueryBody, name="attendance.list_monthly_recap"):
    """The rows of a monthly recap, by agency and name; those below included unless exact.

    A ``revision`` is one agency's, so it leaves out those below.
    """

    agency: Code
    period: Month
    exact: bool = False
    revision: int | None = Field(default=None, ge=1)
    q: str | None = Field(default=None, max_length=100)
    paging: Paging = Paging()
