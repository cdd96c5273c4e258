"""Events of the directory in, own copies out."""

import asyncio
from collections.abc import Sequence

from contracts.directory import AgencyChanged, EmployeeChanged, OfficeChanged
from contracts.envelope import Event
from kit.messaging.handlers import Handlers
from services.tasks.context import Tasks

handlers: Handlers[Tasks] = Handlers()


@handlers.reads("tasks.own_copies.on-directory")
async def keep_copies(
    events: Sequence[Event[AgencyChanged | OfficeChanged | EmployeeChanged]], tasks: Tasks
) -> None:
    """Keep every dated version of agencies, offices and people, newest state wins."""
    await asyncio.gather(*(tasks.directory.keep(event) for event in events))
