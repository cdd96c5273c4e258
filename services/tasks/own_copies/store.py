"""The documents behind the own copies: one per key, replaced only by a newer event."""

from collections.abc import Iterable

from contracts.directory import AgencyChanged, EmployeeChanged, OfficeChanged
from contracts.envelope import Event
from kit.storage.projections import Cached, Projections
from kit.storage.store import Store
from services.tasks.own_copies.model import City, People


class Directory:
    """This service's copy of the directory."""

    def __init__(self, store: Store) -> None:
        self._employees = Projections(store, "employees")
        self._agencies = Projections(store, "agencies")
        self._offices = Projections(store, "offices")
        self._all_agencies = Cached(store, self._agencies)
        self._documents: object = None
        self._city = City.of({})

    async def keep(self, event: Event[AgencyChanged | OfficeChanged | EmployeeChanged]) -> None:
        """Keep the state an event carries unless a newer one is known."""
        state = event.data.model_dump(mode="json", by_alias=True)
        match event.data:
            case AgencyChanged(code=code):
                await self._all_agencies.put(code, event.sequence, {"state": state})
            case OfficeChanged(code=code):
                await self._offices.put(code, event.sequence, {"state": state})
            case EmployeeChanged(employee=employee):
                await self._employees.put(employee, event.sequence, {"state": state})

    async def city(self) -> City:
        """The agencies, at most two seconds old."""
        documents = await self._all_agencies.all()
        if documents is not self._documents:
            self._documents = documents
            self._city = City.of(
                {
                    code: AgencyChanged.model_validate(document["state"])
                    for code, document in documents.items()
                }
            )
        return self._city

    async def people(self, ids: Iterable[str]) -> People:
        """These people, as far as they are known."""
        wanted = sorted(set(ids))
        found = await self._employees.get_many(wanted) if wanted else {}
        return People(
            {
                id_: EmployeeChanged.model_validate(document["state"])
                for id_, document in found.items()
            }
        )
