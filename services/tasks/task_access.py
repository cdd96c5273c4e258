"""Who may see an ordinary task and do what with it, as pure functions; the rest is no.

* Seen by whoever has or ever had to do with it (wrote it, has it, was named), by the people of its
  agency, by heads of the agency and above, by administrators and auditors. A private one only by
  the people on it and by auditors.
* Whoever works in an agency writes down tasks there and gives them to people of it; heads also in
  agencies below.
* The creator, the assignees and heads change it; colleagues who see it may comment. Administrators
  and auditors read.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from contracts.envelope import CITY, Actor, AgencyCode, RoleName
from contracts.outcome import Refusal
from contracts.work_terms import TaskAction
from rules.agencies import AgencyTree
from services.tasks.work_items import audience
from services.tasks.work_items.decisions import wrong_state
from services.tasks.work_items.model import Task
from services.tasks.work_items.transitions import ACTIONS, Side, sides_for, states_for
from services.tasks.work_plans.model import Plan

P = TypeVar("P", bound=Plan)

_READERS: tuple[RoleName, ...] = ("admin", "auditor")


def may_see(actor: Actor, task: Task, tree: AgencyTree) -> bool:
    """Whether the caller may know of the task at all."""
    if actor.employee is not None and actor.employee in task.participants:
        return True
    if _covers(actor, ("auditor",), task.agency, tree):
        return True
    if task.private:
        return False
    return task.agency in _own_agencies(actor) or _covers(
        actor, ("head", "admin"), task.agency, tree
    )


def seen_by(actor: Actor, tree: AgencyTree) -> Mapping[str, Any]:
    """The same as :func:`may_see`, as a condition on stored tasks: one of these marks."""
    checked = _below(actor.scopes("auditor"), tree)
    if checked is None:
        return {}
    marks = {audience.checked_in(code) for code in checked}
    if actor.employee is not None:
        marks.add(audience.person(actor.employee))
    open_to = _below(actor.scopes("head", "admin"), tree)
    within = {CITY} if open_to is None else open_to | _own_agencies(actor)
    marks |= {audience.open_to(code) for code in within}
    return {"audience": {"$in": sorted(marks)}}


def see(actor: Actor, task: Task | None, tree: AgencyTree) -> Task:
    """The task, or ``not_found`` where the caller may not know of it."""
    if task is None or not may_see(actor, task, tree):
        raise Refusal("not_found")
    return task


def agency_for(actor: Actor, wanted: str | None, tree: AgencyTree) -> AgencyCode:
    """The agency in which the caller writes down a task: the own one, or one that they head."""
    if actor.employee is None:
        raise Refusal("forbidden")
    own = _own_agencies(actor)
    if wanted is None:
        if actor.agency is None and len(own) != 1:
            known = ", ".join(sorted(own)) or "an agency"
            raise Refusal.invalid("/agency", f"say which: {known}")
        return actor.agency or AgencyCode(next(iter(own)))
    if wanted not in own and not _covers(actor, ("head",), wanted, tree):
        raise Refusal("forbidden")
    return AgencyCode(wanted)


def sides(actor: Actor, task: Task, tree: AgencyTree) -> frozenset[Side]:
    """What the caller is to the task."""
    found: set[Side] = set()
    if actor.employee is not None:
        if actor.employee == task.created_by:
            found.add("creator")
        if actor.employee in task.assignees:
            found.add("assignee")
        if actor.employee in task.participants or task.agency in _own_agencies(actor):
            found.add("colleague")
    if _covers(actor, ("head",), task.agency, tree):
        found.add("head")
    return frozenset(found)


def allow(actor: Actor, task: Task, action: TaskAction, tree: AgencyTree) -> None:
    """Refuse who may never do this (403), and what is not possible now (409)."""
    mine = sides(actor, task, tree)
    states = states_for(action)
    if not any(mine.intersection(sides_for(action, state)) for state in states):
        raise Refusal("forbidden")
    if task.state not in states:
        raise wrong_state(task, action)
    if not mine.intersection(sides_for(action, task.state)):
        raise Refusal("forbidden")


def permitted(actor: Actor, task: Task, tree: AgencyTree) -> tuple[TaskAction, ...]:
    """What the caller may do with the task now, from the same table and the same rights."""
    mine = sides(actor, task, tree)
    return tuple(each for each in ACTIONS if mine.intersection(sides_for(each, task.state)))


def may_see_plan(actor: Actor, plan: Plan, tree: AgencyTree) -> bool:
    """Templates and recurrences are the agency's, unless their task is private; a filter is its
    maker's unless it is shared.
    """
    if plan.removed:
        return False
    if actor.employee is not None and actor.employee == plan.created_by:
        return True
    if not plan.is_shared:
        return False
    return plan.agency in _own_agencies(actor) or _covers(
        actor, ("head", "admin", "auditor"), plan.agency, tree
    )


def plans_seen_by(actor: Actor, tree: AgencyTree) -> Mapping[str, Any]:
    """The same as :func:`may_see_plan`, as a condition on stored plans."""
    ways: list[Mapping[str, Any]] = []
    if actor.employee is not None:
        ways.append({"created_by": actor.employee})
    within = _below(actor.scopes("head", "admin", "auditor"), tree)
    if within is None:
        ways.append({"is_shared": True})
    elif wider := within | _own_agencies(actor):
        ways.append({"is_shared": True, "agency": {"$in": sorted(wider)}})
    return {"$or": ways} if ways else {"_id": None}


def see_plan(actor: Actor, plan: P | None, tree: AgencyTree) -> P:
    """The plan, or ``not_found`` where the caller may not know of it."""
    if plan is None or not may_see_plan(actor, plan, tree):
        raise Refusal("not_found")
    return plan


def may_change_plan(actor: Actor, plan: Plan, tree: AgencyTree) -> bool:
    """Its maker, and for what is shared heads of the agency and above."""
    if actor.employee is not None and actor.employee == plan.created_by:
        return True
    return plan.is_shared and _covers(actor, ("head",), plan.agency, tree)


def _own_agencies(actor: Actor) -> frozenset[str]:
    """Where the caller works: the main post's agency, and those of other posts."""
    main = {actor.agency} if actor.agency is not None else set()
    return frozenset({*main, *actor.scopes("employee")} - {CITY})


def _covers(actor: Actor, roles: tuple[RoleName, ...], agency: str, tree: AgencyTree) -> bool:
    return any(tree.covers(scope, agency) for scope in actor.scopes(*roles))


def _below(scopes: tuple[str, ...], tree: AgencyTree) -> frozenset[str] | None:
    """The agencies these scopes cover; None is every one."""
    if CITY in scopes:
        return None
    return frozenset(code for scope in scopes for code in tree.below(scope))
