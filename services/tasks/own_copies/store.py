"""The documents behind the own copies: one per key, replaced only by a newer event."""

from collections.abc import Iterable

from contracts.directory import AccountChanged, AgencyChanged, EmployeeChanged, OfficeChanged
from contracts.envelope import Event
from kit.storage.projections import Cached, Projections
from kit.storage.store import Store
from services.tasks.own_copies.accounts import Accounts
from services.tasks.own_copies.model import City, People


class Directory:
    """This service's copy of the directory."""

    def __init__(self, store: Store) -> None:
        self._employees = Projections(store, "employees")
        self._agencies = Projections(store, "agencies")
        self._offices = Projections(store, "offices")
        self._all_agencies = Cached(store, self._agencies)
        self._all_accounts = Cached(store, Projections(store, "accounts"))
        self._documents: object = None
        self._account_documents: object = None
        self._accounts = Accounts.of(())
        self._city = City.of({})

    async def keep(
        self, event: Event[AgencyChanged | OfficeChanged | EmployeeChanged | AccountChanged]
    ) -> None:
        """Keep the state an event carries unless a newer one is known."""
        state = event.data.model_dump(mode="json", by_alias=True)
        match event.data:
            case AgencyChanged(code=code):
                await self._all_agencies.put(code, event.sequence, {"state": state})
            case OfficeChanged(code=code):
                await self._offices.put(code, event.sequence, {"state": state})
            case EmployeeChanged(employee=employee):
                await self._employees.put(employee, event.sequence, {"state": state})
            case AccountChanged(account=account):
                await self._all_accounts.put(account, event.sequence, {"state": state})

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

    async def accounts(self) -> Accounts:
        """The accounts of people, at most two seconds old."""
        documents = await self._all_accounts.all()
        if documents is not self._account_documents:
            self._account_documents = documents
            self._accounts = Accounts.of(
                AccountChanged.model_validate(document["state"]) for document in documents.values()
            )
        return self._accounts

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
