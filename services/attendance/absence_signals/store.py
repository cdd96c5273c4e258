"""Absent days of a year, found through the counts of agencies: most dates have none."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from kit.storage.store import Store

_KEYS_AT_ONCE = 62
_AT_ONCE = 4


class AbsentDays:
    """Who was absent without leave, and when."""

    def __init__(self, store: Store) -> None:
        self._counts = store.collection("agency_days")
        self._days = store.collection("days")
        self._gate = asyncio.Semaphore(_AT_ONCE)

    async def of(self, agencies: Iterable[str], year: int) -> dict[str, list[date]]:
        """The dates each person was absent in these agencies, oldest first."""
        found = await asyncio.gather(*(self._of_agency(code, year) for code in sorted(agencies)))
        by_person: defaultdict[str, set[date]] = defaultdict(set)
        for of_agency in found:
            for employee, on in of_agency:
                by_person[employee].add(on)
        return {employee: sorted(dates) for employee, dates in by_person.items()}

    async def _of_agency(self, agency: str, year: int) -> list[tuple[str, date]]:
        found: list[tuple[str, date]] = []
        for on in await self._dates_with_absences(agency, year):
            wanted = {"date": on, "agency": agency, "status": "absent"}
            async with self._gate:
                days = await self._days.find(wanted, projection={"employee": 1})
            found += [(day["employee"], date.fromisoformat(on)) for day in days]
        return found

    async def _dates_with_absences(self, agency: str, year: int) -> list[str]:
        dates = _dates(year)
        found: list[str] = []
        for start in range(0, len(dates), _KEYS_AT_ONCE):
            keys = [f"{agency}:{on}" for on in dates[start : start + _KEYS_AT_ONCE]]
            async with self._gate:
                counted = await self._counts.find({"_id": {"$in": keys}})
            found += [one["date"] for one in counted if one["counts"].get("absent")]
        return sorted(found)


def _dates(year: int) -> list[str]:
    first = date(year, 1, 1)
    length = (date(year + 1, 1, 1) - first).days
    return [(first + timedelta(days=number)).isoformat() for number in range(length)]
