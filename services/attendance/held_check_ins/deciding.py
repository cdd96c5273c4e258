"""A check-in that waits is decided: it counts or not, and the day is judged anew in one write."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from contracts.envelope import Command, Verdict
from contracts.outcome import Decision, Refusal
from contracts.people import PersonView
from kit.storage.aggregates import Stored
from services.attendance import access
from services.attendance.context import Attendance
from services.attendance.days.model import Day
from services.attendance.days.punches import Decided
from services.attendance.held_check_ins.store import Held


@dataclass(frozen=True, slots=True)
class Said:
    """What is decided about which check-in, why, and which version of the day was seen."""

    check_in: str
    decision: Literal["confirm", "decline"]
    note: str | None = None
    if_match: int | None = None


Answers = Callable[[Stored[Day], Held, PersonView], BaseModel | None]


async def decide(
    command: Command[Any], attendance: Attendance, said: Said, answer: Answers
) -> Verdict:
    """Carry out a decision of whoever decides about the person; declining needs a reason."""
    actor = command.actor
    held = await attendance.held_check_ins.get(said.check_in)
    person = None if held is None else await attendance.copies.people.get(held.employee)
    if held is None or person is None:
        raise Refusal("not_found")
    access.may_decide_about(actor, person, await attendance.copies.tree(), held.date)
    if said.decision == "decline" and said.note is None:
        raise Refusal("reason_required")
    stored = await attendance.days.get(held.employee, held.date)
    if stored is None:
        raise Refusal("not_found")
    rules = await attendance.patterns.rules_on(person, held.date, agency=stored.state.agency)
    decided = Decided(actor.account, actor.on_behalf_of, command.received_at, said.note)
    shown = person.shown(held.date)

    def change(day: Day | None) -> Decision[Day]:
        if day is None:
            raise Refusal("not_found")
        counts = said.decision == "confirm"
        return day.decide(held.check_in, "counts" if counts else "declined", decided, rules)

    def told(after: Stored[Day]) -> BaseModel:
        view = answer(after, held, shown)
        if view is None:
            raise LookupError(f"{held.check_in} is not in its day")
        return view

    return await attendance.days.change(
        held.day, change, command, answer=told, if_match=said.if_match
    )
