"""Figures for dashboards: courses over months, where one stands among peers, before and after."""

from datetime import date as Date  # noqa: N812  # fields are called date
from decimal import Decimal

from pydantic import Field

from contracts.envelope import AgencyCode, EmployeeId, QueryBody, Value
from contracts.kpi import MonthText


class GetTrend(QueryBody, name="kpi.get_trend"):
    """The scores of a person, an agency, or (neither named) the city, month by month."""

    employee: EmployeeId | None = Field(default=None, max_length=64)
    agency: str | None = Field(default=None, max_length=40)
    from_: MonthText = Field(alias="from")
    to: MonthText


class TrendPoint(Value):
    """A month: the score and the value of each indicator, null where facts are missing."""

    period: str
    score: Decimal | None
    values: dict[str, Decimal | None]


class Trend(Value):
    """Months in order, those without any fact included."""

    subject: str
    months: tuple[TrendPoint, ...]


class GetPeers(QueryBody, name="kpi.get_peers"):
    """Where a person stands among those of the same position in the city."""

    employee: EmployeeId = Field(max_length=64)
    period: MonthText | None = None


class PeerBands(Value):
    """Quarters of the scores of one position, in whole points; never a name, never a single score.

    ``suppressed`` says that so few have a score that the bands could give somebody away; all
    figures but one's own are null then. ``band`` is the quarter of the own score, 1 the lowest.
    """

    period: str
    position: str | None
    own: Decimal | None
    suppressed: bool
    people: int | None = None
    lower_quarter: int | None = None
    middle: int | None = None
    upper_quarter: int | None = None
    band: int | None = None


class GetRollOut(QueryBody, name="kpi.get_roll_out"):
    """Scores before and after each agency took part, from a month to a month (at most 24)."""

    from_: MonthText = Field(alias="from")
    to: MonthText
    agency: str | None = Field(default=None, max_length=40)


class Side(Value):
    """Several months together: the score, and the value of each indicator that has facts."""

    months: int
    score: Decimal | None
    values: dict[str, Decimal | None]


class AgencyRollOut(Value):
    """An agency before the month in which it began to take part, and from that month on.

    ``started`` is the first day of a stage beyond ``planned``, null where there is none yet; for
    the city (``agency`` null) each agency's months are before or after its own start.
    """

    agency: AgencyCode | None
    started: Date | None
    before: Side
    after: Side


class RollOut(Value):
    """All agencies together, and each that has facts between the two months."""

    city: AgencyRollOut
    agencies: tuple[AgencyRollOut, ...]
