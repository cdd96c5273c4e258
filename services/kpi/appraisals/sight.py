"""Who looks at whose plan or review: the person, the caller, and what the caller is to them."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from contracts.appraisal_terms import Party
from contracts.envelope import Actor, AgencyCode, Command, EmployeeId, Query
from contracts.outcome import Refusal
from contracts.people import PersonView
from rules.agencies import AgencyTree
from rules.assignments import agencies_on
from services.kpi import access
from services.kpi.appraisals.model import Plan
from services.kpi.appraisals.reviews import STEPS, Action, Review
from services.kpi.context import Kpi
from services.kpi.ledger.model import CITY_ZONE
from services.kpi.own_copies.store import Person


@dataclass(frozen=True, slots=True)
class Sight:
    """What one caller is to one person on a day."""

    actor: Actor
    person: Person
    tree: AgencyTree
    on: date
    names: dict[str, Person]

    @property
    def party(self) -> Party | None:
        """Which side of a plan the caller is."""
        if self.actor.employee == self.person.id:
            return "employee"
        evaluates = access.evaluates(self.actor, self.person, self.tree, self.on)
        return "evaluator" if evaluates else None

    @property
    def agency(self) -> AgencyCode:
        """Where the person works; refused where it is nowhere."""
        agencies = agencies_on(self.person.assignments, self.on)
        if not agencies:
            raise Refusal("unknown_employee", employee=self.person.id, on=self.on.isoformat())
        return agencies[0]

    def named(self, id_: str | None) -> PersonView | None:
        """A person as answers name one; None for an account without a person."""
        known = self.names.get(id_ or "")
        return known.shown(self.on) if known else None

    def plan_actions(self, plan: Plan) -> tuple[str, ...]:
        """What the caller may do with a plan now."""
        if self.party is None:
            return ()
        agrees = ("agree",) if plan.waits_for == self.party else ()
        return ("propose", *agrees, "note")

    def review_actions(self, review: Review) -> tuple[Action, ...]:
        """What the caller may do with a review now."""
        return tuple(
            action for action in _ACTIONS if self.may(action, review) and review.may(action)
        )

    def may(self, action: Action, review: Review | None) -> bool:
        """Whether the action is the caller's at all, whatever the state."""
        if action == "object":
            return self.party == "employee"
        if action == "propose":
            return self.party == "evaluator"
        agency = review.agency if review else self.agency
        evaluator = review.evaluator if review else None
        return access.confirms(self.actor, self.person, agency, self.tree, evaluator=evaluator)


_ACTIONS: tuple[Action, ...] = tuple(dict.fromkeys(action for _, action in STEPS))


async def sight_of(
    message: Command[Any] | Query[Any], kpi: Kpi, *, involved: Iterable[EmployeeId | None] = ()
) -> Sight:
    """The caller and the person of a message; whom one may not see is not found."""
    on = message.received_at.astimezone(CITY_ZONE).date()
    tree = await kpi.copies.tree()
    person = await kpi.copies.person(message.body.employee)
    seen = access.may_see_scores_of(message.actor, person, tree, on)
    names = await people(kpi, {*involved, seen.id, message.actor.employee})
    return Sight(message.actor, seen, tree, on, names)


async def people(kpi: Kpi, ids: Iterable[EmployeeId | str | None]) -> dict[str, Person]:
    """Those of these people that are known, by id."""
    found = await asyncio.gather(*(kpi.copies.person(id_) for id_ in set(ids) if id_))
    return {one.id: one for one in found if one is not None}
