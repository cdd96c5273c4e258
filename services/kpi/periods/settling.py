"""Scores of closed months that would be others by now: settled in the next month that is open."""

from contracts.outcome import Refusal
from services.kpi.context import Kpi
from services.kpi.periods.closing import Closing, is_month, month_before, month_id
from services.kpi.periods.computing import running_sheet_of_agency, running_sheet_of_employee
from services.kpi.periods.fingerprints import ResultKind, ScoreSettlement, told
from services.kpi.periods.model import Period
from services.kpi.periods.store import Kept, holds

_MOST_MONTHS = 24
"""How far back settlements are looked for; longer rows of closed months are not gone through."""


async def closed_result(kind: ResultKind, subject: str, period: str, kpi: Kpi) -> Kept | None:
    """The frozen result of a month, if its closing holds."""
    found = await kpi.frozen.of_subject(kind, subject, period)
    if not found:
        return None
    agencies = {agency for one in found for agency in (one.agency, *one.others)}
    months = await kpi.months.many(month_id(agency, period) for agency in agencies)
    holding = [one for one in found if holds(one, months)]
    return max(holding, key=lambda one: one.revision, default=None)


async def closed_score(agency: str, period: str, revision: int | None, kpi: Kpi) -> Kept | None:
    """The frozen score of an agency: of a revision, or of the closing that holds."""
    if revision is None:
        return await closed_result("agency", agency, period, kpi)
    found = await kpi.frozen.of_subject("agency", agency, period)
    stored = await kpi.months.get(agency, period)
    for kept in found:
        if kept.revision == revision and stored and stored.state.numbered(revision):
            return kept
    raise Refusal("not_found")


async def closing_of(kept: Kept, kpi: Kpi) -> Closing:
    """The closing a frozen result belongs to."""
    stored = await kpi.months.get(kept.agency, kept.period)
    closing = stored.state.numbered(kept.revision) if stored else None
    if closing is None:
        raise LookupError(f"{kept.agency} {kept.period} was not closed in {kept.revision}")
    return closing


async def settlements_in(
    kind: ResultKind, subject: str, period: str, kpi: Kpi
) -> list[ScoreSettlement]:
    """What is to be settled in a month: of every closed month right before it, the oldest first.

    What one of them has settled already counts as closed, so nothing is settled twice.
    """
    if not is_month(period):
        return []
    row: list[Kept] = []
    month = month_before(period)
    while len(row) < _MOST_MONTHS and (kept := await closed_result(kind, subject, month, kpi)):
        row.append(kept)
        month = month_before(month)
    found = []
    counted: dict[str, str | None] = {}
    for kept in row:  # the newest first: the last word about an older month
        for settled in kept.result.settlements:
            counted.setdefault(settled.period, settled.after)
    for kept in reversed(row):
        before = counted.get(kept.period, kept.result.score)
        now = await _running(kind, subject, Period.of(kept.period), kpi)
        if now != before:
            found.append(ScoreSettlement(kept.period, kept.revision, before, now))
    return found


async def _running(kind: ResultKind, subject: str, period: Period, kpi: Kpi) -> str | None:
    if kind == "employee":
        return told((await running_sheet_of_employee(subject, period, kpi)).score)
    return told((await running_sheet_of_agency(subject, period, kpi)).score)
