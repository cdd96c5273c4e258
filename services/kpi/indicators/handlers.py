"""Versions of indicators are proposed, decided, and shown to everybody who is measured by them."""

from contracts.envelope import Actor, Command, Query, Verdict
from contracts.indicators import (
    DecideIndicators,
    IndicatorList,
    IndicatorTerms,
    IndicatorView,
    ListIndicators,
    ProposeIndicator,
    ProposeIndicatorVersion,
)
from contracts.outcome import Decision, Refusal
from kit.clock import now
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Stored
from services.kpi import access
from services.kpi.context import Kpi
from services.kpi.indicators.model import Indicator, shown
from services.kpi.indicators.proposals import Proposals

handlers: Handlers[Kpi] = Handlers()


@handlers.handles(ProposeIndicator)
async def propose_indicator(command: Command[ProposeIndicator], kpi: Kpi) -> Verdict:
    """Enter a new indicator; it waits for a second person."""
    body = command.body.indicator
    terms = IndicatorTerms.model_validate(body.model_dump(exclude={"code"}))
    return await _propose(command, body.code, terms, kpi, new=True)


@handlers.handles(ProposeIndicatorVersion)
async def propose_version(command: Command[ProposeIndicatorVersion], kpi: Kpi) -> Verdict:
    """Enter a further version of an indicator; it waits for a second person."""
    return await _propose(command, command.body.code, command.body.terms, kpi, new=False)


async def _propose(
    command: Command[ProposeIndicator] | Command[ProposeIndicatorVersion],
    code: str,
    terms: IndicatorTerms,
    kpi: Kpi,
    *,
    new: bool,
) -> Verdict:
    access.may_propose_indicators(command.actor)
    await _must_know(terms, kpi)
    at, by = now(), command.actor.account

    def decide(known: Proposals | None) -> Decision[Proposals]:
        return (known or Proposals.blank(at)).propose(code, terms, new=new, by=by, at=at)

    def answer(stored: Stored[Proposals]) -> IndicatorView:
        return view(stored.state.entered[-1], "id")

    return await kpi.book.change(decide, command, answer=answer, status=201)


@handlers.handles(DecideIndicators)
async def decide_indicators(command: Command[DecideIndicators], kpi: Kpi) -> Verdict:
    """Approve or reject proposed versions, all of them or none."""
    tree = await kpi.copies.tree()
    access.may_decide_indicators(command.actor, tree)
    body, at, by = command.body.decide, now(), command.actor.account

    def decide(known: Proposals | None) -> Decision[Proposals]:
        return (known or Proposals.blank(at)).decide(body, tree=tree, by=by, at=at)

    def answer(stored: Stored[Proposals]) -> IndicatorList:
        decided = (stored.state.version(name) for name in dict.fromkeys(body.versions))
        items = tuple(view(one, "id") for one in decided if one is not None)
        return IndicatorList(items=items)

    return await kpi.book.change(decide, command, answer=answer)


@handlers.answers(ListIndicators)
async def list_indicators(query: Query[ListIndicators], kpi: Kpi) -> IndicatorList:
    """Every version of every indicator, or those that rule a day and a place."""
    asked, tree = query.body, await kpi.copies.tree()
    if asked.on is not None:
        book = await kpi.book.current()
        path = tree.path(asked.agency) if asked.agency else ()
        found = book.ruling(asked.on, path, asked.position)
    elif asked.agency is not None or asked.position is not None:
        raise Refusal.invalid("/on", "a place is ruled on a day: name the day")
    else:
        found = await kpi.book.versions()
    decider = query.actor if access.decides_indicators(query.actor, tree) else None
    items = tuple(
        view(one, query.language, decider)
        for one in found
        if asked.code in (None, one.code) and asked.state in (None, one.state)
    )
    return IndicatorList(items=items)


def view(indicator: Indicator, language: str, decider: Actor | None = None) -> IndicatorView:
    """A version as answers show it; ``decider`` is the caller, if one who decides."""
    waits = indicator.state == "proposed"
    decides = waits and decider is not None and decider.account != indicator.proposed_by
    return IndicatorView(
        code=indicator.code,
        version=indicator.version,
        number=indicator.number,
        state=indicator.state,
        name=indicator.name.told(language),
        meaning=indicator.meaning.told(language),
        scope=indicator.scope,
        formula=indicator.formula,
        unit=indicator.unit,
        direction=indicator.direction,
        target=shown(indicator.target),
        cap=shown(indicator.cap),
        weight=shown(indicator.weight),
        min_facts=indicator.min_facts,
        missing=indicator.missing.told(language),
        agencies=indicator.agencies,
        positions=indicator.positions,
        effective_from=indicator.effective_from,
        recorded_at=indicator.recorded_at,
        decree=indicator.decree,
        proposed_by=indicator.proposed_by,
        decided_by=indicator.decided_by,
        decided_at=indicator.decided_at,
        actions=("approve", "reject") if decides else (),
    )


async def _must_know(terms: IndicatorTerms, kpi: Kpi) -> None:
    for place, code in enumerate(terms.agencies):
        if not await kpi.copies.knows_agency(code):
            raise Refusal.invalid(f"/agencies/{place}", f"there is no agency {code}")
