"""The rule of that day: which of several dated versions counts (product.md, third promise)."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Protocol, TypeVar


class Dated(Protocol):
    """Anything that rules from a day on and was recorded at a moment."""

    @property
    def effective_from(self) -> date:
        """The first day it rules; may lie before the day it was recorded."""

    @property
    def recorded_at(self) -> datetime:
        """When it was entered."""


V = TypeVar("V", bound=Dated)


def in_force(versions: Iterable[V], on: date, *, known_at: datetime | None = None) -> V | None:
    """The version that rules a day: the latest beginning; of equal ones, the latest recorded.

    ``known_at`` answers as somebody would have at that moment, before later decrees came in.
    """
    ruling = (
        version
        for version in versions
        if version.effective_from <= on and (known_at is None or version.recorded_at <= known_at)
    )
    return max(
        ruling, key=lambda version: (version.effective_from, version.recorded_at), default=None
    )


def layered(layers: Iterable[Sequence[V]]) -> tuple[V, ...]:
    """One row of versions from several, the furthest first, none of them empty.

    A nearer layer rules from its first day on; before that day what is above it rules.
    """
    row: tuple[V, ...] = ()
    for layer in layers:
        first = min(version.effective_from for version in layer)
        row = (*(version for version in row if version.effective_from < first), *layer)
    return row
