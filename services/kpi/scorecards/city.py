"""The city's month: the rows of all its agencies together, computed anew when one has changed."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from contracts.kpi import CityScorecardChanged
from contracts.outcome import Decision
from services.kpi.formulas.rows import Row, SourceName
from services.kpi.indicators.model import Indicator
from services.kpi.scorecards.model import Entry, Rows, Sheet, score
from services.kpi.scorecards.running import AgencyCard, is_same

Sum = dict[str, dict[str, int]]
"""By ``<source>:<date>``: rows as text, and the number of facts of each."""


@dataclass(frozen=True, slots=True)
class CityCard:
    """The city's month."""

    period: str
    rows: Sum = field(default_factory=dict)
    score: Decimal | None = None
    values: dict[str, Decimal | None] = field(default_factory=dict)
    as_of: datetime | None = None

    def holding(
        self, rows: Sum, as_of: datetime | None, indicators: Iterable[Indicator]
    ) -> "Decision[CityCard]":
        """The card with these rows; announced only when score or lines are others."""
        sheet = score(city_rows([rows]), indicators, "city")
        taken = replace(self, rows=rows, score=sheet.score, values=sheet.values, as_of=as_of)
        if is_same(self.score, self.values, sheet):
            return Decision(taken)
        changed = CityScorecardChanged(period=self.period, score=sheet.score, lines=sheet.values)
        return Decision(taken, (changed,))


def summed(cards: Iterable[AgencyCard], own: Iterable[Entry] = ()) -> Sum:
    """The rows of all agencies (but what was measured of each), and what was measured of the city.

    A person who moved counts on each day where the person was; nothing counts twice.
    """
    found: dict[str, Counter[str]] = {}
    for card in cards:
        for on, tally in card.tallies.items():
            found.setdefault(f"days:{on}", Counter()).update(tally.rows)
        for entry in card.entries.values():
            if entry.source != "measurements":
                _add(found, entry)
    for entry in own:
        _add(found, entry)
    return {key: dict(sorted(rows.items())) for key, rows in sorted(found.items()) if rows}


def city_rows(sums: Iterable[Mapping[str, Mapping[str, int]]]) -> Rows:
    """What the city's months say; its rows belong to no single agency."""
    found = []
    for sum_ in sums:
        for key, rows in sum_.items():
            name, _, on = key.partition(":")
            source: SourceName = name  # type: ignore[assignment]  # one of its values
            day = date.fromisoformat(on)
            found += [(Row.read(source, day, "", text), times) for text, times in rows.items()]
    return found


def sheet_of(cards: Iterable[CityCard], indicators: Iterable[Indicator]) -> Sheet:
    """The city's sheet over several months."""
    return score(city_rows(card.rows for card in cards), indicators, "city")


def newest(cards: Iterable[AgencyCard]) -> datetime | None:
    """The moment of the newest fact on any of the cards."""
    return max((card.as_of for card in cards if card.as_of is not None), default=None)


def _add(found: dict[str, Counter[str]], entry: Entry) -> None:
    if entry.row is not None:
        found.setdefault(f"{entry.source}:{entry.on}", Counter())[entry.row] += 1
