"""Tickets and the stream they open, over a gateway that listens on a socket."""

import asyncio
import contextlib
import json
from datetime import timedelta

import httpx
import pytest
import uvicorn

from contracts.envelope import Event
from contracts.notifications import NotificationRaised
from gateway.app import create_app
from gateway.settings import Settings as GatewaySettings
from kit.clock import now
from kit.ids import new_id
from kit.messaging import topology
from kit.messaging.link import Link
from services.directory.sessions.model import hash_of, new_secret
from tests.waiting import eventually


@pytest.fixture(scope="module")
async def listening(servers, ask, city):
    """A gateway with a socket of its own: a client that hangs up is really gone."""
    app = create_app(
        GatewaySettings(
            rabbitmq_url=servers.rabbitmq_url,
            signing_key="only for this run of the tests, and long enough",
            closed_accounts_every_s=0.2,
            port=0,
        )
    )
    config = uvicorn.Config(app, port=0, log_config=None, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    await eventually(lambda: server.started, within_s=20)
    port = server.servers[0].sockets[0].getsockname()[1]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as http:
        yield http, app.state.desk.hints
    server.should_exit = True
    await serving


@pytest.fixture(scope="module")
async def publish(servers):
    """Publish an event as an outbox does."""
    link = Link(servers.rabbitmq_url, "test")
    await link.start()
    await link.wait_up()

    async def publish(data, subject, sequence=1):
        event = Event(
            id=new_id(), source="test", type=data.type, subject=subject, time=now(),
            sequence=sequence, correlationid=new_id(), causationid=new_id(), data=data,
        )  # fmt: skip
        text = event.model_dump_json(by_alias=True).encode()
        await link.publish(topology.EVENTS, data.type, text, {"message_type": data.type})

    yield publish
    await link.stop()


@pytest.fixture
def ticket_of(ask):
    """A fresh ticket of somebody."""

    async def ticket(username):
        answer = await ask("POST", "/v1/session/tickets", by=username)
        assert answer.status_code == 201, answer.text
        return answer.json()["ticket"]

    return ticket


@contextlib.asynccontextmanager
async def following(http, ticket):
    """The stream as a client reads it: ``async for name, data in …``."""
    async with http.stream("GET", "/v1/me/stream", params={"ticket": ticket}) as answer:
        assert answer.status_code == 200, await answer.aread()
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield _messages(answer)


async def _messages(answer):
    name = ""
    async for line in answer.aiter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


async def test_a_ticket_lets_in_once(listening, ticket_of):
    http, _ = listening
    ticket = await ticket_of("kepala.bkpsdm")

    async with following(http, ticket) as messages:
        assert await anext(messages) == ("reset", {})
    again = await http.get("/v1/me/stream", params={"ticket": ticket})

    assert (again.status_code, again.json()["code"]) == (401, "token_invalid")


async def test_of_many_who_try_a_ticket_at_once_one_comes_in(directory, ticket_of):
    ticket = hash_of(await ticket_of("kepala.bkpsdm"))

    used = await asyncio.gather(*(directory.tickets.use(ticket, now()) for _ in range(20)))

    assert sorted(map(bool, used)) == [False] * 19 + [True]


async def test_a_late_or_invented_ticket_lets_nobody_in(listening, directory):
    http, _ = listening
    late = new_secret()
    await directory.tickets.add(hash_of(late), "kepala.bkpsdm", now() - timedelta(seconds=1))

    answers = [
        await http.get("/v1/me/stream", params={"ticket": ticket}) for ticket in (late, "invented")
    ]

    assert [answer.status_code for answer in answers] == [401, 401]


async def test_hints_about_oneself_come_without_data_and_nobody_else_gets_them(
    listening, ticket_of, publish, ask
):
    http, hints = listening
    me = (await ask("GET", "/v1/me", by="kepala.bkpsdm")).json()["employee"]["id"]
    async with (
        following(http, await ticket_of("kepala.bkpsdm")) as mine,
        following(http, await ticket_of("pegawai.bkpsdm")) as others,
    ):
        assert (await anext(mine), await anext(others)) == (("reset", {}), ("reset", {}))
        for employee, subject in ((me, "first"), ("nobody", "second"), (me, "third")):
            raised = NotificationRaised.example().model_copy(update={"employee": employee})
            await publish(raised, subject, sequence=4)

        found = [await anext(mine), await anext(mine)]

        assert found == [
            ("hint", {"resource": "notification", "id": subject, "version": 4})
            for subject in ("first", "third")
        ]
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await anext(others)
    assert await eventually(lambda: hints.listeners == 0, within_s=10)


async def test_the_stream_of_a_closed_account_ends(listening, ask, ticket_of):
    http, hints = listening
    account = await ask("GET", "/v1/accounts/p0002")
    before = hints.listeners
    async with following(http, await ticket_of("p0002")) as messages:
        assert await anext(messages) == ("reset", {})
        closed = await ask(
            "PATCH",
            "/v1/accounts/p0002",
            json={"active": False},
            headers={"If-Match": account.headers["ETag"]},
        )
        assert closed.status_code == 200, closed.text

        async with asyncio.timeout(15):
            rest = [message async for message in messages]

    assert [name for name, _ in rest if name == "hint"] in ([], ["hint"])  # its own last change
    assert await eventually(lambda: hints.listeners == before, within_s=10)
