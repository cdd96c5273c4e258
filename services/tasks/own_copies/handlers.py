"""Events of the directory in, own copies out."""

import asyncio
from collections.abc import Sequence

from contracts.directory import AccountChanged, AgencyChanged, EmployeeChanged, OfficeChanged
from contracts.envelope import Event
from kit.messaging.handlers import Handlers
from services.tasks.context import Tasks

handlers: Handlers[Tasks] = Handlers()


@handlers.reads("tasks.own_copies.on-directory")
async def keep_copies(
    events: Sequence[Event[AgencyChanged | OfficeChanged | EmployeeChanged | AccountChanged]],
    tasks: Tasks,
) -> None:
    """Keep every dated version of agencies, offices, people and accounts, newest state wins."""
    await asyncio.gather(*(tasks.directory.keep(event) for event in events))
