"""Facts come in as events and go out as an export; nobody writes one by hand here."""

import asyncio
from collections.abc import Sequence
from typing import Any

from contracts.attendance import AgencyDayCounted, DayChanged
from contracts.envelope import Command, Event, Query, Verdict
from contracts.kpi import ExportFacts, FactView
from contracts.ledger import CheckLedger, ListSeals, SealView
from contracts.measurements import MeasurementRecorded
from contracts.outcome import Refusal
from contracts.paging import Page
from contracts.tasks import HelpRequestFacts
from kit.messaging.handlers import Handlers
from kit.storage import pages
from services.kpi import access
from services.kpi.context import Kpi
from services.kpi.ledger.check_work import CHECK
from services.kpi.ledger.model import CITY_ZONE, fact_of_day, fact_of_help, fact_of_measurement
from services.kpi.periods.model import Period

handlers: Handlers[Kpi] = Handlers()


@handlers.reads("kpi.ledger.on-days")
async def keep_days(events: Sequence[Event[DayChanged]], kpi: Kpi) -> None:
    """Days are now what they are: keep the facts and mark them for the scorecards."""
    await kpi.facts.keep([fact_of_day(event) for event in events])


@handlers.reads("kpi.ledger.on-help")
async def keep_help(events: Sequence[Event[HelpRequestFacts]], kpi: Kpi) -> None:
    """Help was accepted, declined or confirmed: keep the facts and mark them for the scorecards."""
    await kpi.facts.keep([fact_of_help(event) for event in events])


@handlers.reads("kpi.ledger.on-measurements")
async def keep_measurements(events: Sequence[Event[MeasurementRecorded]], kpi: Kpi) -> None:
    """Something was measured: keep the facts and mark them for the scorecards."""
    await kpi.facts.keep([fact_of_measurement(event) for event in events])


@handlers.reads("kpi.ledger.on-counts")
async def keep_counts(events: Sequence[Event[AgencyDayCounted]], kpi: Kpi) -> None:
    """Attendance has counted an agency's day: what the ledger is checked against."""
    await asyncio.gather(*(kpi.counts.take(event) for event in events))


@handlers.handles(CheckLedger)
async def check_ledger(command: Command[CheckLedger], kpi: Kpi) -> Verdict:
    """Make a job that compares the ledger with its sources; it changes nothing."""
    access.may_check_ledger(command.actor)
    asked = command.body.check
    if asked.agency is not None and not await kpi.copies.knows_agency(asked.agency):
        raise Refusal("not_found")
    about = f"{asked.agency or 'city'} {asked.period}"
    return await kpi.jobs.create(command, CHECK, asked, about=about)


@handlers.answers(ListSeals)
async def list_seals(query: Query[ListSeals], kpi: Kpi) -> Page[SealView]:
    """Every export that was sealed, by month, the newest first."""
    access.may_check_ledger(query.actor)
    paging = query.body.paging
    if paging.sort is not None:
        raise Refusal.invalid("/sort", "seals come newest first")
    months, cursor = await kpi.seals.page(
        query.body.period, limit=paging.limit, cursor=paging.cursor
    )
    items = tuple(
        SealView(
            id=f"{month.state.period}.{number}",
            period=month.state.period,
            number=number,
            facts=seal.facts,
            sha256=seal.sha256,
            previous=seal.previous,
            sealed_at=seal.sealed_at,
        )
        for month in months
        for number, seal in reversed(list(enumerate(month.state.seals, start=1)))
    )
    return Page(items=items, next_cursor=cursor)


@handlers.answers(ExportFacts)
async def export_facts(query: Query[ExportFacts], kpi: Kpi) -> Page[FactView]:
    """The facts about a person or an agency, a page at a time; enough to recompute a score."""
    asked = query.body
    if (asked.employee is None) == (asked.agency is None):
        raise Refusal.invalid("/employee", "name either an employee or an agency")
    if asked.paging.sort is not None:
        raise Refusal.invalid("/sort", "facts come by date; no other order is offered")
    today = query.received_at.astimezone(CITY_ZONE).date()
    period = Period.of(asked.period) if asked.period else Period.month_of(today)
    if asked.employee is not None:
        return await _of_employee(query, asked.employee, period, kpi)
    return await _of_agency(query, str(asked.agency), period, kpi)


async def _of_employee(
    query: Query[Any], employee: str, period: Period, kpi: Kpi
) -> Page[FactView]:
    today = query.received_at.astimezone(CITY_ZONE).date()
    person = await kpi.copies.person(employee)
    access.may_see_scores_of(query.actor, person, await kpi.copies.tree(), today)
    facts = await kpi.facts.of_employee(employee, period)
    paging = query.body.paging
    after = pages.decode(paging.cursor) if paging.cursor else ("", "")
    left = [fact for fact in facts if (fact.date.isoformat(), fact.id) > after]
    page = tuple(fact.shown(only=employee) for fact in left[: paging.limit])
    more = len(left) > paging.limit
    cursor = pages.encode(page[-1].date.isoformat(), page[-1].id) if more else None
    return Page(items=page, next_cursor=cursor)


async def _of_agency(query: Query[Any], agency: str, period: Period, kpi: Kpi) -> Page[FactView]:
    tree = await kpi.copies.tree()
    access.may_see_facts_of_agency(
        query.actor, agency, tree, known=await kpi.copies.knows_agency(agency)
    )
    paging = query.body.paging
    agencies = [agency] if query.body.exact else tree.below(agency)
    facts, cursor = await kpi.facts.page_of_agencies(
        agencies, period, limit=paging.limit, cursor=paging.cursor
    )
    return Page(items=tuple(fact.shown() for fact in facts), next_cursor=cursor)
