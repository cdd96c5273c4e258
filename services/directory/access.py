"""Who may see and do what in the directory, as pure functions; what is not allowed is refused.

* The city's administrator writes the directory. Nobody writes their own rights.
* An administrator and an auditor see every record; a head the records below the headed agencies; a
  supervisor those of the supervised; everybody their own.
* Whoever works for the city sees any colleague as ``{id, name, position, agency}``; outside
  governments and the operations team see no person at all.
* A head may close and reopen the accounts of the people below that hold no more than ``employee``.
"""

from collections.abc import Iterable
from datetime import date
from typing import Literal

from contracts.directory import Assignment
from contracts.envelope import Actor, EmployeeId, Grant
from contracts.outcome import Refusal
from rules.agencies import AgencyTree
from rules.assignments import agencies_on, supervisors_on

Sight = Literal["record", "brief", "nothing"]
AccountAction = Literal["active", "grants"]

_AGENCY_ROLES = ("head", "responder", "employee")


def require(allowed: bool) -> None:
    """Refuse what is not allowed."""
    if not allowed:
        raise Refusal("forbidden")


def administers_city(actor: Actor) -> bool:
    """Whether the actor may write agencies, offices, people and imports."""
    return actor.has("admin")


def sees_boundaries(actor: Actor) -> bool:
    """Whether the actor may know where exactly an office is; other governments may not."""
    return actor.has("admin", "auditor", "operator", "loader", "head", "employee")


def sees_people(actor: Actor) -> bool:
    """Whether the actor may look people up at all."""
    return actor.has("admin", "auditor", "loader", "head", "employee")


def sight(
    actor: Actor,
    person: EmployeeId,
    assignments: Iterable[Assignment],
    tree: AgencyTree,
    on: date,
) -> Sight:
    """How much of a person the actor sees on a day."""
    posts = tuple(assignments)
    if actor.has("admin", "auditor") or actor.employee == person:
        return "record"
    if actor.employee is not None and actor.employee in supervisors_on(posts, on):
        return "record"
    if heads(actor, agencies_on(posts, on), tree):
        return "record"
    return "brief" if sees_people(actor) else "nothing"


def heads(actor: Actor, agencies: Iterable[str], tree: AgencyTree) -> bool:
    """Whether the actor heads one of these agencies or one above."""
    scopes = actor.scopes("head")
    return any(tree.covers(scope, agency) for scope in scopes for agency in agencies)


def person_actions(actor: Actor) -> tuple[str, ...]:
    """What the actor may do with a person's record."""
    return ("change", "assign") if administers_city(actor) else ()


def lists_accounts(actor: Actor) -> bool:
    """Whether the actor may look accounts up."""
    return actor.has("admin", "auditor", "head")


def sees_account(actor: Actor, agencies: Iterable[str], tree: AgencyTree) -> bool:
    """Whether the actor may see an account whose person works in these agencies."""
    return actor.has("admin", "auditor") or heads(actor, agencies, tree)


def account_actions(
    actor: Actor,
    username: str,
    grants: Iterable[Grant],
    agencies: Iterable[str],
    tree: AgencyTree,
) -> tuple[AccountAction, ...]:
    """What the actor may change of an account; never anything of the own one."""
    if actor.account == username:
        return ()
    if administers_city(actor):
        return ("active", "grants")
    plain = all(grant.role == "employee" for grant in grants)
    return ("active",) if plain and heads(actor, agencies, tree) else ()


def scope_problem(grant: Grant, missing: set[str]) -> str | None:
    """Why a grant makes no sense, in a sentence; ``missing`` are scopes that name nothing.

    A kiosk's scope is an office, a head's and an employee's an agency.
    """
    if grant.role == "kiosk":
        if grant.scope == "*":
            return "kiosk needs the code of an office as its scope"
        return f"there is no office {grant.scope}" if grant.scope in missing else None
    if grant.role in _AGENCY_ROLES and grant.scope == "*":
        return f"{grant.role} needs the code of an agency as its scope"
    if grant.role not in _AGENCY_ROLES and grant.scope != "*":
        return f"{grant.role} holds for the whole city: its scope is *"
    if grant.scope in missing:
        return f"there is no agency {grant.scope}"
    return None


def sets_passwords(actor: Actor) -> bool:
    """Whether the actor may give accounts their first password."""
    return administers_city(actor)


def may_delegate(actor: Actor) -> bool:
    """Whether the actor has something to hand to a deputy: a person with a post does."""
    return actor.employee is not None and actor.has("head", "employee", "admin")


def sees_every_delegation(actor: Actor) -> bool:
    """Whether the actor may read all delegations."""
    return actor.has("admin", "auditor")
