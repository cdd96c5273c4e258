"""What the KPI service says: scores that explain themselves."""

from decimal import Decimal

from contracts.envelope import AgencyCode, EmployeeId, EventData, Value


class ScorecardChanged(EventData, type="kpi.scorecard.changed.v1"):
    """The running score of an employee in a month is another one now."""

    employee: EmployeeId
    agency: AgencyCode
    period: str
    score: Decimal | None = None


class AgencyScore(Value):
    """What other governments see of an agency's score."""

    model_config = {"extra": "ignore"}

    agency: str
    period: str
    score: Decimal | None = None
    lines: dict[str, Decimal | None]


class AgencyScorecardChanged(
    EventData, type="kpi.agency_scorecard.changed.v1", public=AgencyScore
):
    """The running score of an agency in a month is another one now; values per indicator."""

    agency: AgencyCode
    period: str
    score: Decimal | None = None
    lines: dict[str, Decimal | None]
