"""How many values become one figure: exact, and indifferent to the order of the facts.

A series is a list of (value, how many facts say so, day). Only a streak looks at days.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Final, Literal

from services.kpi.formulas import units
from services.kpi.formulas.rows import Type, Value
from services.kpi.formulas.units import Unit

Figure = int | Fraction


@dataclass(frozen=True, slots=True)
class Item:
    """A value, the number of facts that give it on a day, and that day."""

    value: Value
    times: int
    on: date


@dataclass(frozen=True, slots=True)
class Result:
    """A figure and what it was computed from; no figure without values."""

    value: Figure | None
    inputs: Mapping[str, Figure] = field(default_factory=dict)


Compute = Callable[[Sequence[Item], Figure], Result]
"""From a series and the constant of the function (0 where it takes none)."""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A function of a series: what it takes, what comes of it."""

    takes: Type | Literal["any"]
    compute: Compute
    unit: Callable[[Unit], Unit]
    constant: Literal["none", "percent", "limit"] = "none"
    by_day: bool = False
    says: str = ""


def count(series: Sequence[Item], _: Figure) -> Result:
    """How many facts have a value."""
    return Result(_count(series))


def total(series: Sequence[Item], _: Figure) -> Result:
    """The sum."""
    number = _count(series)
    return Result(_sum(series) if number else None, {"count": number})


def mean(series: Sequence[Item], _: Figure) -> Result:
    """The arithmetic mean."""
    number, sum_ = _count(series), _sum(series)
    return Result(Fraction(sum_) / number if number else None, {"sum": sum_, "count": number})


def median(series: Sequence[Item], _: Figure) -> Result:
    """The middle value; of an even number the mean of the two in the middle."""
    return _between(series, Fraction(1, 2), "lower_middle", "upper_middle")


def percentile(series: Sequence[Item], percent: Figure) -> Result:
    """The value below which so many percent lie, straight between the two nearest values."""
    return _between(series, Fraction(percent) / 100, "lower", "upper")


def share(series: Sequence[Item], _: Figure) -> Result:
    """Percent of true among true and false."""
    number = _count(series)
    hits = sum(item.times for item in series if item.value is True)
    value = Fraction(100 * hits, number) if number else None
    return Result(value, {"hits": hits, "count": number})


def share_within(series: Sequence[Item], limit: Figure) -> Result:
    """Percent of values that are at most the limit."""
    number = _count(series)
    hits = sum(item.times for item in _present(series) if _figure(item) <= limit)
    value = Fraction(100 * hits, number) if number else None
    return Result(value, {"hits": hits, "count": number, "limit": limit})


def streak(series: Sequence[Item], _: Figure) -> Result:
    """The longest run of true in the order of days; a day with both counts as false."""
    days: dict[date, bool] = {}
    for item in _present(series):
        days[item.on] = days.get(item.on, True) and item.value is True
    longest = running = 0
    for _on, holds in sorted(days.items()):
        running = running + 1 if holds else 0
        longest = max(longest, running)
    return Result(longest if days else None, {"days": len(days)})


def smallest(series: Sequence[Item], _: Figure) -> Result:
    """The smallest value."""
    values = [_figure(item) for item in _present(series)]
    return Result(min(values, default=None), {"count": _count(series)})


def largest(series: Sequence[Item], _: Figure) -> Result:
    """The largest value."""
    values = [_figure(item) for item in _present(series)]
    return Result(max(values, default=None), {"count": _count(series)})


def _same(unit: Unit) -> Unit:
    return unit


AGGREGATES: Final[Mapping[str, Aggregate]] = {
    "count": Aggregate("any", count, lambda _: "count", says="how many"),
    "sum": Aggregate("number", total, _same, says="the sum"),
    "mean": Aggregate("number", mean, _same, says="the mean"),
    "median": Aggregate("number", median, _same, says="the middle value"),
    "percentile": Aggregate("number", percentile, _same, "percent", says="a percentile"),
    "smallest": Aggregate("number", smallest, _same, says="the smallest value"),
    "largest": Aggregate("number", largest, _same, says="the largest value"),
    "share": Aggregate("truth", share, lambda _: "percent", says="percent of true"),
    "share_within": Aggregate(
        "number", share_within, lambda _: "percent", "limit", says="percent within a limit"
    ),
    "streak": Aggregate(
        "truth", streak, lambda _: "count", by_day=True, says="the longest run of true"
    ),
}


def ratio_unit(left: Unit, right: Unit) -> Unit:
    """Like to like; anything else is no ratio."""
    units.together(left, right)
    return "ratio"


def _between(series: Sequence[Item], share_: Fraction, low: str, high: str) -> Result:
    number = _count(series)
    if not number:
        return Result(None, {"count": 0})
    place = share_ * (number - 1)
    before = place.numerator // place.denominator
    ordered = sorted(_present(series), key=_figure)
    lower = _at(ordered, before)
    upper = _at(ordered, min(before + 1, number - 1)) if place != before else lower
    value = lower + (upper - lower) * (place - before)
    return Result(value, {"count": number, low: lower, high: upper})


def _at(ordered: Sequence[Item], place: int) -> Figure:
    passed = 0
    for item in ordered:
        passed += item.times
        if place < passed:
            return _figure(item)
    raise IndexError(place)


def _present(series: Sequence[Item]) -> list[Item]:
    return [item for item in series if item.value is not None]


def _count(series: Sequence[Item]) -> int:
    return sum(item.times for item in series if item.value is not None)


def _sum(series: Sequence[Item]) -> Figure:
    return sum((_figure(item) * item.times for item in _present(series)), 0)


def _figure(item: Item) -> Figure:
    assert isinstance(item.value, int | Fraction)
    return item.value
