"""What the handlers of the directory work with."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from contracts.envelope import Actor, EmployeeId
from contracts.identity import DelegationView
from kit.storage.store import Store
from services.directory.accounts.hashing import Hashing
from services.directory.accounts.store import Accounts, Passwords
from services.directory.agencies.store import Agencies
from services.directory.delegations.store import Delegations
from services.directory.delegations.views import views
from services.directory.employees.model import Employee
from services.directory.employees.store import Employees
from services.directory.employees.views import Beholder, supervisors_of
from services.directory.imports.store import Imports
from services.directory.offices.store import Offices
from services.directory.sessions.guard import Attempts, Guard
from services.directory.sessions.store import Sessions
from services.directory.tickets.store import Tickets


@dataclass(frozen=True, slots=True)
class Directory:
    """The stores of the service, and the questions that need several of them."""

    agencies: Agencies
    offices: Offices
    employees: Employees
    accounts: Accounts
    passwords: Passwords
    hashing: Hashing
    guard: Guard
    sessions: Sessions
    delegations: Delegations
    imports: Imports
    tickets: Tickets

    @classmethod
    def over(cls, store: Store) -> "Directory":
        """Everything over one database."""
        passwords, hashing = Passwords(store), Hashing()
        return cls(
            agencies=Agencies(store),
            offices=Offices(store),
            employees=Employees(store),
            accounts=Accounts(store),
            passwords=passwords,
            hashing=hashing,
            guard=Guard(Attempts(store), passwords, hashing),
            sessions=Sessions(store),
            delegations=Delegations(store),
            imports=Imports(store),
            tickets=Tickets(store),
        )

    async def codes(self, agencies: Iterable[str], *, exact: bool) -> list[str]:
        """These agencies, and those below them unless ``exact``."""
        if exact:
            return sorted(set(agencies))
        tree = await self.agencies.tree()
        return sorted({code for agency in agencies for code in tree.below(agency)})

    async def people(self, ids: Iterable[str]) -> dict[str, Employee]:
        """Those of these people who exist."""
        found = await self.employees.get_many(set(ids))
        return {id_: stored.state for id_, stored in found.items()}

    async def beholder(
        self,
        actor: Actor,
        on: date,
        shown: Iterable[Employee],
        *,
        also: Iterable[EmployeeId] = (),
    ) -> Beholder:
        """The caller about to look at these people; ``also`` may turn up as supervisors."""
        named = supervisors_of(shown) | set(also)
        return Beholder(actor, on, await self.agencies.tree(), await self.people(named))

    async def delegations_to(self, person: EmployeeId, on: date) -> tuple[DelegationView, ...]:
        """The delegations by which a person may act for others on a day."""
        found = await self.delegations.to_person(person, on)
        named = {each for one in found for each in (one.state.delegator, one.state.to)}
        return views(found, await self.people(named), person, on)
