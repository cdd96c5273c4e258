"""The real task service and the real gateway in this process, on the run's servers.

The directory is played by events on the broker: the city of the unit tests and its people.
"""

import asyncio
import json
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

import aio_pika
import httpx
import pytest

from contracts.envelope import Event
from gateway.app import create_app
from gateway.settings import Settings as GatewaySettings
from kit.clock import now
from kit.ids import new_id
from kit.messaging import topology
from kit.storage.store import Store
from kit.tasks import end
from services.tasks.app import build
from services.tasks.settings import Settings
from tests.unit.tasks.builders import CITY, PEOPLE, a_person, an_actor
from tests.waiting import eventually

HELPERS = {f"AGENCY-{place:02d}": f"person-{place:02d}" for place in range(50)}
GRANTS = {
    "kepala.asker": (("head", "ASKER"),),
    "kepala.helper": (("head", "HELPER"),),
    "kepala.second": (("head", "SECOND"),),
    "kepala.setda": (("head", "SETDA"),),
    "kepala.other": (("head", "OTHER"),),
    "petugas.other": (("responder", "OTHER"),),
    "dewi": (("head", "ASKER"),),
    "moved": (("head", "HELPER"),),
    "ani": (("employee", "HELPER"),),
    "budi": (("employee", "HELPER"),),
    "citra": (("employee", "SECOND"),),
    "admin": (("admin", "*"),),
    "auditor": (("auditor", "*"),),
    "loader": (("loader", "*"),),
}


@dataclass
class Caller:
    """Somebody at the gateway, by account."""

    http: httpx.AsyncClient
    tokens: object
    _headers: dict[str, dict[str, str]] = field(default_factory=dict)

    def headers(self, account, grants=None):
        if account not in self._headers:
            person = account if account in PEOPLE.known else None
            granted = grants or GRANTS[account]
            actor = an_actor(*granted, employee=person).model_copy(update={"account": account})
            as_of = int(time.time() * 1_000)
            token = self.tokens.sign(actor, session=account, rights_as_of=as_of)
            self._headers[account] = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
        return self._headers[account]

    def person_headers(self, person, grants):
        """Headers of a person who may be none of the people of the unit tests."""
        if person not in self._headers:
            actor = an_actor(*grants, employee=person).model_copy(update={"account": person})
            as_of = int(time.time() * 1_000)
            token = self.tokens.sign(actor, session=person, rights_as_of=as_of)
            self._headers[person] = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
        return self._headers[person]

    async def __call__(self, method, path, by, *, headers=None, grants=None, **more):
        sent = self.headers(by, grants) | (headers or {})
        return await self.http.request(method, f"/v1{path}", headers=sent, **more)

    async def help(self, id_, action, by, **body):
        """One action on a help request."""
        return await self("POST", f"/help-requests/{id_}/{action}", by, json=body)


def in_days(days):
    return (now() + timedelta(days=days)).isoformat()


def wanted(to=("HELPER",), **other):
    return {
        "to": to if isinstance(to, str) else list(to),
        "title": "Dua orang untuk pendataan",
        "description": "Memindahkan data pegawai.",
        "skills": ["basis data"],
        "people": 2,
        "due": in_days(5),
        **other,
    }


@pytest.fixture(scope="session")
def servers(servers_for):
    """Servers that no other part's services listen on."""
    return servers_for("tasks")


@pytest.fixture(scope="session")
async def settings(servers, tmp_path_factory):
    return Settings(
        files_url=tmp_path_factory.mktemp("files").as_uri(),
        rabbitmq_url=servers.rabbitmq_url,
        mongodb_url=servers.mongodb_url,
        mongodb_database=servers.database("tasks"),
        mongodb_durability=servers.mongodb_durability,
    )


@pytest.fixture(scope="session")
async def store(servers, settings):
    await topology.apply(servers.rabbitmq_url)
    store = Store("tasks", settings)
    service = build(settings, store)
    await store.migrate()
    running = asyncio.create_task(service.run(servers.rabbitmq_url))
    await eventually(lambda: service.ready or running.done(), within_s=30)
    assert service.ready
    yield store
    await end(running)
    await store.close()


@pytest.fixture(scope="session")
async def announce(servers, store):
    """Publish what the directory would; returns when this service has its copy."""
    connection = await aio_pika.connect(servers.rabbitmq_url, timeout=5)
    channel = await connection.channel()
    exchange = await channel.get_exchange(topology.EVENTS)

    async def publish(data, collection, key, sequence=1, *, id_=None, wait=True):
        event = Event(
            id=id_ or new_id(),
            source="directory.test",
            type=data.type,
            subject=key or new_id(),
            time=now(),
            sequence=sequence,
            correlationid=new_id(),
            causationid=new_id(),
            data=data,
        )
        body = event.model_dump_json(by_alias=True).encode()
        await exchange.publish(aio_pika.Message(body, type=data.type), data.type)
        if not wait:
            return
        copy = store.collection(collection)
        await eventually(lambda: copy.find_one({"_id": key, "order": {"$gte": sequence}}))

    yield publish
    await connection.close()


@pytest.fixture(scope="session")
async def city(announce):
    """The city of the unit tests and fifty more agencies with a person each."""
    some = next(iter(CITY.agencies.values()))
    more = [
        some.model_copy(update={"code": code, "name": code, "parent": "PEMKOT"}) for code in HELPERS
    ]
    people = [*PEOPLE.known.values(), *(a_person(who, at) for at, who in HELPERS.items())]
    await asyncio.gather(
        *(announce(each, "agencies", each.code) for each in (*CITY.agencies.values(), *more)),
        *(announce(each, "employees", each.employee) for each in people),
    )


@pytest.fixture(scope="session")
async def ask(servers, settings, store, city):
    """Call the gateway: ``await ask("GET", "/help-requests", by="kepala.helper")``."""
    gateway_settings = GatewaySettings(
        files_url=settings.files_url,
        rabbitmq_url=servers.rabbitmq_url,
        signing_key="only for this run of the tests, and long enough",
        patience_s=30,  # a busy machine shall not turn verdicts into receipts
        deadline_s=30,
        port=0,
    )
    app = create_app(gateway_settings)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app, client=("192.0.2.20", 1234))
        async with httpx.AsyncClient(
            transport=transport, base_url="http://test", timeout=60
        ) as http:
            yield Caller(http, app.state.desk.tokens)


@pytest.fixture(scope="session")
async def heard(servers, store):
    """Every event of this service as others receive it: ``await heard(subject, count)``."""
    connection = await aio_pika.connect(servers.rabbitmq_url, timeout=5)
    channel = await connection.channel()
    queue = await channel.declare_queue(exclusive=True)
    await queue.bind(topology.EVENTS, "tasks.#")
    events = defaultdict(dict)

    async def take(message):
        event = json.loads(message.body)
        events[event["subject"]][event["id"]] = event
        await message.ack()

    await queue.consume(take)

    async def wait_for(subject, count):
        await eventually(lambda: len(events[subject]) >= count)
        return sorted(events[subject].values(), key=lambda event: event["sequence"])

    yield wait_for
    await connection.close()


@pytest.fixture
def request_help(ask):
    """Ask for help and return the new request."""

    async def request(to=("HELPER",), *, by="kepala.asker", **other):
        answer = await ask("POST", "/help-requests", by, json=wanted(to, **other))
        assert answer.status_code == 201, answer.text
        return answer.json()

    return request
