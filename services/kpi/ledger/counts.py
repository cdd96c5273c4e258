"""What attendance counts per agency and day: the source's side of a check."""

from datetime import date

from contracts.attendance import AgencyDayCounted
from contracts.envelope import Event
from kit.storage.migrations import Index
from kit.storage.projections import Projections
from kit.storage.store import Store
from services.kpi.ledger.checking import Statuses
from services.kpi.periods.model import Period


class SourceCounts:
    """The newest counts of each agency and date."""

    def __init__(self, store: Store) -> None:
        self._counts = Projections(store, "source_counts", indexes=[Index([("month", 1)])])

    async def take(self, event: Event[AgencyDayCounted]) -> None:
        """Keep the newest counts of an agency's day."""
        counted = event.data
        fields = {
            "month": f"{counted.agency}:{counted.date:%Y-%m}",
            "date": counted.date.isoformat(),
            "counts": counted.counts,
        }
        await self._counts.put(f"{counted.agency}:{counted.date}", event.sequence, fields)

    async def of_agency(self, agency: str, period: Period) -> dict[date, Statuses]:
        """The counts of an agency in a period, by date."""
        months = [f"{agency}:{month}" for month in period.months]
        found = await self._counts.find({"month": {"$in": months}})
        return {date.fromisoformat(one["date"]): one["counts"] for one in found}
