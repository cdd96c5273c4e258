"""Figures of many facts for dashboards, and what is kept back so that nobody is given away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

FEWEST_PEERS = 8
"""Fewer scores than this are not shown as bands: they could be told apart."""


@dataclass(frozen=True, slots=True)
class Quarters:
    """The scores that part a group in quarters, in whole points."""

    lower: int
    middle: int
    upper: int

    def band_of(self, score: Decimal) -> int:
        """The quarter of a score, 1 the lowest."""
        return 1 + sum(1 for edge in (self.lower, self.middle, self.upper) if score >= edge)


def quarters(scores: Sequence[Decimal]) -> Quarters | None:
    """The quarters of a group's scores, or nothing where the group is too small.

    Edges are those of the nearest rank, rounded to whole points: no score is shown as it is.
    """
    if len(scores) < FEWEST_PEERS:
        return None
    ordered = sorted(scores)
    edges = (ordered[(len(ordered) - 1) * part // 4] for part in (1, 2, 3))
    lower, middle, upper = (round(edge) for edge in edges)
    return Quarters(lower, middle, upper)


def group_of(position: str | None) -> str | None:
    """What makes two posts the same position: the words, whatever their case and spacing."""
    return " ".join(position.casefold().split()) if position else None


def sides(months: Iterable[str], started: date | None) -> tuple[list[str], list[str]]:
    """The months before the one in which an agency started, and those from it on."""
    found = list(months)
    if started is None:
        return found, []
    start = f"{started:%Y-%m}"
    return [one for one in found if one < start], [one for one in found if one >= start]
