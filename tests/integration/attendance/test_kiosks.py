"""Kiosk codes from the caller's side: shown to the kiosk, used by people, once each."""

import re
from datetime import timedelta

import pytest

from kit.clock import now
from services.attendance.kiosks.model import STEP_S, code_of, step_of
from tests.integration.attendance.conftest import HALL, JEBRES
from tests.integration.attendance.test_check_ins import at
from tests.waiting import eventually


@pytest.fixture
async def hall(ask):
    """The kiosk of the city hall is open."""
    answer = await ask("GET", "/offices/BALAIKOTA/kiosk", "kiosk.balaikota")
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
def code_shown(store, hall):
    """The code that the hall's kiosk shows in the step of a moment."""

    async def made(moment):
        kiosk = await store.collection("kiosks").find_one({"_id": "BALAIKOTA"})
        return code_of(kiosk["secrets"][0]["key"], "BALAIKOTA", step_of(moment))

    return made


def check_in(ask, by, **body):
    return ask("POST", "/check-ins", by, json={"direction": "in", **body})


async def test_the_kiosk_of_an_office_shows_its_code_as_text_and_picture(hall):
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}", hall["code"])
    assert hall["qr_svg"].startswith("<svg ")
    assert (hall["office"], hall["name"], hall["step_s"]) == ("BALAIKOTA", "Balai Kota", STEP_S)
    assert hall["valid_from"] <= hall["as_of"] < hall["valid_until"]


@pytest.mark.parametrize(
    ("by", "office", "status"),
    [
        ("kiosk.jebres", "BALAIKOTA", 403),
        ("kiosk.balaikota", "NOWHERE", 403),
        ("ani", "BALAIKOTA", 403),
        ("admin", "BALAIKOTA", 403),
        ("auditor", "BALAIKOTA", 403),
        ("jabar", "BALAIKOTA", 403),
    ],
)
async def test_nobody_else_is_told_the_code(ask, by, office, status):
    assert (await ask("GET", f"/offices/{office}/kiosk", by)).status_code == status


async def test_a_kiosk_may_nothing_but_show_its_code(ask):
    by = "kiosk.balaikota"
    assert (await check_in(ask, by, position=at(HALL))).status_code == 403
    assert (await ask("GET", "/presence?office=BALAIKOTA", by)).status_code == 403
    assert (await ask("GET", "/devices", by)).status_code == 403
    rotation = await ask("POST", "/offices/BALAIKOTA/kiosk/rotate", by, json={})
    assert rotation.status_code == 403


async def test_a_code_without_a_position_counts_once_and_is_flagged(ask, hall):
    first = await check_in(ask, "dedi", kiosk_code=hall["code"])
    again = await check_in(ask, "dedi", kiosk_code=hall["code"].lower().replace("-", " "))
    left = await check_in(ask, "dedi", kiosk_code=hall["code"], direction="out")
    other = await check_in(ask, "eka", kiosk_code=hall["code"], position=at(JEBRES))

    told = first.json()
    assert first.status_code == 201, first.text
    assert (told["method"], told["office"]) == ("kiosk", "BALAIKOTA")
    assert told["flags"] == ["no_position"]
    assert told["day"]["first_in"] == told["at"]
    for repeat in (again, left):
        assert (repeat.status_code, repeat.json()["code"]) == (409, "already_checked_in")
    assert (other.status_code, other.json()["office"]) == (201, "BALAIKOTA"), other.text
    assert other.json()["flags"] == ["position_elsewhere"]


async def test_position_and_code_at_once_are_both_kept_and_counted_once(ask, store, hall):
    answer = await check_in(ask, "fitri", kiosk_code=hall["code"], position=at(HALL))

    told = answer.json()
    assert (told["method"], told["flags"]) == ("kiosk", [])
    assert [punch["id"] for punch in told["day"]["punches"]].count(told["id"]) == 1
    kept = await store.collection("positions").find({"employee": "fitri"})
    kept = [one for one in kept if one["_id"].endswith(told["id"])]
    assert [one["position"]["lat"] for one in kept] == [HALL[0]]
    assert kept[0]["kiosk_use"].startswith("BALAIKOTA:")


async def test_one_step_of_drift_counts_and_an_older_code_is_wrong(ask, store, code_shown):
    await open_since(store, hours=2)
    step = timedelta(seconds=STEP_S)

    for code in (await code_shown(now() - 3 * step), "AAAA-AAAA", "no code"):
        answer = await check_in(ask, "gita", kiosk_code=code)
        assert (answer.status_code, answer.json()["code"]) == (422, "kiosk_code_wrong")

    async def drifted():  # as soon as the service has read since when the kiosk is open
        answer = await check_in(ask, "gita", kiosk_code=await code_shown(now() - step))
        return answer.status_code == 201

    assert await eventually(drifted, within_s=10, every_s=0.3)


async def test_a_code_tells_the_time_of_a_phone_whose_clock_is_behind(ask, hall):
    behind = (now() - timedelta(minutes=4)).isoformat()

    answer = await check_in(
        ask, "kepala.dinkes", kiosk_code=hall["code"], captured_at=behind, direction="out"
    )

    told = answer.json()
    assert answer.status_code == 201, answer.text
    assert "clock_behind" in told["flags"]
    assert told["at"] > behind


async def test_offline_a_code_counts_at_its_own_step_with_a_nonce_from_before(
    ask, store, code_shown
):
    await open_since(store, hours=2)
    nonces = (await ask("POST", "/check-ins/nonces", "eka", json={"count": 2})).json()["nonces"]
    issued = {"$set": {"issued_at": now() - timedelta(hours=1)}}
    for document in await store.collection("nonces").find({"account": "eka"}):
        await store.collection("nonces").update_one({"_id": document["_id"]}, issued)
    captured = now() - timedelta(minutes=40)
    code = await code_shown(captured)

    async def sent(nonce, moment):
        return await check_in(
            ask, "eka", kiosk_code=code, nonce=nonce, captured_at=moment.isoformat()
        )

    later = await sent(nonces[0], captured + timedelta(minutes=10))
    assert (later.status_code, later.json()["code"]) == (422, "kiosk_code_wrong")

    async def taken():  # as soon as the service has read since when the kiosk is open
        answer = await sent(nonces[0], captured)
        return answer.json() if answer.status_code == 201 else None

    told = await eventually(taken, within_s=10, every_s=0.3)
    assert (told["method"], told["offline"]) == ("kiosk", True), told
    assert told["flags"] == ["no_position"]


async def test_an_administrator_replaces_a_secret_and_may_call_it_compromised(ask):
    async def shown():
        return (await ask("GET", "/offices/JEBRES/kiosk", "kiosk.jebres")).json()["code"]

    leaked = await shown()
    answer = await ask("POST", "/offices/JEBRES/kiosk/rotate", "admin", json={"compromised": True})

    assert answer.status_code == 200, answer.text
    assert answer.json()["secrets"] == 1
    assert "key" not in answer.text

    async def refused():
        used = await check_in(ask, "gita", kiosk_code=leaked, direction="out")
        return used if used.status_code == 422 else None

    refusal = await eventually(refused, within_s=5)
    assert refusal.json()["code"] == "kiosk_code_wrong"
    assert await shown() != leaked


@pytest.mark.parametrize("by", ["ani", "kepala.bkpsdm", "auditor", "jabar"])
async def test_nobody_but_the_administrator_replaces_a_secret(ask, by):
    answer = await ask("POST", "/offices/BALAIKOTA/kiosk/rotate", by, json={})

    assert answer.status_code == 403


async def open_since(store, *, hours):
    """As if the hall's kiosk had been opened so many hours ago."""
    since = {"$set": {"secrets.0.since": step_of(now() - timedelta(hours=hours))}}
    await store.collection("kiosks").update_one({"_id": "BALAIKOTA"}, since)
