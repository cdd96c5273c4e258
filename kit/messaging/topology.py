"""Every exchange, queue and argument, as data, and one idempotent step that declares them.

``python -m kit.messaging.topology apply`` runs before any process starts, as migrations do: an
event published before its reader's queue exists would be lost to that reader. Arguments that make a
queue what it is stand here; limits that operators tune are policies (``deploy/rabbitmq``).
"""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import aio_pika
from aio_pika.abc import AbstractChannel

from contracts import catalogue

COMMANDS = "commands"
QUERIES = "queries"
EVENTS = "events"
ARCHIVE = "events.archive"
DEAD = "dead"
RETRY_SECONDS = (5, 60, 600)
PUBLIC_VHOST = "public"
MINIMUM_BROKER = (3, 10)
DELIVERY_LIMIT = 50
COMMAND_BYTES = 512 * 1024 * 1024
ARCHIVE_BYTES = 20 * 1024 * 1024 * 1024
AGENCY_QUEUE_LENGTH = 100_000

ExchangeKind = Literal["direct", "topic", "fanout"]


@dataclass(frozen=True, slots=True)
class Exchange:
    """A durable exchange."""

    name: str
    kind: ExchangeKind


@dataclass(frozen=True, slots=True)
class Queue:
    """A durable queue with what is bound to it, as (exchange, key)."""

    name: str
    arguments: dict[str, Any]
    bindings: tuple[tuple[str, str], ...] = field(default=())


def retry_exchange(seconds: int) -> str:
    """The exchange (and queue) that gives a message back to its queue after these seconds."""
    return f"retry.{seconds}"


def dead_queue(queue: str) -> str:
    """Where the messages go that this queue's consumers cannot handle."""
    return f"{queue}.dead"


def query_queue(service: str) -> str:
    """The queue of a service's queries and requests."""
    return f"{service}.queries"


def agency_queue(name: str) -> Queue:
    """The bounded queue of one subscriber in the public virtual host."""
    arguments = {
        "x-queue-type": "quorum",
        "x-max-length": AGENCY_QUEUE_LENGTH,
        "x-overflow": "reject-publish",
    }
    return Queue(f"agency.{name}", arguments)


def _quorum(dead_letter_exchange: str, key: str | None) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "x-queue-type": "quorum",
        "x-dead-letter-exchange": dead_letter_exchange,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }
    if key is not None:
        arguments["x-dead-letter-routing-key"] = key
        arguments["x-delivery-limit"] = DELIVERY_LIMIT
    return arguments


def _command_queue(feature: str) -> Queue:
    arguments = _quorum(DEAD, feature) | {"x-max-length-bytes": COMMAND_BYTES}
    return Queue(feature, arguments, ((COMMANDS, feature),))


def _query_queue(service: str) -> Queue:
    arguments = {"x-max-length": 1_000, "x-overflow": "reject-publish"}
    return Queue(query_queue(service), arguments, ((QUERIES, service),))


def _reader_queue(reader: catalogue.Reader) -> Queue:
    bindings = tuple((EVENTS, key) for key in reader.types)
    return Queue(reader.queue, _quorum(DEAD, reader.queue), bindings)


def _retry_queue(seconds: int) -> Queue:
    name = retry_exchange(seconds)
    arguments = _quorum("", None) | {"x-message-ttl": seconds * 1_000}
    return Queue(name, arguments, ((name, ""),))


def _dead_queue(queue: str) -> Queue:
    arguments = {"x-queue-type": "quorum", "x-overflow": "reject-publish"}
    return Queue(dead_queue(queue), arguments, ((DEAD, queue),))


def exchanges() -> tuple[Exchange, ...]:
    """The exchanges of the virtual host of the city."""
    retries = tuple(Exchange(retry_exchange(seconds), "fanout") for seconds in RETRY_SECONDS)
    return (
        Exchange(COMMANDS, "direct"),
        Exchange(QUERIES, "direct"),
        Exchange(EVENTS, "topic"),
        Exchange(DEAD, "direct"),
        *retries,
    )


def consumed_queues(service: str | None = None) -> tuple[str, ...]:
    """The command and event queues (of one service) that must have consumers."""
    names = (*catalogue.features(), *(reader.queue for reader in catalogue.READERS))
    return tuple(name for name in names if service is None or catalogue.owner(name) == service)


def queues() -> tuple[Queue, ...]:
    """The queues of the virtual host of the city."""
    archive = {
        "x-queue-type": "stream",
        "x-max-age": "180D",
        "x-max-length-bytes": ARCHIVE_BYTES,
    }
    return (
        *(_dead_queue(name) for name in consumed_queues()),
        *(_retry_queue(seconds) for seconds in RETRY_SECONDS),
        *(_command_queue(feature) for feature in catalogue.features()),
        *(_query_queue(service) for service in catalogue.SERVICES),
        *(_reader_queue(reader) for reader in catalogue.READERS),
        Queue(ARCHIVE, archive, ((EVENTS, "#"),)),
    )


async def apply(url: str) -> int:
    """Declare everything; returns the number of queues. Safe to repeat and to run in parallel."""
    connection = await aio_pika.connect(url, timeout=10)
    async with connection:
        check_version(connection)
        channel = await connection.channel()
        for exchange in exchanges():
            await channel.declare_exchange(exchange.name, exchange.kind, durable=True, timeout=10)
        declared = queues()
        await _declare_all(channel, declared)
        return len(declared)


def check_version(connection: aio_pika.abc.AbstractConnection) -> None:
    """Refuse a broker older than quorum queues with dead-lettering at least once."""
    properties: Any = getattr(connection.transport, "connection", None)
    version = str(getattr(properties, "server_properties", {}).get("version", ""))
    parts = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    if len(parts) == 2 and parts < MINIMUM_BROKER:  # major, minor
        wanted = ".".join(str(part) for part in MINIMUM_BROKER)
        raise RuntimeError(f"RabbitMQ {version} is too old; {wanted} or newer is needed")


async def _declare_all(channel: AbstractChannel, declared: Sequence[Queue]) -> None:
    for queue in declared:
        made = await channel.declare_queue(
            queue.name, durable=True, arguments=queue.arguments, timeout=30
        )
        for exchange, key in queue.bindings:
            await made.bind(exchange, routing_key=key, timeout=10)


def _main(arguments: Sequence[str]) -> int:
    from kit.settings import ProcessSettings  # only the command needs settings

    if list(arguments) != ["apply"]:
        print("usage: python -m kit.messaging.topology apply", file=sys.stderr)
        return 2
    url = ProcessSettings().rabbitmq_url.get_secret_value()
    count = asyncio.run(apply(url))
    print(f"topology: {count} queues stand")
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
