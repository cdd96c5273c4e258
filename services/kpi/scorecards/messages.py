"""Scores as answers show them."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from contracts.envelope import AgencyCode
from contracts.kpi import (
    AgencyScorecardView,
    CityScorecardView,
    EmployeeScorecardView,
    FactView,
    LineExplanation,
    LinePart,
    ScoreLine,
    SettledScore,
)
from contracts.people import PersonView
from services.kpi.indicators.model import Indicator, shown
from services.kpi.periods.fingerprints import ScoreSettlement
from services.kpi.scorecards.model import Line, Sheet


def employee_view(
    person: PersonView,
    period: str,
    sheet: Sheet,
    as_of: datetime,
    *,
    settled: Sequence[ScoreSettlement] = (),
    predicate: str | None = None,
) -> EmployeeScorecardView:
    """A person's score; beside it the predicate that people gave for the same quarter or year."""
    return EmployeeScorecardView(
        subject=person,
        period=period,
        score=sheet.score,
        lines=_lines(sheet),
        missing=_missing(sheet),
        as_of=as_of,
        settlements=settlement_views(settled),
        predicate=predicate,
        actions=("explain",),
    )


def agency_view(
    agency: str,
    period: str,
    sheet: Sheet,
    as_of: datetime,
    *,
    explains: bool,
    settled: Sequence[ScoreSettlement] = (),
) -> AgencyScorecardView:
    """An agency's score; only some may open it down to the facts."""
    return AgencyScorecardView(
        subject=AgencyCode(agency),
        period=period,
        score=sheet.score,
        lines=_lines(sheet),
        missing=_missing(sheet),
        as_of=as_of,
        settlements=settlement_views(settled),
        actions=("explain",) if explains else (),
    )


def city_view(period: str, sheet: Sheet, as_of: datetime) -> CityScorecardView:
    """The city's score."""
    return CityScorecardView(
        period=period,
        score=sheet.score,
        lines=_lines(sheet),
        missing=_missing(sheet),
        as_of=as_of,
        actions=("explain",),
    )


def explanation(
    subject: str,
    period: str,
    indicator: Indicator,
    line: Line | None,
    language: str,
    *,
    facts: Sequence[FactView] = (),
    parts: Sequence[LinePart] = (),
    next_cursor: str | None = None,
) -> LineExplanation:
    """How a line came about; without facts it says so and shows the rule for that."""
    return LineExplanation(
        subject=subject,
        period=period,
        indicator=indicator.code,
        version=indicator.version,
        name=indicator.name.told(language),
        formula=indicator.formula,
        meaning=indicator.meaning.told(language),
        unit=indicator.unit,
        direction=indicator.direction,
        target=shown(indicator.target),
        cap=shown(indicator.cap),
        inputs=line.inputs if line else {},
        value=line.value if line else None,
        achievement=line.achievement if line else None,
        weight=line.weight if line else None,
        contribution=line.contribution if line else None,
        missing=line is None,
        missing_rule=indicator.missing.told(language),
        facts=tuple(facts),
        parts=tuple(parts),
        next_cursor=next_cursor,
    )


def settlement_views(settled: Sequence[ScoreSettlement]) -> tuple[SettledScore, ...]:
    """Closed months whose scores came out otherwise, as answers show them."""
    return tuple(
        SettledScore(
            period=one.period,
            revision=one.revision,
            before=None if one.before is None else Decimal(one.before),
            after=None if one.after is None else Decimal(one.after),
        )
        for one in settled
    )


def _lines(sheet: Sheet) -> tuple[ScoreLine, ...]:
    return tuple(
        ScoreLine(
            indicator=line.indicator.code,
            version=line.indicator.version,
            value=line.value,
            unit=line.indicator.unit,
            target=shown(line.indicator.target),
            achievement=line.achievement,
            weight=line.weight,
            contribution=line.contribution,
        )
        for line in sheet.lines
    )


def _missing(sheet: Sheet) -> tuple[str, ...]:
    return tuple(indicator.code for indicator in sheet.missing)
