"""The days of one month on which a person's captures made offline count without being asked about.

One document per person and month, so that captures that arrive together cannot each take the last
place. A day keeps its place: later captures of it count like the first.
"""

from dataclasses import dataclass
from datetime import date

from contracts.outcome import Decision


@dataclass(frozen=True, slots=True)
class OfflineDays:
    """The days that have a place, oldest first."""

    days: tuple[date, ...] = ()

    def take(self, on: date, most: int) -> "Decision[OfflineDays]":
        """A place for a day, as long as there is one."""
        if on in self.days or len(self.days) >= most:
            return Decision(self)
        return Decision(OfflineDays(tuple(sorted((*self.days, on)))))
