"""Plans as views."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from contracts.envelope import Actor
from contracts.work_plans import RecurrenceView, SavedFilterView, TemplateView
from kit.storage.aggregates import Stored
from rules.working_time import zone
from services.tasks import task_access
from services.tasks.own_copies.model import City, People
from services.tasks.work_plans.model import Plan, Recurrence, SavedFilter, Template


class Onlooker:
    """Who looks at plans, and what is known of city and people."""

    def __init__(self, actor: Actor, at: datetime, city: City, people: People) -> None:
        self.actor = actor
        self.at = at
        self.city = city
        self.people = people

    def shared(self, stored: Stored[Any]) -> Mapping[str, Any]:
        """What every plan shows."""
        plan: Plan = stored.state
        here = zone(self.city.zone_of(plan.agency))
        by = plan.created_by
        may = task_access.may_change_plan(self.actor, plan, self.city.tree)
        actions = ("edit", "remove") if may else ()
        return {
            "id": stored.id,
            "agency": plan.agency,
            "name": plan.name,
            "created_at": plan.created_at.astimezone(here),
            "created_by": self.people.view(by, self.at.astimezone(here).date()) if by else None,
            "actions": (*actions, "make") if isinstance(plan, Template) else actions,
            "version": stored.version,
        }


def template(stored: Stored[Template], onlooker: Onlooker) -> TemplateView:
    """A template as this caller sees it."""
    plan = stored.state
    return TemplateView(
        task=plan.wanted,
        due_in_working_days=plan.due_in_working_days,
        **onlooker.shared(stored),
    )


def recurrence(stored: Stored[Recurrence], onlooker: Onlooker) -> RecurrenceView:
    """A recurrence as this caller sees it."""
    plan = stored.state
    return RecurrenceView(
        task=plan.wanted,
        rule=plan.rule,
        starts_on=plan.starts_on,
        due_time=plan.due_time,
        ahead_days=plan.ahead_days,
        next_on=plan.next_on,
        made=plan.made,
        missed=plan.missed,
        **onlooker.shared(stored),
    )


def saved_filter(stored: Stored[SavedFilter], onlooker: Onlooker) -> SavedFilterView:
    """A saved filter as this caller sees it."""
    plan = stored.state
    return SavedFilterView(
        filter=plan.wanted, sort=plan.sort, shared=plan.is_shared, **onlooker.shared(stored)
    )
