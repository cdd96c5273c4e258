"""What questions about scores have in common: whose, which period, and how new it must be."""

from datetime import date
from typing import Any

from contracts.envelope import Query
from services.kpi import access
from services.kpi.context import Kpi
from services.kpi.ledger.model import CITY_ZONE
from services.kpi.own_copies.store import Person
from services.kpi.periods.model import Period
from services.kpi.scorecards.recomputing import bring_forward

PATIENCE_S = 1.0
"""How long a reader who just wrote waits for the ledger."""


def today(query: Query[Any]) -> date:
    """The city's date when the question was asked."""
    return query.received_at.astimezone(CITY_ZONE).date()


def period_of(query: Query[Any]) -> Period:
    """The period asked for; without one, the running month."""
    text = query.body.period
    return Period.of(text) if text else Period.month_of(today(query))


async def person_asked_for(query: Query[Any], kpi: Kpi) -> Person:
    """The person, if the caller may see the scores of that person."""
    person = await kpi.copies.person(query.body.employee)
    tree = await kpi.copies.tree()
    return access.may_see_scores_of(query.actor, person, tree, today(query))


async def is_behind(query: Query[Any], kpi: Kpi) -> bool:
    """Whether the scores lack what the caller wrote; what arrived in time is taken in first."""
    if query.after is None:
        return False
    subject, _, sequence = query.after.rpartition("@")
    if not subject or not sequence.isdigit():
        return True
    if not await kpi.facts.holds(subject, int(sequence), PATIENCE_S):
        return True
    await bring_forward(subject, kpi)
    return False
