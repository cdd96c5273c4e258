"""What somebody sees of somebody else, and who leads whom."""

from datetime import date
from enum import IntEnum

from contracts.envelope import CITY, Actor
from contracts.outcome import Refusal
from rules.agencies import AgencyTree
from rules.assignments import agencies_on, supervisors_on
from services.attendance.own_copies.store import Person


class Sight(IntEnum):
    """How much of a person's attendance an actor sees."""

    NOTHING = 0
    OFFICE = 1
    EVERYTHING = 2


def sight_of(actor: Actor, person: Person, tree: AgencyTree, on: date) -> Sight:
    """What the actor sees of this person on that day.

    Own: everything. Supervisor, head of the agency or one above, administrator, auditor:
    everything. Any other employee of the city: the office, today (api.md, presence).
    """
    if actor.employee == person.id or actor.has("admin", "auditor"):
        return Sight.EVERYTHING
    if actor.employee is not None and actor.employee in supervisors_on(person.assignments, on):
        return Sight.EVERYTHING
    agencies = agencies_on(person.assignments, on)
    if any(leads(actor, agency, tree) for agency in agencies):
        return Sight.EVERYTHING
    return Sight.OFFICE if actor.employee is not None else Sight.NOTHING


def sees_everything(actor: Actor, person: Person, tree: AgencyTree, on: date) -> bool:
    """Whether :func:`sight_of` is everything; cheap for a colleague who looks at many people."""
    if actor.has("admin", "auditor"):
        return True
    supervises = any(one.supervisor == actor.employee for one in person.assignments)
    if actor.employee == person.id or supervises or actor.scopes("head"):
        return sight_of(actor, person, tree, on) == Sight.EVERYTHING
    return False


def leads(actor: Actor, agency: str, tree: AgencyTree) -> bool:
    """Whether the actor heads this agency or one above it."""
    return any(tree.covers(scope, agency) for scope in actor.scopes("head"))


def selves_of(actor: Actor) -> frozenset[str]:
    """The person who asks, and the one they act for."""
    return frozenset(who for who in (actor.employee, actor.on_behalf_of) if who is not None)


def is_inside(actor: Actor) -> bool:
    """Whether the actor belongs to the city or oversees it."""
    return actor.employee is not None or actor.has("admin", "auditor", "operator")


def may_see_presence(actor: Actor) -> None:
    """Presence is for the city's own people and its overseers, not for other governments."""
    if actor.employee is None and not actor.has("admin", "auditor", "operator"):
        raise Refusal("forbidden")


def sees_names_of_agency(actor: Actor, agency: str, tree: AgencyTree) -> bool:
    """Whether a list of present people may name those of this agency."""
    return (
        actor.has("admin", "auditor")
        or actor.agency == agency
        or leads(actor, agency, tree)
        or CITY in actor.scopes("head")
    )


def may_see_days_of(actor: Actor, person: Person | None, tree: AgencyTree, on: date) -> Person:
    """The person whose days the actor may see; anybody else's look unknown."""
    if person is None or sight_of(actor, person, tree, on) < Sight.EVERYTHING:
        raise Refusal("not_found")
    return person


def may_list_days(
    actor: Actor, agency: str | None, supervisor: str | None, tree: AgencyTree
) -> None:
    """Lists are for those who lead the agency, for a supervisor's own people, and for overseers."""
    if actor.has("admin", "auditor"):
        return
    if supervisor is not None and supervisor == actor.employee:
        return
    if agency is not None and leads(actor, agency, tree):
        return
    raise Refusal("forbidden")
