"""What rules in a period, read from the ledger itself and not from what runs along with it."""

from collections.abc import Iterable

from contracts.periods import DaySettled
from services.kpi.context import Kpi
from services.kpi.indicators.observations import Observation, observe, ruling_among
from services.kpi.ledger.model import Fact
from services.kpi.periods.model import Period
from services.kpi.scorecards.model import Entry, entries_for


async def facts_about(employee: str, period: Period, kpi: Kpi) -> list[Fact]:
    """Every fact about a person, and what else is known of the help the person took part in."""
    facts = await kpi.facts.of_employee(employee, period)
    helped = {fact.subject for fact in facts if fact.people}
    more = await kpi.facts.by_subjects(helped) if helped else []
    return list({fact.id: fact for fact in (*facts, *more)}.values())


async def answers_of_agency(agency: str, period: Period, kpi: Kpi) -> dict[str, Entry]:
    """What rules of the help that an agency answered or gave."""
    answers = await kpi.facts.answers_of_agency(agency, period)
    facts = await kpi.facts.by_subjects(fact.subject for fact in answers) if answers else []
    return entries_for(within(period, facts), agency=agency)


def within(period: Period, facts: Iterable[Fact]) -> dict[str, Observation]:
    """What rules among facts, as far as it lies in the period."""
    found = ruling_among(observe(fact) for fact in facts)
    return {key: seen for key, seen in found.items() if period.holds(seen.on)}


def as_closed(facts: Iterable[Fact]) -> list[Fact]:
    """The facts without what came to closed days afterwards."""
    return [fact for fact in facts if fact.type != DaySettled.type]
