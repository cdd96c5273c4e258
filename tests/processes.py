"""Real services and the real gateway inside the test's process, on the run's servers."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import aio_pika
import httpx

from contracts.envelope import Actor, Event, EventData, Grant
from gateway.app import create_app
from gateway.settings import Settings as GatewaySettings
from kit.clock import now
from kit.ids import new_id
from kit.messaging import topology
from kit.messaging.service import Service
from kit.settings import ServiceSettings
from kit.storage.store import Store
from kit.tasks import end
from tests.infrastructure import Servers
from tests.waiting import eventually

SIGNING_KEY = "only for this run of the tests, and long enough"


@contextlib.asynccontextmanager
async def running_service(
    servers: Servers,
    name: str,
    settings: ServiceSettings,
    build: Callable[[Any, Store], Service],
) -> AsyncIterator[Store]:
    """A service at work; its store, for what a test looks up behind the service's back."""
    await topology.apply(servers.rabbitmq_url)
    store = Store(name, settings)
    service = build(settings, store)
    await store.migrate()
    running = asyncio.create_task(service.run(servers.rabbitmq_url))
    await eventually(lambda: service.ready or running.done(), within_s=30)
    assert service.ready
    yield store
    await end(running)
    await store.close()


async def announce(servers: Servers, *events: tuple[str, int, EventData]) -> list[Event]:
    """Publish events (subject, sequence, data) as their owner would."""
    connection = await aio_pika.connect(servers.rabbitmq_url, timeout=5)
    async with connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange(topology.EVENTS)
        made = [_event(*event) for event in events]
        for event in made:
            body = event.model_dump_json(by_alias=True).encode()
            await exchange.publish(aio_pika.Message(body, type=event.type), event.type)
    return made


def _event(subject: str, sequence: int, data: EventData) -> Event:
    return Event(
        id=new_id(),
        source="test",
        type=data.type,
        subject=subject,
        time=now(),
        sequence=sequence,
        correlationid=new_id(),
        causationid=new_id(),
        data=data,
    )


@dataclass
class Caller:
    """Somebody at the gateway; after a 202 the call is repeated once its receipt is settled."""

    http: httpx.AsyncClient
    tokens: Any
    actors: dict[str, Actor]
    _headers: dict[str, dict[str, str]] = field(default_factory=dict)

    def headers(self, account: str) -> dict[str, str]:
        """What a frontend of this account sends along."""
        if account not in self._headers:
            as_of = int(time.time() * 1_000)
            token = self.tokens.sign(self.actors[account], session=account, rights_as_of=as_of)
            self._headers[account] = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
        return self._headers[account]

    async def __call__(
        self, method: str, path: str, by: str, *, headers: dict[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        key = {} if method == "GET" else {"Idempotency-Key": new_id()}
        sent = key | self.headers(by) | (headers or {})

        async def ask() -> httpx.Response:
            return await self.http.request(method, f"/v1{path}", headers=sent, **more)

        answer = await ask()
        receipt = answer.headers.get("Location", "")
        if answer.status_code != 202 or "/receipts/" not in receipt:
            return answer
        await eventually(lambda: self._settled(receipt, sent), within_s=30)
        return await ask()

    async def _settled(self, receipt: str, sent: dict[str, str]) -> bool:
        answer = await self.http.get(receipt, headers=sent)
        return bool(answer.json()["status"] != "pending")


def an_actor(account: str, *grants: tuple[str, str], employee: str | None = None) -> Actor:
    """An account with grants (role, scope)."""
    held = tuple(Grant(role=role, scope=scope) for role, scope in grants)
    agency = next((scope for _, scope in grants if scope != "*"), None)
    return Actor(account=account, employee=employee, agency=agency, grants=held)


@contextlib.asynccontextmanager
async def gateway_for(servers: Servers, actors: dict[str, Actor]) -> AsyncIterator[Caller]:
    """The real gateway, called as these accounts."""
    settings = GatewaySettings(rabbitmq_url=servers.rabbitmq_url, signing_key=SIGNING_KEY, port=0)
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app, client=("192.0.2.30", 1234))
        async with httpx.AsyncClient(
            transport=transport, base_url="http://test", timeout=60
        ) as http:
            yield Caller(http, app.state.desk.tokens, actors)
