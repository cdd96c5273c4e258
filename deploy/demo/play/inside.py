"""Read-only looks behind the gateway, for the account at the end and for nothing else."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack
from typing import Any, Self

import aio_pika
from pymongo import AsyncMongoClient

from deploy.demo.play.workday import Workday
from deploy.local.settings import SERVICES
from kit.messaging import topology

_SEGMENTS_AT_ONCE = 50
_MARKS = {
    "attendance": ("agency_day_marks", "device_line_marks"),
    "kpi": ("facts_to_score", "facts_to_score_for_agencies"),
}

Ask = Mapping[str, Any]


class Inside:
    """The databases of the services and the broker's queues, only ever read."""

    def __init__(self, rabbitmq_url: str, mongodb_url: str) -> None:
        self._rabbitmq_url = rabbitmq_url
        self._clients: list[AsyncMongoClient[dict[str, Any]]] = []
        self._databases: dict[str, Any] = {}
        for service in SERVICES:
            prefix = f"SAMBATAN_{service.upper()}"
            client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(
                os.environ.get(f"{prefix}_MONGODB_URL", mongodb_url),
                tz_aware=True,
                serverSelectionTimeoutMS=5_000,
            )
            name = os.environ.get(f"{prefix}_MONGODB_DATABASE", f"sambatan_{service}")
            self._clients.append(client)
            self._databases[service] = client[name]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        async with AsyncExitStack() as stack:
            for client in self._clients:
                stack.push_async_callback(client.close)

    async def documents(
        self, service: str, collection: str, ids: Iterable[str], fields: Iterable[str]
    ) -> dict[str, dict[str, Any]]:
        """Those of these documents that exist, by id."""
        found: dict[str, dict[str, Any]] = {}
        wanted = sorted(set(ids))
        shape = dict.fromkeys(fields, 1)
        for start in range(0, len(wanted), 200):
            some = {"_id": {"$in": wanted[start : start + 200]}}
            async for document in self._databases[service][collection].find(some, shape):
                found[document["_id"]] = document
        return found

    async def unsettled(self, day: Workday) -> list[str]:
        """What is still under way: outboxes, marks, readers' queues, days that will be closed."""
        found = await asyncio.gather(
            *(self._outboxes(service) for service in SERVICES),
            *(self._marks(service, name) for service, names in _MARKS.items() for name in names),
            self._waiting(topology.consumed_queues()),
            self._open_days(day),
        )
        return [each for group in found for each in group]

    async def dead_letters(self) -> list[str]:
        """Messages that nobody could handle: kept in a database, or on their way there."""
        kept = [
            f"{service}: {letter['queue']} {letter['_id']}"
            for service in SERVICES
            async for letter in self._databases[service].dead_letters.find({"state": "waiting"})
        ]
        dead = [topology.dead_queue(name) for name in topology.consumed_queues()]
        return [*kept, *await self._waiting(dead)]

    async def sequences(self) -> AsyncIterator[tuple[str, str, int]]:
        """Every aggregate that has said something: source, id, the sequence of its last event."""
        for service in SERVICES:
            database = self._databases[service]
            for name in sorted(await database.list_collection_names()):
                known = await database[name].find_one({}, {"outbox": 1, "sequence": 1})
                if known is None or not {"outbox", "sequence"} <= known.keys():
                    continue
                said = {"sequence": {"$gt": 0}}
                async for one in database[name].find(said, {"sequence": 1}):
                    yield f"{service}.{name}", str(one["_id"]), int(one["sequence"])

    async def log(self) -> AsyncIterator[dict[str, Any]]:
        """Every event of the log in order, without its data."""
        segments = self._databases["subscriptions"].log
        shape = {"entries.event": 1, "last": 1}
        last = -1
        while True:
            query = {"_id": {"$gt": last}}
            page = await segments.find(query, shape).sort("_id", 1).to_list(_SEGMENTS_AT_ONCE)
            for segment in page:
                for entry in segment["entries"]:
                    yield json.loads(entry["event"])
            if len(page) < _SEGMENTS_AT_ONCE:
                return
            last = page[-1]["_id"]

    async def _outboxes(self, service: str) -> list[str]:
        full = await self._databases[service].outbox.count_documents({})
        return [f"{full} batches of {service} to be published"] if full else []

    async def _marks(self, service: str, name: str) -> list[str]:
        waiting = await self._databases[service][name].count_documents({})
        return [f"{waiting} marks in {service}.{name}"] if waiting else []

    async def _open_days(self, day: Workday) -> list[str]:
        query = {"date": day.on.isoformat(), "closed": False}
        still_open = await self._databases["attendance"].days.count_documents(query)
        return [f"{still_open} days of {day.on} to be closed"] if still_open else []

    async def _waiting(self, queues: Iterable[str]) -> list[str]:
        """Queues that hold messages."""
        connection = await aio_pika.connect(self._rabbitmq_url, timeout=10)
        async with connection:
            channel = await connection.channel()
            declared = [
                await channel.declare_queue(name, passive=True, timeout=10) for name in queues
            ]
        counts = {queue.name: queue.declaration_result.message_count or 0 for queue in declared}
        return [f"{count} messages in {name}" for name, count in counts.items() if count]
