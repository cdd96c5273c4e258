"""Which days a change of the rules may touch, and in which portions they are judged anew."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Scope:
    """The days between two dates (both included; no last one: up to now).

    Those of an agency and everything below it (None: of every agency), or of these people only.
    """

    first: date
    last: date | None
    agency: str | None = None
    employees: tuple[str, ...] = ()

    def portions(self, agencies: Iterable[str], until: date) -> Iterator[str]:
        """The keys of the portions, in order: a date and an agency, or a person.

        A portion that was done stays done, so the order is the same whenever it is asked for.
        """
        if self.employees:
            yield from sorted(self.employees)
            return
        ordered = sorted(agencies)
        on, last = self.first, min(self.last or until, until)
        while on <= last:
            yield from (f"{on}|{agency}" for agency in ordered)
            on += _DAY
