"""Copies of employees, offices and agencies; the only file that knows their collections."""

import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import TypeAdapter

from contracts.directory import (
    AgencyChanged,
    Assignment,
    EmployeeChanged,
    OfficeChanged,
    OfficeVersion,
)
from contracts.envelope import AgencyCode, EmployeeId, Event
from contracts.people import PersonView
from kit.storage.migrations import Index
from kit.storage.projections import Cached, Projections
from kit.storage.store import Store
from rules.agencies import AgencyTree
from rules.assignments import main_on, supervisors_on

_VERSIONS: TypeAdapter[tuple[OfficeVersion, ...]] = TypeAdapter(tuple[OfficeVersion, ...])
_PEOPLE_REMEMBERED = 20_000
_TTL_S = 2.0


@dataclass(frozen=True, slots=True)
class Person:
    """An employee as attendance knows them."""

    id: str
    name: str
    nip: str | None
    active: bool
    assignments: tuple[Assignment, ...]

    def shown(self, on: date) -> PersonView:
        """The person as answers name them, with the post of that day."""
        main = main_on(self.assignments, on)
        return PersonView(
            id=EmployeeId(self.id),
            name=self.name,
            position=main.position if main else None,
            agency=AgencyCode(main.agency) if main else None,
        )


class People:
    """Employees by id; a copy in memory is at most two seconds old."""

    def __init__(self, store: Store) -> None:
        indexes = [
            Index([("agencies", 1)]),
            Index([("nip", 1)], sparse=True),
            Index([("supervisors", 1)]),
        ]
        self._projections = Projections(store, "people", indexes=indexes)
        self._known: OrderedDict[str, tuple[float, int, Person]] = OrderedDict()

    async def take(self, event: Event[EmployeeChanged]) -> None:
        """Keep the newest state of an employee."""
        data = event.data
        fields = {
            "nip": data.nip,
            "agencies": sorted({one.agency for one in data.assignments}),
            "supervisors": sorted({one.supervisor for one in data.assignments if one.supervisor}),
            "state": data.model_dump_json(by_alias=True),
        }
        kept = {key: value for key, value in fields.items() if value is not None}
        await self._projections.put(data.employee, event.sequence, kept)

    async def get(self, employee: str) -> Person | None:
        """The employee, or None."""
        known = self._known.get(employee)
        if known is not None and time.monotonic() - known[0] < _TTL_S:
            return known[2]
        document = await self._projections.get(employee)
        if document is None:
            return None
        if known is not None and known[1] == document["order"]:
            person = known[2]
        else:
            person = _person(document)
        self._remember(person, document["order"])
        return person

    async def supervised_by(self, supervisor: str, on: date) -> list[Person]:
        """The people whom somebody supervises on a day."""
        found = await self._projections.find({"supervisors": supervisor})
        people = [_person(document) for document in found]
        return [one for one in people if supervisor in supervisors_on(one.assignments, on)]

    async def of_agencies(self, agencies: Iterable[str], on: date) -> list[Person]:
        """The people whose main post on a day is in one of these agencies."""
        wanted = frozenset(agencies)
        found = await self._projections.find({"agencies": {"$in": sorted(wanted)}})
        people = [_person(document) for document in found]
        mains = ((one, main_on(one.assignments, on)) for one in people)
        return [one for one, main in mains if main is not None and main.agency in wanted]

    async def get_many(self, ids: list[str]) -> dict[str, Person]:
        """Those of these employees who are known."""
        found = await self._projections.get_many(ids)
        return {key: _person(document) for key, document in found.items()}

    async def by_nip(self, nips: list[str]) -> dict[str, Person]:
        """Employees by their civil-servant number."""
        found = await self._projections.find({"nip": {"$in": nips}})
        return {document["nip"]: _person(document) for document in found}

    def _remember(self, person: Person, order: int) -> None:
        self._known[person.id] = (time.monotonic(), order, person)
        self._known.move_to_end(person.id)
        if len(self._known) > _PEOPLE_REMEMBERED:
            self._known.popitem(last=False)


def _person(document: dict[str, Any]) -> Person:
    state = EmployeeChanged.model_validate_json(document["state"])
    return Person(state.employee, state.name, state.nip, state.active, state.assignments)


@dataclass(frozen=True, slots=True)
class Offices:
    """Every office with its dated versions, as one snapshot."""

    versions: dict[str, tuple[OfficeVersion, ...]]


class OwnCopies:
    """What attendance keeps of the directory."""

    def __init__(self, store: Store) -> None:
        self.people = People(store)
        self._agencies = Projections(store, "agencies")
        self._offices = Projections(store, "offices")
        self._cached_agencies = Cached(self._agencies)
        self._cached_offices = Cached(self._offices)
        self._tree: tuple[object, AgencyTree] | None = None
        self._snapshot: tuple[object, Offices] | None = None

    async def take_agency(self, event: Event[AgencyChanged]) -> None:
        """Keep the newest state of an agency."""
        await self._agencies.put(
            event.data.code, event.sequence, event.data.model_dump(mode="json")
        )

    async def take_office(self, event: Event[OfficeChanged]) -> None:
        """Keep the newest state of an office."""
        await self._offices.put(event.data.code, event.sequence, event.data.model_dump(mode="json"))

    async def tree(self) -> AgencyTree:
        """The agencies' tree."""
        documents = await self._cached_agencies.all()
        if self._tree is None or self._tree[0] is not documents:
            parents = {code: one.get("parent") for code, one in documents.items()}
            self._tree = (documents, AgencyTree(parents))
        return self._tree[1]

    async def zone_of(self, agency: str) -> str:
        """The time zone of an agency."""
        documents = await self._cached_agencies.all()
        zone: str = documents.get(agency, {}).get("time_zone", "Asia/Jakarta")
        return zone

    async def offices(self) -> Offices:
        """A snapshot of all offices; the same object while nothing has changed."""
        documents = await self._cached_offices.all()
        if self._snapshot is None or self._snapshot[0] is not documents:
            versions = {
                code: _VERSIONS.validate_python(one["versions"]) for code, one in documents.items()
            }
            same = self._snapshot is not None and self._snapshot[1].versions == versions
            offices = self._snapshot[1] if same and self._snapshot else Offices(versions)
            self._snapshot = (documents, offices)
        return self._snapshot[1]
