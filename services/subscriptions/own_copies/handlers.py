"""What the directory says: where agencies stand, and whose account is closed."""

from collections.abc import Sequence
from typing import Any

from contracts.directory import AccountChanged, AgencyChanged
from contracts.envelope import Event
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Cause
from services.subscriptions import access
from services.subscriptions.context import Subscriptions
from services.subscriptions.subscribers import model

handlers: Handlers[Subscriptions] = Handlers()


@handlers.reads("subscriptions.own_copies.on-directory")
async def follow_directory(events: Sequence[Event[Any]], subscriptions: Subscriptions) -> None:
    """Keep the tree of agencies; let the deliveries of a closed account rest."""
    for event in events:
        await _follow(event, subscriptions)


async def _follow(event: Event[Any], subscriptions: Subscriptions) -> None:
    match event.data:
        case AgencyChanged() as agency:
            await subscriptions.agencies.put(event.sequence, agency)
        case AccountChanged() as account if not _may_receive(account):
            await _let_rest(event, account.account, subscriptions)


def _may_receive(account: AccountChanged) -> bool:
    return account.active and access.may_receive(account.grants)


async def _let_rest(event: Event[Any], owner: str, subscriptions: Subscriptions) -> None:
    for stored in await subscriptions.subscribers.active_of(owner):
        cause = Cause.derived(event, stored.id)
        await subscriptions.subscribers.change(stored.id, model.rest, cause)
