"""What is frozen is computed from the ledger itself, from the facts that attendance locked."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from contracts.envelope import AgencyCode
from services.kpi.context import Kpi
from services.kpi.indicators.observations import observe
from services.kpi.ledger.model import Fact
from services.kpi.periods.model import Period
from services.kpi.scorecards.from_ledger import (
    answers_of_agency,
    as_closed,
    facts_about,
    within,
)
from services.kpi.scorecards.model import Sheet, entries_for, rows_of, score
from services.kpi.scorecards.rulebook import rules_of
from services.kpi.scorecards.running import Tally, agency_rows, merged_all


async def frozen_sheet_of_employee(
    employee: str, period: Period, kpi: Kpi
) -> tuple[Sheet, frozenset[str]]:
    """The score of a person without what came after the lock, and the agencies of the days."""
    facts = await facts_about(employee, period, kpi)
    seen = within(period, as_closed(facts))
    entries = entries_for(seen, employee=employee)
    rules = await rules_of(employee, period, "employee", kpi)
    agencies = {one.agency for one in entries.values() if one.source == "days"}
    return score(rows_of(entries.values()), rules, "employee"), frozenset(agencies)


async def frozen_sheet_of_agency(
    agency: AgencyCode, period: Period, days: Sequence[Fact], kpi: Kpi
) -> Sheet:
    """The score of an agency over the days that were locked, and the answers to requests."""
    by_date: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for seen in map(observe, days):
        if seen.row is not None:
            by_date[str(seen.on)][seen.row] += 1
    tallies = {on: Tally(0, dict(sorted(rows.items())), None) for on, rows in by_date.items()}
    answers = await answers_of_agency(agency, period, kpi)
    rows = agency_rows(agency, tallies, answers.values())
    return score(rows, await rules_of(agency, period, "agency", kpi), "agency")


async def running_sheet_of_employee(employee: str, period: Period, kpi: Kpi) -> Sheet:
    """The score of a person as it is by now."""
    cards = await kpi.cards.months_of_employee(employee, period)
    entries = merged_all(card.entries for card in cards)
    return score(
        rows_of(entries.values()), await rules_of(employee, period, "employee", kpi), "employee"
    )


async def running_sheet_of_agency(agency: str, period: Period, kpi: Kpi) -> Sheet:
    """The score of an agency as it is by now."""
    cards = await kpi.cards.months_of_agency(agency, period)
    tallies = {on: tally for card in cards for on, tally in card.tallies.items()}
    entries = merged_all(card.entries for card in cards)
    rows = agency_rows(AgencyCode(agency), tallies, entries.values())
    return score(rows, await rules_of(agency, period, "agency", kpi), "agency")
