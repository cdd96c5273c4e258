"""What the stores of one process share: the database, the relay, refusals, leases, the plan."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from contracts.envelope import Verdict
from kit.clock import now
from kit.errors import StorageAway
from kit.leases import Leases
from kit.logging import get_logger
from kit.messaging.relay import Relay
from kit.settings import ServiceSettings
from kit.storage import migrations
from kit.storage.connection import Collection, Database, Document
from kit.storage.migrations import CollectionPlan, Index
from kit.storage.outbox import Outbox
from kit.storage.receipts import find_receipt, verdict_of
from kit.storage.refusals import Refusals

log = get_logger(__name__)

_PROBE_S = 0.5


class Store:
    """The database of a service as one process sees it."""

    def __init__(self, service: str, settings: ServiceSettings) -> None:
        self.service = service
        self.settings = settings
        self.database = Database(settings)
        self._plans: dict[str, CollectionPlan] = {}
        self.outbox = Outbox(self.database, self.collection("outbox"))
        self.relay = Relay(service, self.outbox)
        self.with_receipts: list[str] = []
        self.kept_fresh: list[Callable[[], Awaitable[None]]] = []
        self.leases = Leases(self.collection("leases"))
        self.refusals = Refusals(self)
        self.dead_letters = self.collection(
            "dead_letters", indexes=[Index([("queue", 1), ("at", 1)]), Index([("message_id", 1)])]
        )

    def collection(
        self,
        name: str,
        *,
        indexes: Sequence[Index] = (),
        validator: Mapping[str, Any] | None = None,
    ) -> Collection:
        """A collection, and what it needs, for the migration."""
        if indexes or validator or name not in self._plans:
            self._plans[name] = CollectionPlan(name, tuple(indexes), validator)
        return self.database.collection(name)

    async def migrate(self, *, dry_run: bool = False) -> list[str]:
        """Create missing collections and indexes; returns what was done."""
        return await migrations.apply(self.database, tuple(self._plans.values()), dry_run=dry_run)

    async def available(self) -> bool:
        """Whether the database answers now."""
        try:
            await self.database.ping()
        except StorageAway:
            return False
        return True

    async def wait_available(self) -> None:
        """Return when the database answers; says so while it does not."""
        while not await self.available():
            log.warning("storage.waiting", service=self.service)
            await asyncio.sleep(_PROBE_S)

    async def receipt(self, command_id: str) -> Verdict | None:
        """What became of a command, from receipts and refusals; None if it is not known (yet)."""
        refused = await self.refusals.get(command_id)
        if refused is not None:
            return refused.verdict
        for name in self.with_receipts:
            document = await self.database.collection(name).find_one(
                {"receipts.command": command_id}, projection={"receipts": 1}
            )
            if document is not None and (receipt := find_receipt(document, command_id)):
                return verdict_of(receipt)
        return None

    async def is_stuck(self, command_id: str) -> bool:
        """Whether the command's message lies among the dead letters, waiting for a person."""
        return (
            await self.dead_letters.find_one({"message_id": command_id, "state": "waiting"})
        ) is not None

    async def bury(self, letter: Document) -> None:
        """Keep a dead letter for the operator."""
        await self.dead_letters.update_one(
            {"_id": letter["_id"]},
            {"$setOnInsert": {**letter, "at": now(), "state": "waiting"}},
            upsert=True,
        )

    async def close(self) -> None:
        """Release leases and connections."""
        await self.leases.release_all()
        await self.database.close()
