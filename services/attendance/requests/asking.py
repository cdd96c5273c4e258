"""Asking: for whom, in which agency, and whether the time is free."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from contracts.envelope import AgencyCode, Command
from contracts.outcome import Refusal
from kit.storage.aggregates import AnyCause, Cause
from rules.agencies import AgencyTree
from rules.assignments import agencies_on, main_on
from services.attendance import access
from services.attendance.bookings.model import Booking
from services.attendance.context import Attendance
from services.attendance.own_copies.store import Person
from services.attendance.requests.model import DayRequest
from services.attendance.requests.onlooker import Onlooker, onlooker_of


@dataclass(frozen=True, slots=True)
class Asker:
    """The person a request is for, the zone they give times in, and who asks."""

    person: Person
    time_zone: str
    onlooker: Onlooker

    @property
    def tree(self) -> AgencyTree:
        """How the agencies stand."""
        return self.onlooker.tree

    def agencies_on(self, about: date) -> tuple[AgencyCode, ...]:
        """The agencies of the person on the first day the request is about, the main one first."""
        agencies = agencies_on(self.person.assignments, about)
        if not agencies:
            raise Refusal("unknown_employee", employee=self.person.id, on=about.isoformat())
        return agencies

    def decides_on(self, about: date) -> bool:
        """Whether who asks could decide about it too."""
        on = self.onlooker.day_of_rights(self.person, about)
        return access.decides_about(self.onlooker.actor, self.person, self.tree, on)


async def asker_of(command: Command[Any], attendance: Attendance, employee_id: str | None) -> Asker:
    """Whom a request is for: the caller, or somebody the caller may ask for."""
    access.may_ask(command.actor)
    onlooker = await onlooker_of(command, attendance, [employee_id] if employee_id else ())
    id_ = employee_id or command.actor.employee
    if id_ is None:
        raise Refusal.invalid("/employee_id", "say whose: this account belongs to nobody")
    person = await attendance.copies.people.get(id_)
    today = onlooker.today
    if person is None or not person.active:
        own = id_ == command.actor.employee
        raise Refusal("unknown_employee", retryable=own, employee=id_, on=today.isoformat())
    access.may_ask_for(command.actor, person, onlooker.tree, today)
    main = main_on(person.assignments, today)
    local = await attendance.copies.zone_of(main.agency if main else "")
    return Asker(person, local, onlooker)


async def book(
    attendance: Attendance,
    request: DayRequest,
    booking: Booking,
    command: AnyCause,
    *,
    most_a_week: int | None = None,
    zone_name: str,
) -> None:
    """Take the person's time; what an ended request still holds is given back first."""
    cause = Cause.of(command)
    try:
        await attendance.bookings.book(
            request.employee, booking, cause, most_a_week=most_a_week, zone_name=zone_name
        )
    except Refusal as refusal:
        other = refusal.problem.facts.get("with_")
        if other is None or await is_live(attendance, other):
            raise
        await attendance.bookings.free(request.employee, other, cause)
        await attendance.bookings.book(
            request.employee, booking, cause, most_a_week=most_a_week, zone_name=zone_name
        )


async def is_live(attendance: Attendance, id_: str) -> bool:
    """Whether a request still needs its time; one that is not stored yet is about to be."""
    stored = await attendance.absences.get(id_) or await attendance.work_elsewhere.get(id_)
    return stored is None or stored.state.is_live
