"""The bus on a real broker: verdicts, silence, and what a caller learns when connections drop."""

import asyncio
import base64
import contextlib
import json
import time
import urllib.parse
import urllib.request

import aio_pika
import pytest

from contracts.attendance import RecordCheckIn
from contracts.envelope import Actor, Command, Query
from contracts.identity import GetMe
from kit.clock import now
from kit.ids import new_id
from kit.messaging.client import Bus, Unavailable
from tests.waiting import eventually

ACTOR = Actor(account="pegawai.dinkes")


def a_command():
    return Command[RecordCheckIn](
        id=new_id(),
        name=RecordCheckIn.name,
        body=RecordCheckIn(direction="in"),
        body_hash="h" * 64,
        actor=ACTOR,
        received_at=now(),
        correlation_id=new_id(),
    )


def a_query():
    return Query[GetMe](
        id=new_id(),
        name=GetMe.name,
        body=GetMe(),
        actor=ACTOR,
        received_at=now(),
        correlation_id=new_id(),
    )


async def test_a_command_comes_back_with_its_verdict(bus, responder):
    command = a_command()

    verdict = await bus.command(command, 5)

    assert verdict is not None
    assert verdict.command == command.id
    (message,) = responder.seen
    assert message.delivery_mode == aio_pika.DeliveryMode.PERSISTENT
    assert message.message_id == command.id
    assert message.type == "attendance.record_check_in"
    assert message.content_type == "application/json"


async def test_fields_that_nobody_set_do_not_travel(bus, responder):
    await bus.command(a_command(), 5)

    body = json.loads(responder.seen[0].body)["body"]
    assert body == {"direction": "in"}


async def test_a_query_is_answered_and_leaves_nothing_behind(bus, responder):
    answer = await bus.query(a_query(), 5)

    assert answer.status == 200
    (message,) = responder.seen
    assert message.delivery_mode == aio_pika.DeliveryMode.NOT_PERSISTENT
    assert message.expiration is not None


async def test_a_stored_command_without_a_verdict_in_time_is_pending(bus, responder):
    responder.answers = False
    command = a_command()

    assert await bus.command(command, 0.2) is None
    await eventually(lambda: command.id in responder.carried_out)


async def test_a_query_without_an_answer_in_time_is_unavailable(bus, responder):
    responder.answers = False

    with pytest.raises(Unavailable, match="did not answer in time"):
        await bus.query(a_query(), 0.2)


async def test_a_command_that_no_queue_takes_is_unavailable_at_once(bus, stage):
    connection = await aio_pika.connect(stage.rabbitmq_url, timeout=5)
    async with connection:
        channel = await connection.channel()
        queue = await channel.get_queue("attendance.days", ensure=False)
        await queue.unbind("commands", routing_key="attendance.days")
        try:
            with pytest.raises(Unavailable, match="no queue"):
                await bus.command(a_command(), 5)
        finally:
            await queue.bind("commands", routing_key="attendance.days")


async def test_a_reply_reaches_its_own_caller_only(bus, responder):
    commands = [a_command() for _ in range(50)]

    verdicts = await asyncio.gather(*(bus.command(command, 5) for command in commands))

    assert [verdict.command for verdict in verdicts] == [command.id for command in commands]


async def test_the_bus_pings_itself(bus):
    await bus.ping()


async def test_a_bus_without_a_broker_says_so_at_once():
    bus = Bus("amqp://guest:guest@127.0.0.1:1/x", name="nowhere")
    keeper = asyncio.create_task(bus.open())
    started = time.monotonic()

    with pytest.raises(Unavailable):
        await bus.command(a_command(), 5)

    assert time.monotonic() - started < 1
    keeper.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await keeper
    await bus.close()


def _close_connections(servers, name):
    """Close from the broker's side, as an operator may."""
    url = urllib.parse.urlsplit(servers.management_url)
    credentials = base64.b64encode(f"{url.username}:{url.password}".encode()).decode()
    base = f"http://{url.hostname}:{url.port}/api/connections"

    def ask(method, address):
        request = urllib.request.Request(  # noqa: S310  # our own broker
            address, method=method, headers={"Authorization": f"Basic {credentials}"}
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310  # as above
            return answer.read()

    mine = [
        connection["name"]
        for connection in json.loads(ask("GET", base))
        if connection.get("client_properties", {}).get("connection_name") == name
    ]
    for connection in mine:
        with contextlib.suppress(urllib.error.HTTPError):
            ask("DELETE", f"{base}/{urllib.parse.quote(connection, safe='')}")
    return len(mine)


def _cut_socket(bus):
    """Cut the line without a word, as a network does."""
    transport = bus._link._connection.transport.connection
    transport._reader_task.cancel()


@pytest.mark.parametrize("how", ["closed by the broker", "cut off"])
async def test_nothing_accepted_is_lost_when_the_connection_drops_under_load(
    bus, responder, stage, how
):
    accepted, pending, refused, stop = [], [], [], asyncio.Event()

    async def call():
        while not stop.is_set():
            command = a_command()
            try:
                verdict = await bus.command(command, 2)
            except Unavailable:
                refused.append(command.id)
                await asyncio.sleep(0.02)
            else:
                (accepted if verdict else pending).append(command.id)

    callers = [asyncio.create_task(call()) for _ in range(16)]
    await eventually(lambda: len(accepted) > 50)
    if how == "cut off":
        _cut_socket(bus)
    else:
        await eventually(
            lambda: asyncio.to_thread(_close_connections, stage, "gateway-under-test"),
            within_s=15,
        )
    await eventually(lambda: bool(refused))
    before = len(accepted)
    await eventually(lambda: len(accepted) > before + 50)
    stop.set()
    await asyncio.gather(*callers)

    await bus.ping()
    await eventually(lambda: set(accepted) | set(pending) <= responder.carried_out)


async def test_callers_in_flight_are_not_left_waiting_when_the_connection_drops(bus, responder):
    responder.answers = False
    waiting = [asyncio.create_task(bus.command(a_command(), 30)) for _ in range(5)]
    await eventually(lambda: len(responder.seen) == 5)

    _cut_socket(bus)
    async with asyncio.timeout(5):
        verdicts = await asyncio.gather(*waiting)

    assert verdicts == [None] * 5
