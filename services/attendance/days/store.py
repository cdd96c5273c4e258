"""The days' collection: documents, indexes, queries."""

from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import BaseModel

from contracts.envelope import OfficeCode, Verdict
from contracts.outcome import Decision, Refusal
from kit.errors import Transient
from kit.storage.aggregates import Aggregates, AnyCause, Stored
from kit.storage.connection import Document
from kit.storage.migrations import Index
from kit.storage.store import Store
from services.attendance.agency_days.model import Counts
from services.attendance.days.figures import Lock
from services.attendance.days.locking import under_lock
from services.attendance.days.model import Day, day_id
from services.attendance.periods.model import AgencyPeriod, lock_for, month_of, period_id
from services.attendance.periods.store import PeriodStore

_ATTEMPTS = 30


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """The office a person is in, since when, the agency of that day and the hours expected."""

    employee: str
    agency: str
    office: OfficeCode
    since: datetime
    expected_start: datetime | None = None
    expected_end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Concerned:
    """The days of a date that have an input attached, or have not, of whom it concerns."""

    on: date
    agencies: Sequence[str] | None
    employees: Sequence[str] | None
    input: str
    attached: bool


class DayStore:
    """Days by employee and date."""

    def __init__(self, store: Store, periods: PeriodStore) -> None:
        self._periods = periods
        # each one costs every check-in
        indexes = [Index([("date", 1), ("agency", 1)]), Index([("presence", 1), ("date", 1)])]
        self._days: Aggregates[Day] = Aggregates(store, "days", Day, indexes=indexes)

    async def get(self, employee: str, on: date) -> Stored[Day] | None:
        """One day, or None."""
        return await self._days.get(day_id(employee, on))

    async def by_id(self, id_: str) -> Stored[Day] | None:
        """The day of this key, or None."""
        return await self._days.get(id_)

    async def whereabouts(self, employees: Iterable[str], on: date) -> list[Whereabouts]:
        """Where these people were after their last movement of a date, if in any office."""
        found = await self._days.get_many(day_id(employee, on) for employee in employees)
        return [
            Whereabouts(
                day.employee,
                day.agency,
                day.presence,
                day.moved_at,
                day.expected_start,
                day.expected_end,
            )
            for day in (stored.state for stored in found.values())
            if day.presence is not None and day.moved_at is not None
        ]

    async def present_in(self, office: str, on: date) -> list[Whereabouts]:
        """Those who were in an office after their last movement of a date."""
        # no projection: to leave fields out costs the embedded database more than to send them
        found = await self._days.collection.find({"presence": office, "date": on.isoformat()})
        return [
            Whereabouts(
                employee=one["employee"],
                agency=one["agency"],
                office=one["presence"],
                since=max(
                    punch["at"]
                    for punch in one["punches"]
                    if punch.get("standing", "counts") == "counts"
                ),
                expected_start=one["expected_start"],
                expected_end=one["expected_end"],
            )
            for one in found
        ]

    async def between(self, employee: str, first: date, last: date) -> list[Stored[Day]]:
        """The days of a person, oldest first.

        By their keys: the embedded database looks through everything for a range of them.
        """
        dates = (first + timedelta(days=number) for number in range((last - first).days + 1))
        found = await self._days.get_many(day_id(employee, on) for on in dates)
        return [found[id_] for id_ in sorted(found)]

    async def of_agency(self, on: date, agency: str) -> list[Stored[Day]]:
        """The days of an agency and date."""
        return await self._days.find({"date": on.isoformat(), "agency": agency})

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
        if_match: int | None = None,
        before: Coroutine[Any, Any, None] | None = None,
    ) -> Verdict:
        """Decide about a day and write the outcome once.

        What a closed period holds stays as it was closed, and the difference is told as a
        settlement; see :mod:`services.attendance.days.locking`.
        """
        periods = await self._periods.all()

        def under(day: Day | None) -> Decision[Day]:
            decision = decide(None if day is None else day.live)
            return under_lock(day, decision, _late(day, decision.state, periods))

        return await self._days.change(
            id_, under, cause, answer=answer, status=status, if_match=if_match, before=before
        )

    async def hold(
        self,
        id_: str,
        decide: Callable[[Day | None, int], Decision[Day]],
        cause: AnyCause,
    ) -> None:
        """Put a day under a lock, or let go of it, with one event whose sequence is told before."""
        for _ in range(_ATTEMPTS):
            stored = await self._days.get(id_)
            expected = stored.version if stored else 0
            sequence = stored.sequence + 1 if stored else 1
            known = stored.state if stored else None

            def only(day: Day | None, known: Day | None = known, sequence: int = sequence) -> Any:
                if (day is None) != (known is None):
                    raise Refusal("version_conflict")
                return decide(day, sequence)

            try:
                await self._days.change(id_, only, cause, if_match=expected or None)
            except Refusal as refusal:
                if refusal.problem.code != "version_conflict":
                    raise
            else:
                return
        raise Transient(f"{id_} did not stand still")

    async def concerned(self, by: Concerned, after: str, limit: int) -> list[Stored[Day]]:
        """A portion of the days a general act concerns and that are not in line with it."""
        query: Document = {
            "date": by.on.isoformat(),
            "inputs.id": by.input if by.attached else {"$ne": by.input},
            "_id": {"$gt": after},
        }
        if by.agencies is not None:
            query["agency"] = {"$in": list(by.agencies)}
        if by.employees is not None:
            query["employee"] = {"$in": list(by.employees)}
        return await self._days.find(query, sort=[("_id", 1)], limit=limit)

    async def known(self, ids: Iterable[str]) -> frozenset[str]:
        """Which of these days there are."""
        query = {"_id": {"$in": list(ids)}}
        found = await self._days.collection.find(query, projection={"_id": 1})
        return frozenset(one["_id"] for one in found)

    async def still_open(self, on: date, agency: str, limit: int) -> list[Stored[Day]]:
        """The days of an agency and date that are not closed."""
        query = {"date": on.isoformat(), "agency": agency, "closed": False}
        return await self._days.find(query, limit=limit)

    async def to_remind(self, on: date, moment: datetime, limit: int) -> list[Stored[Day]]:
        """Days of a date on which somebody is to be asked for what is missing by now."""
        query = {"date": on.isoformat(), "remind_at": {"$lte": moment}}
        return await self._days.find(query, limit=limit)

    async def count_open(self, agency: str, on: date) -> int:
        """How many days of an agency and date are not closed."""
        query = {"date": on.isoformat(), "agency": agency, "closed": False}
        return await self._days.count(query)

    async def counts(self, agency: str, on: date) -> Counts:
        """How many days of an agency and date have which status, and how many are open.

        One agency at a time: so the index leads to its days, and check-ins get their turn between.
        """
        pipeline: list[Document] = [
            {"$match": {"date": on.isoformat(), "agency": agency}},
            {"$group": {"_id": {"status": "$status", "closed": "$closed"}, "n": {"$sum": 1}}},
        ]
        by_status: dict[str, int] = {}
        still_open = 0
        for row in await self._days.collection.aggregate(pipeline):
            status = row["_id"]["status"]
            by_status[status] = by_status.get(status, 0) + row["n"]
            still_open += 0 if row["_id"]["closed"] else row["n"]
        return Counts(by_status, still_open)


def _late(before: Day | None, after: Day, periods: Mapping[str, AgencyPeriod]) -> Lock | None:
    """The lock of the period that a day newly comes into."""
    if before is not None and (before.locked is not None or before.agency == after.agency):
        return None
    return lock_for(periods.get(period_id(after.agency, month_of(after.date))))
