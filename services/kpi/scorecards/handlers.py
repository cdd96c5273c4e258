"""Scores are asked for; they come from the running cards, several months together if need be."""

from collections.abc import Iterable
from datetime import datetime

from pydantic import BaseModel

from contracts.envelope import AgencyCode, Answer, Query
from contracts.kpi import (
    CityScorecardView,
    GetAgencyScorecard,
    GetCityScorecard,
    GetEmployeeScorecard,
)
from kit.messaging.handlers import Handlers
from services.kpi import access
from services.kpi.context import Kpi
from services.kpi.periods.settling import (
    closed_result,
    closed_score,
    closing_of,
    settlements_in,
)
from services.kpi.scorecards.city import sheet_of
from services.kpi.scorecards.closed import agency_closed_view, employee_closed_view
from services.kpi.scorecards.messages import agency_view, city_view, employee_view
from services.kpi.scorecards.model import rows_of, score
from services.kpi.scorecards.reading import (
    is_behind,
    period_of,
    person_asked_for,
    today,
)
from services.kpi.scorecards.rulebook import rules_of
from services.kpi.scorecards.running import agency_rows, merged_all

handlers: Handlers[Kpi] = Handlers()


@handlers.answers(GetEmployeeScorecard)
async def get_employee_scorecard(query: Query[GetEmployeeScorecard], kpi: Kpi) -> Answer:
    """A person's score in a month, quarter or year; of a closed month the one that was frozen."""
    person = await person_asked_for(query, kpi)
    period = period_of(query)
    shown = person.shown(max(period.first, min(today(query), period.last)))
    if kept := await closed_result("employee", person.id, period.text, kpi):
        return _answer(employee_closed_view(shown, kept, await closing_of(kept, kpi)), behind=False)
    behind = await is_behind(query, kpi)
    cards = await kpi.cards.months_of_employee(person.id, period)
    entries = merged_all(card.entries for card in cards)
    rules = await rules_of(person.id, period, "employee", kpi)
    sheet = score(rows_of(entries.values()), rules, "employee")
    as_of = _newest((card.as_of for card in cards), query.received_at)
    settled = await settlements_in("employee", person.id, period.text, kpi)
    predicate = await kpi.appraisals.predicate(person.id, period.text)
    view = employee_view(shown, period.text, sheet, as_of, settled=settled, predicate=predicate)
    return _answer(view, behind=behind)


@handlers.answers(GetAgencyScorecard)
async def get_agency_scorecard(query: Query[GetAgencyScorecard], kpi: Kpi) -> Answer:
    """An agency's score in a month, quarter or year; of a closed month the one that was frozen."""
    agency = query.body.agency
    known = await kpi.copies.knows_agency(agency)
    access.may_see_score_of_agency(query.actor, known=known)
    period = period_of(query)
    explains = access.explains_agency(query.actor, agency, await kpi.copies.tree())
    if kept := await closed_score(agency, period.text, query.body.revision, kpi):
        closing = await closing_of(kept, kpi)
        return _answer(agency_closed_view(kept, closing, explains=explains), behind=False)
    behind = await is_behind(query, kpi)
    cards = await kpi.cards.months_of_agency(agency, period)
    tallies = {on: tally for card in cards for on, tally in card.tallies.items()}
    entries = merged_all(card.entries for card in cards)
    rows = agency_rows(AgencyCode(agency), tallies, entries.values())
    sheet = score(rows, await rules_of(agency, period, "agency", kpi), "agency")
    as_of = _newest((card.as_of for card in cards), query.received_at)
    settled = await settlements_in("agency", agency, period.text, kpi)
    view = agency_view(agency, period.text, sheet, as_of, explains=explains, settled=settled)
    return _answer(view, behind=behind)


@handlers.answers(GetCityScorecard)
async def get_city_scorecard(query: Query[GetCityScorecard], kpi: Kpi) -> CityScorecardView:
    """The city's score in a month, quarter or year; the sum of its agencies' facts."""
    access.may_see_score_of_agency(query.actor, known=True)
    period = period_of(query)
    cards = await kpi.cards.months_of_city(period)
    sheet = sheet_of(cards, await rules_of("", period, "city", kpi))
    as_of = _newest((card.as_of for card in cards), query.received_at)
    return city_view(period.text, sheet, as_of)


def _newest(moments: Iterable[datetime | None], otherwise: datetime) -> datetime:
    """The moment of the newest fact that changed a card; of an empty one, that of the question."""
    return max((moment for moment in moments if moment), default=otherwise)


def _answer(view: BaseModel, *, behind: bool) -> Answer:
    return Answer(result=view.model_dump_json(by_alias=True), behind=behind)
