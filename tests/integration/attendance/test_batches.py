"""Captures that a phone kept: sent together, in any order, each with a verdict of its own."""

import random
from datetime import datetime, timedelta

import pytest

from kit.clock import now
from kit.ids import new_id
from tests.integration.attendance.conftest import HALL, JEBRES
from tests.integration.attendance.test_check_ins import an_arrival, at
from tests.waiting import eventually


@pytest.fixture
def offline(ask, store):
    """Captures of an account on past days, each with a nonce that was given out before."""

    async def captures(by, *wanted):
        count = len(wanted)
        answer = await ask("POST", "/check-ins/nonces", by, json={"count": count})
        nonces = answer.json()["nonces"]
        earlier = {"$set": {"issued_at": now() - timedelta(hours=60)}}
        for document in await store.collection("nonces").find({"account": by, "used_by": None}):
            await store.collection("nonces").update_one({"_id": document["_id"]}, earlier)
        return [
            {
                "direction": direction,
                "position": at(place),
                "captured_at": (now() - timedelta(hours=hours)).isoformat(),
                "nonce": nonce,
            }
            for nonce, (direction, place, hours) in zip(nonces, wanted, strict=True)
        ]

    return captures


def send(ask, by, items, key=None):
    headers = {"Idempotency-Key": key or new_id()}
    return ask("POST", "/check-ins/batch", by, json={"items": items}, headers=headers)


async def test_each_capture_has_a_verdict_of_its_own_in_its_place(ask):
    items = [
        an_arrival((-7.70, 110.90)),
        an_arrival(JEBRES, captured_at="2026-01-05T07:00:00+07:00"),
        an_arrival(JEBRES, captured_at=now().isoformat()),
        {"direction": "in", "kiosk_code": "AAAA-AAAA"},
    ]

    answer = await send(ask, "gita", items)

    told = answer.json()["items"]
    assert answer.status_code == 200, answer.text
    assert [one["status"] for one in told] == ["refused", "refused", "accepted", "refused"]
    assert [one["problem"]["code"] for one in told if one["problem"]] == [
        "outside_every_office",
        "captured_too_long_ago",
        "kiosk_code_wrong",
    ]
    assert told[2]["result"]["office"] == "JEBRES"


async def test_the_order_of_a_batch_and_how_it_is_split_do_not_matter(ask, offline):
    wanted = [("in", HALL, 50), ("in", JEBRES, 48), ("out", JEBRES, 42), ("in", HALL, 26)]
    days = []
    for by, seed in (("ani", 1), ("dedi", 2)):
        items = await offline(by, *wanted)
        random.Random(seed).shuffle(items)
        parts = [items] if by == "ani" else [items[:1], items[1:]]
        for part in parts:
            told = (await send(ask, by, part)).json()["items"]
            assert [one["status"] for one in told] == ["accepted"] * len(part), told
        span = f"from={(now() - timedelta(days=4)).date()}&to={(now() - timedelta(days=1)).date()}"
        days.append((await ask("GET", f"/employees/{by}/days?{span}", by)).json()["items"])

    def readings(of):
        return [
            [
                (punch["direction"], punch["office"], punch["move"], punch["offline"])
                for punch in day["punches"]
            ]
            for day in of
        ]

    recorded = [[day for day in of if any(p["offline"] for p in day["punches"])] for of in days]
    assert readings(recorded[0]) == readings(recorded[1])
    assert [day["status"] for day in recorded[0]] == [day["status"] for day in recorded[1]]


async def test_a_batch_that_is_sent_again_gets_the_same_answer_and_stores_nothing(
    ask, offline, store
):
    items = await offline("eka", ("in", HALL, 34), ("out", HALL, 30))
    key = new_id()

    first = await send(ask, "eka", items, key)
    again = await send(ask, "eka", items, key)

    assert [one["status"] for one in first.json()["items"]] == ["accepted"] * 2, first.text
    assert first.json() == again.json()


async def test_a_capture_in_another_batch_is_a_repeat_and_not_a_stolen_nonce(ask, offline):
    items = await offline("fitri", ("in", HALL, 34), ("out", HALL, 30))
    await send(ask, "fitri", items[:1])

    told = (await send(ask, "fitri", items)).json()["items"]
    reused = {**items[1], "nonce": items[0]["nonce"]}
    other = (await send(ask, "fitri", [reused])).json()["items"]

    assert [one["status"] for one in told] == ["refused", "accepted"], told
    assert told[0]["problem"]["code"] == "already_checked_in"
    assert told[0]["problem"]["office"] == "BALAIKOTA"
    assert other[0]["problem"]["code"] == "nonce_wrong"


async def test_two_hundred_captures_at_once_are_each_decided(ask):
    moment = now()
    items = [
        an_arrival(HALL, captured_at=(moment - timedelta(seconds=n)).isoformat())
        for n in range(200)
    ]

    key = new_id()

    async def decided():
        told = (await send(ask, "hadi", items, key)).json()["items"]
        return None if any(one["status"] == "pending" for one in told) else told

    told = await eventually(decided, within_s=60)  # a slow machine answers some later

    assert len(told) == 200
    codes = {one["problem"]["code"] for one in told if one["problem"]}
    assert codes <= {"already_checked_in"}
    on = (moment + timedelta(hours=7)).date()
    days = await ask("GET", f"/employees/hadi/days?from={on}&to={on}", "hadi")
    earliest = datetime.fromisoformat(items[-1]["captured_at"])
    assert abs(datetime.fromisoformat(days.json()["items"][0]["first_in"]) - earliest) < timedelta(
        seconds=1
    )


@pytest.mark.parametrize("count", [0, 501])
async def test_a_batch_has_one_to_five_hundred_captures(ask, count):
    answer = await send(ask, "gita", [{"direction": "in"}] * count)

    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")


async def test_more_offline_days_than_the_policy_allows_wait_for_the_supervisor(
    ask, offline, store
):
    items = await offline("budi", ("in", HALL, 50), ("out", HALL, 42))
    captured = datetime.fromisoformat(items[0]["captured_at"]) + timedelta(hours=7)
    months = {(captured + timedelta(days=n)).strftime("%Y-%m") for n in (0, 1)}
    for month in months:  # five other days have the places of the month
        taken = {"days": [f"{month}-{n:02}" for n in (1, 2, 3, 4, 5)]}
        if captured.strftime("%Y-%m-%d") in taken["days"]:
            taken = {"days": [f"{month}-{n:02}" for n in (21, 22, 23, 24, 25)]}
        await store.collection("offline_days").insert_one(
            {"_id": f"budi:{month}", "version": 1, "sequence": 0, "outbox": [], **taken}
        )

    told = (await send(ask, "budi", items)).json()["items"]

    assert [one["result"]["standing"] for one in told] == ["pending", "pending"]
    assert "offline_days_exceeded" in told[0]["result"]["flags"]
    arrival = told[0]["result"]["id"]

    async def listed():
        answer = await ask("GET", "/approvals?type=check_in&limit=200", "kepala.bkpsdm")
        return next((row for row in answer.json()["items"] if row["id"] == arrival), None)

    row = await eventually(listed, within_s=10)
    assert (row["request"]["method"], row["request"]["offline"]) == ("position", True)
    confirmed = await ask("POST", f"/check-ins/{arrival}/confirm", "kepala.bkpsdm", json={})
    assert confirmed.json()["standing"] == "counts"
    assert confirmed.json()["day"]["first_in"] == confirmed.json()["at"]
