"""What the directory says is copied."""

from typing import Any

from contracts.directory import AgencyChanged, EmployeeChanged, OfficeChanged
from contracts.envelope import Event
from kit.messaging.handlers import Handlers
from services.attendance.context import Attendance

handlers: Handlers[Attendance] = Handlers()


@handlers.reads("attendance.own_copies.on-directory")
async def copy_directory(event: Event[Any], attendance: Attendance) -> None:
    """Keep the newest state of an agency, an office or an employee."""
    match event.data:
        case EmployeeChanged():
            await attendance.copies.people.take(event)
        case OfficeChanged():
            await attendance.copies.take_office(event)
        case AgencyChanged():
            await attendance.copies.take_agency(event)
