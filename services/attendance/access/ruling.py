"""Who enters the rules of days, and who may know them."""

from contracts.envelope import Actor
from contracts.outcome import Refusal
from rules.agencies import AgencyTree
from services.attendance.access.sight import leads


def sets_policies(actor: Actor) -> bool:
    """Whether the actor enters policies and calendars: the personnel administrator."""
    return actor.has("admin")


def may_set_policies(actor: Actor) -> None:
    """The personnel administrator enters policies and calendars."""
    if not sets_policies(actor):
        raise Refusal("forbidden")


def may_see_policies(actor: Actor) -> None:
    """Everybody of the city may know the hours people work by; outsiders may not."""
    if actor.employee is None and not actor.has("admin", "auditor", "operator"):
        raise Refusal("forbidden")


def may_preview_policies(actor: Actor, agency: str, tree: AgencyTree) -> None:
    """A preview shows people's days: for whoever may see them all, and may want the change."""
    if not (actor.has("admin", "auditor") or leads(actor, agency, tree)):
        raise Refusal("forbidden")


def plans_shifts(actor: Actor, agency: str, tree: AgencyTree) -> bool:
    """Whether the actor enters this agency's rosters: who leads it, or the administrator."""
    return actor.has("admin") or leads(actor, agency, tree)


def may_plan_shifts(actor: Actor, agency: str, tree: AgencyTree) -> None:
    """Whoever leads the agency plans its shifts."""
    if not plans_shifts(actor, agency, tree):
        raise Refusal("forbidden")


def may_see_roster(actor: Actor, agency: str, tree: AgencyTree) -> None:
    """A roster hangs on the wall of its agency: for its people, and those who oversee it."""
    own = actor.agency is not None and tree.covers(agency, actor.agency)
    if not (own or actor.has("admin", "auditor") or leads(actor, agency, tree)):
        raise Refusal("forbidden")


def sees_groups(actor: Actor, agency: str, tree: AgencyTree) -> bool:
    """Whether the actor sees who is named in a group of this agency."""
    return actor.has("admin", "auditor") or leads(actor, agency, tree)
