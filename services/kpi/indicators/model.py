"""Indicators as versions: what is measured, whom a version rules, and from which day."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, TypeAdapter

from contracts.envelope import AgencyCode, Value
from contracts.kpi import Direction, IndicatorCode, SubjectKind, Words
from rules.versions import in_force
from services.kpi.formulas.formula import Formula, compiled

State = Literal["proposed", "approved", "rejected"]


def shown(figure: Fraction | Decimal) -> Decimal:
    """The figure with four places, rounded half even from its exact value."""
    return Decimal(round(Fraction(figure) * 10_000)).scaleb(-4)


class Indicator(Value):
    """A version of an indicator.

    ``formula`` gives the value in ``unit``, ``meaning`` says the same in words. ``cap`` is the most
    that a line can achieve. Fewer than ``min_facts`` facts are not enough for a line. ``agencies``
    (with those below) and ``positions`` (beginnings of posts) narrow whom the version rules;
    both empty: everybody. A version of weight 0 takes the indicator out of use.
    """

    code: IndicatorCode
    number: int = 1
    name: Words
    meaning: Words
    scope: tuple[SubjectKind, ...]
    formula: str
    unit: str
    direction: Direction
    target: Decimal
    cap: Decimal
    weight: Decimal
    min_facts: int = 1
    missing: Words
    agencies: tuple[AgencyCode, ...] = ()
    positions: tuple[str, ...] = ()
    effective_from: date
    recorded_at: AwareDatetime
    decree: str | None = None
    state: State = "approved"
    proposed_by: str | None = None
    decided_by: str | None = None
    decided_at: AwareDatetime | None = None

    @property
    def version(self) -> str:
        """The name of this version."""
        name = f"{self.code}/{self.effective_from}"
        return name if self.number == 1 else f"{name}.{self.number}"

    @cached_property
    def computes(self) -> Formula:
        """The formula, read and typed."""
        return compiled(self.formula, unit=self.unit)

    def achievement_of(self, value: Fraction) -> Fraction:
        """How far the target is reached: value ÷ target, or target ÷ value where less is better."""
        target, cap = Fraction(self.target), Fraction(self.cap)
        if self.direction == "higher":
            return max(Fraction(0), min(cap, value / target))
        return cap if value <= 0 else min(cap, target / value)

    def closeness(self, path: Sequence[str], position: str | None) -> int | None:
        """How closely the version is meant for a place; None where it does not rule.

        ``path`` is the agency and those above it. A group of posts is closer than any agency, a
        lower agency closer than a higher one, the city least.
        """
        near = 0
        if self.agencies:
            places = [place for place, code in enumerate(path) if code in self.agencies]
            if not places:
                return None
            near += len(path) - places[0]
        if self.positions:
            beginnings = tuple(one.casefold() for one in self.positions)
            if position is None or not position.casefold().startswith(beginnings):
                return None
            near += 1_000
        return near


_ALL: TypeAdapter[tuple[Indicator, ...]] = TypeAdapter(tuple[Indicator, ...])
SHIPPED = _ALL.validate_json((Path(__file__).parent / "shipped.json").read_bytes())
"""The versions that come with the product."""


class Book:
    """Every version that was approved; which ones rule whom on a day."""

    def __init__(self, versions: Iterable[Indicator]) -> None:
        self.versions = tuple(one for one in versions if one.state == "approved")
        self.has_scopes = any(one.agencies or one.positions for one in self.versions)
        self._by_code: dict[str, list[Indicator]] = {}
        for version in self.versions:
            self._by_code.setdefault(version.code, []).append(version)

    def ruling(
        self, on: date, path: Sequence[str] = (), position: str | None = None
    ) -> tuple[Indicator, ...]:
        """The version of each indicator in use that rules a place on a day.

        Of several the one meant most closely for the place, and of those the newest in force.
        """
        found = (self._ruling(group, on, path, position) for group in self._by_code.values())
        return tuple(one for one in found if one is not None and one.weight > 0)

    @staticmethod
    def _ruling(
        group: Sequence[Indicator], on: date, path: Sequence[str], position: str | None
    ) -> Indicator | None:
        by_closeness: dict[int, list[Indicator]] = {}
        for version in group:
            near = version.closeness(path, position)
            if near is not None:
                by_closeness.setdefault(near, []).append(version)
        for near in sorted(by_closeness, reverse=True):
            if (found := in_force(by_closeness[near], on)) is not None:
                return found
        return None
