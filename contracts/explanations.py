"""A score taken apart: what if one fact were another, and why two computations differ."""

from datetime import date as Date  # noqa: N812  # fields are called date
from decimal import Decimal
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from contracts.attendance_terms import DayStatus
from contracts.envelope import EmployeeId, QueryBody, Value
from contracts.kpi import FactView, IndicatorCode, PeriodText

FactId = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class FactChange(Value):
    """One fact, and what of it would be otherwise; ``removed`` asks what if it were not there.

    A day takes ``status``, ``late_minutes``, ``early_minutes`` and ``arrived``, a confirmation
    ``rating``, a measurement ``value``.
    """

    fact: FactId
    removed: bool = False
    status: DayStatus | None = None
    late_minutes: int | None = Field(default=None, ge=0, le=1_440)
    early_minutes: int | None = Field(default=None, ge=0, le=1_440)
    arrived: bool | None = None
    rating: int | None = Field(default=None, ge=1, le=5)
    value: Decimal | None = Field(default=None, max_digits=18, decimal_places=6)

    model_config = {
        "json_schema_extra": {
            "examples": [
                {
                    "fact": "019b2f4e-8d00-7a3b-8a51-0f6f3a6d1c77",
                    "status": "present",
                    "late_minutes": 0,
                }
            ]
        }
    }


class AskWhatIf(QueryBody, name="kpi.ask_what_if"):
    """What a person's score would be if one fact were another."""

    employee: EmployeeId = Field(max_length=64)
    period: PeriodText | None = None
    change: FactChange


class CompareComputations(QueryBody, name="kpi.compare_computations"):
    """What a person's score was by what was known at a moment, and by what was known at another."""

    employee: EmployeeId = Field(max_length=64)
    period: PeriodText | None = None
    from_: AwareDatetime = Field(alias="from")
    to: AwareDatetime | None = None


class LineDifference(Value):
    """An indicator in two computations; null where it had too few facts or did not rule."""

    indicator: IndicatorCode
    version_before: str | None
    version_after: str | None
    value_before: Decimal | None
    value_after: Decimal | None
    contribution_before: Decimal | None
    contribution_after: Decimal | None


class FactDifference(Value):
    """What ruled about one thing before and after; null where nothing did."""

    subject: str
    date: Date
    before: FactView | None
    after: FactView | None


class ScoreDifference(Value):
    """Two computations of one score, and everything in which they differ."""

    subject: str
    period: str
    score_before: Decimal | None
    score_after: Decimal | None
    lines: tuple[LineDifference, ...]
    facts: tuple[FactDifference, ...] = ()
