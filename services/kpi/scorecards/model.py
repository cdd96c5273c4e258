"""A score: lines of indicators, weights spread over what there is, contributions added up.

Arithmetic is exact (rational numbers) and nothing is rounded on the way; every figure is rounded
once, half even to four places, when it is shown. So full achievement is exactly 100, and neither
the order of facts nor the order of additions can be seen in a score.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from contracts.envelope import AgencyCode
from contracts.kpi import SubjectKind
from services.kpi.formulas.formula import Outcome
from services.kpi.formulas.rows import Row, SourceName, place_of
from services.kpi.indicators.model import Indicator, shown
from services.kpi.indicators.observations import Observation

_MADE_FOR = place_of("measurements", "indicator")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known under one key: the row of the newest fact that changed it, and that fact."""

    source: SourceName
    sequence: int
    row: str | None
    fact: str
    on: date
    at: datetime
    agency: AgencyCode

    @classmethod
    def of(cls, seen: Observation) -> "Entry":
        """The entry that an observation makes for those it counts for."""
        return cls(
            seen.source,
            seen.sequence,
            seen.row,
            seen.fact,
            seen.on,
            seen.at,
            seen.agency,
        )

    def not_counting(self) -> "Entry":
        """The same fact for somebody it does not count for (any more)."""
        return replace(self, row=None)

    def counted(self) -> Row | None:
        """The row itself."""
        return None if self.row is None else Row.read(self.source, self.on, self.agency, self.row)


Rows = Sequence[tuple[Row, int]]
"""Rows, and how many facts each stands for."""


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator in a score, with what explains it; every figure as it is shown."""

    indicator: Indicator
    value: Decimal
    achievement: Decimal
    weight: Decimal
    contribution: Decimal
    inputs: dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A score, its lines, and the indicators that dropped out for want of facts."""

    score: Decimal | None
    lines: tuple[Line, ...]
    missing: tuple[Indicator, ...]

    @property
    def values(self) -> dict[str, Decimal | None]:
        """The value of each indicator that applies, None where facts are missing."""
        found: dict[str, Decimal | None] = {one.code: None for one in self.missing}
        found.update({line.indicator.code: line.value for line in self.lines})
        return found

    def line(self, code: str) -> Line | None:
        """The line of an indicator, None where it dropped out."""
        return next((line for line in self.lines if line.indicator.code == code), None)


def score(rows: Rows, indicators: Iterable[Indicator], scope: SubjectKind) -> Sheet:
    """The sheet of a person, agency or city under the indicators in force; others do not apply."""
    applying = applying_to(scope, indicators)
    measured = {one.code: _outcome(one, rows) for one in applying}
    counted = [one for one in applying if _is_enough(one, measured[one.code])]
    weights = sum((Fraction(one.weight) for one in counted), Fraction(0))
    total, lines = Fraction(0), []
    for one in counted:
        weight = Fraction(one.weight) * 100 / weights
        points, line = _line(one, measured[one.code], weight)
        total += points
        lines.append(line)
    missing = tuple(one for one in applying if one not in counted)
    return Sheet(shown(total) if lines else None, tuple(lines), missing)


def applying_to(scope: SubjectKind, indicators: Iterable[Indicator]) -> list[Indicator]:
    """The indicators that say something about a person, an agency, or the city."""
    return [one for one in indicators if scope in one.scope]


def enters(indicator: Indicator, row: Row) -> bool:
    """Whether a fact of this row is among those that an indicator's line is made of."""
    return _is_for(indicator, row) and indicator.computes.takes(row)


def _outcome(indicator: Indicator, rows: Rows) -> Outcome:
    return indicator.computes.outcome(one for one in rows if _is_for(indicator, one[0]))


def _is_for(indicator: Indicator, row: Row) -> bool:
    """A measurement was made for one indicator; every other fact is there for all."""
    if row.source != "measurements" or _MADE_FOR is None:
        return True
    return row.values[_MADE_FOR] == indicator.code


def _is_enough(indicator: Indicator, outcome: Outcome) -> bool:
    return outcome.value is not None and outcome.facts >= indicator.min_facts


def _line(indicator: Indicator, outcome: Outcome, weight: Fraction) -> tuple[Fraction, Line]:
    """The exact contribution, and the line as it is shown."""
    assert outcome.value is not None
    achievement = indicator.achievement_of(outcome.value)
    contribution = achievement * weight
    line = Line(
        indicator=indicator,
        value=shown(outcome.value),
        achievement=shown(achievement),
        weight=shown(weight),
        contribution=shown(contribution),
        inputs={name: shown(figure) for name, figure in outcome.inputs.items()},
    )
    return contribution, line


def rows_of(entries: Iterable[Entry]) -> list[tuple[Row, int]]:
    """What entries say; those that do not count are left out."""
    found = (entry.counted() for entry in entries)
    return [(row, 1) for row in found if row is not None]


def facts_of(indicator: Indicator, entries: Iterable[Entry]) -> list[str]:
    """The facts that a line is made of, by day."""
    found = []
    for entry in entries:
        row = entry.counted()
        if row is not None and enters(indicator, row):
            found.append((entry.on, entry.fact))
    return [fact for _, fact in sorted(found)]


def entries_for(
    rules: Mapping[str, Observation], *, employee: str | None = None, agency: str | None = None
) -> dict[str, Entry]:
    """Of what rules, the entries that count for one person, or for one agency."""
    return {
        key: Entry.of(seen)
        for key, seen in rules.items()
        if (employee is not None and employee in seen.people)
        or (agency is not None and agency == seen.agency and not seen.is_personal)
    }
