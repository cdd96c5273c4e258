"""Allowances are asked for, confirmed by who leads the agency; the rule is entered in versions."""

from bisect import bisect_right
from decimal import Decimal
from hashlib import sha256

from contracts import allowances as asked
from contracts.envelope import AgencyCode, Answer, Command, Query, Verdict
from contracts.outcome import Decision, Refusal
from contracts.people import PersonView
from kit.clock import now
from kit.messaging.handlers import Handlers
from kit.storage import pages
from kit.storage.aggregates import Stored
from services.kpi import access
from services.kpi.allowances.computing import members, month_before, month_of, months_of
from services.kpi.allowances.model import Allowance, Confirmed, Rule, Rules, difference, rounded
from services.kpi.allowances.store import RULES, confirmed_id
from services.kpi.context import Kpi
from services.kpi.ledger.model import CITY_ZONE
from services.kpi.periods.model import Period
from services.kpi.scorecards.reading import person_asked_for, today

handlers: Handlers[Kpi] = Handlers()


@handlers.handles(asked.AddAllowanceRule)
async def add_rule(command: Command[asked.AddAllowanceRule], kpi: Kpi) -> Verdict:
    """A version of the city's rule, by its administrator."""
    if not command.actor.has("admin"):
        raise Refusal("forbidden")
    rule = Rule.of(command.body.rule, now())
    return await kpi.allowances.rules.change(
        RULES,
        lambda rules: (rules or Rules()).adding(rule),
        command,
        answer=lambda _: _rule_view(rule),
        status=201,
    )


@handlers.answers(asked.ListAllowanceRules)
async def list_rules(_: Query[asked.ListAllowanceRules], kpi: Kpi) -> asked.AllowanceRules:
    """Open to every account: nobody loses by a secret rule."""
    rules = await kpi.allowances.current()
    newest_first = sorted(rules.entered, key=lambda rule: rule.recorded_at, reverse=True)
    return asked.AllowanceRules(items=tuple(_rule_view(rule) for rule in newest_first))


@handlers.answers(asked.GetAllowance)
async def get_allowance(query: Query[asked.GetAllowance], kpi: Kpi) -> asked.AllowanceView:
    """A person's month, every reason, and the difference to the month before."""
    person = await person_asked_for(query, kpi)
    period, rules = Period.of(query.body.period), await kpi.allowances.current()
    result = await month_of(kpi, person.id, period, rules)
    before = await month_of(kpi, person.id, month_before(period), rules)
    shown_on = max(period.first, min(today(query), period.last))
    shown = person.shown(shown_on)
    agency = result.agency or shown.agency
    if agency is None:
        raise Refusal("not_found")
    confirmed = await kpi.allowances.confirmed.get(confirmed_id(agency, period.text))
    row = _row(shown, agency, result, before, confirmed)
    return asked.AllowanceView(
        **row.model_dump(),
        period=period.text,
        rule=_rule_view(result.rule),
        reasons=result.reasons,
        difference=difference(before, result),
    )


@handlers.answers(asked.ListAllowances)
async def list_allowances(query: Query[asked.ListAllowances], kpi: Kpi) -> Answer:
    """The month of an agency's people, a page at a time by id."""
    body = query.body
    await _may_see(query, kpi)
    if body.sort is not None:
        raise Refusal.invalid("/sort", "by person, always")
    period, rules = Period.of(body.period), await kpi.allowances.current()
    everybody = await members(kpi, [body.agency], period)
    after = pages.decode(body.cursor)[1] if body.cursor else ""
    start = bisect_right(everybody, after)
    page = everybody[start : start + body.limit]
    results = await months_of(kpi, page, period, rules)
    befores = await months_of(kpi, page, month_before(period), rules)
    confirmed = await kpi.allowances.confirmed.get(confirmed_id(body.agency, period.text))
    shown_on = max(period.first, min(today(query), period.last))
    rows = []
    for employee, result, before in zip(page, results, befores, strict=True):
        person = await kpi.copies.person(employee)
        if person is not None and result.agency == body.agency:
            shown = person.shown(shown_on)
            rows.append(_row(shown, result.agency, result, before, confirmed))
    more = start + len(page) < len(everybody)
    by = await kpi.copies.person(confirmed.state.by) if confirmed and confirmed.state.by else None
    tree = await kpi.copies.tree()
    view = asked.AllowancesPage(
        agency=AgencyCode(body.agency),
        period=period.text,
        state="confirmed" if confirmed else "proposal",
        confirmed_at=confirmed.state.at if confirmed else None,
        confirmed_by=by.shown(shown_on) if by else None,
        rule=_rule_view(rules.on(period.first)),
        actions=("confirm",) if access.leads(query.actor, body.agency, tree) else (),
        items=tuple(rows),
        next_cursor=pages.encode(None, page[-1]) if more else None,
    )
    return Answer(result=view.model_dump_json(by_alias=True))


@handlers.handles(asked.ConfirmAllowances)
async def confirm_allowances(command: Command[asked.ConfirmAllowances], kpi: Kpi) -> Verdict:
    """Who leads the agency confirms what is proposed now; confirming again replaces it."""
    body = command.body
    if not access.leads(command.actor, body.agency, await kpi.copies.tree()):
        raise Refusal("forbidden")
    if not await kpi.copies.knows_agency(body.agency):
        raise Refusal("not_found")
    period, rules = Period.of(body.period), await kpi.allowances.current()
    if period.last >= command.received_at.astimezone(CITY_ZONE).date():
        raise Refusal.invalid("/period", "a month that is over")
    everybody = await members(kpi, [body.agency], period)
    results = await months_of(kpi, everybody, period, rules)
    percents = {
        employee: str(rounded(result.percent))
        for employee, result in zip(everybody, results, strict=True)
        if result.agency == body.agency
    }
    confirmed = Confirmed(
        agency=AgencyCode(body.agency),
        period=period.text,
        at=command.received_at,
        by=command.actor.employee,
        digest=_digest(percents),
        percents=percents,
    )
    event = asked.AllowancesConfirmed(
        agency=confirmed.agency,
        period=period.text,
        people=len(percents),
        digest=confirmed.digest,
    )
    return await kpi.allowances.confirmed.change(
        confirmed_id(body.agency, period.text),
        lambda _: Decision(confirmed, (event,)),
        command,
        answer=lambda _: event,
    )


async def _may_see(query: Query[asked.ListAllowances], kpi: Kpi) -> None:
    agency = query.body.agency
    known, tree = await kpi.copies.knows_agency(agency), await kpi.copies.tree()
    access.may_see_facts_of_agency(query.actor, agency, tree, known=known)


def _digest(percents: dict[str, str]) -> str:
    """The same people with the same percentages, the same digest."""
    said = "\n".join(f"{employee}={percent}" for employee, percent in sorted(percents.items()))
    return sha256(said.encode()).hexdigest()


def _rule_view(rule: Rule) -> asked.AllowanceRuleView:
    return asked.AllowanceRuleView(
        version=rule.version,
        effective_from=rule.effective_from,
        recorded_at=rule.recorded_at,
        decree=rule.decree,
        bands=dict(rule.bands),
        absent=rule.absent,
        attendance_weight=rule.attendance_weight,
        performance_weight=rule.performance_weight,
    )


def _row(
    person: PersonView,
    agency: AgencyCode,
    result: Allowance,
    before: Allowance,
    confirmed: Stored[Confirmed] | None,
) -> asked.AllowanceRow:
    said = confirmed.state.percents.get(person.id) if confirmed else None
    known = before.agency is not None
    return asked.AllowanceRow(
        employee=person,
        agency=agency,
        late_minutes=result.late_minutes,
        early_minutes=result.early_minutes,
        absent_days=result.absent_days,
        deducted=rounded(result.deducted),
        attendance=rounded(result.attendance),
        score=result.score,
        percent=rounded(result.percent),
        change=rounded(result.percent - before.percent) if known else None,
        confirmed=Decimal(said) if said is not None else None,
    )
