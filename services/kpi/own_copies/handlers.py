"""What the directory says is copied."""

import asyncio
from collections.abc import Sequence
from typing import Any

from contracts.directory import AgencyChanged, EmployeeChanged
from contracts.envelope import Event
from kit.messaging.handlers import Handlers
from services.kpi.context import Kpi

handlers: Handlers[Kpi] = Handlers()


@handlers.reads("kpi.own_copies.on-directory")
async def copy_directory(events: Sequence[Event[Any]], kpi: Kpi) -> None:
    """Keep the newest state of agencies and employees; offices do not matter here."""
    await asyncio.gather(*(_copy(event, kpi) for event in events))


async def _copy(event: Event[Any], kpi: Kpi) -> None:
    match event.data:
        case EmployeeChanged():
            await kpi.copies.take_employee(event)
        case AgencyChanged():
            await kpi.copies.take_agency(event)
