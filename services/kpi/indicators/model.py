"""Indicators as versions: which one rules a period is decided by its first day."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from pydantic import AwareDatetime, TypeAdapter

from contracts.envelope import Value
from contracts.kpi import Direction, IndicatorCode, MeasureName, SubjectKind
from rules.versions import in_force


class Words(Value):
    """A text in both languages of the product."""

    id: str
    en: str

    def told(self, language: str) -> str:
        """The text in a language; Indonesian where it is not English that is asked for."""
        return self.en if language == "en" else self.id


class Indicator(Value):
    """A version of an indicator.

    ``measure`` says how the values of facts become one: ``share`` (percent of ones among ones and
    zeros), ``mean`` or ``median``. ``cap`` is the most that a line can achieve.
    """

    code: IndicatorCode
    name: Words
    scope: tuple[SubjectKind, ...]
    formula: Words
    measure: MeasureName
    unit: str
    direction: Direction
    target: Decimal
    cap: Decimal
    weight: Decimal
    missing: Words
    effective_from: date
    recorded_at: AwareDatetime
    decree: str | None = None

    @property
    def version(self) -> str:
        """The name of this version."""
        return f"{self.code}/{self.effective_from}"

    def achievement_of(self, value: Fraction) -> Fraction:
        """How far the target is reached: value ÷ target, or target ÷ value where less is better."""
        target, cap = Fraction(self.target), Fraction(self.cap)
        if self.direction == "higher":
            return min(cap, value / target)
        return cap if value == 0 else min(cap, target / value)


_ALL: TypeAdapter[tuple[Indicator, ...]] = TypeAdapter(tuple[Indicator, ...])
SHIPPED = _ALL.validate_json((Path(__file__).parent / "shipped.json").read_bytes())
"""The versions that come with the product."""


def ruling(versions: Iterable[Indicator], on: date) -> tuple[Indicator, ...]:
    """The version of each indicator that rules a day, in the order in which they are listed."""
    by_code: dict[str, list[Indicator]] = {}
    for version in versions:
        by_code.setdefault(version.code, []).append(version)
    found = (in_force(group, on) for group in by_code.values())
    return tuple(version for version in found if version is not None)
