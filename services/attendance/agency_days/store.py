"""Agency days, and which of them must be counted again."""

from collections.abc import Iterable
from datetime import date

from contracts.envelope import AgencyCode
from kit.storage.aggregates import Aggregates, Cause
from kit.storage.ledger import Marks
from kit.storage.migrations import Index
from kit.storage.store import Store
from services.attendance.agency_days.model import AgencyDay, Counts

_AT_ONCE = 50


class AgencyDayStore:
    """The counts per agency and date; counted from the days, never added up."""

    def __init__(self, store: Store) -> None:
        self._agency_days: Aggregates[AgencyDay] = Aggregates(
            store,
            "agency_days",
            AgencyDay,
            indexes=[Index([("open", 1), ("date", 1)])],
            receipts=False,
        )
        self._marks = Marks(store, "agency_day_marks")

    async def mark(self, keys: Iterable[tuple[date, str]]) -> None:
        """The counts of these dates and agencies are out of date."""
        await self._marks.add(*(f"{on}|{agency}" for on, agency in keys))

    async def marked(self) -> tuple[dict[date, list[str]], list[str]]:
        """What must be counted, by date, and the marks that say so."""
        keys, ids = await self._marks.take_when_quiet()
        by_date: dict[date, list[str]] = {}
        for key in sorted(keys):
            on, _, agency = key.partition("|")
            by_date.setdefault(date.fromisoformat(on), []).append(agency)
        return by_date, ids

    async def counted(self, agency: str, on: date, counts: Counts, mark: str) -> None:
        """Write the counts if they are others than before."""
        blank = AgencyDay(AgencyCode(agency), on, {}, 0)
        id_ = f"{agency}:{on}"
        standing = await self._agency_days.get(id_)
        if standing is not None and standing.state.has(counts):
            return
        cause = Cause.timer("attendance", "count", id_, mark)
        await self._agency_days.change(id_, lambda known: (known or blank).recounted(counts), cause)

    async def with_open_days(self, before: date) -> list[AgencyDay]:
        """Agencies and past dates with days that are not closed, as last counted."""
        query = {"open": {"$gt": 0}, "date": {"$lt": before.isoformat()}}
        found = await self._agency_days.find(query, limit=_AT_ONCE)
        return [stored.state for stored in found]

    async def done(self, marks: list[str]) -> None:
        """These marks have been dealt with."""
        await self._marks.done(marks)
