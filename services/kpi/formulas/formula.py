"""A formula: figures from lists of facts, and arithmetic between them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Final, get_args

from services.kpi.formulas.aggregates import (
    AGGREGATES,
    Aggregate,
    Figure,
    Item,
    Result,
    ratio_unit,
)
from services.kpi.formulas.expressions import Expression, arguments, of_type, typed
from services.kpi.formulas.inside import Inside
from services.kpi.formulas.rows import (
    Row,
    SourceName,
    Value,
)
from services.kpi.formulas.syntax import Node, read
from services.kpi.formulas.units import Unit, UnitsDiffer

MOST_FIGURES: Final = 12
_SOURCES: Final = get_args(SourceName)

Counted = Iterable[tuple[Row, int]]
"""Rows, and how many facts each stands for."""
Results = Sequence[Result]


@dataclass(frozen=True, slots=True)
class Term:
    """One function of one list: which rows it takes, what each gives, and the function."""

    name: str
    source: SourceName
    conditions: tuple[Expression[Row], ...]
    value: Expression[Row] | None
    aggregate: Aggregate
    constant: Figure

    def takes(self, row: Row) -> bool:
        """Whether a fact of this row enters the figure."""
        if row.source != self.source or not all(one.run(row) for one in self.conditions):
            return False
        return self.value is None or self.value.run(row) is not None

    def result(self, rows: Iterable[tuple[Row, int]]) -> Result:
        """The figure of these rows, which are of its source."""
        series = []
        for row, times in rows:
            if all(one.run(row) for one in self.conditions):
                value: Value = True if self.value is None else self.value.run(row)
                if value is not None:
                    series.append(Item(value, times, row.on))
        return self.aggregate.compute(series, self.constant)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a formula came to: no value where facts are missing, the inputs in any case.

    ``facts`` counts the facts in the lists that the formula reads, before any filter.
    """

    value: Fraction | None
    inputs: dict[str, Fraction] = field(default_factory=dict)
    facts: int = 0


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that has been read, typed and found good."""

    text: str
    unit: Unit
    terms: tuple[Term, ...]
    _run: Expression[Results]

    @property
    def sources(self) -> frozenset[SourceName]:
        """The lists it reads."""
        return frozenset(term.source for term in self.terms)

    @property
    def by_day(self) -> bool:
        """Whether it follows one person from day to day, so that it fits nobody else."""
        return any(term.aggregate.by_day for term in self.terms)

    def takes(self, row: Row) -> bool:
        """Whether a fact of this row enters any of its figures."""
        return any(term.takes(row) for term in self.terms)

    def outcome(self, rows: Counted) -> Outcome:
        """The value of these rows; neither their order nor how they are grouped matters."""
        lists: dict[SourceName, list[tuple[Row, int]]] = {name: [] for name in self.sources}
        for row, times in rows:
            if row.source in lists:
                lists[row.source].append((row, times))
        results = [term.result(lists[term.source]) for term in self.terms]
        value = self._run.run(results)
        inputs = dict(self._inputs(results))
        facts = sum(times for several in lists.values() for _, times in several)
        return Outcome(None if value is None else _fraction(value), inputs, facts)

    def _inputs(self, results: Results) -> Iterable[tuple[str, Fraction]]:
        alone = len(self.terms) == 1
        for term, result in zip(self.terms, results, strict=True):
            if not alone and result.value is not None:
                yield term.name, Fraction(result.value)
            for name, figure in result.inputs.items():
                yield name if alone else f"{term.name}.{name}", Fraction(figure)


@lru_cache(maxsize=512)
def compiled(text: str, *, unit: str) -> Formula:
    """The formula of a text for an indicator of this unit; raises :class:`FormulaWrong`."""
    node = read(text)
    top = _Top(own_unit=unit)
    expression = of_type(node, top.leaf, "number")
    if not top.terms:
        raise node.wrong("a formula reads at least one list: " + ", ".join(_SOURCES))
    if expression.unit not in (None, unit):
        detail = f"the formula gives {expression.unit}, the indicator is declared in {unit}"
        raise node.wrong(detail, code="unit_mismatch")
    return Formula(text, expression.unit or unit, tuple(top.terms), expression)


class _Top:
    """The level above rows: functions of lists, each once, in the order of the text."""

    def __init__(self, *, own_unit: str) -> None:
        self.terms: list[Term] = []
        self._own_unit = own_unit

    def leaf(self, node: Node) -> Expression[Results] | None:
        """The functions that only exist here."""
        if node.kind != "call":
            return None
        if node.text == "ratio":
            return self._ratio(node)
        if node.text in AGGREGATES:
            return self._figure(node)
        return None

    def _ratio(self, node: Node) -> Expression[Results]:
        arguments(node, "part", "whole")
        part, whole = (of_type(one, self.leaf, "number") for one in node.parts)
        try:
            unit = ratio_unit(part.unit, whole.unit)
        except UnitsDiffer as differ:
            detail = f"no ratio of unlike units: {differ}"
            raise node.wrong(detail, code="unit_mismatch") from None

        def ratio(results: Results) -> Value:
            above, below = part.run(results), whole.run(results)
            if above is None or not below:
                return None
            return _fraction(above) / _fraction(below)

        return Expression("number", unit, ratio)

    def _figure(self, node: Node) -> Expression[Results]:
        aggregate = AGGREGATES[node.text]
        arguments(node, "list", *(() if aggregate.constant == "none" else (aggregate.constant,)))
        source, conditions, value = self._list(node.parts[0])
        unit = value.unit if value else "count"
        found = value.type if value else "any"
        if aggregate.takes not in ("any", found):
            wanted = f"{node.text} takes a list of {aggregate.takes}s"
            raise node.parts[0].wrong(f"{wanted}; add .map(x, …) that gives one")
        constant = self._constant(node, aggregate)
        if len(self.terms) >= MOST_FIGURES:
            raise node.wrong(f"a formula reads lists at most {MOST_FIGURES} times")
        place = len(self.terms)
        same = sum(1 for term in self.terms if term.name.split("#")[0] == node.text)
        name = f"{node.text}#{same + 1}" if same else node.text
        self.terms.append(Term(name, source, conditions, value, aggregate, constant))
        return Expression("number", aggregate.unit(unit), lambda results: results[place].value)

    def _constant(self, node: Node, aggregate: Aggregate) -> Figure:
        if aggregate.constant == "none":
            return 0
        constant = of_type(node.parts[1], self.leaf, "number").constant
        if not isinstance(constant, int | Fraction):
            raise node.parts[1].wrong(f"{node.text} needs a constant number here")
        if aggregate.constant == "percent" and not 0 <= constant <= 100:
            raise node.parts[1].wrong("a percentile lies between 0 and 100")
        return constant

    def _list(
        self, node: Node
    ) -> tuple[SourceName, tuple[Expression[Row], ...], Expression[Row] | None]:
        """A list of facts: a source, any number of filters, at last perhaps a map."""
        value: Expression[Row] | None = None
        calls: list[Node] = []
        at = node
        while at.kind == "method":
            calls.append(at)
            at = at.parts[0]
        if at.kind != "name" or at.text not in _SOURCES:
            raise at.wrong("a list of facts is needed here: " + ", ".join(_SOURCES))
        source: SourceName = at.text  # type: ignore[assignment]  # one of its values
        conditions: list[Expression[Row]] = []
        for call in reversed(calls):
            if value is not None:
                raise call.wrong("nothing follows map")
            inside = self._inside(call, source)
            if call.text == "filter":
                conditions.append(of_type(call.parts[2], inside.leaf, "truth"))
            else:
                value = typed(call.parts[2], inside.leaf)
        return source, tuple(conditions), value

    def _inside(self, call: Node, source: SourceName) -> "Inside":
        if call.text not in ("filter", "map"):
            raise call.wrong(f"lists have filter and map, not {call.text!r}")
        if len(call.parts) != 3 or call.parts[1].kind != "name":
            raise call.wrong(f"write {call.text}(x, …) with a name for each fact")
        name = call.parts[1].text
        if name in _SOURCES or name in AGGREGATES:
            raise call.parts[1].wrong(f"{name!r} means something else already")
        return Inside(name, source, self._own_unit)


def _fraction(value: Value) -> Fraction:
    assert isinstance(value, int | Fraction)
    return Fraction(value)
