"""Settlements as callers see them."""

from contracts.envelope import EmployeeId
from contracts.people import PersonView
from contracts.periods import SettlementView
from services.attendance.own_copies.store import Person
from services.attendance.periods.settlements import Part, Settlement
from services.attendance.recomputations.model import figures_of


def settlement_view(settlement: Settlement, person: Person | None) -> list[SettlementView]:
    """Each difference of one day, the oldest first; what waits last."""
    parts = [*settlement.settled, *([settlement.waiting] if settlement.waiting else [])]
    return [part_view(settlement, part, person) for part in parts]


def part_view(settlement: Settlement, part: Part, person: Person | None) -> SettlementView:
    """One difference of a day."""
    shown = (
        person.shown(settlement.date)
        if person
        else PersonView(id=EmployeeId(settlement.employee), name=settlement.employee)
    )
    return SettlementView(
        person=shown,
        date=settlement.date,
        period=settlement.period,
        settled_in=part.settled_in,
        before=figures_of(part.before) if part.before else None,
        after=figures_of(part.after),
        at=part.at,
    )
