"""Days as sums need them: read from their documents without the parts that only a reader needs.

A month of an agency is read date by date over the index of dates and agencies, and remembered for
a while, since a long recap asks page by page. A few people, and who changed agencies in the month,
are read by their keys.
"""

import asyncio
import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Generic, TypeVar

from kit.clock import now
from kit.storage.connection import Document
from kit.storage.store import Store
from rules.assignments import main_on, works_for_one_of
from rules.working_time import zone
from services.attendance.days.model import day_id
from services.attendance.own_copies.store import Person
from services.attendance.recaps.closed_sheets import ClosedSheets
from services.attendance.recaps.model import RecapDay
from services.attendance.recaps.sheets import Sheets

_AT_ONCE = 4
_REMEMBERED = 4
_TTL_S = 20.0
_FEW = 10
_CITY_ZONE = "Asia/Jakarta"
_FIELDS = (
    "employee", "agency", "date", "time_zone", "status", "working_day", "policy_version",
    "first_in", "last_out", "late_minutes", "late_band", "early_minutes", "early_band",
    "worked_minutes", "inputs", "locked",
)  # fmt: skip

T = TypeVar("T")
_ByPerson = dict[str, list[T]]


@dataclass(frozen=True, slots=True)
class DatedDay:
    """A day to be added up: its agency, its date and zone, and when somebody came and left.

    One that ``counts`` not became known after its period had been closed.
    """

    on: date
    agency: str
    time_zone: str
    first_in: datetime | None
    last_out: datetime | None
    day: RecapDay
    counts: bool = True


class Months(Generic[T]):
    """What a collection keeps under ``<employee>:<date>``, by person, for spans of dates."""

    def __init__(
        self,
        store: Store,
        collection: str,
        read: Callable[[Document], T],
        *,
        fields: Sequence[str] = (),
    ) -> None:
        self._collection = store.collection(collection)
        self._read = read
        self._projection = dict.fromkeys(fields, 1) or None
        self._known: OrderedDict[tuple[str, date, date], tuple[float, _ByPerson[T]]]
        self._known = OrderedDict()
        self._reading: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._gate = asyncio.Semaphore(_AT_ONCE)

    async def of(self, people: Sequence[Person], first: date, last: date) -> _ByPerson[T]:
        """What is kept of each of these people between two dates, oldest first."""
        steady: defaultdict[str, list[Person]] = defaultdict(list)
        alone: list[Person] = []
        for person in people:
            agency = _only_agency(person, first, last)
            (alone if agency is None else steady[agency]).append(person)
        found: _ByPerson[T] = {}
        for agency, members in steady.items():
            if len(members) <= _FEW:
                alone += members
                continue
            month = await self._of_agency(agency, first, last)
            found |= {person.id: month.get(person.id, []) for person in members}
        for person in alone:
            found[person.id] = await self._of_person(person.id, first, last)
        return found

    async def _of_agency(self, agency: str, first: date, last: date) -> _ByPerson[T]:
        key = (agency, first, last)
        async with self._reading[agency]:
            known = self._known.get(key)
            if known is None or time.monotonic() - known[0] > _TTL_S:
                began = time.monotonic()
                self._known[key] = began, await self._read_agency(agency, first, last)
                self._known.move_to_end(key)
                while len(self._known) > _REMEMBERED:
                    self._known.popitem(last=False)
            return self._known[key][1]

    async def _read_agency(self, agency: str, first: date, last: date) -> _ByPerson[T]:
        dates = _dates(first, last)
        by_person: defaultdict[str, list[T]] = defaultdict(list)
        for documents in await self._dates_of(agency, dates):
            for one in documents:
                by_person[one["employee"]].append(self._read(one))
        return dict(by_person)

    async def _dates_of(self, agency: str, dates: Sequence[date]) -> list[list[Document]]:
        """What an agency has of each of these dates."""
        return list(await asyncio.gather(*(self.on(agency, on) for on in dates)))

    async def on(self, agency: str, on: date) -> list[Document]:
        """What an agency has of a date, from the collection itself."""
        async with self._gate:
            return await self._collection.find(
                {"date": on.isoformat(), "agency": agency}, projection=self._projection
            )

    async def _of_person(self, employee: str, first: date, last: date) -> list[T]:
        keys = [day_id(employee, on) for on in _dates(first, last)]
        async with self._gate:
            found = await self._collection.find({"_id": {"$in": keys}}, projection=self._projection)
        return [self._read(one) for one in sorted(found, key=lambda one: str(one["_id"]))]


class RecapDays(Months[DatedDay]):
    """The days of people between two dates; those of past dates from their sheets."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, "days", _dated, fields=_FIELDS)
        self.sheets = Sheets(store, _FIELDS)
        self._closed = ClosedSheets(store, _FIELDS)

    async def make_sheet(self, agency: str, on: date) -> None:
        """Make the sheet of an agency and date from its days."""
        await self.sheets.put(f"{agency}:{on}", await self.on(agency, on))

    async def close_sheet(self, agency: str, on: date, period: str, revision: int) -> None:
        """Keep the days of an agency and date that a lock holds, as they are."""
        days = [day for day in await self.on(agency, on) if _is_held(day, period, revision)]
        await self._closed.put(agency, on, revision, days)

    async def marks_of(
        self, agency: str, first: date, last: date, revision: int
    ) -> list[tuple[str, int]]:
        """Each day that a lock holds, and the sequence of the event that told of it."""
        return await self._closed.marks_of(agency, _dates(first, last), revision)

    async def closed(
        self, agency: str, first: date, last: date, revision: int
    ) -> dict[str, list[DatedDay]]:
        """The days that a lock held, by person, oldest first."""
        by_person: defaultdict[str, list[DatedDay]] = defaultdict(list)
        for day in await self._closed.of(agency, _dates(first, last), revision):
            by_person[day["employee"]].append(_dated(day))
        return dict(by_person)

    async def _dates_of(self, agency: str, dates: Sequence[date]) -> list[list[Document]]:
        made = await self.sheets.of(agency, dates)
        missing = [on for on in dates if on not in made]
        read = dict(zip(missing, await super()._dates_of(agency, missing), strict=True))
        today = now().astimezone(zone(_CITY_ZONE)).date()
        await self.sheets.mark((on, agency) for on in missing if on < today)  # for the next time
        return [made[on] if on in made else read[on] for on in dates]


def _only_agency(person: Person, first: date, last: date) -> str | None:
    """The agency the person's days of a span lie in, where it is one for the whole of it."""
    main = main_on(person.assignments, last) or main_on(person.assignments, first)
    if main is None:
        return None
    others = frozenset(one.agency for one in person.assignments) - {main.agency}
    return None if works_for_one_of(person.assignments, others, first, last) else main.agency


def _dates(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _is_held(day: Document, period: str, revision: int) -> bool:
    held = day.get("locked")
    if held is None or not held["sequence"]:
        return False
    return bool((held["period"], held["revision"]) == (period, revision))


def _dated(document: Document) -> DatedDay:
    held = document.get("locked")
    day = RecapDay(
        status=document["status"],
        working_day=document["working_day"],
        policy_version=document["policy_version"],
        late_minutes=document["late_minutes"],
        late_band=document["late_band"],
        early_minutes=document["early_minutes"],
        early_band=document["early_band"],
        worked_minutes=document["worked_minutes"],
        kinds=tuple(
            one["kind"] for one in document.get("inputs") or () if one["type"] == "absence"
        ),
    )
    return DatedDay(
        on=date.fromisoformat(document["date"]),
        agency=document["agency"],
        time_zone=document["time_zone"],
        first_in=document["first_in"],
        last_out=document["last_out"],
        day=day,
        counts=held is None or held["sequence"] > 0,
    )
