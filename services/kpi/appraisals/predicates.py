"""What two ratings come to, and how predicates should spread. Pure.

The nine cells: *PermenPANRB* 6/2022, annex; six independent public implementations agree on them.
The spread: *SE MenPANRB* 3/2023; a guide for superiors, never arithmetic.
"""

from collections import Counter
from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Decimal
from typing import get_args

from contracts.appraisal_terms import AgencyPredicate, Predicate, Rating
from contracts.appraisal_views import Guidance

MATRIX: dict[tuple[Rating, Rating], Predicate] = {
    ("above", "below"): "kurang",
    ("above", "as_expected"): "baik",
    ("above", "above"): "sangat_baik",
    ("as_expected", "below"): "kurang",
    ("as_expected", "as_expected"): "baik",
    ("as_expected", "above"): "baik",
    ("below", "below"): "sangat_kurang",
    ("below", "as_expected"): "butuh_perbaikan",
    ("below", "above"): "butuh_perbaikan",
}
"""Result (*hasil kerja*) and behaviour (*perilaku kerja*) to predicate."""

_Bounds = dict[Predicate, tuple[int | None, int | None]]

SPREAD: dict[AgencyPredicate, _Bounds] = {
    "istimewa": {"sangat_baik": (None, 70)},
    "baik": {"baik": (None, 70)},
    "butuh_perbaikan": {"butuh_perbaikan": (60, None), "sangat_baik": (None, 10)},
    "kurang": {"kurang": (60, None), "butuh_perbaikan": (10, None), "sangat_baik": (None, 10)},
    "sangat_kurang": {"sangat_kurang": (60, None), "kurang": (10, None), "sangat_baik": (None, 0)},
}
"""At least and at most so many percent of an agency's people, by how the agency did."""

_HUNDRED = Decimal(100)
_ONE_PLACE = Decimal("0.1")


def predicate_of(results: Rating, behaviour: Rating) -> Predicate:
    """The predicate of a person."""
    return MATRIX[results, behaviour]


def spread_of(
    predicates: Iterable[Predicate], organisation: AgencyPredicate | None
) -> tuple[Guidance, ...]:
    """How the predicates of an agency spread, beside what the guidance expects; best first."""
    counts = Counter(predicates)
    total = counts.total()
    bounds = SPREAD[organisation] if organisation else {}
    return tuple(
        Guidance(
            predicate=predicate,
            people=counts[predicate],
            share=str(_share(counts[predicate], total)),
            at_least=bounds.get(predicate, (None, None))[0],
            at_most=bounds.get(predicate, (None, None))[1],
        )
        for predicate in reversed(get_args(Predicate))
    )


def _share(part: int, total: int) -> Decimal:
    exact = _HUNDRED * part / total if total else Decimal(0)
    return exact.quantize(_ONE_PLACE, ROUND_HALF_EVEN)
