"""Who asks for whom, and who decides about whom."""

from collections.abc import Sequence
from datetime import date

from contracts.envelope import CITY, Actor
from contracts.outcome import Refusal
from rules.agencies import AgencyTree
from rules.assignments import agencies_on, supervisors_on
from services.attendance.access.sight import Sight, leads, selves_of, sight_of
from services.attendance.own_copies.store import Person


def decides_about(actor: Actor, person: Person, tree: AgencyTree, on: date) -> bool:
    """Whether the actor (or whom they act for) decides about this person's requests.

    A supervisor, or the head of an agency the person works for or of one above it. Nobody decides
    about themselves: a head's request goes to the head of the parent agency. Where no agency is
    above, the city's personnel administrator decides.
    """
    selves = selves_of(actor)
    if person.id in selves:
        return False
    if selves & supervisors_on(person.assignments, on):
        return True
    agencies = agencies_on(person.assignments, on)
    if any(leads(actor, agency, tree) for agency in agencies):
        return True
    at_the_top = any(tree.parent(agency) is None for agency in agencies[:1])
    return at_the_top and actor.has("admin")


def may_decide_about(actor: Actor, person: Person, tree: AgencyTree, on: date) -> None:
    """Refuse whoever does not decide; those who may not even see the person learn nothing."""
    if decides_about(actor, person, tree, on):
        return
    seen = sight_of(actor, person, tree, on) == Sight.EVERYTHING
    raise Refusal("forbidden" if seen else "not_found")


def decides_reviews_of(actor: Actor, person: Person, tree: AgencyTree, on: date) -> bool:
    """Whether the actor says what a finding means: who decides about the person, or the personnel
    administrator; never about themselves.
    """
    own = person.id in {actor.employee, actor.on_behalf_of}
    return not own and (actor.has("admin") or decides_about(actor, person, tree, on))


def may_decide_reviews_of(actor: Actor, person: Person, tree: AgencyTree, on: date) -> None:
    """Refuse whoever does not decide; those who may not even see the person learn nothing."""
    if not decides_reviews_of(actor, person, tree, on):
        seen = sight_of(actor, person, tree, on) == Sight.EVERYTHING
        raise Refusal("forbidden" if seen else "not_found")


def may_ask(actor: Actor) -> None:
    """Requests are made by the city's own people and by its administrator."""
    if actor.employee is None and not actor.has("admin"):
        raise Refusal("forbidden")


def may_ask_for(actor: Actor, person: Person, tree: AgencyTree, on: date) -> None:
    """A request is made by the person, by who decides about them, or by the administrator."""
    if actor.employee == person.id or actor.has("admin"):
        return
    if not decides_about(actor, person, tree, on):
        raise Refusal("forbidden")


def sees_request_of(actor: Actor, person: Person, tree: AgencyTree, on: date) -> bool:
    """Whether the actor may know of a person's requests."""
    if sight_of(actor, person, tree, on) == Sight.EVERYTHING:
        return True
    return decides_about(actor, person, tree, on)


def may_propose_act(
    actor: Actor, agencies: Sequence[str], tree: AgencyTree, *, whole_city: bool
) -> None:
    """General acts are proposed by who leads all agencies concerned, or by the administrator."""
    if actor.has("admin"):
        return
    if whole_city or not agencies or not all(leads(actor, code, tree) for code in agencies):
        raise Refusal("forbidden")


def decides_for_many(
    actor: Actor,
    agencies: Sequence[str],
    tree: AgencyTree,
    *,
    whole_city: bool,
    among_them: bool,
) -> bool:
    """Whether the actor decides about an act for many people.

    The administrator, or who leads all agencies concerned; never one of those whom it concerns,
    unless it is for the whole city, of which everybody is part.
    """
    if whole_city:
        return actor.has("admin") or CITY in actor.scopes("head")
    if among_them or not agencies:
        return False
    return actor.has("admin") or all(leads(actor, code, tree) for code in agencies)
