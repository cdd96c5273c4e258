"""The real KPI service (two replicas) and the real gateway in this process, on the run's servers.

Directory, attendance and tasks are played by events on the broker.
"""

import asyncio
import contextlib
import json
import random
import time
from datetime import UTC, date, datetime

import aio_pika
import httpx
import pytest

from contracts.directory import AgencyChanged, Assignment, EmployeeChanged
from contracts.envelope import Actor, AgencyCode, EmployeeId, Grant
from gateway.app import create_app
from gateway.settings import Settings as GatewaySettings
from kit.ids import derived_id
from kit.messaging import topology
from kit.storage.store import Store
from kit.tasks import end
from services.kpi.app import build
from services.kpi.settings import Settings
from tests.unit.kpi.builders import an_event
from tests.waiting import eventually

PARENTS = {
    "PEMKOT": None,
    "BKPSDM": "PEMKOT",
    "DINKES": "PEMKOT",
    "PKM": "DINKES",
    "KEC": "PEMKOT",
    "UJI": "PEMKOT",
}
ROLES = {
    "admin": ("admin", "*"),
    "kepala.pemkot": ("head", "PEMKOT"),
    "auditor": ("auditor", "*"),
    "jabar": ("subscriber", "*"),
    "loader": ("loader", "*"),
    "kepala.dinkes": ("head", "DINKES"),
    "kepala.bkpsdm": ("head", "BKPSDM"),
}


class Caller:
    """Somebody at the gateway: ``by`` is an account of ROLES or the id of an employee."""

    def __init__(self, http, tokens):
        self._http = http
        self._tokens = tokens

    async def __call__(self, path, by="admin", *, after=None, **parameters):
        headers = self._headers(by)
        if after is not None:
            headers["X-Written"] = after
        return await self._http.get(f"/v1{path}", headers=headers, params=parameters or None)

    async def post(self, path, by="admin", body=None, **parameters):
        """Order something; the answer, waited for as a frontend would."""
        answer = await self._http.post(
            f"/v1{path}", headers=self._headers(by), json=body, params=parameters or None
        )
        assert answer.status_code != 202 or "/jobs" in answer.headers.get("Location", "/jobs")
        return answer

    async def put(self, path, by, body, *, if_match=None, **parameters):
        """Write something, at the version that was seen."""
        headers = self._headers(by) | ({"If-Match": if_match} if if_match else {})
        return await self._http.put(f"/v1{path}", headers=headers, json=body, params=parameters)

    async def file(self, path, by, media_type, **parameters):
        """Read something as a file."""
        headers = self._headers(by) | {"Accept": media_type}
        return await self._http.get(f"/v1{path}", headers=headers, params=parameters)

    async def delete(self, path, by="admin"):
        """Order that something ends."""
        return await self._http.delete(f"/v1{path}", headers=self._headers(by))

    async def keyed(self, method, path, key, body=None):
        """Call as a system with a key."""
        headers = {"Authorization": f"Bearer {key}"}
        return await self._http.request(method, f"/v1{path}", headers=headers, json=body)

    async def upload(self, path, content, by="admin", **parameters):
        """Send a file of rows."""
        headers = {**self._headers(by), "Content-Type": "text/csv"}
        return await self._http.post(
            f"/v1{path}", headers=headers, content=content, params=parameters
        )

    def _headers(self, by):
        role = ROLES.get(by, ("employee", "PKM"))
        person = None if by in ROLES and role[0] != "head" else EmployeeId(by)
        actor = Actor(account=by, employee=person, grants=(Grant(role=role[0], scope=role[1]),))
        token = self._tokens.sign(actor, session=by, rights_as_of=int(time.time() * 1_000))
        return {"Authorization": f"Bearer {token}", "Accept-Language": "en"}

    async def pages(self, path, by="admin", **parameters):
        """Every item of a list, page by page."""
        items, cursor = [], None
        while True:
            more = {"cursor": cursor} if cursor else {}
            answer = await self(path, by, **parameters, **more)
            assert answer.status_code == 200, answer.text
            page = answer.json()
            items += page.get("items", page.get("facts"))
            cursor = page["next_cursor"]
            if cursor is None:
                return items


def settings(servers):
    return Settings(
        rabbitmq_url=servers.rabbitmq_url,
        mongodb_url=servers.mongodb_url,
        mongodb_database=servers.database("kpi"),
        mongodb_durability=servers.mongodb_durability,
    )


@pytest.fixture(scope="session")
def servers(servers_for):
    """Servers that no other part's services listen on."""
    return servers_for("kpi")


@pytest.fixture(scope="session")
async def store(servers):
    """Two replicas of the service; the store of the first."""
    await topology.apply(servers.rabbitmq_url)
    async with contextlib.AsyncExitStack() as stack:
        stores = []
        for _ in range(2):
            store = Store("kpi", settings(servers))
            stack.push_async_callback(store.close)
            stores.append(store)
            service = build(settings(servers), store)
            await store.migrate()
            running = asyncio.create_task(service.run(servers.rabbitmq_url))
            stack.push_async_callback(_end, running)
            await eventually(lambda s=service, r=running: s.ready or r.done(), within_s=30)
            assert service.ready
        yield stores[0]


async def _end(running):
    await end(running)


@pytest.fixture(scope="session")
async def publish(servers, store):
    """Put events on the exchange, in this order."""
    connection = await aio_pika.connect(servers.rabbitmq_url, timeout=5)
    channel = await connection.channel()
    exchange = await channel.get_exchange(topology.EVENTS)

    async def send(*events):
        for event in events:
            body = event.model_dump_json(by_alias=True).encode()
            message = aio_pika.Message(body, type=event.type, message_id=event.id)
            await exchange.publish(message, event.type)

    yield send
    await connection.close()


@pytest.fixture(scope="session")
async def scatter(publish):
    """Put events on the exchange as a bad day would: shuffled, and every third of them twice."""

    async def send(*events, seed=7):
        arriving = [*events, *events[::3]]
        random.Random(seed).shuffle(arriving)
        await publish(*arriving)

    return send


@pytest.fixture(scope="session")
async def city(publish, store):
    """Four agencies; heads of two of them."""
    agencies = [
        AgencyChanged.example().model_copy(update={"code": AgencyCode(code), "parent": parent})
        for code, parent in PARENTS.items()
    ]
    await publish(*(an_event(agency, agency.code, 1) for agency in agencies))
    copies = store.collection("agencies")

    async def known():
        return await copies.count_documents({}) >= len(PARENTS)

    await eventually(known)
    return PARENTS


@pytest.fixture(scope="session")
async def hire(publish, store, city):
    """A new employee in an agency: ``await hire("PKM", supervisor=…)`` gives the id."""
    count = iter(range(1_000_000))

    async def one(agency, *, supervisor=None, position="Analis"):
        person = EmployeeId(derived_id("kpi test", next(count)))
        post = Assignment(
            id=f"post-{person}",
            agency=agency,
            position=position,
            supervisor=supervisor,
            from_=date(2026, 1, 1),
            recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        state = EmployeeChanged(
            employee=person, name=f"Orang {person[:4]}", employment="pns", assignments=(post,)
        )
        await publish(an_event(state, person, 1))
        await eventually(lambda: store.collection("people").find_one({"_id": person}))
        return person

    return one


@pytest.fixture(scope="session")
async def ask(servers, store, city):
    """Call the gateway: ``await ask("/employees/me/scorecard", by=person)``."""
    gateway = GatewaySettings(
        rabbitmq_url=servers.rabbitmq_url,
        signing_key="only for this run of the tests, and long enough",
        port=0,
    )
    app = create_app(gateway)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app, client=("192.0.2.30", 1234))
        async with httpx.AsyncClient(
            transport=transport, base_url="http://test", timeout=60
        ) as http:
            yield Caller(http, app.state.desk.tokens)


@pytest.fixture(scope="session")
async def heard(servers, store):
    """Every event of this service as others receive it, in the order of its subject's sequence."""
    connection = await aio_pika.connect(servers.rabbitmq_url, timeout=5)
    channel = await connection.channel()
    queue = await channel.declare_queue(exclusive=True)
    await queue.bind(topology.EVENTS, "kpi.#")
    events = {}

    async def take(message):
        event = json.loads(message.body)
        events[event["id"]] = event
        await message.ack()

    await queue.consume(take)

    def of(subject):
        found = [event for event in events.values() if event["subject"] == subject]
        return sorted(found, key=lambda event: event["sequence"])

    yield of
    await connection.close()
