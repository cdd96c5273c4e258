"""What a person's month comes to, from the ledger and the score; nothing of it is stored."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from services.kpi.allowances.model import Allowance, Rules, allowance
from services.kpi.context import Kpi
from services.kpi.periods.model import Period
from services.kpi.scorecards.model import rows_of, score
from services.kpi.scorecards.rulebook import rules_of
from services.kpi.scorecards.running import merged_all

_AT_ONCE = 8
_DAY = timedelta(days=1)


async def month_of(kpi: Kpi, employee: str, period: Period, rules: Rules) -> Allowance:
    """A person's month."""
    facts, cards = await asyncio.gather(
        kpi.facts.of_employee(employee, period), kpi.cards.months_of_employee(employee, period)
    )
    entries = merged_all(card.entries for card in cards)
    indicators = await rules_of(employee, period, "employee", kpi)
    sheet = score(rows_of(entries.values()), indicators, "employee")
    return allowance(facts, sheet.score, rules.on(period.first))


def month_before(period: Period) -> Period:
    """The month before a month."""
    return Period.month_of(period.first - _DAY)


async def members(kpi: Kpi, agencies: Sequence[str], period: Period) -> list[str]:
    """Everybody with a day for one of these agencies in the month, by id.

    Whose last day of the month was for another one, belongs there: :attr:`Allowance.agency` says.
    """
    found: set[str] = set()
    for agency in agencies:
        for day in await kpi.cards.days_of_agency(agency, period):
            found |= {employee for employee, standing in day.people.items() if not standing.away}
    return sorted(found)


async def months_of(
    kpi: Kpi, employees: Sequence[str], period: Period, rules: Rules
) -> list[Allowance]:
    """The months of several people, a few at a time."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(employee: str) -> Allowance:
        async with gate:
            return await month_of(kpi, employee, period, rules)

    return list(await asyncio.gather(*(one(employee) for employee in employees)))
