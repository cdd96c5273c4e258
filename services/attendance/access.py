"""Who may do what in attendance: deny by default, one place, pure functions.

Unknown and invisible look the same (``not_found``); visible but not allowed is ``forbidden``.
"""

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


def leads(actor: Actor, agency: str, tree: AgencyTree) -> bool:
    """Whether the actor heads this agency or one above it."""
    return any(tree.covers(scope, agency) for scope in actor.scopes("head"))


def may_check_in(actor: Actor) -> str:
    """The employee the actor may record a moment for: only themselves."""
    if actor.employee is None:
        raise Refusal("forbidden")
    return actor.employee


def may_import_punches(actor: Actor) -> None:
    """Only accounts with the right ``import:punches`` send moments for others."""
    if not actor.has("loader"):
        raise Refusal("forbidden")


def may_manage_devices(actor: Actor) -> None:
    """The personnel administrator registers machines and says whose a PIN is."""
    if not actor.has("admin"):
        raise Refusal("forbidden")


def may_read_devices(actor: Actor) -> None:
    """Administrators, operators and auditors see the machines; loaders read their files."""
    if not actor.has("admin", "operator", "auditor", "loader"):
        raise Refusal("forbidden")


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
