"""An account: who signs in with it, and what that gives the right to do."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from contracts.directory import AccountChanged, Assignment
from contracts.envelope import AgencyCode, EmployeeId, Grant
from contracts.identity import AccountChanges
from contracts.outcome import Decision, Refusal

_ORDER = (
    "admin",
    "auditor",
    "operator",
    "subscriber",
    "loader",
    "head",
    "responder",
    "employee",
    "kiosk",
)


@dataclass(frozen=True, slots=True)
class Account:
    """An account; ``changed_at`` is when its rights last changed or it was last closed."""

    username: str
    employee: EmployeeId | None
    grants: tuple[Grant, ...]
    changed_at: datetime
    active: bool = True
    closed_at: datetime | None = None

    def changed(self) -> AccountChanged:
        """The event that states the account."""
        return AccountChanged(
            account=self.username,
            employee=self.employee,
            active=self.active,
            grants=self.grants,
        )

    def agency_among(self, posts: Iterable[Assignment]) -> AgencyCode | None:
        """The agency the account acts for: that of its rights where the person has a post there.

        A person who heads two agencies has an account for each; without such a right it is the
        first of the posts, which is the main one.
        """
        agencies = [AgencyCode(post.agency) for post in posts]
        scoped = [
            grant.scope
            for grant in self.grants
            if grant.role != "kiosk" and grant.scope in agencies
        ]
        if scoped:
            return AgencyCode(scoped[0])
        return agencies[0] if agencies else None


def tidy(grants: Iterable[Grant]) -> tuple[Grant, ...]:
    """Each right once, in one order."""
    unique = {(grant.role, grant.scope): grant for grant in grants}
    return tuple(sorted(unique.values(), key=lambda each: (_ORDER.index(each.role), each.scope)))


def create(
    account: Account | None,
    username: str,
    *,
    employee: EmployeeId | None,
    grants: Iterable[Grant],
    at: datetime,
) -> Decision[Account]:
    """Make an account whose name is free."""
    if account is not None:
        raise Refusal.invalid("/username", f"{username} is taken")
    made = Account(username, employee, tidy(grants), at)
    return Decision(made, (made.changed(),))


def provide(
    account: Account | None,
    username: str,
    *,
    employee: EmployeeId | None,
    grants: Iterable[Grant],
    at: datetime,
) -> Decision[Account]:
    """Make the account or set its person and rights, as an import does; open or closed stays."""
    if account is None:
        return create(None, username, employee=employee, grants=grants, at=at)
    wanted = replace(account, employee=employee, grants=tidy(grants))
    if wanted == account:
        return Decision(account)
    wanted = replace(wanted, changed_at=at)
    return Decision(wanted, (wanted.changed(),))


def change(account: Account | None, changes: AccountChanges, *, at: datetime) -> Decision[Account]:
    """Close, reopen, or set the rights; what is absent stays."""
    if account is None:
        raise Refusal("not_found")
    active = account.active if changes.active is None else changes.active
    grants = account.grants if changes.grants is None else tidy(changes.grants)
    if (active, grants) == (account.active, account.grants):
        return Decision(account)
    closes = account.active and not active
    wanted = replace(
        account,
        active=active,
        grants=grants,
        changed_at=at,
        closed_at=at if closes else account.closed_at,
    )
    return Decision(wanted, (wanted.changed(),))
