"""A service that dies between storing lines and answering: none is lost, none counts twice."""

import asyncio
import contextlib

import pytest

from contracts.device_lines import StoreLines
from kit.messaging import consumers, topology
from kit.storage.store import Store
from kit.tasks import end
from services.attendance.app import build
from services.attendance.settings import Settings
from tests.integration.attendance.conftest import (
    ACTORS,
    HALL,
    a_person,
    an_agency,
    an_office,
)
from tests.integration.attendance.test_devices import NETWORK, NIP, a_line, local
from tests.processes import announce, gateway_for
from tests.waiting import eventually

SERIAL = "MATI1"


@pytest.fixture(scope="module")
def servers(servers_for):
    """Servers of this file's own: its services come and go."""
    return servers_for("attendance_crash")


@contextlib.asynccontextmanager
async def a_service(servers, *, answers=True):
    """The attendance service; one that does not answer stores lines and then stands still."""
    settings = Settings(
        rabbitmq_url=servers.rabbitmq_url,
        mongodb_url=servers.mongodb_url,
        mongodb_database=servers.database("attendance"),
        mongodb_durability=servers.mongodb_durability,
    )
    store = Store("attendance", settings)
    service = build(settings, store)
    stored = asyncio.Event()
    if not answers:
        handler, context = service._commands[StoreLines.name]

        async def store_and_stand_still(command, attendance):
            await handler(command, attendance)
            stored.set()
            await asyncio.Event().wait()

        service._commands[StoreLines.name] = store_and_stand_still, context
    await store.migrate()
    running = asyncio.create_task(service.run(servers.rabbitmq_url))
    await eventually(lambda: service.ready or running.done(), within_s=30)
    try:
        yield store, stored
    finally:
        await end(running)
        await store.close()


async def test_lines_stored_by_a_service_that_died_before_it_answered_count_once(
    servers, monkeypatch
):
    monkeypatch.setattr(consumers, "_DRAIN_S", 0.1)  # who dies does not finish what it began
    await topology.apply(servers.rabbitmq_url)
    async with gateway_for(servers, ACTORS) as ask:
        async with a_service(servers, answers=False) as (store, stored):
            await announce(
                servers,
                ("PEMKOT", 1, an_agency("PEMKOT", None)),
                ("BKPSDM", 1, an_agency("BKPSDM")),
                ("BALAIKOTA", 1, an_office("BALAIKOTA", HALL)),
                ("ani", 1, a_person("ani")),
            )
            people = store.collection("people")
            await eventually(lambda: people.count_documents({}), within_s=20)
            body = {"serial": SERIAL, "office": "BALAIKOTA", "sources": NETWORK}
            registered = await ask("POST", "/devices", "admin", json=body)
            assert registered.status_code == 201, registered.text
            lines = "".join(a_line(NIP, 2, clock) for clock in ("07:10:00", "16:40:00"))
            path = f"/iclock/cdata?SN={SERIAL}&table=ATTLOG"

            answer = await ask.http.post(path, content=lines)

            assert stored.is_set()
            assert answer.text == "OK: 2"  # safe in the broker, whatever becomes of the service
        away = await ask.http.post(path, content=lines)

        async with a_service(servers) as (store, _):

            async def counted():
                day = await store.collection("days").find_one({"_id": f"ani:{local(2)[:10]}"})
                marks = await store.collection("device_line_marks").count_documents({})
                return day if day and not marks else None

            day = await eventually(counted, within_s=30)
            contact = await store.collection("device_contacts").find_one({"_id": SERIAL})
            resent = await ask.http.post(path, content=lines)

    assert away.status_code == 503
    assert resent.text == "OK: 2"
    assert len(day["punches"]) == 2
    assert contact["counts"] | {"received": 2, "stored": 2, "duplicates": 0} == contact["counts"]
