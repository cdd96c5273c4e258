"""How far each delivery has come: a small document per subscription, only ever moving forward.

A replay is a new generation; whoever still works on an older one no longer matches.
"""

from collections.abc import Sequence
from dataclasses import asdict

from kit.clock import now
from kit.storage.connection import Document
from kit.storage.store import Store
from services.subscriptions.deliveries.model import Progress, Standstill
from services.subscriptions.subscribers.model import Subscription


class Progresses:
    """The progress of every subscription."""

    def __init__(self, store: Store) -> None:
        self._documents = store.collection("deliveries")

    async def current(self, id_: str, subscription: Subscription) -> Progress:
        """The progress in this generation; a new one begins at its start."""
        return _current(await self._documents.find_one({"_id": id_}), subscription)

    async def current_many(
        self, subscriptions: Sequence[tuple[str, Subscription]]
    ) -> dict[str, Progress]:
        """The progress of several subscriptions."""
        ids = [id_ for id_, _ in subscriptions]
        found = await self._documents.find({"_id": {"$in": ids}})
        by_id = {document["_id"]: document for document in found}
        return {id_: _current(by_id.get(id_), one) for id_, one in subscriptions}

    async def begin(self, id_: str, subscription: Subscription) -> None:
        """Start a generation if it is new here."""
        older = {"_id": id_, "generation": {"$lt": subscription.generation}}
        fresh = {
            "generation": subscription.generation,
            "position": subscription.start,
            "delivered": 0,
            "held": None,
        }
        await self._documents.update_one(older, {"$set": fresh}, upsert=True)

    async def advance(self, id_: str, generation: int, position: int, *, by: int = 0) -> None:
        """Everything up to the position is delivered, ``by`` events of it just now."""
        behind = {"_id": id_, "generation": generation, "position": {"$lt": position}}
        moved = {"position": position, "held": None, "at": now()}
        await self._documents.update_one(behind, {"$set": moved, "$inc": {"delivered": by}})

    async def hold(self, id_: str, generation: int, standstill: Standstill) -> None:
        """The queue does not take more now."""
        await self._documents.update_one(
            {"_id": id_, "generation": generation}, {"$set": {"held": asdict(standstill)}}
        )

    async def release(self, id_: str, generation: int) -> None:
        """Try again now what rested after a failure."""
        standing = {"_id": id_, "generation": generation}
        await self._documents.update_one(standing, {"$set": {"held": None}})


def _current(document: Document | None, subscription: Subscription) -> Progress:
    if document is None or document["generation"] != subscription.generation:
        return Progress(subscription.generation, subscription.start)
    held = document["held"]
    return Progress(
        document["generation"],
        document["position"],
        document["delivered"],
        None if held is None else Standstill(**held),
        begun=True,
    )
