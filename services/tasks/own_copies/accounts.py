"""What this service knows of accounts: who holds which rights, and through which account."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from contracts.directory import AccountChanged
from contracts.envelope import Actor, EmployeeId


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts of people, by the person; closed ones are left out."""

    by_person: Mapping[str, tuple[AccountChanged, ...]]
    heads_of: Mapping[str, tuple[str, ...]]
    responders_of: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, accounts: Iterable[AccountChanged]) -> "Accounts":
        """The accounts that people can use now."""
        by_person: defaultdict[str, list[AccountChanged]] = defaultdict(list)
        by_role: dict[str, defaultdict[str, set[str]]] = {
            "head": defaultdict(set),
            "responder": defaultdict(set),
        }
        for account in accounts:
            if account.employee is None or not account.active:
                continue
            by_person[account.employee].append(account)
            for grant in account.grants:
                if grant.role in by_role:
                    by_role[grant.role][grant.scope].add(account.employee)
        return cls(
            {person: tuple(each) for person, each in by_person.items()},
            _sorted(by_role["head"]),
            _sorted(by_role["responder"]),
        )

    def belongs_to(self, account: str, person: str) -> bool:
        """Whether this account is one of the person's."""
        return any(each.account == account for each in self.by_person.get(person, ()))

    def as_actor(self, person: str) -> Actor:
        """The person with the rights of all their accounts, as one who asks."""
        accounts = self.by_person.get(person, ())
        grants = tuple(dict.fromkeys(grant for each in accounts for grant in each.grants))
        name = accounts[0].account if accounts else ""
        return Actor(account=name, employee=EmployeeId(person), grants=grants)


def _sorted(found: Mapping[str, set[str]]) -> dict[str, tuple[str, ...]]:
    return {scope: tuple(sorted(people)) for scope, people in found.items()}
