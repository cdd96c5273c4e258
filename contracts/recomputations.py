"""Computing days anew under the rules in force for them: a job that reports every difference."""

from datetime import date as Date  # noqa: N812  # fields are called date

from pydantic import AwareDatetime, Field

from contracts.attendance_terms import DayStatus
from contracts.envelope import Code, CommandBody, Value


class RecomputeDays(
    CommandBody, name="attendance.recompute_days", feature="attendance.recomputations"
):
    """The days of an agency's people between two dates are computed anew; answered with a job."""

    agency: Code
    from_: Date = Field(alias="from")
    to: Date
    exact: bool = False

    model_config = {
        "populate_by_name": True,
        "json_schema_extra": {
            "examples": [{"agency": "BKPSDM", "from": "2026-11-01", "to": "2026-11-30"}]
        },
    }


class DayFigures(Value):
    """What the rules make of a day, as far as a recomputation may change it."""

    agency: str
    status: DayStatus
    policy_version: str
    expected_start: AwareDatetime | None = None
    expected_end: AwareDatetime | None = None
    worked_minutes: int | None = None
    late_minutes: int = 0
    late_band: str | None = None
    early_minutes: int = 0
    early_band: str | None = None


class DayDifference(Value):
    """A day that has another result now: before and after."""

    employee_id: str
    date: Date
    before: DayFigures
    after: DayFigures
