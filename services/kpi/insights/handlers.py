"""Dashboards ask: months in a row, peers, and all before and after the start."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from contracts.envelope import AgencyCode, Query
from contracts.outcome import Refusal
from contracts.trends import (
    AgencyRollOut,
    GetPeers,
    GetRollOut,
    GetTrend,
    PeerBands,
    RollOut,
    Side,
    Trend,
    TrendPoint,
)
from kit.messaging.handlers import Handlers
from services.kpi import access
from services.kpi.context import Kpi
from services.kpi.insights.model import group_of, quarters, sides
from services.kpi.periods.model import Period
from services.kpi.scorecards.city import city_rows, sheet_of, summed
from services.kpi.scorecards.model import Sheet, rows_of, score
from services.kpi.scorecards.reading import person_asked_for, today
from services.kpi.scorecards.rulebook import Rules, post_in, rules_for, rules_of
from services.kpi.scorecards.running import AgencyCard, agency_rows

handlers: Handlers[Kpi] = Handlers()

MOST_MONTHS = 36
MOST_MONTHS_OF_ALL = 24
MOST_PEERS = 500


@handlers.answers(GetTrend)
async def get_trend(query: Query[GetTrend], kpi: Kpi) -> Trend:
    """The score and values of each month in a row."""
    asked = query.body
    months = _months(asked.from_, asked.to)
    if asked.employee is not None and asked.agency is not None:
        raise Refusal.invalid("/employee", "name a person or an agency, or neither for the city")
    if asked.employee is not None:
        person = await person_asked_for(query, kpi)
        return _trend(person.id, months, await _of_person(person.id, months, kpi))
    access.may_see_score_of_agency(
        query.actor,
        known=asked.agency is None or await kpi.copies.knows_agency(asked.agency),
    )
    if asked.agency is not None:
        return _trend(asked.agency, months, await _of_agency(asked.agency, months, kpi))
    return _trend("city", months, await _of_city(months, kpi))


def _months(first: str, last: str, *, most: int = MOST_MONTHS) -> list[str]:
    if last < first:
        raise Refusal.invalid("/to", f"not before {first}")
    months, month = [], first
    while month <= last:
        months.append(month)
        year, number = int(month[:4]), int(month[5:])
        month = f"{year}-{number + 1:02d}" if number < 12 else f"{year + 1}-01"
        if len(months) > most:
            raise Refusal.invalid("/to", f"at most {most} months")
    return months


async def _of_person(employee: str, months: Sequence[str], kpi: Kpi) -> list[Sheet]:
    keys = [(employee, month) for month in months]
    cards, rules = await kpi.cards.of_employees(keys), await rules_for(keys, "employee", kpi)
    sheets = []
    for key in keys:
        card = cards.get(f"{employee}:{key[1]}")
        rows = rows_of(card.entries.values()) if card else []
        sheets.append(score(rows, rules[key], "employee"))
    return sheets


async def _of_agency(agency: str, months: Sequence[str], kpi: Kpi) -> list[Sheet]:
    keys = [(agency, month) for month in months]
    cards, rules = await kpi.cards.of_agencies(keys), await rules_for(keys, "agency", kpi)
    sheets = []
    for key in keys:
        card = cards.get(f"{agency}:{key[1]}")
        code = AgencyCode(agency)
        rows = agency_rows(code, card.tallies, card.entries.values()) if card else []
        sheets.append(score(rows, rules[key], "agency"))
    return sheets


async def _of_city(months: Sequence[str], kpi: Kpi) -> list[Sheet]:
    keys = [("", month) for month in months]
    rules = await rules_for(keys, "city", kpi)
    cards = [await kpi.cards.months_of_city(Period.of(month)) for month in months]
    return [sheet_of(card, rules[key]) for card, key in zip(cards, keys, strict=True)]


def _trend(subject: str, months: Sequence[str], sheets: Sequence[Sheet]) -> Trend:
    points = (
        TrendPoint(period=month, score=sheet.score, values=sheet.values)
        for month, sheet in zip(months, sheets, strict=True)
    )
    return Trend(subject=subject, months=tuple(points))


@handlers.answers(GetPeers)
async def get_peers(query: Query[GetPeers], kpi: Kpi) -> PeerBands:
    """The quarters of the scores of those in the same position; small groups are kept back."""
    person = await person_asked_for(query, kpi)
    month = query.body.period or f"{today(query):%Y-%m}"
    post = post_in(person.assignments, Period.of(month))
    group = group_of(post.position) if post else None
    own = await _score(person.id, month, kpi)
    peers = await kpi.copies.people_in_position(group, MOST_PEERS) if group else []
    keys = [
        (peer.id, month)
        for peer in peers
        if (held := post_in(peer.assignments, Period.of(month)))
        and group_of(held.position) == group
    ]
    cards = await kpi.cards.of_employees(keys)
    scores = [card.score for card in cards.values() if card.score is not None]
    found = quarters(scores)
    shown = PeerBands(
        period=month,
        position=post.position if post else None,
        own=own,
        suppressed=found is None,
    )
    if found is None:
        return shown
    figures = {
        "people": len(scores),
        "lower_quarter": found.lower,
        "middle": found.middle,
        "upper_quarter": found.upper,
        "band": found.band_of(own) if own is not None else None,
    }
    return shown.model_copy(update=figures)


async def _score(employee: str, month: str, kpi: Kpi) -> Decimal | None:
    (sheet,) = await _of_person(employee, [month], kpi)
    return sheet.score


@handlers.answers(GetRollOut)
async def get_roll_out(query: Query[GetRollOut], kpi: Kpi) -> RollOut:
    """Each agency's months before and after its start, by the rules of the last month asked for."""
    asked, tree = query.body, await kpi.copies.tree()
    known = asked.agency is None or await kpi.copies.knows_agency(asked.agency)
    access.may_see_score_of_agency(query.actor, known=known)
    months = _months(asked.from_, asked.to, most=MOST_MONTHS_OF_ALL)
    codes = sorted(tree.below(asked.agency) if asked.agency else tree.codes())
    cards = await kpi.cards.of_agencies([(code, month) for code in codes for month in months])
    rules = await rules_of("", Period.of(months[-1]), "city", kpi)
    starts = await kpi.copies.starts()
    together: tuple[list[AgencyCard], list[AgencyCard]] = ([], [])
    agencies = []
    for code in codes:
        halves = [
            [cards[id_] for month in half if (id_ := f"{code}:{month}") in cards]
            for half in sides(months, starts.get(code))
        ]
        together[0].extend(halves[0])
        together[1].extend(halves[1])
        if any(halves):
            agencies.append(_roll_out(code, starts.get(code), halves, rules))
    first = min((day for day in starts.values() if day is not None), default=None)
    return RollOut(city=_roll_out(None, first, together, rules), agencies=tuple(agencies))


def _roll_out(
    agency: str | None, started: date | None, halves: Sequence[Sequence[AgencyCard]], rules: Rules
) -> AgencyRollOut:
    before, after = (_side(cards, rules) for cards in halves)
    code = AgencyCode(agency) if agency is not None else None
    return AgencyRollOut(agency=code, started=started, before=before, after=after)


def _side(cards: Sequence[AgencyCard], rules: Rules) -> Side:
    """Several cards together, as the city adds up its agencies."""
    sheet = score(city_rows([summed(cards)]), rules, "city")
    months = len({card.period for card in cards})
    return Side(months=months, score=sheet.score, values=sheet.values)
