"""What this service's own events state is kept by day, and told together."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from contracts.envelope import Actor, Event, Query
from contracts.insights import (
    MOST_DAYS,
    HelpInsights,
    HelpInsightsView,
    WaitingInsights,
    WaitingInsightsView,
)
from contracts.outcome import Refusal
from contracts.tasks import HelpRequestFacts
from kit.clock import now
from kit.messaging.handlers import Handlers
from rules.working_time import WIB, zone
from services.tasks import oversight_access
from services.tasks.context import Tasks
from services.tasks.insights.model import InsightDay, Row, day_of
from services.tasks.insights.times import Asked, funnel, grouped, waiting
from services.tasks.own_copies.model import City

handlers: Handlers[Tasks] = Handlers()


@handlers.reads("tasks.insights.on-help")
async def keep_insights(events: Sequence[Event[HelpRequestFacts]], tasks: Tasks) -> None:
    """Keep where each request stands, by the day it was asked on."""
    by_day: defaultdict[str, list[Event[HelpRequestFacts]]] = defaultdict(list)
    for event in events:
        by_day[day_of(event.data)].append(event)
    await asyncio.gather(*(tasks.insights.take(day, each) for day, each in by_day.items()))


@handlers.answers(HelpInsights)
async def help_insights(query: Query[HelpInsights], tasks: Tasks) -> HelpInsightsView:
    """How fast help came, before and after the agencies' start; to those who answer for it."""
    body, city = query.body, await tasks.directory.city()
    shown = _agencies(query.actor, body.agency, city)
    if body.to < body.from_:
        raise Refusal.invalid("/to", f"not before {body.from_}")
    if body.to - body.from_ >= timedelta(days=MOST_DAYS):
        raise Refusal.invalid("/to", f"at most {MOST_DAYS} days from {body.from_} on")
    days = await tasks.insights.between(body.from_, body.to)
    asked = [Asked(date.fromisoformat(day.day), row) for day in days for row in _shown(day, shown)]
    return await asyncio.to_thread(_told, body, asked, _active_from(city))


@handlers.answers(WaitingInsights)
async def waiting_insights(query: Query[WaitingInsights], tasks: Tasks) -> WaitingInsightsView:
    """What is waiting for whom now, to those who answer for it."""
    city = await tasks.directory.city()
    shown = _agencies(query.actor, query.body.agency, city)
    rows = [row for day in await tasks.insights.under_way() for row in day.rows.values()]
    here = zone(WIB)
    items = tuple(
        view.model_copy(update={"oldest_since": view.oldest_since.astimezone(here)})
        for view in waiting(rows, shown)
    )
    return WaitingInsightsView(as_of=now().astimezone(here), items=items)


def _told(
    body: HelpInsights, asked: Sequence[Asked], active_from: dict[str, date]
) -> HelpInsightsView:
    return HelpInsightsView(
        from_=body.from_,
        to=body.to,
        group=body.group,
        as_of=now().astimezone(zone(WIB)),
        funnel=funnel(each.row for each in asked),
        items=grouped(asked, body.group, active_from),
    )


def _agencies(actor: Actor, wanted: Sequence[str], city: City) -> frozenset[str] | None:
    """The agencies whose figures are told; None is every one."""
    mine = oversight_access.agencies_overseen(actor, city.tree)
    if not wanted:
        return mine
    for code in wanted:
        oversight_access.may_see_overall(actor, code, city.tree)
    return frozenset(below for code in wanted for below in city.tree.below(code))


def _shown(day: InsightDay, agencies: frozenset[str] | None) -> Iterable[Row]:
    if agencies is None:
        return day.rows.values()
    return (
        row for row in day.rows.values() if row.asking in agencies or row.responding in agencies
    )


def _active_from(city: City) -> dict[str, date]:
    """Since when each agency that has come so far is active in the roll-out."""
    found = {}
    for code, agency in city.agencies.items():
        starts = [stage.from_ for stage in agency.stages if stage.stage == "active"]
        if starts:
            found[code] = min(starts)
    return found
