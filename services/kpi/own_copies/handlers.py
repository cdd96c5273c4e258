"""What the directory says is copied."""

from typing import Any

from contracts.directory import AgencyChanged, EmployeeChanged
from contracts.envelope import Event
from kit.messaging.handlers import Handlers
from services.kpi.context import Kpi

handlers: Handlers[Kpi] = Handlers()


@handlers.reads("kpi.own_copies.on-directory")
async def copy_directory(event: Event[Any], kpi: Kpi) -> None:
    """Keep the newest state of an agency or an employee; offices do not matter here."""
    match event.data:
        case EmployeeChanged():
            await kpi.copies.take_employee(event)
        case AgencyChanged():
            await kpi.copies.take_agency(event)
