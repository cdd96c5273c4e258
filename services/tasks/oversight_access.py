"""Who may see how agencies do, and who sets what they are measured by; what is not said is no."""

from contracts.envelope import CITY, Actor, RoleName
from contracts.outcome import Refusal
from rules.agencies import AgencyTree

READERS: tuple[RoleName, ...] = ("admin", "auditor")


def sets_service_levels(actor: Actor) -> bool:
    """Whether the caller enters how long agencies may take: the personnel administrator."""
    return CITY in actor.scopes("admin")


def may_set_service_levels(actor: Actor) -> None:
    """Nobody sets the targets they are measured by: the city's administrator does."""
    if not sets_service_levels(actor):
        raise Refusal("forbidden")


def may_see_service_levels(actor: Actor) -> None:
    """Everybody of the city may know how long an agency may take; outsiders may not."""
    if actor.employee is None and not actor.has("admin", "auditor", "operator"):
        raise Refusal("forbidden")


def may_see_overall(actor: Actor, agency: str, tree: AgencyTree) -> None:
    """How an agency does as a whole: for its heads and those above, administrators, auditors."""
    if not any(tree.covers(scope, agency) for scope in actor.scopes("head", *READERS)):
        raise Refusal("forbidden")


def agencies_overseen(actor: Actor, tree: AgencyTree) -> frozenset[str] | None:
    """The agencies that somebody answers for or looks after; None is every one."""
    scopes = actor.scopes("head", *READERS)
    if not scopes:
        raise Refusal("forbidden")
    if CITY in scopes:
        return None
    return frozenset(code for scope in scopes for code in tree.below(scope))
