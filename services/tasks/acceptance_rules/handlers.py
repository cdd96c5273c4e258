"""Rules of acceptance are entered by those whose word they are about, and shown in the city."""

from contracts.acceptance_rules import (
    AcceptanceRuleView,
    AddAcceptanceRule,
    ListAcceptanceRules,
)
from contracts.envelope import Command, Query, Verdict
from contracts.outcome import Decision, Refusal
from contracts.paging import Page
from kit.clock import now
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Stored
from rules.working_time import WIB, zone
from services.tasks import access, oversight_access
from services.tasks.acceptance_rules.model import AcceptanceRule, AgencyRules
from services.tasks.context import Tasks
from services.tasks.own_copies.model import City

handlers: Handlers[Tasks] = Handlers()


@handlers.handles(AddAcceptanceRule)
async def add_acceptance_rule(command: Command[AddAcceptanceRule], tasks: Tasks) -> Verdict:
    """Enter a version; acceptances from its day on follow it."""
    city, agency = await tasks.directory.city(), command.body.agency
    access.may_set_acceptance_rules(command.actor, agency, city.tree)
    _must_know(agency, city)
    written_at = now()

    def decide(rules: AgencyRules | None) -> Decision[AgencyRules]:
        standing = rules or AgencyRules.blank(agency, written_at)
        return standing.add(
            command.body.rule, recorded_at=command.received_at, written_at=written_at
        )

    may_set = access.sets_acceptance_rules(command.actor, agency, city.tree)

    def answer(stored: Stored[AgencyRules]) -> AcceptanceRuleView:
        return _view(stored.state.versions[-1], stored.version, may_set=may_set)

    return await tasks.acceptance_rules.change(agency, decide, command, answer=answer, status=201)


@handlers.answers(ListAcceptanceRules)
async def list_acceptance_rules(
    query: Query[ListAcceptanceRules], tasks: Tasks
) -> Page[AcceptanceRuleView]:
    """What an agency has entered, newest first; or what rules it on a day, wherever it stands."""
    body = query.body
    oversight_access.may_see_service_levels(query.actor)
    city = await tasks.directory.city()
    _must_know(body.agency, city)
    may_set = access.sets_acceptance_rules(query.actor, body.agency, city.tree)
    if body.on is not None:
        ruling = (await tasks.acceptance_rules.book(city.tree)).ruling(body.agency, body.on)
        owner = await tasks.acceptance_rules.get(ruling.agency) if ruling else None
        if ruling is None or owner is None:
            return Page(items=())
        return Page(items=(_view(ruling, owner.version, may_set=may_set),))
    stored = await tasks.acceptance_rules.get(body.agency)
    if stored is None:
        return Page(items=())
    before = _number(body.cursor) if body.cursor else len(stored.state.versions) + 1
    older = [version for version in reversed(stored.state.versions) if version.number < before]
    shown = older[: body.limit]
    return Page(
        items=tuple(_view(version, stored.version, may_set=may_set) for version in shown),
        next_cursor=str(shown[-1].number) if len(shown) < len(older) else None,
    )


def _view(rule: AcceptanceRule, written: int, *, may_set: bool) -> AcceptanceRuleView:
    return AcceptanceRuleView(
        id=rule.id,
        agency=rule.agency,
        people_over=rule.people_over,
        days_over=rule.days_over,
        effective_from=rule.effective_from,
        recorded_at=rule.recorded_at.astimezone(zone(WIB)),
        decree=rule.decree,
        version=written,
        actions=("supersede",) if may_set else (),
    )


def _must_know(agency: str, city: City) -> None:
    if not city.knows(agency):
        raise Refusal("not_found", agency=agency)


def _number(cursor: str) -> int:
    if not cursor.isdecimal():
        raise Refusal.invalid("/cursor", "must be the next_cursor of the page before")
    return int(cursor)
