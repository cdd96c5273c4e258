"""The real service and the real gateway in this process, on the run's broker and database."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest
import uvicorn

from contracts.envelope import Actor, Event, Grant
from gateway.app import create_app
from gateway.settings import Settings as GatewaySettings
from kit.messaging import topology
from kit.messaging.link import Link
from kit.messaging.relay import Outgoing, event_properties
from kit.storage.connection import Database
from kit.storage.store import Store
from kit.tasks import end
from services.subscriptions.app import build
from services.subscriptions.log.store import Log
from services.subscriptions.settings import Settings
from tests.infrastructure import Servers
from tests.waiting import eventually

ACCOUNTS = {
    "admin": "admin",
    "operator": "operator",
    "auditor": "auditor",
    "jabar": "subscriber",
    "diy": "subscriber",
    "banten": "subscriber",
    "loader": "loader",
    "kepala.dinkes": "head",
    "pegawai.dinkes": "employee",
}
_numbers = itertools.count(1)


def settings_for(servers: Servers, database: str) -> Settings:
    return Settings(
        rabbitmq_url=servers.rabbitmq_url,
        rabbitmq_management_url=servers.management_url,
        mongodb_url=servers.mongodb_url,
        mongodb_database=servers.database(database),
        mongodb_durability=servers.mongodb_durability,
        webhook_networks="127.0.0.0/8",
        webhook_http=True,
        webhook_timeout_s=1,
    )


@pytest.fixture(scope="session")
def servers(servers_for):
    """Servers that no other part's services listen on."""
    return servers_for("subscriptions")


@pytest.fixture
async def make_log(servers: Servers) -> AsyncIterator[Callable[[], Awaitable[Log]]]:
    """Replicas of one new log, each with connections of its own."""
    settings = settings_for(servers, f"log_{next(_numbers)}")
    stores: list[Store] = []

    async def make() -> Log:
        store = Store("subscriptions", settings)
        stores.append(store)
        log = Log(store)
        if len(stores) == 1:
            await store.migrate()
        log.settings = settings
        return log

    yield make
    for store in stores:
        await store.close()


@pytest.fixture(scope="session")
async def service(servers: Servers) -> AsyncIterator[None]:
    """The service consumes its queues, answers, and delivers."""
    await topology.apply(servers.rabbitmq_url)
    store = Store("subscriptions", settings_for(servers, "subscriptions"))
    built = build(store.settings, store)
    await store.migrate()
    running = asyncio.create_task(built.run(servers.rabbitmq_url))
    await eventually(lambda: built.ready or running.done(), within_s=30)
    assert built.ready
    yield
    await end(running)
    await store.close()


@pytest.fixture(scope="session")
async def link(servers: Servers, service: None) -> AsyncIterator[Link]:
    link = Link(servers.rabbitmq_url, "test")
    await link.start()
    await link.wait_up()
    yield link
    await link.stop()


@pytest.fixture(scope="session")
def publish(link: Link) -> Callable[..., Awaitable[list[str]]]:
    """Publish events as outboxes do, one after the other; gives their ids."""

    async def publish(*events: Event) -> list[str]:
        for event in events:
            text = event.model_dump_json(by_alias=True)
            sent = Outgoing(event.id, event.type, event.subject, event.sequence, event.agency, text)
            await link.publish(
                topology.EVENTS, event.type, text.encode(), event_properties(sent, "test")
            )
        return [event.id for event in events]

    return publish


@pytest.fixture(scope="session")
async def gateway(servers: Servers, service: None) -> AsyncIterator[tuple[str, object]]:
    """A gateway that listens; its address and its application."""
    app = create_app(
        GatewaySettings(
            rabbitmq_url=servers.rabbitmq_url,
            signing_key="only for this run of the tests, and long enough",
            port=0,
        )
    )
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_config=None, timeout_graceful_shutdown=1)
    )
    serving = asyncio.create_task(server.serve())
    await eventually(lambda: server.started, within_s=20)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}", app
    server.should_exit = True
    await serving


@pytest.fixture(scope="session")
async def ask(gateway: tuple[str, object]) -> AsyncIterator[Callable[..., Awaitable[object]]]:
    """Call the gateway: ``await ask("GET", "/v1/events", by="jabar")``."""
    address, app = gateway
    async with httpx.AsyncClient(base_url=address, timeout=40) as http:

        async def ask(method: str, path: str, *, by: str = "jabar", **more) -> httpx.Response:
            actor = Actor(account=by, grants=(Grant(role=ACCOUNTS[by]),))
            token = app.state.desk.tokens.sign(actor, session="s", rights_as_of=0)
            headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
            return await http.request(
                method, path, headers=headers | more.pop("headers", {}), **more
            )

        ask.headers = lambda by: {
            "Authorization": "Bearer "
            + app.state.desk.tokens.sign(
                Actor(account=by, grants=(Grant(role=ACCOUNTS[by]),)), session="s", rights_as_of=0
            )
        }
        ask.http = http
        yield ask


@pytest.fixture
def a_name() -> str:
    """A name that no other test of any worker uses: all share the virtual host for outsiders."""
    from kit.ids import new_id

    return f"t{new_id().replace('-', '')[-20:]}"


__all__ = ["ACCOUNTS", "Database", "settings_for"]
