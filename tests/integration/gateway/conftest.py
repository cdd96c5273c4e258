"""A responder on the real broker that answers as services do, and a bus towards it."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aio_pika
import pytest

from kit.messaging import topology
from kit.messaging.client import Bus
from tests.infrastructure import Servers


@dataclass
class Responder:
    """Takes commands and queries from the queues of the topology and answers them."""

    answers: bool = True
    seen: list[Any] = field(default_factory=list)
    carried_out: set[str] = field(default_factory=set)
    tags: list[tuple[Any, str]] = field(default_factory=list)
    channel: Any = None

    async def take_command(self, message: aio_pika.abc.AbstractIncomingMessage) -> None:
        self.seen.append(message)
        assert message.message_id is not None
        self.carried_out.add(message.message_id)
        verdict = {"command": message.message_id, "status": 201, "result": '{"id":"x"}'}
        await self._reply(message, verdict)
        await message.ack()

    async def take_query(self, message: aio_pika.abc.AbstractIncomingMessage) -> None:
        self.seen.append(message)
        await self._reply(message, {"status": 200, "result": message.body.decode()})
        await message.ack()

    async def _reply(self, message: Any, told: dict[str, Any]) -> None:
        if not self.answers:
            return
        reply = aio_pika.Message(json.dumps(told).encode(), correlation_id=message.correlation_id)
        await self.channel.default_exchange.publish(
            reply, routing_key=message.reply_to, mandatory=False
        )


@pytest.fixture(scope="session")
def servers(servers_for):
    """Servers that no other part's services listen on."""
    return servers_for("gateway")


@pytest.fixture(scope="session")
async def stage(servers: Servers) -> Servers:
    """The whole topology stands."""
    await topology.apply(servers.rabbitmq_url)
    return servers


@pytest.fixture
async def responder(stage: Servers) -> AsyncIterator[Responder]:
    connection = await aio_pika.connect_robust(stage.rabbitmq_url, timeout=5)
    channel = await connection.channel(publisher_confirms=False)
    responder = Responder(channel=channel)
    for name, take in (
        ("attendance.days", responder.take_command),
        ("directory.queries", responder.take_query),
    ):
        queue = await channel.get_queue(name, ensure=False)
        await queue.purge()
        await queue.consume(take)
    yield responder
    await connection.close()


@pytest.fixture
async def bus(stage: Servers) -> AsyncIterator[Bus]:
    bus = Bus(stage.rabbitmq_url, name="gateway-under-test")
    await bus.open()
    yield bus
    await bus.close()
    await asyncio.sleep(0)
