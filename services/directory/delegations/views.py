"""How delegations are shown."""

from collections.abc import Iterable, Mapping
from datetime import date

from contracts.envelope import EmployeeId
from contracts.identity import DelegationView
from contracts.people import PersonView
from kit.storage.aggregates import Stored
from services.directory.delegations.model import Delegation
from services.directory.employees.model import Employee
from services.directory.lists import CITY_ZONE


def views(
    found: Iterable[Stored[Delegation]],
    people: Mapping[str, Employee],
    beholder: EmployeeId | None,
    on: date,
) -> tuple[DelegationView, ...]:
    """The delegations with both people named."""
    return tuple(view(each, people, beholder, on) for each in found)


def view(
    stored: Stored[Delegation],
    people: Mapping[str, Employee],
    beholder: EmployeeId | None,
    on: date,
) -> DelegationView:
    """One delegation; its delegator may revoke it."""
    state = stored.state
    revocable = state.revoked_at is None and beholder == state.delegator
    return DelegationView(
        id=state.id,
        delegator=_person(state.delegator, people, on),
        to=_person(state.to, people, on),
        rights=state.rights,
        from_=state.begins,
        until=state.until,
        decree=state.decree,
        revoked_at=state.revoked_at.astimezone(CITY_ZONE) if state.revoked_at else None,
        actions=("revoke",) if revocable else (),
        version=stored.version,
    )


def _person(id_: EmployeeId, people: Mapping[str, Employee], on: date) -> PersonView:
    known = people.get(id_)
    return known.seen_briefly(on) if known else PersonView(id=id_, name="–")
