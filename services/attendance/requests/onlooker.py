"""Who looks at a request or does something to it, with what is known of city and people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from contracts.envelope import Actor, Command, EmployeeId, Query
from contracts.people import PersonView
from contracts.requests import RequestAction, StepView
from kit.clock import now
from rules.agencies import AgencyTree
from rules.assignments import agencies_on, main_on
from rules.working_time import zone
from services.attendance import access
from services.attendance.context import Attendance
from services.attendance.own_copies.store import Person
from services.attendance.requests.model import DayRequest, Deed, ManyRequest, Request, Step

CITY_ZONE = "Asia/Jakarta"


@dataclass(frozen=True, slots=True)
class Onlooker:
    """The caller at a moment: which people are known, how the agencies stand."""

    actor: Actor
    at: datetime
    tree: AgencyTree
    people: dict[str, Person]

    @property
    def today(self) -> date:
        """The date in the city."""
        return self.at.astimezone(zone(CITY_ZONE)).date()

    def person(self, id_: str) -> PersonView:
        """Somebody by name, as far as they are known."""
        known = self.people.get(id_)
        return known.shown(self.today) if known else PersonView(id=EmployeeId(id_), name=id_)

    def deed(self, note: str = "") -> Deed:
        """What this caller does now."""
        return Deed(self.at, self.actor.account, self.actor.employee, self.actor.on_behalf_of, note)

    def day_of_rights(self, person: Person, about: date) -> date:
        """The day whose posts say who decides: today, or that of a person who is no more there."""
        return self.today if main_on(person.assignments, self.today) else about

    def decides(self, request: Request) -> bool:
        """Whether the caller decides about this request."""
        if isinstance(request, ManyRequest):
            return self._decides_for_many(request)
        if not isinstance(request, DayRequest):
            return False
        person = self.people.get(request.employee)
        if person is None:
            return False
        on = self.day_of_rights(person, request.about)
        return access.decides_about(self.actor, person, self.tree, on)

    def _decides_for_many(self, request: ManyRequest) -> bool:
        own = [self.people[who] for who in access.selves_of(self.actor) if who in self.people]
        return access.decides_for_many(
            self.actor,
            request.agencies,
            self.tree,
            whole_city=request.whole_city,
            among_them=any(self._is_among(person, request) for person in own),
        )

    def _is_among(self, person: Person, request: ManyRequest) -> bool:
        if request.employees:
            return person.id in request.employees
        on = self.day_of_rights(person, request.about)
        agencies = agencies_on(person.assignments, on)
        return any(self.tree.covers(code, mine) for code in request.agencies for mine in agencies)

    def sees_names_in(self, request: ManyRequest) -> bool:
        """Whether the caller may know who is named in a request about many."""
        return self.decides(request) or self.actor.has("admin", "auditor")

    def sees(self, request: Request) -> bool:
        """Whether the caller may know of this request; of one about many, whoever is inside."""
        if isinstance(request, ManyRequest):
            return access.is_inside(self.actor)
        if not isinstance(request, DayRequest):
            return False
        if self.actor.employee == request.employee:
            return True
        person = self.people.get(request.employee)
        if person is None:
            return False
        on = self.day_of_rights(person, request.about)
        return access.sees_request_of(self.actor, person, self.tree, on)

    def concerns(self, request: Request) -> bool:
        """Whether the caller has a part in this request, so that its state may be told."""
        own = isinstance(request, DayRequest) and self.actor.employee == request.employee
        return own or self.decides(request)

    def rights(self, request: Request) -> frozenset[RequestAction]:
        """What the caller may ever do to this request, whatever its state.

        A person withdraws what is not decided yet, and what was approved before it begins; later
        whoever decides takes it back.
        """
        found: set[RequestAction] = set()
        if self.decides(request):
            found |= {"approve", "reject"}
        if isinstance(request, ManyRequest):
            proposed = request.state == "pending" and self._began(request)
            return frozenset(found | ({"revoke"} if found or proposed else set()))
        if found and request.state == "approved":
            found.add("withdraw")
        own = isinstance(request, DayRequest) and self.actor.employee == request.employee
        if own and (request.state != "approved" or self.today < request.about):
            found.add("withdraw")
        return frozenset(found)

    def _began(self, request: Request) -> bool:
        return bool(request.history) and request.history[0].deed.account == self.actor.account

    def steps(self, request: Request, zone_name: str = CITY_ZONE) -> tuple[StepView, ...]:
        """The history with names."""
        return tuple(self._step(step, zone_name) for step in request.history)

    def _step(self, step: Step, zone_name: str) -> StepView:
        deed = step.deed
        return StepView(
            at=deed.at.astimezone(zone(zone_name)),
            action=step.action,
            state=step.state,
            by=self.person(deed.by) if deed.by else None,
            account=deed.account,
            on_behalf_of=self.person(deed.on_behalf_of) if deed.on_behalf_of else None,
            note=deed.note,
        )


def possible(rights: Iterable[RequestAction], request: Request) -> tuple[RequestAction, ...]:
    """Which of these rights the state allows, in the order of the table."""
    order: tuple[RequestAction, ...] = ("approve", "reject", "withdraw", "revoke")
    held = set(rights)
    return tuple(action for action in order if action in held and request.can(action))


async def onlooker_of(
    message: Command[Any] | Query[Any],
    attendance: Attendance,
    people: Iterable[str] = (),
) -> Onlooker:
    """The caller of a message, with these people and themselves by name."""
    actor = message.actor
    ids = {*people, *access.selves_of(actor)}
    at = message.received_at if isinstance(message, Command) else now()
    tree = await attendance.copies.tree()
    return Onlooker(actor, at, tree, await attendance.copies.people.get_many(sorted(ids)))
