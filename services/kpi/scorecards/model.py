"""A score: lines of indicators, weights spread over what there is, contributions added up.

Arithmetic is exact (rational numbers) and nothing is rounded on the way; every figure is rounded
once, half even to four places, when it is shown. So full achievement is exactly 100, and neither
the order of facts nor the order of additions can be seen in a score.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from contracts.envelope import AgencyCode
from contracts.kpi import SubjectKind
from services.kpi.indicators.measures import MEASURES, Measure, shown
from services.kpi.indicators.model import Indicator
from services.kpi.indicators.observations import Observation


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known under one key: the value of the newest fact that changed it, and that fact."""

    indicator: str
    sequence: int
    value: Decimal | None
    fact: str
    on: date
    at: datetime
    agency: AgencyCode

    @classmethod
    def of(cls, seen: Observation) -> "Entry":
        """The entry that an observation makes for those it counts for."""
        return cls(
            seen.indicator,
            seen.sequence,
            seen.value,
            seen.fact,
            seen.on,
            seen.at,
            seen.agency,
        )

    def not_counting(self) -> "Entry":
        """The same fact for somebody it does not count for (any more)."""
        return replace(self, value=None)


@dataclass(frozen=True, slots=True)
class Values:
    """What the facts say about one indicator, and which facts those are, as far as kept."""

    values: tuple[Decimal, ...]
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator in a score, with what explains it; every figure as it is shown."""

    indicator: Indicator
    value: Decimal
    achievement: Decimal
    weight: Decimal
    contribution: Decimal
    inputs: dict[str, Decimal]
    facts: tuple[str, ...]


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


def score(
    values: Mapping[str, Values], indicators: Iterable[Indicator], scope: SubjectKind
) -> Sheet:
    """The sheet of a person or agency under the indicators in force; others do not apply."""
    applying = applying_to(scope, indicators)
    measured = {
        one.code: MEASURES[one.measure](values[one.code].values)
        for one in applying
        if one.code in values and values[one.code].values
    }
    counted = [one for one in applying if one.code in measured]
    weights = sum((Fraction(one.weight) for one in counted), Fraction(0))
    total, lines = Fraction(0), []
    for one in counted:
        weight = Fraction(one.weight) * 100 / weights
        points, line = _line(one, measured[one.code], weight, values[one.code].facts)
        total += points
        lines.append(line)
    missing = tuple(one for one in applying if one.code not in measured)
    return Sheet(shown(total) if lines else None, tuple(lines), missing)


def applying_to(scope: SubjectKind, indicators: Iterable[Indicator]) -> list[Indicator]:
    """The indicators that say something about a person, or about an agency."""
    return [one for one in indicators if scope in one.scope]


def _line(
    indicator: Indicator, measure: Measure, weight: Fraction, facts: tuple[str, ...]
) -> tuple[Fraction, Line]:
    """The exact contribution, and the line as it is shown."""
    assert measure.value is not None
    achievement = indicator.achievement_of(measure.value)
    contribution = achievement * weight
    line = Line(
        indicator=indicator,
        value=shown(measure.value),
        achievement=shown(achievement),
        weight=shown(weight),
        contribution=shown(contribution),
        inputs={name: shown(figure) for name, figure in measure.inputs.items()},
        facts=facts,
    )
    return contribution, line


def values_of(entries: Iterable[Entry]) -> dict[str, Values]:
    """What entries say, by indicator; those that do not count are left out."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.value is not None:
            found.setdefault(entry.indicator, []).append(entry)
    return {code: _values(sorted(group, key=_by_day)) for code, group in found.items()}


def _values(entries: list[Entry]) -> Values:
    values = tuple(entry.value for entry in entries if entry.value is not None)
    return Values(values, tuple(entry.fact for entry in entries))


def _by_day(entry: Entry) -> tuple[date, str]:
    return entry.on, entry.fact


def entries_for(
    rules: Mapping[str, Observation], *, employee: str | None = None, agency: str | None = None
) -> dict[str, Entry]:
    """Of what rules, the entries that count for one person, or for one agency."""
    return {
        key: Entry.of(seen)
        for key, seen in rules.items()
        if (employee is not None and employee in seen.people)
        or (agency is not None and agency == seen.agency)
    }
