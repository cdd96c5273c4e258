"""What the directory says about agencies enters the own copy."""

from typing import Any

from contracts.directory import AgencyChanged
from contracts.envelope import Event
from kit.messaging.handlers import Handlers
from services.subscriptions.context import Subscriptions

handlers: Handlers[Subscriptions] = Handlers()


@handlers.reads("subscriptions.own_copies.on-directory")
async def keep_agency(event: Event[Any], subscriptions: Subscriptions) -> None:
    """Keep where the agency stands in the tree."""
    if isinstance(event.data, AgencyChanged):
        await subscriptions.agencies.put(event.sequence, event.data)
