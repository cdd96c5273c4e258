"""Whether the ledger has what its source counts: days of people by agency, date and status."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from contracts.attendance import DayChanged
from contracts.kpi import DayFact
from services.kpi.ledger.model import Fact

Statuses = Mapping[str, int]
"""Days by their status."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A day on which the two do not agree; a status that is missing counts nought."""

    on: date
    source: Statuses
    ledger: Statuses


def counted(facts: Iterable[Fact], agency: str) -> dict[date, Counter[str]]:
    """The days that count for an agency, by date and status.

    Given every fact about these days: the newest of each rules, and only where it is this agency's.
    What was settled after a day was locked is not in the source's count either.
    """
    newest: dict[str, Fact] = {}
    for fact in facts:
        known = newest.get(fact.subject)
        if fact.type == DayChanged.type and (known is None or known.sequence < fact.sequence):
            newest[fact.subject] = fact
    found: dict[date, Counter[str]] = {}
    for fact in newest.values():
        if fact.agency == agency and isinstance(fact.data, DayFact):
            found.setdefault(fact.date, Counter())[fact.data.status] += 1
    return found


def gaps(source: Mapping[date, Statuses], ledger: Mapping[date, Statuses]) -> list[Gap]:
    """The days on which source and ledger do not agree."""
    found = []
    for on in sorted(source.keys() | ledger.keys()):
        there, here = _plain(source.get(on, {})), _plain(ledger.get(on, {}))
        if there != here:
            found.append(Gap(on, there, here))
    return found


def _plain(statuses: Statuses) -> dict[str, int]:
    return {status: number for status, number in sorted(statuses.items()) if number}
