"""Scores of closed months as answers show them: what was frozen, under its fingerprint."""

from decimal import Decimal
from typing import Any

from contracts.envelope import AgencyCode
from contracts.kpi import AgencyScorecardView, EmployeeScorecardView, ScoreLine
from contracts.people import PersonView
from services.kpi.periods.closing import Closing
from services.kpi.periods.fingerprints import Result
from services.kpi.periods.store import Kept
from services.kpi.scorecards.messages import settlement_views


def employee_closed_view(person: PersonView, kept: Kept, closing: Closing) -> EmployeeScorecardView:
    """A person's frozen score."""
    return EmployeeScorecardView(subject=person, **_said(kept, closing), actions=("explain",))


def agency_closed_view(kept: Kept, closing: Closing, *, explains: bool) -> AgencyScorecardView:
    """An agency's frozen score; only some may open it down to the facts."""
    return AgencyScorecardView(
        subject=AgencyCode(kept.result.subject),
        **_said(kept, closing),
        actions=("explain",) if explains else (),
    )


def _said(kept: Kept, closing: Closing) -> dict[str, Any]:
    assert closing.frozen is not None
    result = kept.result
    return {
        "period": kept.period,
        "status": "closed",
        "score": None if result.score is None else Decimal(result.score),
        "lines": _lines(result),
        "missing": result.missing,
        "as_of": closing.frozen.at,
        "revision": kept.revision,
        "fingerprint": closing.frozen.fingerprint,
        "settlements": settlement_views(result.settlements),
    }


def _lines(result: Result) -> tuple[ScoreLine, ...]:
    return tuple(
        ScoreLine(
            indicator=line.indicator,
            version=line.version,
            value=Decimal(line.value),
            unit=line.unit,
            target=Decimal(line.target),
            achievement=Decimal(line.achievement),
            weight=Decimal(line.weight),
            contribution=Decimal(line.contribution),
        )
        for line in result.lines
    )
