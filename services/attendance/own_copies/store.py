"""Copies of employees, offices and agencies; the only file that knows their collections."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from pydantic import TypeAdapter

from contracts.directory import (
    AgencyChanged,
    Assignment,
    EmployeeChanged,
    OfficeChanged,
    OfficeVersion,
    Stage,
    StageName,
)
from contracts.envelope import AgencyCode, EmployeeId, Event
from contracts.outcome import Refusal
from contracts.people import PersonView
from kit.clock import now
from kit.storage.connection import Document
from kit.storage.freshness import KeptFresh
from kit.storage.migrations import Index
from kit.storage.projections import Cached, Projections
from kit.storage.store import Store
from rules.agencies import AgencyTree
from rules.assignments import main_on, supervisors_on

_VERSIONS: TypeAdapter[tuple[OfficeVersion, ...]] = TypeAdapter(tuple[OfficeVersion, ...])
_UNDER_WAY = timedelta(seconds=10)
"""How long ago a write that is not visible yet has been begun, as a rule."""
_SURELY_DONE = timedelta(minutes=2)
"""How long ago it may have been begun, at most; that far back is read once in a while."""
_FAR_BACK = 20
_BEGINNING = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Person:
    """An employee as attendance knows them."""

    id: str
    name: str
    nip: str | None
    active: bool
    assignments: tuple[Assignment, ...]
    employment: str = "pns"

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
    """Employees by id: all of them in memory, a few seconds behind what is stored at most."""

    def __init__(self, store: Store) -> None:
        indexes = [
            Index([("agencies", 1)]),
            Index([("nip", 1)], sparse=True),
            Index([("supervisors", 1)]),
            Index([("written_at", 1)]),
        ]
        self._projections = Projections(store, "people", indexes=indexes)
        self._known: dict[str, tuple[int, Person]] = {}
        self._read_until = _BEGINNING
        self._surely_until = _BEGINNING
        self._rounds = 0
        self._kept = KeptFresh(store, self._catch_up)

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
        if await self._projections.put(data.employee, event.sequence, kept):
            self._know({**kept, "_id": data.employee, "order": event.sequence})

    async def get(self, employee: str) -> Person | None:
        """The employee, or None; somebody who is not known yet is looked up at once."""
        await self._kept.ensure()
        if employee not in self._known and (document := await self._projections.get(employee)):
            self._know(document)
        known = self._known.get(employee)
        return None if known is None else known[1]

    async def supervised_by(self, supervisor: str, on: date) -> list[Person]:
        """The people whom somebody supervises on a day."""
        found = await self._projections.find({"supervisors": supervisor})
        people = [_person(document) for document in found]
        return [one for one in people if supervisor in supervisors_on(one.assignments, on)]

    async def ever_supervised_by(self, supervisors: Iterable[str]) -> list[str]:
        """Everybody whom one of these supervises, or did, in some post."""
        wanted = frozenset(supervisors)
        await self._kept.ensure()
        return sorted(
            id_
            for id_, (_, person) in self._known.items()
            if any(post.supervisor in wanted for post in person.assignments)
        )

    async def members_of(self, agency: str, on: date) -> list[Person]:
        """The people in service whose main post on a day is in this agency, from memory."""
        await self._kept.ensure()
        people = (person for _, person in self._known.values() if person.active)
        mains = ((person, main_on(person.assignments, on)) for person in people)
        found = [person for person, main in mains if main is not None and main.agency == agency]
        return sorted(found, key=lambda person: person.id)

    async def of_agencies(self, agencies: Iterable[str], on: date) -> list[Person]:
        """The people whose main post on a day is in one of these agencies."""
        wanted = frozenset(agencies)
        found = await self._projections.find({"agencies": {"$in": sorted(wanted)}})
        people = [_person(document) for document in found]
        mains = ((one, main_on(one.assignments, on)) for one in people)
        return [one for one, main in mains if main is not None and main.agency in wanted]

    async def employed_in(self, agencies: frozenset[str], first: date, last: date) -> list[Person]:
        """Those with a post in one of these agencies at some time between two days, by id."""
        await self._kept.ensure()
        found = (
            person
            for _, person in self._known.values()
            if any(
                post.agency in agencies
                and post.from_ <= last
                and (post.until is None or first <= post.until)
                for post in person.assignments
            )
        )
        return sorted(found, key=lambda person: person.id)

    async def get_many(self, ids: list[str]) -> dict[str, Person]:
        """Those of these employees who are known."""
        await self._kept.ensure()
        return {id_: self._known[id_][1] for id_ in ids if id_ in self._known}

    async def current(self, ids: Iterable[str]) -> dict[str, Person]:
        """Those of these employees who are known, as they are stored at this moment."""
        found = await self._projections.get_many(set(ids))
        return {id_: _person(document) for id_, document in found.items()}

    async def everybody(self) -> list[Person]:
        """Every employee, in the order of their ids."""
        await self._kept.ensure()
        return [self._known[id_][1] for id_ in sorted(self._known)]

    async def by_nip(self, nips: list[str]) -> dict[str, Person]:
        """Employees by their civil-servant number."""
        found = await self._projections.find({"nip": {"$in": nips}})
        return {document["nip"]: _person(document) for document in found}

    async def _catch_up(self) -> None:
        """Read what has been written since the last time; the first time, everybody.

        Writers state the moment before they write, so what was under way is read once more.
        """
        moment, far = now(), self._rounds % _FAR_BACK == 0
        since = self._surely_until if far else self._read_until
        for document in await self._projections.written_since(since):
            self._know(document)
        self._read_until = moment - _UNDER_WAY
        if far:
            self._surely_until = moment - _SURELY_DONE
        self._rounds += 1

    def _know(self, document: Document) -> None:
        id_, order = document["_id"], document["order"]
        if id_ not in self._known or self._known[id_][0] < order:
            self._known[id_] = order, _person(document)


def _person(document: Document) -> Person:
    state = EmployeeChanged.model_validate_json(document["state"])
    return Person(
        state.employee, state.name, state.nip, state.active, state.assignments, state.employment
    )


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
        self._cached_agencies = Cached(store, self._agencies)
        self._cached_offices = Cached(store, self._offices)
        self._tree: tuple[object, AgencyTree] | None = None
        self._snapshot: tuple[object, Offices] | None = None

    async def take_agency(self, event: Event[AgencyChanged]) -> None:
        """Keep the newest state of an agency."""
        await self._cached_agencies.put(
            event.data.code, event.sequence, event.data.model_dump(mode="json")
        )

    async def take_office(self, event: Event[OfficeChanged]) -> None:
        """Keep the newest state of an office."""
        await self._cached_offices.put(
            event.data.code, event.sequence, event.data.model_dump(mode="json")
        )

    async def tree(self) -> AgencyTree:
        """The agencies' tree."""
        documents = await self._cached_agencies.all()
        if self._tree is None or self._tree[0] is not documents:
            parents = {code: one.get("parent") for code, one in documents.items()}
            self._tree = (documents, AgencyTree(parents))
        return self._tree[1]

    async def knows_agency(self, agency: str) -> bool:
        """Whether there is such an agency, as far as is known here."""
        return agency in await self._cached_agencies.all()

    async def must_know(self, agency: str) -> None:
        """Refuse what is asked about an agency that there is not."""
        known = await self._cached_agencies.all()
        if agency not in known and await self._agencies.get(agency) is None:
            raise Refusal("not_found")

    async def zone_of(self, agency: str) -> str:
        """The time zone of an agency."""
        documents = await self._cached_agencies.all()
        zone: str = documents.get(agency, {}).get("time_zone", "Asia/Jakarta")
        return zone

    async def zones(self) -> Callable[[str], str]:
        """The time zone of every agency, as known at this moment."""
        known = {
            code: str(document["time_zone"])
            for code, document in (await self._cached_agencies.all()).items()
            if "time_zone" in document
        }
        return lambda agency: known.get(agency, "Asia/Jakarta")

    async def knows_office(self, code: str) -> bool:
        """Whether there is such an office, one that was just made too."""
        return await self._offices.get(code) is not None

    async def stage_of(self, agency: str, on: date) -> StageName:
        """How far the roll-out of an agency is on a day; before its first stage it is planned."""
        documents = await self._cached_agencies.all()
        said = documents.get(agency, {}).get("stages", ())
        begun = [stage for stage in map(Stage.model_validate, said) if stage.from_ <= on]
        return max(begun, key=lambda stage: stage.from_).stage if begun else "planned"

    async def offices(self) -> Offices:
        """A snapshot of all offices; the same object while nothing has changed."""
        documents = await self._cached_offices.all()
        if self._snapshot is None or self._snapshot[0] is not documents:
            versions = {
                code: _VERSIONS.validate_python(one["versions"]) for code, one in documents.items()
            }
            self._snapshot = (documents, Offices(versions))
        return self._snapshot[1]
