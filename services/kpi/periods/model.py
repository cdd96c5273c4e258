"""Periods: a month, a quarter or a year, and the months they consist of."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Period:
    """A span of whole months; ``text`` is how callers write it."""

    text: str
    year: int
    first_month: int
    last_month: int

    @classmethod
    def of(cls, text: str) -> "Period":
        """The period that ``2026-11``, ``2026-Q4`` or ``2026`` names."""
        year, _, part = text.partition("-")
        if not part:
            return cls(text, int(year), 1, 12)
        if part.startswith("Q"):
            last = int(part[1:]) * 3
            return cls(text, int(year), last - 2, last)
        return cls(text, int(year), int(part), int(part))

    @classmethod
    def month_of(cls, day: date) -> "Period":
        """The month a day lies in."""
        return cls.of(f"{day:%Y-%m}")

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, self.first_month, 1)

    @property
    def last(self) -> date:
        """The last day."""
        return date(self.year, self.last_month, monthrange(self.year, self.last_month)[1])

    @property
    def months(self) -> tuple[str, ...]:
        """The months of the period, as scorecards are kept."""
        numbers = range(self.first_month, self.last_month + 1)
        return tuple(f"{self.year}-{month:02d}" for month in numbers)

    def holds(self, day: date) -> bool:
        """Whether a day lies in the period."""
        return self.first <= day <= self.last
