"""A line of a score is opened: formula, inputs, and the facts that rule, from the ledger itself."""

from collections.abc import Sequence
from typing import Any

from contracts.envelope import Query
from contracts.kpi import ExplainAgencyLine, ExplainEmployeeLine, LineExplanation
from contracts.outcome import Refusal
from contracts.paging import Paging
from kit.messaging.handlers import Handlers
from kit.storage import pages
from services.kpi import access
from services.kpi.context import Kpi
from services.kpi.indicators.model import Indicator
from services.kpi.indicators.observations import (
    PUNCTUALITY,
    Observation,
    observe,
    ruling_among,
)
from services.kpi.ledger.model import Fact
from services.kpi.periods.model import Period
from services.kpi.scorecards.messages import explanation
from services.kpi.scorecards.model import Sheet, applying_to, entries_for, score, values_of
from services.kpi.scorecards.reading import indicators_of, period_of, person_asked_for
from services.kpi.scorecards.running import agency_values

handlers: Handlers[Kpi] = Handlers()


@handlers.answers(ExplainEmployeeLine)
async def explain_employee_line(query: Query[ExplainEmployeeLine], kpi: Kpi) -> LineExplanation:
    """A line of a person's score, computed anew from every fact about the person."""
    person = await person_asked_for(query, kpi)
    period = period_of(query)
    indicator = _indicator(query, applying_to("employee", indicators_of(period, kpi)))
    facts = await _facts_about(person.id, period, kpi)
    sheet = _sheet_of_person(person.id, facts, period, kpi)
    line = sheet.line(indicator.code)
    by_id = {fact.id: fact for fact in facts}
    page, cursor = _page(line.facts if line else (), query.body.paging)
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
    indicator = _indicator(query, applying_to("agency", indicators_of(period, kpi)))
    sheet = await _sheet_of_agency(agency, period, kpi)
    line = sheet.line(indicator.code)
    if indicator.code == PUNCTUALITY:
        facts, cursor = await _judged_days(agency, period, query.body.paging, kpi)
    else:
        page, cursor = _page(line.facts if line else (), query.body.paging)
        found = {fact.id: fact for fact in await kpi.facts.by_ids(page)}
        facts = [found[id_] for id_ in page]
    return explanation(
        agency,
        period.text,
        indicator,
        line,
        query.language,
        facts=[fact.shown() for fact in facts],
        next_cursor=cursor,
    )


async def _facts_about(employee: str, period: Period, kpi: Kpi) -> list[Fact]:
    """Every fact about a person, and what else is known of the help the person took part in."""
    facts = await kpi.facts.of_employee(employee, period)
    helped = {fact.subject for fact in facts if fact.people}
    more = await kpi.facts.by_subjects(helped) if helped else []
    return list({fact.id: fact for fact in (*facts, *more)}.values())


def _sheet_of_person(employee: str, facts: Sequence[Fact], period: Period, kpi: Kpi) -> Sheet:
    entries = entries_for(_within(period, facts), employee=employee)
    return score(values_of(entries.values()), indicators_of(period, kpi), "employee")


async def _sheet_of_agency(agency: str, period: Period, kpi: Kpi) -> Sheet:
    days = await kpi.cards.days_of_agency(agency, period)
    answers = await kpi.facts.answers_of_agency(agency, period)
    facts = await kpi.facts.by_subjects(fact.subject for fact in answers) if answers else []
    entries = entries_for(_within(period, facts), agency=agency)
    values = agency_values((day.tally(0) for day in days), entries.values())
    return score(values, indicators_of(period, kpi), "agency")


def _within(period: Period, facts: Sequence[Fact]) -> dict[str, Observation]:
    found = ruling_among(observe(fact) for fact in facts)
    return {key: seen for key, seen in found.items() if period.holds(seen.on)}


async def _judged_days(
    agency: str, period: Period, paging: Paging, kpi: Kpi
) -> tuple[list[Fact], str | None]:
    """The newest fact of each judged day of the agency, by date and person, a page at a time."""
    judged = [
        f"{employee}:{day.date}"
        for day in await kpi.cards.days_of_agency(agency, period)
        for employee, standing in sorted(day.people.items())
        if standing.value is not None
    ]
    page, cursor = _page(judged, paging)
    facts = await kpi.facts.by_subjects(page) if page else []
    by_id = {fact.id: fact for fact in facts}
    rules = ruling_among(observe(fact) for fact in facts)
    return [by_id[rules[subject].fact] for subject in page if subject in rules], cursor


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
