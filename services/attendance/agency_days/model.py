"""How many people of an agency had which kind of day; what other governments may see."""

from dataclasses import dataclass
from datetime import date as Date  # noqa: N812  # the field is called date

from contracts.attendance import AgencyDayCounted
from contracts.envelope import AgencyCode
from contracts.outcome import Decision


@dataclass(frozen=True, slots=True)
class Counts:
    """The days of one agency and date by status, and how many of them are not closed."""

    by_status: dict[str, int]
    open: int


@dataclass(frozen=True, slots=True)
class AgencyDay:
    """The counts of one agency on one date."""

    agency: AgencyCode
    date: Date
    counts: dict[str, int]
    open: int

    def has(self, counts: Counts) -> bool:
        """Whether these counts are known already."""
        return (self.counts, self.open) == (counts.by_status, counts.open)

    def recounted(self, counts: Counts) -> "Decision[AgencyDay]":
        """The counts as they are now; outsiders hear of it when a status has more or fewer."""
        recounted = AgencyDay(self.agency, self.date, counts.by_status, counts.open)
        if counts.by_status == self.counts:
            return Decision(recounted)
        event = AgencyDayCounted(
            agency=self.agency,
            date=self.date,
            people=sum(counts.by_status.values()),
            counts=counts.by_status,
        )
        return Decision(recounted, (event,))
