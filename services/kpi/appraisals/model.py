"""A plan that two sides agree on, and what is noted while it is carried out. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from contracts.appraisal_terms import CoreValue, Party, PlanItem, PlanState
from contracts.appraisals import FeedbackGiven, PlanChanged
from contracts.envelope import AgencyCode, EmployeeId
from contracts.outcome import Decision, Refusal

MOST_NOTES = 200


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened."""

    at: datetime
    by: EmployeeId | None
    action: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Something noticed on the way."""

    at: datetime
    by: EmployeeId | None
    text: str
    item: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The expected results of a person in a year; who proposed it waits for the other side."""

    employee: EmployeeId
    agency: AgencyCode
    year: int
    state: PlanState
    proposed_by: Party
    items: tuple[PlanItem, ...]
    history: tuple[Step, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def waits_for(self) -> Party | None:
        """Whose agreement is missing."""
        if self.state == "agreed":
            return None
        return "evaluator" if self.proposed_by == "employee" else "employee"

    def changed(self) -> PlanChanged:
        """The event that states it."""
        return PlanChanged(
            employee=self.employee,
            agency=self.agency,
            year=self.year,
            state=self.state,
            waits_for=self.waits_for,
        )


@dataclass(frozen=True, slots=True)
class Feedback:
    """What somebody who worked with a person, or was helped, has said."""

    employee: EmployeeId
    agency: AgencyCode
    year: int
    by: EmployeeId
    at: datetime
    kind: Literal["praise", "advice"]
    text: str
    value: CoreValue | None
    helped: bool

    def given(self) -> FeedbackGiven:
        """The event that tells of it, without the words."""
        return FeedbackGiven(
            employee=self.employee, agency=self.agency, year=self.year, kind=self.kind
        )


def plan_id(employee: str, year: int) -> str:
    """The id of a person's plan of a year."""
    return f"{employee}:{year}"


def propose(
    plan: Plan | None, fresh: Plan, *, at: datetime, by: EmployeeId | None, note: str | None
) -> Decision[Plan]:
    """Put a new text before the other side; notes and history stay."""
    step = Step(at, by, "propose", note)
    if plan is not None:
        fresh = replace(fresh, notes=plan.notes, history=plan.history)
    proposed = replace(fresh, history=(*fresh.history, step))
    return Decision(proposed, (proposed.changed(),))


def agree(
    plan: Plan | None, party: Party, *, at: datetime, by: EmployeeId | None, note: str | None
) -> Decision[Plan]:
    """The other side agrees."""
    plan = known(plan)
    if plan.waits_for != party:
        raise Refusal(
            "wrong_state", state=plan.state, action="agree", allowed=f"proposed to the {party}"
        )
    agreed = replace(plan, state="agreed", history=(*plan.history, Step(at, by, "agree", note)))
    return Decision(agreed, (agreed.changed(),))


def noted(plan: Plan | None, note: Note) -> Decision[Plan]:
    """Keep a note; only about items the plan has."""
    plan = known(plan)
    if note.item is not None and note.item not in {item.id for item in plan.items}:
        raise Refusal.invalid("/item", f"one of {', '.join(item.id for item in plan.items)}")
    if len(plan.notes) >= MOST_NOTES:
        raise Refusal.invalid("/text", f"a plan takes at most {MOST_NOTES} notes")
    return Decision(replace(plan, notes=(*plan.notes, note)))


def known(plan: Plan | None) -> Plan:
    """The plan; without one there is nothing to act on."""
    if plan is None:
        raise Refusal("not_found")
    return plan
