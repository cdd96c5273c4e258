"""Months are closed, reopened and verified; what attendance locked is noted."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from contracts.closings import (
    ClosePeriod,
    GetPeriod,
    PeriodView,
    ReopenPeriod,
    Verification,
    VerifyPeriod,
)
from contracts.envelope import AgencyCode, Command, Event, Query, Verdict
from contracts.outcome import Decision, Refusal, Text
from contracts.periods import AttendanceLocked, AttendanceUnlocked, ReadinessItem
from kit.clock import now
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Stored
from services.kpi import access
from services.kpi.context import Kpi
from services.kpi.ledger.model import CITY_ZONE
from services.kpi.periods.closing import AgencyMonth, Closing, month_id
from services.kpi.periods.fingerprints import (
    fingerprint,
    hash_of_facts,
    hash_of_results,
    mark_of,
)
from services.kpi.periods.views import period_view

handlers: Handlers[Kpi] = Handlers()

_BEHIND_AFTER = timedelta(seconds=5)
_BEHIND = Text(
    "Detik keterlambatan nilai terhadap fakta yang sudah diterima.",
    "Seconds that scores are behind the facts that have arrived.",
)


@handlers.handles(ClosePeriod)
async def close_period(command: Command[ClosePeriod], kpi: Kpi) -> Verdict:
    """Begin to close: attendance is told, and the rest follows by itself."""
    body, tree = command.body, await kpi.copies.tree()
    known = await kpi.copies.knows_agency(body.agency)
    access.may_close_period(command.actor, body.agency, tree, known=known)
    waiting = (*body.waiting, *await behind(kpi, "id"))
    return await kpi.months.change(
        body.agency,
        body.period,
        lambda month: month.close(
            by=command.actor.account,
            at=command.received_at,
            today=command.received_at.astimezone(CITY_ZONE).date(),
            waiting=waiting,
            override_reason=body.override_reason,
        ),
        command,
        answer=lambda stored: period_view(stored, command.actor, tree),
        status=202,
    )


@handlers.handles(ReopenPeriod)
async def reopen_period(command: Command[ReopenPeriod], kpi: Kpi) -> Verdict:
    """Begin to open again; only the newest closed month, so that what it settled can come back."""
    body, tree = command.body, await kpi.copies.tree()
    access.may_reopen_period(command.actor, known=await kpi.copies.knows_agency(body.agency))
    months = await kpi.months.of_agency(AgencyCode(body.agency))
    later = [one for one in months if one.period > body.period and one.state != "open"]
    if later:
        last = later[-1].period
        raise Refusal(
            "wrong_state", state="followed", action="reopen", allowed=["last"], reopen_first=last
        )
    return await kpi.months.change(
        body.agency,
        body.period,
        lambda month: month.reopen(
            by=command.actor.account, at=command.received_at, reason=body.reason
        ),
        command,
        answer=lambda stored: period_view(stored, command.actor, tree),
        status=202,
    )


@handlers.reads("kpi.periods.on-locks")
async def follow_locks(events: Sequence[Event[Any]], kpi: Kpi) -> None:
    """Attendance has locked a month's days, or let go of them."""
    for event in events:
        match event.data:
            case AttendanceLocked() as locked:
                decide = partial(_locked, locked)
                await kpi.months.change(locked.agency, locked.period, decide, event)
            case AttendanceUnlocked() as unlocked:
                free = partial(_unlocked, unlocked)
                await kpi.months.change(unlocked.agency, unlocked.period, free, event)


def _locked(event: AttendanceLocked, month: AgencyMonth) -> Decision[AgencyMonth]:
    return month.locked(event.revision, days=event.days, digest=event.digest)


def _unlocked(event: AttendanceUnlocked, month: AgencyMonth) -> Decision[AgencyMonth]:
    return month.unlocked(event.revision)


@handlers.answers(GetPeriod)
async def get_period(query: Query[GetPeriod], kpi: Kpi) -> PeriodView:
    """How a month stands, what is still open here, and its closings."""
    body, tree = query.body, await kpi.copies.tree()
    known = await kpi.copies.knows_agency(body.agency)
    access.may_read_period(query.actor, body.agency, tree, known=known)
    stored = await kpi.months.get(body.agency, body.period)
    if stored is None:
        blank = AgencyMonth(AgencyCode(body.agency), body.period)
        stored = Stored(month_id(body.agency, body.period), blank, 0, 0)
    items = await behind(kpi, query.language) if stored.state.state == "open" else ()
    return period_view(stored, query.actor, tree, items)


@handlers.answers(VerifyPeriod)
async def verify_period(query: Query[VerifyPeriod], kpi: Kpi) -> Verification:
    """Compute the fingerprint again from what is kept, and compare."""
    body, tree = query.body, await kpi.copies.tree()
    known = await kpi.copies.knows_agency(body.agency)
    access.may_read_period(query.actor, body.agency, tree, known=known)
    stored = await kpi.months.get(body.agency, body.period)
    closing = stored.state.numbered(body.revision) if stored else None
    if stored is None or closing is None or closing.frozen is None:
        raise Refusal("not_found")
    return await _verified(stored.state, closing, kpi)


async def _verified(month: AgencyMonth, closing: Closing, kpi: Kpi) -> Verification:
    assert closing.frozen is not None
    frozen = closing.frozen
    results = await kpi.frozen.of_closing(month, closing)
    marks = await kpi.frozen.facts_of(month, closing)
    in_ledger = {mark_of(fact) for fact in await kpi.facts.by_ids(id_ for id_, _ in marks)}
    computed = fingerprint(
        agency=month.agency,
        period=month.period,
        revision=closing.revision,
        digest=closing.digest or "",
        results_hash=hash_of_results(results),
        facts_hash=hash_of_facts(marks),
        previous=frozen.previous,
    )
    results_intact = computed == frozen.fingerprint
    facts_intact = hash_of_facts(marks) == frozen.facts_hash and in_ledger.issuperset(
        (id_, said) for id_, said in marks
    )
    chain_intact = frozen.previous is None or frozen.previous in await _before(month, kpi)
    return Verification(
        agency=month.agency,
        period=month.period,
        revision=closing.revision,
        fingerprint=frozen.fingerprint,
        computed=computed,
        results=len(results),
        facts=len(marks),
        results_intact=results_intact,
        facts_intact=facts_intact,
        chain_intact=chain_intact,
        intact=results_intact and facts_intact and chain_intact,
    )


async def _before(month: AgencyMonth, kpi: Kpi) -> set[str]:
    """The fingerprints of every closing of the agency's months before this one."""
    return {
        closing.frozen.fingerprint
        for one in await kpi.months.of_agency(month.agency)
        if one.period < month.period
        for closing in one.closings
        if closing.frozen is not None
    }


async def behind(kpi: Kpi, language: str) -> tuple[ReadinessItem, ...]:
    """What the scorecards have not taken in yet, if it has waited for a while."""
    found = [await kpi.facts.oldest_waiting(), await kpi.cards.oldest_waiting()]
    waiting = max((now() - at for at in found if at is not None), default=timedelta())
    if waiting < _BEHIND_AFTER:
        return ()
    text = _BEHIND.en if language == "en" else _BEHIND.id
    seconds = int(waiting.total_seconds())
    return (ReadinessItem(code="readers_behind", count=seconds, text=text),)
