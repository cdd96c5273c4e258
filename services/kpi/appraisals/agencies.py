"""How agencies did as organisations, and the predicates of their people beside the guidance."""

from contracts import appraisals as asked
from contracts.appraisal_views import AgencyPredicateView, PredicatesPage
from contracts.envelope import AgencyCode, Command, Query, Verdict
from contracts.outcome import Decision, Refusal
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Stored
from services.kpi import access
from services.kpi.appraisals.predicates import spread_of
from services.kpi.appraisals.sight import people
from services.kpi.appraisals.store import AgencyResult
from services.kpi.appraisals.views import row_of
from services.kpi.context import Kpi
from services.kpi.ledger.model import CITY_ZONE
from services.kpi.periods.model import Period

handlers: Handlers[Kpi] = Handlers()


@handlers.handles(asked.SetAgencyPredicate)
async def set_agency_predicate(command: Command[asked.SetAgencyPredicate], kpi: Kpi) -> Verdict:
    """The city's administrator states it; stating it again replaces it."""
    body = command.body
    if not command.actor.has("admin"):
        raise Refusal("forbidden")
    if not await kpi.copies.knows_agency(body.agency):
        raise Refusal("not_found")
    result = AgencyResult(
        agency=AgencyCode(body.agency),
        period=body.period,
        predicate=body.wanted.predicate,
        basis=body.wanted.basis,
        set_at=command.received_at,
    )
    return await kpi.appraisals.agencies.change(
        _id(body.agency, body.period),
        lambda _: Decision(result, (result.stated(),)),
        command,
        answer=_view,
    )


@handlers.answers(asked.ListPredicates)
async def list_predicates(query: Query[asked.ListPredicates], kpi: Kpi) -> PredicatesPage:
    """The reviewed people of an agency and those below it, and how their predicates spread."""
    body, copies = query.body, kpi.copies
    tree = await copies.tree()
    known = await copies.knows_agency(body.agency)
    access.may_see_facts_of_agency(query.actor, body.agency, tree, known=known)
    if body.sort is not None:
        raise Refusal.invalid("/sort", "by person, always")
    agencies = [code for code in tree.codes() if tree.covers(body.agency, code)]
    stated = await kpi.appraisals.agencies.get(_id(body.agency, body.period))
    predicates = await kpi.appraisals.reviews.predicates(agencies, body.period)
    found, cursor = await kpi.appraisals.reviews.of_agencies(
        agencies, body.period, limit=body.limit, cursor=body.cursor
    )
    names = await people(kpi, {one.state.employee for one in found})
    today = query.received_at.astimezone(CITY_ZONE).date()
    on = min(today, Period.of(body.period).last)
    organisation = stated.state.predicate if stated else None
    return PredicatesPage(
        agency=AgencyCode(body.agency),
        period=body.period,
        organisation=organisation,
        basis=stated.state.basis if stated else None,
        reviewed=len(predicates),
        spread=spread_of(predicates, organisation),
        items=tuple(
            row_of(one.state, names[one.state.employee], on)
            for one in found
            if one.state.employee in names
        ),
        next_cursor=cursor,
    )


def _id(agency: str, period: str) -> str:
    return f"{agency}:{period}"


def _view(stored: Stored[AgencyResult]) -> AgencyPredicateView:
    result = stored.state
    return AgencyPredicateView(
        agency=result.agency,
        period=result.period,
        predicate=result.predicate,
        basis=result.basis,
        set_at=result.set_at,
        version=stored.version,
    )
