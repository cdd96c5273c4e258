"""Data of one person are handed out to the person; exact positions end on an order."""

from contracts.envelope import Command, EmployeeId, Query, Verdict
from contracts.own_data import (
    ExportPage,
    ExportPersonalData,
    ForgetPositions,
    PositionsForgetOrdered,
)
from kit.clock import now
from kit.messaging.handlers import Handlers
from services.attendance import access
from services.attendance.access_log.store import Scope
from services.attendance.context import Attendance

handlers: Handlers[Attendance] = Handlers()

KIND = "forget_positions"


@handlers.answers(ExportPersonalData)
async def export_personal_data(
    query: Query[ExportPersonalData], attendance: Attendance
) -> ExportPage:
    """A page of what is kept of a person, for the person and the administrator."""
    body = query.body
    known = await attendance.copies.people.get(body.employee)
    person = access.may_export_data_of(query.actor, known)
    await attendance.access_log.note(query.actor, "export", Scope(people=(body.employee,)))
    since = min((one.from_ for one in person.assignments), default=now().date())
    items, cursor = await attendance.personal_data.page(
        body.section, body.employee, since, body.cursor
    )
    return ExportPage(items=tuple(items), next_cursor=cursor)


@handlers.handles(ForgetPositions)
async def forget_positions(command: Command[ForgetPositions], attendance: Attendance) -> Verdict:
    """Make a job that removes every exact position of a person; derived facts stay."""
    person = await attendance.copies.people.get(command.body.employee)
    access.may_forget_positions_of(command.actor, person)
    ordered = PositionsForgetOrdered(employee=EmployeeId(command.body.employee))
    return await attendance.jobs.create(
        command, KIND, command.body, about="positions of one person", also=(ordered,)
    )
