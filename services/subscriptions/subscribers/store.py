"""The documents of subscriptions; the id follows from the name, so a name exists once."""

from collections.abc import Callable

from pydantic import BaseModel

from contracts.envelope import Verdict
from kit.ids import derived_id
from kit.storage.aggregates import Aggregates, AnyCause, Stored
from kit.storage.migrations import Index
from kit.storage.store import Store
from services.subscriptions.subscribers.model import Decide, Subscription


def id_of(name: str) -> str:
    """The id of the subscription with this name."""
    return derived_id("subscriptions.subscriber", name)


class Subscribers:
    """Subscriptions by id, by owner, and those that deliveries care for."""

    def __init__(self, store: Store) -> None:
        self._documents = Aggregates(
            store, "subscribers", Subscription, indexes=[Index([("owner", 1)])]
        )

    async def get(self, id_: str) -> Stored[Subscription] | None:
        """The subscription, or None."""
        return await self._documents.get(id_)

    async def page(
        self, owner: str | None, *, limit: int, cursor: str | None
    ) -> tuple[list[Stored[Subscription]], str | None]:
        """One page of an owner's subscriptions, or of everybody's."""
        query = {} if owner is None else {"owner": owner}
        return await self._documents.page(query, limit=limit, cursor=cursor)

    async def active_of(self, owner: str) -> list[Stored[Subscription]]:
        """Those of an owner that are being delivered."""
        return await self._documents.find({"owner": owner, "state": "active"})

    async def with_queue(self) -> list[Stored[Subscription]]:
        """Those whose queue is to be filled or removed."""
        return await self._documents.find(
            {"delivery": "amqp", "state": {"$in": ["active", "ending"]}}
        )

    async def with_webhook(self) -> list[Stored[Subscription]]:
        """Those whose webhook is to be called."""
        return await self._documents.find({"delivery": "webhook", "state": "active"})

    async def change(
        self,
        id_: str,
        decide: Decide,
        cause: AnyCause,
        *,
        answer: Callable[[Stored[Subscription]], BaseModel] | None = None,
    ) -> Verdict:
        """Decide on a subscription and keep the outcome."""
        return await self._documents.change(id_, decide, cause, answer=answer)
