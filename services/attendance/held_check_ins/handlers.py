"""Check-ins that wait are listed for those who decide, and decided."""

import asyncio
from collections.abc import Sequence

from contracts.check_ins import (
    CheckInHeld,
    DecideCheckIn,
    HeldCheckInView,
    HeldState,
    ListHeldCheckIns,
)
from contracts.envelope import Command, Query, Verdict
from contracts.paging import Page
from kit.messaging.handlers import Handlers
from kit.messaging.relay import Outgoing
from kit.messaging.service import parse_event
from kit.storage.connection import Document
from rules.assignments import agencies_on
from services.attendance import access
from services.attendance.concern import both, concerned
from services.attendance.context import Attendance
from services.attendance.days.views import check_in_view
from services.attendance.held_check_ins.deciding import Said, decide
from services.attendance.held_check_ins.store import Held
from services.attendance.held_check_ins.views import held_view

handlers: Handlers[Attendance] = Handlers()


async def take_held(attendance: Attendance, changes: Sequence[Outgoing]) -> None:
    """Remember where the check-ins are that wait, and which were decided."""
    for change in changes:
        event = parse_event(change.type, change.event.encode())
        data = event.data
        state: HeldState = "pending"
        if not isinstance(data, CheckInHeld):
            state = "confirmed" if data.counts else "declined"
        person = await attendance.copies.people.get(data.employee)
        agencies = agencies_on(person.assignments, data.date) if person else (data.agency,)
        await attendance.held_check_ins.take(event, state, agencies)


@handlers.handles(DecideCheckIn)
async def decide_check_in(command: Command[DecideCheckIn], attendance: Attendance) -> Verdict:
    """Let a check-in that waits count, or not; the day is judged anew in the same write."""
    body = command.body
    said = Said(body.check_in, body.decision, body.note, body.if_match)
    return await decide(
        command, attendance, said, lambda after, held, _person: check_in_view(after, held.check_in)
    )


@handlers.answers(ListHeldCheckIns)
async def list_held_check_ins(
    query: Query[ListHeldCheckIns], attendance: Attendance
) -> Page[HeldCheckInView]:
    """Those that wait for the caller, or that concern the caller otherwise."""
    body = query.body
    wanted: Document = {"employee": body.employee} if body.employee else {}
    whose = both(wanted, await concerned(query.actor, attendance))
    found, cursor = await attendance.held_check_ins.page(
        body.state, whose, limit=body.paging.limit, cursor=body.paging.cursor
    )
    views = await asyncio.gather(*(_view(held, query, attendance) for held in found))
    return Page(items=tuple(view for view in views if view), next_cursor=cursor)


async def _view(
    held: Held, query: Query[ListHeldCheckIns], attendance: Attendance
) -> HeldCheckInView | None:
    person = await attendance.copies.people.get(held.employee)
    stored = await attendance.days.get(held.employee, held.date)
    if person is None or stored is None:
        return None
    tree = await attendance.copies.tree()
    decides = access.decides_about(query.actor, person, tree, held.date)
    return held_view(held, person.shown(held.date), stored, decides=decides)
