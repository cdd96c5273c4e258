"""The subscriber of another government: it reads the feed by cursor and a queue of its own.

What a subscriber has to keep, it keeps in files of its own: the credentials of its queue, which are
shown once, and the ids of what it has received, written before each acknowledgement.
"""

import asyncio
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import aio_pika
from aio_pika.abc import AbstractConnection, AbstractIncomingMessage

from deploy.demo.caller import Caller, NotDone
from deploy.local.home import write_private

NAME = "jabar"
_PAGE = 200
_WINDOW = 200
_CONNECT_S = 10.0

Ids = dict[str, set[str]]


class Feed:
    """The feed, read page by page from its beginning on."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._cursor: str | None = None
        self.pages = 0
        self.ids: Ids = defaultdict(set)
        self.repeated: list[str] = []

    async def read_on(self) -> None:
        """Read until nothing is new."""
        while True:
            after = {"after": self._cursor} if self._cursor else {}
            page = await self._caller.get("/v1/events", limit=_PAGE, **after)
            self.pages += 1
            for event in page["items"]:
                known = self.ids[event["type"]]
                if event["id"] in known:
                    self.repeated.append(event["id"])
                known.add(event["id"])
            if page["next_cursor"] == self._cursor:
                return
            self._cursor = page["next_cursor"]


class Queue:
    """A queue of its own at the broker, made once and read again in every run."""

    def __init__(self, caller: Caller, home: Path) -> None:
        self._caller = caller
        self._credentials = home / f"subscriber-{NAME}.json"
        self._received = home / f"subscriber-{NAME}.received"
        self._connection: AbstractConnection | None = None
        self.ids: Ids = defaultdict(set)
        self.now = 0

    async def open(self) -> None:
        """Subscribe, or go on where the last run stopped."""
        subscription = await self._standing()
        kept = self._kept(subscription)
        if kept is None and subscription is not None:
            kept = await self._start_again(subscription["id"])
        elif kept is None:
            kept = await self._subscribe()
        try:
            await self._connect(kept["credentials"])
        except (aio_pika.exceptions.AMQPError, ConnectionError):
            kept = await self._rotate(kept["id"])
            await self._connect(kept["credentials"])

    async def close(self) -> None:
        """End the connection; the queue goes on filling."""
        if self._connection is not None:
            await self._connection.close()

    async def _standing(self) -> dict[str, Any] | None:
        found = [
            each
            for each in await self._caller.items("/v1/subscriptions")
            if each["name"] == NAME and each["state"] in {"active", "paused"}
        ]
        if found and found[0]["state"] == "paused":
            await self._caller.do("POST", f"/v1/subscriptions/{found[0]['id']}/resume")
        return found[0] if found else None

    def _kept(self, subscription: dict[str, Any] | None) -> dict[str, Any] | None:
        """What the last run kept, if it belongs to this subscription."""
        try:
            kept: dict[str, Any] = json.loads(self._credentials.read_text())
            lines = self._received.read_text().splitlines()
        except (OSError, ValueError):
            return None
        if subscription is None or kept["created_at"] != subscription["created_at"]:
            return None
        for line in lines:
            type_, _, id_ = line.partition(" ")
            self.ids[type_].add(id_)
        return kept

    async def _subscribe(self) -> dict[str, Any]:
        body = {"name": NAME, "types": ["*"], "delivery": {"amqp": {}}, "after": "earliest"}
        write_private(self._received, "")
        return self._keep(await self._caller.do("POST", "/v1/subscriptions", json=body))

    async def _start_again(self, id_: str) -> dict[str, Any]:
        """What was kept is lost: new credentials, and everything once more."""
        write_private(self._received, "")
        kept = await self._rotate(id_)
        path = f"/v1/subscriptions/{id_}/replay"
        await self._caller.do("POST", path, json={"after": "earliest"})
        return kept

    async def _rotate(self, id_: str) -> dict[str, Any]:
        return self._keep(await self._caller.do("POST", f"/v1/subscriptions/{id_}/rotate-secret"))

    def _keep(self, subscribed: dict[str, Any]) -> dict[str, Any]:
        kept = {name: subscribed[name] for name in ("id", "created_at", "credentials")}
        write_private(self._credentials, json.dumps(kept, indent=2))
        return kept

    async def _connect(self, credentials: dict[str, Any]) -> None:
        self._connection = await aio_pika.connect(
            host=credentials["host"],
            port=credentials["port"],
            login=credentials["username"],
            password=credentials["password"],
            virtualhost=credentials["virtual_host"],
            timeout=_CONNECT_S,
        )
        channel = await self._connection.channel()
        await channel.set_qos(prefetch_count=_WINDOW)
        queue = await channel.get_queue(credentials["queue"], ensure=False)
        await queue.consume(self._take)

    async def _take(self, message: AbstractIncomingMessage) -> None:
        event = json.loads(message.body)
        with self._received.open("a", encoding="utf-8") as file:
            file.write(f"{event['type']} {event['id']}\n")
        self.ids[event["type"]].add(event["id"])
        self.now += 1
        await message.ack()


async def settle(feed: Feed, queue: Queue, patience_s: float) -> None:
    """Wait until the queue has brought what the feed shows, or patience ends."""
    deadline = asyncio.get_running_loop().time() + patience_s
    while True:
        await feed.read_on()
        missing = any(ids - queue.ids[type_] for type_, ids in feed.ids.items())
        if not missing or asyncio.get_running_loop().time() > deadline:
            return
        await asyncio.sleep(0.25)


async def open_both(caller: Caller, home: Path) -> tuple[Feed, Queue]:
    """The two ways to the same events."""
    queue = Queue(caller, home)
    try:
        await queue.open()
    except (aio_pika.exceptions.AMQPError, OSError) as error:
        raise NotDone(f"the subscriber does not reach its queue: {error!r}") from error
    return Feed(caller), queue
