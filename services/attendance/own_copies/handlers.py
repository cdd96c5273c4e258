"""What the directory says is copied."""

import asyncio
from collections.abc import Sequence
from typing import Any

from contracts.directory import AgencyChanged, EmployeeChanged, OfficeChanged
from contracts.envelope import Event
from kit.messaging.handlers import Handlers
from services.attendance.context import Attendance
from services.attendance.device_lines.following import mark_people

handlers: Handlers[Attendance] = Handlers()


@handlers.reads("attendance.own_copies.on-directory")
async def copy_directory(events: Sequence[Event[Any]], attendance: Attendance) -> None:
    """Keep the newest state of agencies, offices and employees."""
    await asyncio.gather(*(_copy(event, attendance) for event in events))
    people = [event.data for event in events if isinstance(event.data, EmployeeChanged)]
    if people:
        await mark_people(attendance, [(person.employee, person.nip) for person in people])


async def _copy(event: Event[Any], attendance: Attendance) -> None:
    match event.data:
        case EmployeeChanged():
            await attendance.copies.people.take(event)
        case OfficeChanged():
            await attendance.copies.take_office(event)
        case AgencyChanged():
            await attendance.copies.take_agency(event)
