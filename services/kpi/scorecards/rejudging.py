"""A version that is approved rules what it rules: the cards of its months are computed anew.

Scores are computed under the rules in force whenever somebody reads them; this is for the events
and for whatever lists cards. Cards keep rows, so no fact is read.
"""

import time
from collections.abc import Iterator, Sequence
from datetime import date

from contracts.envelope import Event
from contracts.indicators import IndicatorDecided
from kit.clock import now
from kit.messaging.handlers import Handlers
from services.kpi.context import Kpi
from services.kpi.ledger.model import CITY_ZONE
from services.kpi.scorecards.rulebook import rules_for

handlers: Handlers[Kpi] = Handlers()

_AT_ONCE = 100
_LONGEST_TURN_S = 5.0
_MOST_MONTHS = 36
"""Further back no card is kept open; what a version changes there is seen when it is read."""


@handlers.reads("kpi.scorecards.on-indicators")
async def mark_ruled_otherwise(events: Sequence[Event[IndicatorDecided]], kpi: Kpi) -> None:
    """Versions were approved: mark the cards of every month from the first day of each."""
    portions: set[str] = set()
    for event in events:
        if event.data.state == "approved":
            until = event.time.astimezone(CITY_ZONE).date()
            for month in months_between(event.data.indicator.effective_from, until):
                portions |= {f"employee:{month}:", f"agency:{month}:"}
    if portions:
        await kpi.cards.mark_for_rules(portions)


@handlers.every(1.0, "kpi.judge_anew", share=0.3)
async def judge_anew(kpi: Kpi) -> None:
    """Compute marked cards under the rules in force, a portion at a time."""
    began = time.monotonic()
    while time.monotonic() - began < _LONGEST_TURN_S:
        portions, marks = await kpi.cards.marked_for_rules(1)
        if not marks:
            return
        await kpi.book.refresh()
        further = [one for portion in portions for one in await _portion(portion, kpi)]
        if further:
            await kpi.cards.mark_for_rules(further)
        await kpi.cards.done_for_rules(marks)


async def _portion(portion: str, kpi: Kpi) -> list[str]:
    """Compute some cards of a month; the portion that is left, if any."""
    kind, month, after = portion.split(":", 2)
    if kind == "agency":
        await _agencies(month, kpi)
        await kpi.cards.mark_for_city([month])
        return []
    people = await kpi.copies.people_after(after, _AT_ONCE)
    keys = [(person, month) for person in people]
    cards = await kpi.cards.of_employees(keys)
    rules = await rules_for(keys, "employee", kpi)
    at = now()
    for person in people:
        if f"{person}:{month}" in cards:
            await kpi.cards.judge_employee_anew(person, month, rules[person, month], at)
    return [f"employee:{month}:{people[-1]}"] if len(people) == _AT_ONCE else []


async def _agencies(month: str, kpi: Kpi) -> None:
    keys = [(code, month) for code in sorted((await kpi.copies.tree()).codes())]
    cards = await kpi.cards.of_agencies(keys)
    rules = await rules_for(keys, "agency", kpi)
    at = now()
    for code, _ in keys:
        if f"{code}:{month}" in cards:
            await kpi.cards.judge_agency_anew(code, month, rules[code, month], at)


def months_between(first: date, last: date) -> Iterator[str]:
    """The months of these days, the newest first, at most three years of them."""
    year, month = last.year, last.month
    for _ in range(_MOST_MONTHS):
        if (year, month) < (first.year, first.month):
            return
        yield f"{year}-{month:02d}"
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
