"""The account after the faults: every accepted check-in once everywhere, and nothing left over."""

import asyncio
import json
import time
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from contracts.attendance import CheckInRecorded
from contracts.services import SERVICES
from kit.messaging.topology import consumed_queues, dead_queue, query_queue
from tests.bench import meters
from tests.bench.books import Books, differences, quiet
from tests.bench.own_system import Addresses
from tests.faults.clients import Load

_DRAIN_PATIENCE_S = 120.0
_BROKER_PATIENCE_S = 30.0
_REPEATED = 100


async def account(addresses: Addresses, load: Load) -> list[str]:
    """Everything that is not as it should be."""
    accepted = [one.call.id or "" for one in load.account.done]
    books = Books(addresses.mongodb)
    _, left = await meters.drained(books, addresses.rabbitmq, len(accepted), _DRAIN_PATIENCE_S)
    wrong = [f"not settled: {line}" for line in left]
    wrong += [f"refused: {line}" for line in load.account.refused]
    step = max(1, len(load.account.done) // _REPEATED)
    wrong += await load.repeat(load.account.done[::step])
    await asyncio.to_thread(quiet, books)
    wrong += await asyncio.to_thread(differences, books, accepted, ())
    recorded = books.logged_types()[CheckInRecorded.type]
    if recorded != len(accepted):
        wrong.append(f"{recorded} check-ins in the log, {len(accepted)} accepted")
    if letters := books.dead_letters():
        wrong.append(f"{letters} dead letters")
    books.close()
    return wrong + await asyncio.to_thread(_broker, addresses.management)


def _broker(management: str) -> list[str]:
    """Queues without consumers or with dead messages; the broker's figures are seconds old."""
    deadline = time.monotonic() + _BROKER_PATIENCE_S
    while (wrong := list(_queues(management))) and time.monotonic() < deadline:
        time.sleep(1.0)
    return wrong


def _queues(management: str) -> Iterator[str]:
    queues = {queue["name"]: queue for queue in _ask(management, "/api/queues/sambatan")}
    consumed = consumed_queues()
    for name in (*consumed, *map(query_queue, SERVICES), *map(dead_queue, consumed)):
        if not queues.get(name, {}).get("consumers"):
            yield f"no consumer: {name}"
    for name, queue in queues.items():
        if name != "events.archive" and queue.get("messages"):
            yield f"{queue['messages']} messages left in {name}"


def _ask(management: str, path: str) -> Any:
    parts = urlsplit(management)
    credentials = b64encode(f"{parts.username}:{parts.password}".encode()).decode()
    request = urllib.request.Request(
        f"http://{parts.hostname}:{parts.port}{path}",
        headers={"Authorization": f"Basic {credentials}"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  # our own
        return json.loads(answer.read())
