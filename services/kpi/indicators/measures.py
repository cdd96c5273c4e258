"""How the values of many facts become one figure: exact fractions, rounded only when shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from contracts.kpi import MeasureName


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure and what it was computed from; no figure without facts."""

    value: Fraction | None
    inputs: dict[str, Fraction] = field(default_factory=dict)


def shown(figure: Fraction | Decimal) -> Decimal:
    """The figure with four places, rounded half even from its exact value."""
    return Decimal(round(Fraction(figure) * 10_000)).scaleb(-4)


def share(values: Sequence[Decimal]) -> Measure:
    """Percent of ones among ones and zeros."""
    ones, all_ = sum(1 for value in values if value), len(values)
    value = Fraction(100 * ones, all_) if all_ else None
    return Measure(value, {"hits": Fraction(ones), "count": Fraction(all_)})


def mean(values: Sequence[Decimal]) -> Measure:
    """The arithmetic mean."""
    total, count = sum((Fraction(value) for value in values), Fraction(0)), len(values)
    value = total / count if count else None
    return Measure(value, {"sum": total, "count": Fraction(count)})


def median(values: Sequence[Decimal]) -> Measure:
    """The middle value; of an even number the mean of the two in the middle."""
    found, count = sorted(Fraction(value) for value in values), len(values)
    inputs = {"count": Fraction(count)}
    if not found:
        return Measure(None, inputs)
    lower, upper = found[(count - 1) // 2], found[count // 2]
    return Measure((lower + upper) / 2, {**inputs, "lower_middle": lower, "upper_middle": upper})


MEASURES: dict[MeasureName, Callable[[Sequence[Decimal]], Measure]] = {
    "share": share,
    "mean": mean,
    "median": median,
}
