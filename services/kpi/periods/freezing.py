"""Freezing: once the ledger yields the digest of the lock, results are computed from it and kept.

One month after the other, in one process at a time: who moved in mid-month is frozen with the
agency that closes last, and that must not be two at once. Nothing is closed before everything is
written; a run that dies is done again from the beginning.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from kit.clock import now
from kit.logging import get_logger
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Cause
from rules.sealing import digest_of
from services.kpi.context import Kpi
from services.kpi.ledger.model import Fact
from services.kpi.periods.closing import AgencyMonth, Closing, Frozen, month_id
from services.kpi.periods.computing import frozen_sheet_of_agency, frozen_sheet_of_employee
from services.kpi.periods.fingerprints import (
    Result,
    fingerprint,
    hash_of_facts,
    hash_of_results,
    mark_of,
    result_of,
)
from services.kpi.periods.model import Period
from services.kpi.periods.settling import settlements_in
from services.kpi.periods.store import Kept, closing_id

log = get_logger(__name__)
handlers: Handlers[Kpi] = Handlers()

LEASE = "kpi.freeze_periods"
_AT_ONCE = 10
_SETTLED_AFTER = timedelta(seconds=2)
"""A fact is in the ledger a moment before it is marked for the scorecards."""


class LeaseLost(Exception):
    """Another process goes on; what this one has written is written again."""


@handlers.every(1.0, "kpi.freeze_periods", share=0.5, alone=False)
async def freeze_periods(kpi: Kpi) -> None:
    """Freeze the months whose days are locked, as far as the ledger has them."""
    for month in await kpi.months.closing():
        closing = month.last
        if closing is None or closing.digest is None or not await kpi.leases.take(LEASE):
            continue
        try:
            await freeze(month, closing, kpi)
        except LeaseLost:
            log.warning("period.freezing_elsewhere", agency=month.agency, period=month.period)


async def freeze(month: AgencyMonth, closing: Closing, kpi: Kpi) -> None:
    """Freeze one month, unless readers are still behind."""
    period = Period.of(month.period)
    days = await kpi.facts.locked_days(month.agency, period, closing.revision)
    found = digest_of((fact.subject, fact.sequence) for fact in days)
    if found != closing.digest:
        log.info("period.ledger_behind", agency=month.agency, period=month.period, days=len(days))
        return
    if closing.matched_at is None:
        await _note_match(month, closing, kpi)
        return
    if not await _scorecards_are_past(closing.matched_at, kpi):
        return
    kept = await _results(month, closing, days, kpi)
    answers = await kpi.facts.answers_of_agency(month.agency, period)
    marks = sorted(mark_of(fact) for fact in (*days, *answers))
    await kpi.frozen.write(kept, marks, closing_id(month, closing.revision))
    frozen = await _sealed(month, closing, [one.result for one in kept], marks, kpi)
    await _hold(kpi)
    cause = Cause.timer("kpi", "freeze", month.id, closing.revision)
    await kpi.months.change(
        month.agency, month.period, lambda known: known.freeze(closing.revision, frozen), cause
    )
    log.info("period.closed", agency=month.agency, period=month.period, results=len(kept))


async def _note_match(month: AgencyMonth, closing: Closing, kpi: Kpi) -> None:
    cause = Cause.timer("kpi", "match", month.id, closing.revision)
    await kpi.months.change(
        month.agency,
        month.period,
        lambda known: known.matched(closing.revision, now()),
        cause,
    )


async def _scorecards_are_past(moment: datetime, kpi: Kpi) -> bool:
    """Whether the running scorecards have taken in everything that was in the ledger then."""
    if now() < moment + _SETTLED_AFTER:
        return False
    waiting = [await kpi.facts.oldest_waiting(), await kpi.cards.oldest_waiting()]
    return all(at is None or at > moment + _SETTLED_AFTER for at in waiting)


async def _results(
    month: AgencyMonth, closing: Closing, days: Sequence[Fact], kpi: Kpi
) -> list[Kept]:
    period = Period.of(month.period)
    sheet = await frozen_sheet_of_agency(month.agency, period, days, kpi)
    settled = await settlements_in("agency", month.agency, month.period, kpi)
    result = result_of("agency", month.agency, sheet, settled)
    kept = [Kept(month.agency, month.period, closing.revision, result, {})]
    people = sorted({fact.employee for fact in days if fact.employee is not None})
    for start in range(0, len(people), _AT_ONCE):
        await _hold(kpi)
        some = people[start : start + _AT_ONCE]
        found = await asyncio.gather(*(_result(month, closing, one, kpi) for one in some))
        kept += [one for one in found if one is not None]
    return kept


async def _result(month: AgencyMonth, closing: Closing, employee: str, kpi: Kpi) -> Kept | None:
    """A person's result; None where another agency of the month has yet to be closed."""
    period = Period.of(month.period)
    sheet, agencies = await frozen_sheet_of_employee(employee, period, kpi)
    others = agencies - {month.agency}
    months = await kpi.months.many(month_id(agency, month.period) for agency in others)
    revisions: dict[str, int] = {}
    for agency in others:
        other = months.get(month_id(agency, month.period))
        if other is None or other.closed is None:
            return None
        revisions[agency] = other.closed.revision
    settled = await settlements_in("employee", employee, month.period, kpi)
    result = result_of("employee", employee, sheet, settled)
    return Kept(month.agency, month.period, closing.revision, result, revisions)


async def _sealed(
    month: AgencyMonth,
    closing: Closing,
    results: Sequence[Result],
    marks: Sequence[tuple[str, str]],
    kpi: Kpi,
) -> Frozen:
    previous = await previous_fingerprint(month, kpi)
    results_hash, facts_hash = hash_of_results(results), hash_of_facts(marks)
    return Frozen(
        at=now(),
        results=len(results),
        results_hash=results_hash,
        facts=len(marks),
        facts_hash=facts_hash,
        previous=previous,
        fingerprint=fingerprint(
            agency=month.agency,
            period=month.period,
            revision=closing.revision,
            digest=closing.digest or "",
            results_hash=results_hash,
            facts_hash=facts_hash,
            previous=previous,
        ),
    )


async def previous_fingerprint(month: AgencyMonth, kpi: Kpi) -> str | None:
    """The fingerprint of the nearest closed month of the agency before this one."""
    earlier = [
        one.closed.frozen.fingerprint
        for one in await kpi.months.of_agency(month.agency)
        if one.period < month.period and one.closed is not None and one.closed.frozen is not None
    ]
    return earlier[-1] if earlier else None


async def _hold(kpi: Kpi) -> None:
    if not await kpi.leases.take(LEASE):
        raise LeaseLost
