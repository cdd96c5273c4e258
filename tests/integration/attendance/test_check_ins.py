"""Check-ins from the caller's side: what is answered, what is kept, what others see."""

import asyncio
from datetime import timedelta

import pytest

from kit.clock import now
from kit.ids import new_id
from tests.integration.attendance.conftest import HALL, JEBRES, days_ago
from tests.waiting import eventually


def at(place, **more):
    return {"lat": place[0], "lon": place[1], "accuracy_m": 10, **more}


def an_arrival(place=HALL, **more):
    return {"direction": "in", "position": at(place), **more}


async def test_an_arrival_is_answered_with_the_day_it_belongs_to(ask):
    answer = await ask("POST", "/check-ins", "kepala.dinkes", json=an_arrival())

    told = answer.json()
    assert answer.status_code == 201, answer.text
    assert (told["office"], told["method"], told["direction"]) == ("BALAIKOTA", "position", "in")
    assert told["day"]["first_in"] == told["at"]
    assert told["at"].endswith("+07:00")
    assert told["day"]["explanation"]
    assert answer.headers["X-Written"].startswith(told["day"]["id"])


async def test_twenty_parallel_taps_are_one_arrival(ask, store):
    tap = an_arrival(captured_at=now().isoformat())
    refused_before = await store.collection("refusals").count_documents({"account": "budi"})
    answers = await asyncio.gather(
        *(ask("POST", "/check-ins", "budi", json=tap) for _ in range(20))
    )

    codes = sorted(answer.status_code for answer in answers)
    assert codes == [201] + [409] * 19
    repeated = next(answer for answer in answers if answer.status_code == 409).json()
    assert repeated["code"] == "already_checked_in"
    assert repeated["office"] == "BALAIKOTA"
    accepted = next(answer for answer in answers if answer.status_code == 201).json()
    days = await store.collection("days").find({"_id": accepted["day"]["id"]})
    assert [len(day["punches"]) for day in days] == [1]
    refused = await store.collection("refusals").count_documents({"account": "budi"})
    assert refused == refused_before + 19


async def test_the_same_key_gives_the_same_answer_and_another_body_is_refused(ask):
    key = {"Idempotency-Key": new_id()}
    body = an_arrival(JEBRES)
    first = await ask("POST", "/check-ins", "cici", json=body, headers=key)

    again = await ask("POST", "/check-ins", "cici", json=body, headers=key)
    other = await ask("POST", "/check-ins", "cici", json=an_arrival(HALL), headers=key)

    assert first.status_code == again.status_code == 201
    assert first.text == again.text
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_an_arrival_elsewhere_is_a_move_and_the_board_follows(ask, load):
    await ask("POST", "/check-ins", "kepala.bkpsdm", json=an_arrival(HALL))
    moved = await ask("POST", "/check-ins", "kepala.bkpsdm", json=an_arrival(JEBRES))

    assert moved.status_code == 201
    assert moved.json()["move"] is True
    board = await ask(
        "GET",
        "/presence?employee_id=me",
        "kepala.bkpsdm",
        headers={"X-Written": moved.headers["X-Written"]},
    )
    assert board.json()["office"] == "JEBRES"
    assert "X-Behind" not in board.headers


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (an_arrival((-7.60, 110.90)), 422, "outside_every_office"),
        ({"direction": "in", "position": at(HALL, accuracy_m=201)}, 422, "position_too_coarse"),
        ({"direction": "in", "kiosk_code": "123456"}, 422, "kiosk_code_wrong"),
        ({"direction": "in"}, 422, "validation_failed"),
        ({"direction": "sideways", "position": at(HALL)}, 422, "validation_failed"),
        ({"direction": "in", "position": at((999, 0))}, 422, "validation_failed"),
        ({"direction": "in", "position": at(HALL), "x": 1}, 422, "validation_failed"),
        (an_arrival(captured_at="9999-12-31T23:59:59Z"), 422, "captured_in_the_future"),
        (an_arrival(captured_at="2026-01-05T07:00:00+07:00"), 422, "captured_too_long_ago"),
        (an_arrival(captured_at="2026-01-05T07:00:00"), 422, "validation_failed"),
        (an_arrival(captured_at=now().isoformat(), nonce="guessed"), 422, "nonce_wrong"),
    ],
)
async def test_what_cannot_be_taken_is_refused_by_its_code(ask, body, status, code):
    answer = await ask("POST", "/check-ins", "ani", json=body)

    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


async def test_a_refusal_says_how_far_the_nearest_office_is(ask):
    answer = await ask("POST", "/check-ins", "ani", json=an_arrival((-7.5720, 110.8297)))

    told = answer.json()
    assert told["nearest"] == "BALAIKOTA"
    assert 250 < told["distance_m"] < 400
    assert told["detail"].startswith(
        f"The nearest office is Balai Kota (BALAIKOTA), {told['distance_m']} m"
    )
    assert f"Come {told['closer_m']} m closer" in told["detail"]


async def test_a_nonce_proves_one_old_capture_of_its_own_account(ask):
    given = (await ask("POST", "/check-ins/nonces", "ani", json={"count": 2})).json()["nonces"]
    await asyncio.sleep(0.01)
    capture = an_arrival(captured_at=now().isoformat(), nonce=given[0])

    first = await ask("POST", "/check-ins", "ani", json=capture)
    reused = await ask("POST", "/check-ins", "ani", json={**capture, "direction": "out"})
    stolen = await ask("POST", "/check-ins", "cici", json={**capture, "nonce": given[1]})

    assert first.status_code == 201, first.text
    assert (reused.status_code, reused.json()["code"]) == (422, "nonce_wrong")
    assert (stolen.status_code, stolen.json()["code"]) == (422, "nonce_wrong")


async def test_a_nonce_of_a_device_counts_from_there_only(ask):
    body = {"count": 1, "device": "ponsel-1"}
    given = (await ask("POST", "/check-ins/nonces", "cici", json=body)).json()["nonces"]
    await asyncio.sleep(0.01)
    capture = an_arrival(JEBRES, captured_at=now().isoformat(), nonce=given[0], direction="out")

    for device in ({}, {"device": "ponsel-2"}):
        answer = await ask("POST", "/check-ins", "cici", json=capture | device)
        assert (answer.status_code, answer.json()["code"]) == (422, "nonce_wrong")
    taken = await ask("POST", "/check-ins", "cici", json=capture | {"device": "ponsel-1"})
    assert taken.status_code == 201, taken.text


@pytest.mark.parametrize(
    ("behind_s", "flags"), [(0, []), (59, []), (300, ["clock_drift"]), (-300, ["clock_drift"])]
)
async def test_the_drift_of_a_phones_clock_is_measured_and_noted(ask, behind_s, flags):
    sent = (now() - timedelta(seconds=behind_s)).isoformat()
    place = JEBRES if behind_s in {0, 300} else HALL

    answer = await ask("POST", "/check-ins", "indah", json=an_arrival(place, sent_at=sent))

    told = answer.json()
    assert answer.status_code == 201, answer.text
    assert abs(told["clock_drift_s"] - behind_s) < 30
    assert told["flags"] == flags


async def test_a_late_arrival_of_another_system_is_late_by_the_rule_of_that_day(load, ask):
    on, _ = days_ago(4)

    items = await load("ani", 4, ("in", "07:42:10"), ("out", "17:00:00"))

    day = (await ask("GET", f"/employees/ani/days/{on}", "ani")).json()
    assert [item["status"] for item in items] == ["accepted", "accepted"]
    if day["working_day"]:
        assert (day["status"], day["late_minutes"]) == ("late", 12)
        assert day["policy_version"] == "surakarta-ordinary/2026-01-01"
    assert {punch["method"] for punch in day["punches"]} == {"import"}


async def test_importing_the_same_punches_again_changes_nothing(load, store):
    await load("cici", 5, ("in", "07:00:00"), ("out", "16:31:00"))
    before = await store.collection("days").find_one({"_id": f"cici:{days_ago(5)[0]}"})

    again = await load("cici", 5, ("in", "07:00:00"), ("out", "16:31:00"))

    after = await store.collection("days").find_one({"_id": before["_id"]})
    assert [item["problem"]["code"] for item in again] == ["already_checked_in"] * 2
    assert after["punches"] == before["punches"]


async def test_a_past_day_closes_and_says_what_is_missing(load, ask):
    on, _ = days_ago(7)
    await load("budi", 7, ("in", "07:05:00"))

    async def closed():
        day = (await ask("GET", f"/employees/budi/days/{on}", "budi")).json()
        return day if day["closed"] else None

    day = await eventually(closed, within_s=30)
    if day["working_day"]:
        assert day["status"] == "incomplete"
    assert day["last_out"] is None


async def test_punches_of_unknown_people_and_offices_are_refused_one_by_one(ask):
    _, moment = days_ago(2)
    items = [
        {"employee_id": "nobody", "direction": "in", "at": moment, "office": "BALAIKOTA"},
        {"employee_id": "ani", "direction": "in", "at": moment, "office": "NOWHERE"},
        {"employee_id": "ani", "direction": "in", "at": moment, "office": "BALAIKOTA"},
    ]

    told = (await ask("POST", "/imports/punches", "loader", json={"items": items})).json()["items"]

    assert [item["status"] for item in told] == ["refused", "refused", "accepted"]
    assert told[0]["problem"]["code"] == "unknown_employee"
    assert told[1]["problem"]["errors"][0]["pointer"] == "/office"


@pytest.mark.parametrize(
    ("by", "status"),
    [
        ("ani", 200),
        ("kepala.bkpsdm", 200),
        ("admin", 200),
        ("auditor", 200),
        ("budi", 404),
        ("cici", 404),
        ("kepala.dinkes", 404),
        ("loader", 404),
        ("jabar", 404),
    ],
)
async def test_a_day_is_seen_by_those_whom_it_concerns(ask, load, by, status):
    on, _ = days_ago(10)
    await load("ani", 10, ("in", "07:00:00"))

    assert (await ask("GET", f"/employees/ani/days/{on}", by)).status_code == status


async def test_nobody_but_the_loader_sends_punches_for_others(ask):
    item = {
        "employee_id": "ani",
        "direction": "in",
        "at": days_ago(2)[1],
        "office": "BALAIKOTA",
    }

    for by in ("ani", "kepala.bkpsdm", "admin", "jabar"):
        answer = await ask("POST", "/imports/punches", by, json={"items": [item]})
        assert answer.status_code == 403


async def test_agencies_are_counted_for_outsiders_without_a_person(load, store):
    on, _ = days_ago(12)
    await load("cici", 12, ("in", "07:00:00"), ("out", "16:45:00"))

    async def counted():
        return await store.collection("agency_days").find_one({"_id": f"DINKES:{on}"})

    document = await eventually(counted, within_s=20)
    assert sum(document["counts"].values()) == 1
    assert "cici" not in str(document["counts"])


async def test_every_event_leaves_its_outbox(store):
    async def drained():
        return await store.collection("outbox").count_documents({}) == 0

    assert await eventually(drained, within_s=20)
