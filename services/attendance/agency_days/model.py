"""How many people of an agency had which kind of day; what other governments may see."""

from dataclasses import dataclass
from datetime import date as Date  # noqa: N812  # the field is called date

from contracts.attendance import AgencyDayCounted
from contracts.envelope import AgencyCode
from contracts.outcome import Decision


@dataclass(frozen=True, slots=True)
class AgencyDay:
    """The counts of one agency on one date."""

    agency: AgencyCode
    date: Date
    counts: dict[str, int]

    def recounted(self, counts: dict[str, int]) -> "Decision[AgencyDay]":
        """The counts as they are now; nothing happens while they are the same."""
        if counts == self.counts:
            return Decision(self)
        counted = AgencyDay(self.agency, self.date, counts)
        event = AgencyDayCounted(
            agency=self.agency, date=self.date, people=sum(counts.values()), counts=counts
        )
        return Decision(counted, (event,))
