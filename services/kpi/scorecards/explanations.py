"""A line of a score is opened: formula, inputs, and the facts that rule, from the ledger itself."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from contracts.envelope import AgencyCode, Query
from contracts.kpi import (
    ExplainAgencyLine,
    ExplainCityLine,
    ExplainEmployeeLine,
    LineExplanation,
    LinePart,
)
from contracts.outcome import Refusal
from contracts.paging import Paging
from kit.messaging.handlers import Handlers
from kit.storage import pages
from services.kpi import access
from services.kpi.context import Kpi
from services.kpi.formulas.rows import Row
from services.kpi.indicators.model import Indicator
from services.kpi.indicators.observations import observe, ruling_among
from services.kpi.ledger.model import Fact
from services.kpi.periods.model import Period
from services.kpi.periods.settling import closed_result
from services.kpi.periods.store import Kept
from services.kpi.scorecards.city import city_rows, sheet_of, summed
from services.kpi.scorecards.from_ledger import (
    answers_of_agency,
    as_closed,
    facts_about,
    within,
)
from services.kpi.scorecards.messages import explanation
from services.kpi.scorecards.model import (
    applying_to,
    enters,
    entries_for,
    facts_of,
    rows_of,
    score,
)
from services.kpi.scorecards.reading import period_of, person_asked_for
from services.kpi.scorecards.rulebook import rules_of
from services.kpi.scorecards.running import AgencyDay, Standing, agency_rows

handlers: Handlers[Kpi] = Handlers()


@handlers.answers(ExplainEmployeeLine)
async def explain_employee_line(query: Query[ExplainEmployeeLine], kpi: Kpi) -> LineExplanation:
    """A line of a person's score, computed anew from every fact about the person."""
    person = await person_asked_for(query, kpi)
    period = period_of(query)
    rules = await rules_of(person.id, period, "employee", kpi)
    indicator = _indicator(query, applying_to("employee", rules))
    facts = await facts_about(person.id, period, kpi)
    if await closed_result("employee", person.id, period.text, kpi):
        facts = as_closed(facts)
    entries = entries_for(within(period, facts), employee=person.id)
    line = score(rows_of(entries.values()), rules, "employee").line(indicator.code)
    by_id = {fact.id: fact for fact in facts}
    page, cursor = _page(facts_of(indicator, entries.values()), query.body.paging)
    return explanation(
        person.id,
        period.text,
        indicator,
        line,
        query.language,
        facts=[by_id[id_].shown(only=person.id) for id_ in page],
        next_cursor=cursor,
    )


@handlers.answers(ExplainAgencyLine)
async def explain_agency_line(query: Query[ExplainAgencyLine], kpi: Kpi) -> LineExplanation:
    """A line of an agency's score; the facts of a page are looked up in the ledger as they rule."""
    agency = query.body.agency
    access.may_see_facts_of_agency(
        query.actor,
        agency,
        await kpi.copies.tree(),
        known=await kpi.copies.knows_agency(agency),
    )
    period = period_of(query)
    rules = await rules_of(agency, period, "agency", kpi)
    indicator = _indicator(query, applying_to("agency", rules))
    closed = await closed_result("agency", agency, period.text, kpi)
    days = await (_closed_days(closed, period, kpi) if closed else _days(agency, period, kpi))
    answers = await answers_of_agency(agency, period, kpi)
    tallies = {str(day.date): day.tally(0) for day in days}
    rows = agency_rows(AgencyCode(agency), tallies, answers.values())
    line = score(rows, rules, "agency").line(indicator.code)
    keys = [*_days_within(indicator, days), *facts_of(indicator, answers.values())]
    page, cursor = _page(keys, query.body.paging)
    facts = await _ruling_facts(page, as_closed if closed else list, kpi)
    return explanation(
        agency,
        period.text,
        indicator,
        line,
        query.language,
        facts=[fact.shown() for fact in facts],
        next_cursor=cursor,
    )


@handlers.answers(ExplainCityLine)
async def explain_city_line(query: Query[ExplainCityLine], kpi: Kpi) -> LineExplanation:
    """A line of the city's score, and beside it each agency's own value."""
    access.may_see_score_of_agency(query.actor, known=True)
    period = period_of(query)
    rules = await rules_of("", period, "city", kpi)
    indicator = _indicator(query, applying_to("city", rules))
    line = sheet_of(await kpi.cards.months_of_city(period), rules).line(indicator.code)
    parts = await _parts(indicator, period, kpi)
    return explanation("city", period.text, indicator, line, query.language, parts=parts)


async def _parts(indicator: Indicator, period: Period, kpi: Kpi) -> list[LinePart]:
    """The value of each agency that has facts, by the city's version of the indicator."""
    codes = sorted((await kpi.copies.tree()).codes())
    keys = [(code, month) for code in codes for month in period.months]
    cards = await kpi.cards.of_agencies(keys)
    parts = []
    for code in codes:
        own = [cards[id_] for month in period.months if (id_ := f"{code}:{month}") in cards]
        if own:
            line = score(city_rows([summed(own)]), [indicator], "city").line(indicator.code)
            parts.append(LinePart(agency=AgencyCode(code), value=line.value if line else None))
    return parts


async def _days(agency: str, period: Period, kpi: Kpi) -> list[AgencyDay]:
    return await kpi.cards.days_of_agency(agency, period)


async def _closed_days(closed: Kept, period: Period, kpi: Kpi) -> list[AgencyDay]:
    """The days of an agency as they were closed."""
    days: dict[date, AgencyDay] = {}
    for fact in await kpi.facts.locked_days(closed.agency, period, closed.revision):
        day = days.setdefault(fact.date, AgencyDay(fact.agency, fact.date))
        day.people[fact.employee or ""] = Standing(fact.sequence, observe(fact).row)
    return [days[on] for on in sorted(days)]


def _days_within(indicator: Indicator, days: Sequence[AgencyDay]) -> list[str]:
    """The people's days that a line is made of, by date and person."""
    return [
        f"{employee}:{day.date}"
        for day in days
        for employee, standing in sorted(day.people.items())
        if standing.row is not None
        and enters(indicator, Row.read("days", day.date, day.agency, standing.row))
    ]


async def _ruling_facts(
    keys: Sequence[str], among: Callable[[Iterable[Fact]], list[Fact]], kpi: Kpi
) -> list[Fact]:
    """The facts of these keys: of a day (``<person>:<date>``) the newest, of others the fact."""
    facts = await kpi.facts.by_ids(key for key in keys if ":" not in key)
    days = among(await kpi.facts.by_subjects(key for key in keys if ":" in key))
    by_id = {fact.id: fact for fact in (*facts, *days)}
    rules = ruling_among(observe(fact) for fact in days)
    newest = {subject: seen.fact for subject, seen in rules.items()}
    found = (by_id.get(newest.get(key, key)) for key in keys)
    return [fact for fact in found if fact is not None]


def _indicator(query: Query[Any], applying: Sequence[Indicator]) -> Indicator:
    for indicator in applying:
        if indicator.code == query.body.indicator:
            return indicator
    raise Refusal("not_found")


def _page(ids: Sequence[str], paging: Paging) -> tuple[list[str], str | None]:
    """The ids of one page; the cursor is the last id and its place."""
    if paging.sort is not None:
        raise Refusal.invalid("/sort", "facts come by date; no other order is offered")
    start = 0
    if paging.cursor is not None:
        place, last = pages.decode(paging.cursor)
        start = _behind(ids, place, last)
    page = list(ids[start : start + paging.limit])
    more = start + len(page) < len(ids)
    return page, pages.encode(start + len(page) - 1, page[-1]) if more else None


def _behind(ids: Sequence[str], place: Any, last: str) -> int:
    """Where to go on: behind the last id shown, or at its place if it has left the list."""
    if last in ids:
        return ids.index(last) + 1
    if isinstance(place, int) and place >= 0:
        return place
    raise Refusal.invalid("/cursor", "must be the next_cursor of the page before")
