"""Indicators: versions that are proposed, tried on past months, and approved by a second person."""

from datetime import UTC, datetime
from datetime import date as Date  # noqa: N812  # fields are called date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, Field, StringConstraints

from contracts.envelope import AgencyCode, Code, CommandBody, EventData, QueryBody, Value
from contracts.kpi import Direction, IndicatorCode, MonthText, SubjectKind, Words

UnitCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""``percent``, ``ratio``, ``count``, ``rating``, ``minutes``, ``working_minutes``, or another one
for what is measured by hand."""
VersionState = Literal["proposed", "approved", "rejected"]

_PUNCTUAL: dict[str, Any] = {
    "name": {"id": "Ketepatan waktu", "en": "Punctuality"},
    "meaning": {"id": "Persen hari tepat waktu.", "en": "Percent of days in time."},
    "scope": ["employee", "agency", "city"],
    "formula": "share(days.filter(d, d.working_day && d.status != 'leave')"
    ".map(d, d.arrived && d.late_minutes == 0))",
    "unit": "percent",
    "direction": "higher",
    "target": "98",
    "cap": "1",
    "weight": "50",
    "effective_from": "2027-01-01",
    "decree": "800/1234/2026",
}


class IndicatorTerms(Value):
    """What a version of an indicator says.

    ``formula`` gives the value in ``unit`` (docs/indicators.md); ``achievement`` is value ÷ target
    (target ÷ value where ``lower`` is better), at most ``cap``. Fewer than ``min_facts`` facts are
    not enough. ``agencies`` (with those below) and ``positions`` (beginnings of posts) narrow whom
    it rules. All weights that rule together add up to 100; weight 0 takes it out of use.
    """

    name: Words
    meaning: Words
    scope: tuple[SubjectKind, ...] = Field(min_length=1, max_length=3)
    formula: str = Field(min_length=1, max_length=2_000)
    unit: UnitCode
    direction: Direction
    target: Decimal = Field(gt=0, max_digits=15, decimal_places=6)
    cap: Decimal = Field(default=Decimal(1), gt=0, le=10, max_digits=6, decimal_places=4)
    weight: Decimal = Field(ge=0, le=100, max_digits=7, decimal_places=4)
    min_facts: int = Field(default=1, ge=1, le=1_000)
    missing: Words | None = None
    agencies: tuple[Code, ...] = Field(default=(), max_length=200)
    positions: tuple[Annotated[str, StringConstraints(min_length=2, max_length=100)], ...] = Field(
        default=(), max_length=50
    )
    effective_from: Date
    decree: str | None = Field(default=None, max_length=200)

    model_config = {"json_schema_extra": {"examples": [_PUNCTUAL]}}


class NewIndicator(IndicatorTerms):
    """A new indicator with its first version."""

    code: IndicatorCode

    model_config = {"json_schema_extra": {"examples": [{"code": "presence_in_time", **_PUNCTUAL}]}}


class ProposeIndicator(CommandBody, name="kpi.propose_indicator", feature="kpi.indicators"):
    """Propose a new indicator; it rules nobody before a second person approves it."""

    indicator: NewIndicator


class ProposeIndicatorVersion(
    CommandBody, name="kpi.propose_indicator_version", feature="kpi.indicators"
):
    """Propose a further version of an indicator."""

    code: IndicatorCode
    terms: IndicatorTerms


class VersionName(Value):
    """One version of one indicator."""

    code: IndicatorCode
    number: int = Field(ge=1, le=10_000)


class Decide(Value):
    """Versions that are approved or rejected together: their weights must add up together."""

    versions: tuple[VersionName, ...] = Field(min_length=1, max_length=100)
    decision: Literal["approve", "reject"]
    note: str | None = Field(default=None, max_length=1_000)

    model_config = {
        "json_schema_extra": {
            "examples": [
                {
                    "versions": [{"code": "punctuality", "number": 2}],
                    "decision": "approve",
                }
            ]
        }
    }


class DecideIndicators(CommandBody, name="kpi.decide_indicators", feature="kpi.indicators"):
    """Approve or reject proposed versions, all or none; never one's own."""

    decide: Decide


class ListIndicators(QueryBody, name="kpi.list_indicators"):
    """Every version of every indicator, or only those that rule a day (and a place)."""

    on: Date | None = None
    code: str | None = Field(default=None, max_length=40)
    state: VersionState | None = None
    agency: str | None = Field(default=None, max_length=40)
    position: str | None = Field(default=None, max_length=100)


class PreviewIndicator(CommandBody, name="kpi.preview_indicator", feature="kpi.indicators"):
    """Try a version on a past month: a job that says whom it would affect, and how.

    ``number`` names a version that is known; ``draft`` is one that is not entered yet.
    """

    code: IndicatorCode
    number: int | None = Field(default=None, ge=1, le=10_000)
    draft: IndicatorTerms | None = None
    period: MonthText


class IndicatorView(Value):
    """A version of an indicator: what it measures, whom it rules, what is aimed at, its weight."""

    code: IndicatorCode
    version: str
    number: int
    state: VersionState
    name: str
    meaning: str
    scope: tuple[SubjectKind, ...]
    formula: str
    unit: str
    direction: Direction
    target: Decimal
    cap: Decimal
    weight: Decimal
    min_facts: int
    missing: str
    agencies: tuple[AgencyCode, ...]
    positions: tuple[str, ...]
    effective_from: Date
    recorded_at: AwareDatetime
    decree: str | None = None
    proposed_by: str | None = None
    decided_by: str | None = None
    decided_at: AwareDatetime | None = None
    actions: tuple[str, ...] = ()


class IndicatorList(Value):
    """The indicators and their versions."""

    items: tuple[IndicatorView, ...]
    next_cursor: str | None = None


class VersionSummary(Value):
    """What events say of a version of an indicator."""

    code: IndicatorCode
    number: int
    version: str
    effective_from: Date
    scope: tuple[SubjectKind, ...]
    agencies: tuple[AgencyCode, ...] = ()
    positions: tuple[str, ...] = ()
    formula: str
    unit: str
    target: Decimal
    weight: Decimal


_EXAMPLE: dict[str, Any] = {
    "code": "punctuality",
    "number": 2,
    "version": "punctuality/2027-01-01.2",
    "effective_from": Date(2027, 1, 1),
    "scope": ("employee", "agency", "city"),
    "formula": _PUNCTUAL["formula"],
    "unit": "percent",
    "target": Decimal(98),
    "weight": Decimal(50),
}
_MOMENT = datetime(2026, 11, 24, 0, 21, 40, tzinfo=UTC)


class IndicatorProposed(EventData, type="kpi.indicator.proposed.v1", since="1.1"):
    """Somebody proposed a version of an indicator; it rules nobody yet."""

    indicator: VersionSummary

    @classmethod
    def example(cls) -> Self:
        """A target of 98 percent from next year."""
        return cls(indicator=VersionSummary.model_validate(_EXAMPLE))


class IndicatorDecided(EventData, type="kpi.indicator.decided.v1", since="1.1"):
    """A second person approved or rejected a version; an approved one rules from its day."""

    indicator: VersionSummary
    state: VersionState
    decided_at: AwareDatetime

    @classmethod
    def example(cls) -> Self:
        """The proposal is approved."""
        version = VersionSummary.model_validate(_EXAMPLE)
        return cls(indicator=version, state="approved", decided_at=_MOMENT)
