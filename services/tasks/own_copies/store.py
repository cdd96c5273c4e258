"""The documents behind the own copies: one per key, replaced only by a newer event."""

from collections.abc import Iterable

from contracts.calendars import CalendarChanged
from contracts.directory import AccountChanged, AgencyChanged, EmployeeChanged, OfficeChanged
from contracts.envelope import Event
from contracts.policies import PolicyChanged
from kit.storage.migrations import Index
from kit.storage.projections import Cached, Projections
from kit.storage.store import Store
from services.tasks.own_copies.accounts import Accounts
from services.tasks.own_copies.hours import calendar_of
from services.tasks.own_copies.model import City, People


class Directory:
    """This service's copy of the directory, and of the hours that attendance rules by."""

    def __init__(self, store: Store) -> None:
        self._employees = Projections(
            store, "employees", indexes=[Index([("state.assignments.agency", 1)])]
        )
        self._agencies = Projections(store, "agencies")
        self._offices = Projections(store, "offices")
        self._all_agencies = Cached(store, self._agencies)
        self._all_accounts = Cached(store, Projections(store, "accounts"))
        self._account_documents: object = None
        self._accounts = Accounts.of(())
        self._policies = Cached(store, Projections(store, "policies"))
        self._calendars = Cached(store, Projections(store, "calendars"))
        self._seen: tuple[object, ...] = ()
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

    async def keep_hours(self, event: Event[PolicyChanged | CalendarChanged]) -> None:
        """Keep a version of a policy, or the newest state of a calendar."""
        state = event.data.model_dump(mode="json", by_alias=True)
        match event.data:
            case PolicyChanged(policy=policy):
                await self._policies.put(policy, event.sequence, {"state": state})
            case CalendarChanged(code=code):
                await self._calendars.put(code, event.sequence, {"state": state})

    async def city(self) -> City:
        """The agencies and their hours, at most two seconds old."""
        agencies = await self._all_agencies.all()
        policies, calendars = await self._policies.all(), await self._calendars.all()
        seen = (agencies, policies, calendars)
        if len(self._seen) < len(seen) or any(
            one is not other for one, other in zip(seen, self._seen, strict=True)
        ):
            self._seen = seen
            self._city = City.of(
                {
                    code: AgencyChanged.model_validate(one["state"])
                    for code, one in agencies.items()
                },
                [PolicyChanged.model_validate(one["state"]) for one in policies.values()],
                {
                    code: calendar_of(CalendarChanged.model_validate(one["state"]), one["order"])
                    for code, one in calendars.items()
                },
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

    async def people_of(
        self, agencies: Iterable[str], *, limit: int, cursor: str | None
    ) -> tuple[list[EmployeeChanged], str | None]:
        """One page of the people who have or had a post in these agencies, and the next cursor."""
        posts = {"state.assignments.agency": {"$in": sorted(agencies)}}
        query = {**posts, "_id": {"$gt": cursor}} if cursor else posts
        found = await self._employees.find(query, sort=[("_id", 1)], limit=limit + 1)
        shown = [EmployeeChanged.model_validate(each["state"]) for each in found[:limit]]
        return shown, found[limit - 1]["_id"] if len(found) > limit else None

    async def how_many_of(self, agencies: Iterable[str]) -> int:
        """How many active people have or had a post in these agencies."""
        posts = {"state.assignments.agency": {"$in": sorted(agencies)}, "state.active": True}
        return await self._employees.count(posts)
