"""When something fails: dead letters, retry tiers, held messages, consumers that come back.

A service with handlers of this test alone works in a virtual host of its own on the real broker.
"""

import asyncio
import json
from dataclasses import dataclass, field

import aio_pika
import httpx
import pytest

from contracts.attendance import ImportPunch
from contracts.directory import AgencyChanged
from contracts.envelope import Actor, Command, Verdict
from contracts.outcome import Refusal
from contracts.receipts import ReceiptView
from kit.clock import now
from kit.errors import StorageAway, Transient
from kit.ids import new_id
from kit.messaging import dead_letters, topology
from kit.messaging.handlers import Handlers
from kit.messaging.service import Service
from kit.storage.store import Store
from kit.tasks import end
from tests.integration.kit.conftest import virtual_host
from tests.processes import announce
from tests.waiting import eventually

QUEUE = ImportPunch.feature
READER = "attendance.own_copies.on-directory"


@dataclass
class Hands:
    """What the handlers of this test do, and what they saw."""

    failures: list[Exception] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)


handlers: Handlers[Hands] = Handlers()


@handlers.handles(ImportPunch)
async def take_punch(command, hands):
    """Fail as told, then accept."""
    hands.taken.append(command.id)
    if hands.failures:
        raise hands.failures.pop(0)
    return Verdict.ok(command, ReceiptView(status="accepted"))


@handlers.reads(READER)
async def take_events(events, hands):
    """Fail as told, then note."""
    if hands.failures:
        raise hands.failures.pop(0)
    hands.events += [event.id for event in events]


@pytest.fixture(scope="module")
async def own_vhost(servers):
    async with virtual_host(servers, "messaging") as url:
        yield url


@pytest.fixture
async def hands():
    return Hands()


@pytest.fixture
async def service(own_vhost, settings_of, hands):
    """The service at work; its queues are empty when it starts."""
    store = Store("attendance", settings_of("messaging"))
    made = Service("attendance", store)
    made.include(handlers, hands)
    await store.migrate()
    running = asyncio.create_task(made.run(own_vhost))
    await eventually(lambda: made.ready or running.done(), within_s=30)
    yield made
    await end(running)
    await store.close()


@pytest.fixture
async def send(own_vhost):
    """Publish to the command queue and wait for a verdict, if any comes."""
    connection = await aio_pika.connect(own_vhost)
    channel = await connection.channel()
    exchange = await channel.get_exchange(topology.COMMANDS)
    verdicts = asyncio.Queue()
    reply = await channel.get_queue("amq.rabbitmq.reply-to", ensure=False)

    async def keep(message):
        await verdicts.put(message.body)

    await reply.consume(keep, no_ack=True)

    async def publish(body, id_=None, name=ImportPunch.name):
        message = aio_pika.Message(
            body,
            message_id=id_ or new_id(),
            type=name,
            reply_to="amq.rabbitmq.reply-to",
            delivery_mode=2,
        )
        await exchange.publish(message, QUEUE)

    publish.verdicts = verdicts
    yield publish
    await connection.close()


def a_command():
    body = ImportPunch(employee_id="ani", direction="in", at=now(), office="BALAIKOTA")
    return Command[ImportPunch](
        id=new_id(),
        name=ImportPunch.name,
        body=body,
        body_hash="hash",
        actor=Actor(account="loader"),
        received_at=now(),
        correlation_id=new_id(),
    )


async def verdict_of(send, within_s=5):
    return Verdict.model_validate_json(await asyncio.wait_for(send.verdicts.get(), within_s))


async def letter(service, message_id):
    return await eventually(
        lambda: service.store.dead_letters.find_one({"message_id": message_id}), within_s=15
    )


async def test_a_command_is_answered(service, send):
    command = a_command()

    await send(command.model_dump_json().encode(), command.id)

    assert (await verdict_of(send)).command == command.id


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"{", ImportPunch.name),
        (b"\xff\xfe", ImportPunch.name),
        (b"{}", ImportPunch.name),
        (b"{}", "attendance.no_such_command"),
        (b"[]", None),
    ],
)
async def test_what_cannot_be_read_is_dead_at_once_and_kept(service, send, body, name):
    id_ = new_id()

    await send(body, id_, name)

    kept = await letter(service, id_)
    assert (kept["queue"], kept["state"]) == (QUEUE, "waiting")
    assert await service.store.is_stuck(id_)


async def test_a_refusal_is_a_verdict_and_repeats_itself(service, send, hands):
    command = a_command()
    hands.failures.append(Refusal("forbidden"))
    text = command.model_dump_json().encode()

    await send(text, command.id)
    first = await verdict_of(send)
    await send(text, command.id)
    again = await verdict_of(send)

    assert first == again
    assert (first.status, first.problem.code) == (403, "forbidden")
    assert len(hands.taken) == 1
    assert await service.store.receipt(command.id) == first


async def test_a_refused_key_with_another_body_is_told_so(service, send, hands):
    command = a_command()
    hands.failures.append(Refusal("forbidden"))
    await send(command.model_dump_json().encode(), command.id)
    await verdict_of(send)

    other = command.model_copy(update={"body_hash": "another"})
    await send(other.model_dump_json().encode(), command.id)

    assert (await verdict_of(send)).problem.code == "idempotency_key_reused"


async def test_what_may_work_later_comes_home_from_a_retry_tier(service, send, hands):
    commands = [a_command() for _ in range(3)]
    lagging = Refusal("unknown_employee", retryable=True, employee="ani", on="x")
    hands.failures += [Transient("later"), RuntimeError("a bug"), lagging]

    for command in commands:
        await send(command.model_dump_json().encode(), command.id)

    ids = [command.id for command in commands]
    await eventually(lambda: all(hands.taken.count(id_) == 2 for id_ in ids), within_s=20)
    assert [await service.store.refusals.get(id_) for id_ in ids] == [None] * 3


async def test_while_the_database_is_away_a_message_is_held_and_then_done(service, send, hands):
    command = a_command()
    hands.failures.append(StorageAway("for a moment"))

    await send(command.model_dump_json().encode(), command.id)

    assert (await verdict_of(send)).command == command.id
    assert hands.taken.count(command.id) == 2


async def test_a_dead_letter_is_replayed_by_a_person_and_done(service, send, own_vhost):
    command = a_command()
    await send(command.model_dump_json().encode()[:-1], command.id)
    kept = await letter(service, command.id)
    mended = {"$set": {"body": kept["body"] + "}"}}
    await service.store.dead_letters.update_one({"_id": kept["_id"]}, mended)

    assert await dead_letters.replay(service.store, service.link, kept["_id"], "operator")
    assert not await dead_letters.replay(service.store, service.link, kept["_id"], "operator")

    settled = await service.store.dead_letters.find_one({"_id": kept["_id"]})
    assert (settled["state"], settled["by"]) == ("replayed", "operator")
    assert not await service.store.is_stuck(command.id)


async def test_an_event_that_fails_comes_back_and_is_read(service, servers, own_vhost, hands):
    hands.failures.append(Transient("later"))
    there = type("There", (), {"rabbitmq_url": own_vhost})

    (event,) = await announce(there, ("DINKES", 1, AgencyChanged.example()))

    await eventually(lambda: hands.events == [event.id], within_s=20)


async def test_of_events_that_come_together_only_the_unreadable_one_is_dead(
    service, own_vhost, hands
):
    there = type("There", (), {"rabbitmq_url": own_vhost})
    garbage = new_id()
    connection = await aio_pika.connect(own_vhost)
    async with connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange(topology.EVENTS)
        broken = aio_pika.Message(
            b"{", message_id=garbage, type=AgencyChanged.type, delivery_mode=2
        )
        hands.failures.append(RuntimeError("not with the others"))
        await exchange.publish(broken, AgencyChanged.type)
        events = await announce(
            there, *((f"AGENCY{n}", 1, AgencyChanged.example()) for n in range(5))
        )

    await eventually(lambda: {one.id for one in events} <= set(hands.events), within_s=20)
    assert (await letter(service, garbage))["queue"] == READER


async def test_consumers_come_back_when_their_connections_are_cut(service, servers, send):
    vhost = f"{servers.vhost}_messaging"
    auth_url = httpx.URL(servers.management_url)

    async with httpx.AsyncClient(
        base_url=f"http://{auth_url.host}:{auth_url.port}/api",
        auth=(auth_url.username, auth_url.password),
    ) as broker:

        async def consumed():
            found = (await broker.get(f"/queues/{vhost}/{QUEUE}")).json()
            return found.get("consumers", 0) > 0

        async def names():
            found = (await broker.get("/connections")).json()
            mine = [one for one in found if one.get("vhost") == vhost]
            return [one["name"] for one in mine if one.get("channels", 0) > 1]

        cut = await eventually(names, within_s=20)
        for name in cut:
            await broker.request("DELETE", f"/connections/{name}", headers={"X-Reason": "test"})
        await eventually(lambda: service.consumers.rebuilds > 0, within_s=15)
        await eventually(lambda: service.ready, within_s=15)
        assert await eventually(consumed, within_s=15)


async def test_every_queue_of_the_topology_stands_with_its_arguments(own_vhost):
    connection = await aio_pika.connect(own_vhost)
    async with connection:
        channel = await connection.channel()
        for queue in topology.queues():
            await channel.declare_queue(queue.name, durable=True, arguments=queue.arguments)


def test_a_message_reads_as_json_and_names_itself():
    told = json.loads(a_command().model_dump_json())

    assert told["name"] == ImportPunch.name
    assert set(told) >= {"id", "body", "body_hash", "actor", "received_at", "correlation_id"}
