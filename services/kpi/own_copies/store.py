"""Copies of employees and agencies; the only file that knows their collections."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from contracts.directory import AgencyChanged, Assignment, EmployeeChanged
from contracts.envelope import AgencyCode, EmployeeId, Event
from contracts.people import PersonView
from kit.storage.migrations import Index
from kit.storage.projections import Cached, Projections
from kit.storage.store import Store
from rules.agencies import AgencyTree
from rules.assignments import main_on


@dataclass(frozen=True, slots=True)
class Person:
    """An employee as scores know them, with every dated assignment."""

    id: str
    name: str
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


class OwnCopies:
    """What the KPI service keeps of the directory: the newest state of each, with its versions."""

    def __init__(self, store: Store) -> None:
        self._people = Projections(store, "people", indexes=[Index([("positions", 1)])])
        self._agencies = Projections(store, "agencies")
        self._known_agencies = Cached(store, self._agencies)
        self._tree: tuple[object, AgencyTree] | None = None

    async def take_employee(self, event: Event[EmployeeChanged]) -> None:
        """Keep the newest state of an employee."""
        held = {one.position for one in event.data.assignments}
        state = {
            "state": event.data.model_dump_json(by_alias=True),
            "positions": sorted(" ".join(one.casefold().split()) for one in held if one),
        }
        await self._people.put(event.data.employee, event.sequence, state)

    async def take_agency(self, event: Event[AgencyChanged]) -> None:
        """Keep the newest state of an agency."""
        begun = [one.from_ for one in event.data.stages if one.stage != "planned"]
        fields = {
            "name": event.data.name,
            "parent": event.data.parent,
            "started": min(begun).isoformat() if begun else None,
        }
        await self._known_agencies.put(event.data.code, event.sequence, fields)

    async def person(self, employee: str) -> Person | None:
        """The employee, or None."""
        document = await self._people.get(employee)
        return None if document is None else _person(document)

    async def people_after(self, employee: str, limit: int) -> list[str]:
        """The ids of the next employees, in order; all together once around."""
        found = await self._people.find(
            {"_id": {"$gt": employee}}, sort=[("_id", 1)], limit=limit, projection={"_id": 1}
        )
        return [document["_id"] for document in found]

    async def people_in_position(self, group: str, limit: int) -> list[Person]:
        """Those who hold or held a post of this name (small letters, single spaces)."""
        found = await self._people.find({"positions": group}, limit=limit)
        return [_person(document) for document in found]

    async def starts(self) -> dict[str, date | None]:
        """The day each agency began to take part (not only planned), None where it has not."""
        found = await self._known_agencies.all()
        return {
            code: date.fromisoformat(one["started"]) if one.get("started") else None
            for code, one in found.items()
        }

    async def knows_agency(self, code: str) -> bool:
        """Whether there is such an agency."""
        return code in await self._known_agencies.all()

    async def tree(self) -> AgencyTree:
        """The agencies' tree, at most two seconds old."""
        documents = await self._known_agencies.all()
        if self._tree is None or self._tree[0] is not documents:
            parents = {code: one.get("parent") for code, one in documents.items()}
            self._tree = (documents, AgencyTree(parents))
        return self._tree[1]


def _person(document: dict[str, Any]) -> Person:
    state = EmployeeChanged.model_validate_json(document["state"])
    return Person(state.employee, state.name, state.assignments)
