"""Facts that no scorecard has taken in are taken in, many together, in the background.

Turns of their own, because their readers differ: a person looks at the own score right after
checking in (twice a second), an agency's score may be a few seconds old and one recount then serves
everybody who arrived meanwhile; the city adds up its agencies. Marks are deleted only after
everything they lead to is written; a turn that dies is done again and changes nothing twice.

Per fact this costs a share of reading the card it may concern and, only if it says something that
is not known yet, one look-up of its subject and a share of a write. Nothing reads a month.
"""

import asyncio
import itertools
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Stored
from services.kpi.context import Kpi
from services.kpi.indicators.observations import OF_CITY, Observation, observe, ruling_among
from services.kpi.periods.model import Period
from services.kpi.scorecards import allocation
from services.kpi.scorecards.allocation import DayKey
from services.kpi.scorecards.city import newest, summed
from services.kpi.scorecards.model import Entry
from services.kpi.scorecards.rulebook import rules_for, rules_of
from services.kpi.scorecards.running import AgencyDay, EmployeeCard, Tally, is_news

handlers: Handlers[Kpi] = Handlers()

_MARKS_AT_ONCE = 50
_MARKS_OF_A_TURN = 1_000
"""All that waits, as a rule: then an agency is counted once in a turn, whoever came meanwhile."""
_CHANGES_AT_ONCE = 16
_LONGEST_TURN_S = 5.0
"""A turn ends well before the lease that protects it does; the next one goes on."""


@handlers.every(0.5, "kpi.score_employees")
async def score_employees(kpi: Kpi) -> None:
    """Take waiting facts into the scorecards of the people they are about."""
    began = time.monotonic()
    while time.monotonic() - began < _LONGEST_TURN_S:
        waiting, marks = await kpi.facts.to_score(_MARKS_AT_ONCE)
        if not marks:
            return
        seen = _newest(waiting)
        await _take_for_employees(seen, kpi)
        await kpi.cards.mark_for_agencies(seen)
        await kpi.facts.scored(marks)


@handlers.every(0.5, "kpi.score_agencies", share=0.5)
async def score_agencies(kpi: Kpi) -> None:
    """Take waiting facts into the scorecards of the agencies they count for."""
    began = time.monotonic()
    while time.monotonic() - began < _LONGEST_TURN_S:
        waiting, marks = await kpi.cards.marked_for_agencies(_MARKS_OF_A_TURN)
        if not marks:
            return
        seen = _newest(waiting)
        await _take_for_agencies(seen, kpi)
        await kpi.cards.mark_for_city({one.month for one in seen})
        await kpi.cards.done_for_agencies(marks)


@handlers.every(1.0, "kpi.score_city", share=0.1)
async def score_city(kpi: Kpi) -> None:
    """Add up the agencies' cards of the months in which one may have changed."""
    months, marks = await kpi.cards.marked_for_city(_MARKS_OF_A_TURN)
    if not marks:
        return
    codes = sorted((await kpi.copies.tree()).codes())
    for month in months:
        cards = await kpi.cards.of_agencies([(code, month) for code in (*codes, OF_CITY)])
        as_of = newest(cards.values())
        rules = await rules_of("", Period.of(month), "city", kpi)
        own = cards.pop(f"{OF_CITY}:{month}", None)
        if as_of is not None:
            rows = summed(cards.values(), own.entries.values() if own else ())
            await kpi.cards.put_city(month, rows, as_of, rules)
    await kpi.cards.done_for_city(marks)


async def bring_forward(subject: str, kpi: Kpi) -> None:
    """Take in now what the ledger holds about one subject, for a reader who wrote it just now."""
    seen = _newest(observe(fact) for fact in await kpi.facts.by_subjects([subject]))
    await _take_for_employees(seen, kpi)
    await _take_for_agencies(seen, kpi)


def _newest(waiting: Iterable[Observation]) -> list[Observation]:
    """Of several observations of one thing only the newest."""
    return list(ruling_among(waiting).values())


async def _take_for_employees(seen: Sequence[Observation], kpi: Kpi) -> None:
    keys = {(person, one.month) for one in seen for person in one.people}
    cards = await kpi.cards.of_employees(sorted(keys)) if keys else {}
    news = [one for one in seen if _is_news_to_people(one, cards)]
    first = [one for one in news if _is_first(one, cards)]
    others = await _all_about([one for one in news if not _is_first(one, cards)], kpi)
    by_card = allocation.for_people([*first, *others])
    rules = await rules_for(by_card, "employee", kpi)
    await _gather(
        kpi.cards.take_for_employee(person, month, entries, rules[person, month])
        for (person, month), entries in by_card.items()
    )


def _is_first(seen: Observation, cards: Mapping[str, EmployeeCard]) -> bool:
    """Whether nothing has been taken in about this day, so that nothing newer can be known.

    A day is one person's and stays so; who took part in help may have changed.
    """
    return seen.source == "days" and not any(_known(seen, cards))


def _is_news_to_people(seen: Observation, cards: Mapping[str, EmployeeCard]) -> bool:
    """Help is always looked up: there is little of it, and who took part may have changed."""
    if seen.source != "days":
        return True
    return any(is_news(known, seen) for known in _known(seen, cards))


def _known(seen: Observation, cards: Mapping[str, EmployeeCard]) -> list[Entry | None]:
    """What the cards of its people say under its key."""
    found = (cards.get(f"{person}:{seen.month}") for person in seen.people)
    return [card.entries.get(seen.key) if card else None for card in found]


async def _take_for_agencies(seen: Sequence[Observation], kpi: Kpi) -> None:
    await _take_days([one for one in seen if one.source == "days"], kpi)
    answers = [one for one in seen if one.source != "days"]
    by_card = allocation.for_agencies(await _all_about(answers, kpi))
    rules = await rules_for([key for key in by_card if key[0] != OF_CITY], "agency", kpi)
    await _gather(
        kpi.cards.take_for_agency(agency, month, {}, entries, rules.get((agency, month), ()))
        for (agency, month), entries in by_card.items()
    )


async def _take_days(seen: Sequence[Observation], kpi: Kpi) -> None:
    """Days, then the cards they enter; and what a day left before what it came to.

    What a crash leaves undone is then still news where the day came to, and all of it is done
    again; a day that its card lacks is seen by its version.
    """
    named = {(one.agency, one.on) for one in seen}
    known = await kpi.cards.agency_days(sorted(named)) if named else {}
    news = [one for one in seen if _is_news_to_agency(one, known)]
    for by_day in allocation.for_agency_days(await _all_about(news, kpi)):
        await _gather(
            kpi.cards.take_for_day(agency, on, day.standings, day.at)
            for (agency, on), day in sorted(by_day.items())
        )
        await _take_tallies(by_day, kpi)
    await _take_tallies(named, kpi)


def _is_news_to_agency(seen: Observation, days: Mapping[str, Stored[AgencyDay]]) -> bool:
    day = days.get(f"{seen.agency}:{seen.on}")
    return (day.state if day else AgencyDay(seen.agency, seen.on)).is_news(seen)


async def _take_tallies(keys: Iterable[DayKey], kpi: Kpi) -> None:
    """Bring onto the cards the days that are newer than what the cards have of them."""
    by_card = allocation.by_card(keys)
    if not by_card:
        return
    days = await kpi.cards.agency_days([key for group in by_card.values() for key in group])
    cards = await kpi.cards.of_agencies(by_card)
    changes = []
    for (agency, month), group in by_card.items():
        card = cards.get(f"{agency}:{month}")
        tallies: dict[str, Tally] = {}
        for _, on in group:
            day = days.get(f"{agency}:{on}")
            known = card.tallies.get(str(on)) if card else None
            if day is not None and (known is None or known.order < day.version):
                tallies[str(on)] = day.state.tally(day.version)
        if tallies:
            changes.append((agency, month, tallies))
    rules = await rules_for([(agency, month) for agency, month, _ in changes], "agency", kpi)
    await _gather(
        kpi.cards.take_for_agency(agency, month, tallies, {}, rules[agency, month])
        for agency, month, tallies in changes
    )


async def _all_about(news: Sequence[Observation], kpi: Kpi) -> list[Observation]:
    """Everything the ledger holds about the subjects of what is new."""
    if not news:
        return []
    facts = await kpi.facts.by_subjects(one.subject for one in news)
    return [observe(fact) for fact in facts]


async def _gather(changes: Iterable[Any]) -> None:
    """Make the changes a few at a time: they share a write, and check-ins get their turn."""
    left = iter(changes)
    while group := list(itertools.islice(left, _CHANGES_AT_ONCE)):
        await asyncio.gather(*group)
