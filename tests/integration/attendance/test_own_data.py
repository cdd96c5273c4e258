"""One person's data: handed out whole; exact positions removed on order, or when they are old."""

import json

import aio_pika
import pytest

from contracts.own_data import SECTIONS
from kit.clock import now
from kit.messaging import topology
from tests.integration.attendance.conftest import HALL
from tests.integration.attendance.test_check_ins import an_arrival, at
from tests.integration.attendance.test_recomputations import ended
from tests.waiting import eventually


@pytest.fixture
async def checked_in(ask):
    """Budi and Ani have been at the hall today, once refused elsewhere."""
    for who in ("budi", "ani"):
        await ask("POST", "/check-ins", who, json=an_arrival(HALL))
        await ask("POST", "/check-ins", who, json=an_arrival((-7.60, 110.90)))


async def positions_of(store, who):
    return await store.collection("positions").find({"employee": who})


async def test_an_export_has_every_part_and_only_of_that_person(ask, checked_in):
    answer = await ask("GET", "/employees/me/data-export", "budi")

    told = answer.json()
    assert answer.headers["content-type"].startswith("application/json")
    assert [person["id"] for person in told["person"]] == ["budi"]
    assert told["days"]
    assert {day["employee"] for day in told["days"]} == {"budi"}
    assert told["positions"]
    assert told["refused_check_ins"]
    assert {one["employee"] for one in told["positions"]} == {"budi"}
    assert set(told) == set(SECTIONS)
    assert '"receipts"' not in answer.text
    assert '"ani"' not in json.dumps([told[part] for part in ("days", "positions", "person")])


@pytest.mark.parametrize(
    ("by", "status"),
    [("budi", 200), ("admin", 200), ("auditor", 404), ("ani", 404), ("kepala.bkpsdm", 404)],
)
async def test_an_export_is_for_the_person_and_the_administrator(ask, by, status):
    assert (await ask("GET", "/employees/budi/data-export", by)).status_code == status


async def test_positions_of_one_person_are_removed_on_order_and_nothing_else(
    ask, store, checked_in
):
    assert await positions_of(store, "budi")
    others = await positions_of(store, "ani")
    days = await store.collection("days").find({"employee": "budi"}, sort=[("_id", 1)])

    ordered = await ask("DELETE", "/employees/budi/positions?reason=Permintaan+pegawai", "admin")

    assert ordered.status_code == 202, ordered.text
    job = await ended(ask, ordered.json()["id"])
    assert (job["state"], job["result"]) == ("done", {"deleted": job["done"]})
    assert job["done"] >= 1
    assert await positions_of(store, "budi") == []
    assert await positions_of(store, "ani") == others
    after = await store.collection("days").find({"employee": "budi"}, sort=[("_id", 1)])
    assert [day["punches"] for day in after] == [day["punches"] for day in days]


async def test_the_order_is_an_event_without_place_reason_or_name(ask, servers):
    connection = await aio_pika.connect(servers.rabbitmq_url, timeout=5)
    async with connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(exclusive=True)
        await queue.bind(await channel.get_exchange(topology.EVENTS), "attendance.positions.#")

        await ask("DELETE", "/employees/cici/positions?reason=Rahasia", "admin")
        message = await eventually(lambda: queue.get(fail=False, no_ack=True), within_s=20)

    event = json.loads(message.body)
    assert (event["type"], event["data"], event["actor"]) == (
        "attendance.positions.forget_ordered.v1",
        {"employee": "cici"},
        "admin",
    )
    assert "Rahasia" not in message.body.decode()


@pytest.mark.parametrize(
    ("by", "query", "status", "code"),
    [
        ("admin", "", 422, "reason_required"),
        ("admin", "reason=+", 422, "reason_required"),
        ("budi", "reason=x", 403, "forbidden"),
        ("auditor", "reason=x", 403, "forbidden"),
        ("kepala.bkpsdm", "reason=x", 403, "forbidden"),
    ],
)
async def test_who_may_not_or_gives_no_reason_removes_nothing(ask, by, query, status, code):
    answer = await ask("DELETE", f"/employees/budi/positions?{query}", by)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_positions_older_than_the_policy_are_forgotten_and_younger_ones_stay(ask, store):
    from services.attendance.days.positions import Positions

    await ask("POST", "/check-ins", "ani", json={"direction": "out", "position": at(HALL)})
    kept = await positions_of(store, "ani")
    assert kept
    old = kept[-1] | {"_id": "2020-01-01:old"}
    await store.collection("positions").insert_one(old)

    forgotten = await Positions(store, kept_days=90).forget_old()

    assert forgotten == 1
    assert await positions_of(store, "ani") == kept
    assert now().year > 2020
