"""The days' collection: documents, indexes, queries."""

from collections.abc import Callable, Sequence
from datetime import date

from pydantic import BaseModel

from contracts.envelope import Verdict
from contracts.outcome import Decision
from kit.storage.aggregates import Aggregates, AnyCause, Stored
from kit.storage.connection import Document
from kit.storage.migrations import Index
from kit.storage.store import Store
from services.attendance.agency_days.model import Counts
from services.attendance.days.model import Day, day_id

_LAST = "~"  # sorts behind every date


class DayStore:
    """Days by employee and date."""

    def __init__(self, store: Store) -> None:
        indexes = [Index([("date", 1), ("agency", 1)])]  # each one costs every check-in
        self._days: Aggregates[Day] = Aggregates(store, "days", Day, indexes=indexes)

    async def get(self, employee: str, on: date) -> Stored[Day] | None:
        """One day, or None."""
        return await self._days.get(day_id(employee, on))

    async def between(self, employee: str, first: date, last: date) -> list[Stored[Day]]:
        """The days of a person, oldest first."""
        query = {"_id": {"$gte": day_id(employee, first), "$lte": day_id(employee, last) + _LAST}}
        return await self._days.find(query, sort=[("_id", 1)])

    async def page(
        self, query: Document, *, sort: str, limit: int, cursor: str | None
    ) -> tuple[list[Stored[Day]], str | None]:
        """A page of the days that match."""
        return await self._days.page(query, sort=sort, limit=limit, cursor=cursor)

    async def change(
        self,
        id_: str,
        decide: Callable[[Day | None], Decision[Day]],
        cause: AnyCause,
        *,
        answer: Callable[[Stored[Day]], BaseModel] | None = None,
        status: int = 200,
    ) -> Verdict:
        """Decide about a day and write the outcome once."""
        return await self._days.change(id_, decide, cause, answer=answer, status=status)

    async def still_open(self, on: date, agency: str, limit: int) -> list[Stored[Day]]:
        """The days of an agency and date that are not closed."""
        query = {"date": on.isoformat(), "agency": agency, "closed": False}
        return await self._days.find(query, limit=limit)

    async def counts(self, agencies: Sequence[str], on: date) -> dict[str, Counts]:
        """How many days of a date have which status, and how many are open, per agency."""
        key = {"agency": "$agency", "status": "$status", "closed": "$closed"}
        pipeline: list[Document] = [
            {"$match": {"date": on.isoformat(), "agency": {"$in": list(agencies)}}},
            {"$group": {"_id": key, "n": {"$sum": 1}}},
        ]
        counts = {agency: Counts({}, 0) for agency in agencies}
        for row in await self._days.collection.aggregate(pipeline):
            of, status = row["_id"], row["_id"]["status"]
            known = counts[of["agency"]]
            by_status = {**known.by_status, status: known.by_status.get(status, 0) + row["n"]}
            open_days = known.open + (0 if of["closed"] else row["n"])
            counts[of["agency"]] = Counts(by_status, open_days)
        return counts
