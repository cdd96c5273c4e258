"""Duty outside every office: recorded at once, counted when the supervisor confirms."""

import pytest

from kit.ids import new_id
from tests.integration.attendance.test_check_ins import at
from tests.waiting import eventually

FAR = (-7.60, 110.90)


@pytest.fixture
async def duty(ask):
    """Somebody is called to a flood, and it waits for the head."""
    body = {"direction": "in", "position": at(FAR), "duty_note": "Banjir, diminta lewat telepon."}
    made = []

    async def recorded(by):
        answer = await ask("POST", "/check-ins", by, json=body)
        assert answer.status_code == 201, answer.text
        made.append(answer.json()["id"])

        async def listed():
            path = "/check-ins/held?state=pending&state=confirmed&state=declined"
            rows = (await ask("GET", path, "auditor")).json()["items"]
            return next((row for row in rows if row["id"] == made[-1]), None)

        return answer.json(), await eventually(listed, within_s=10)

    return recorded


async def test_a_duty_waits_and_counts_when_it_is_confirmed(ask, duty, store):
    told, held = await duty("cici")

    assert (told["method"], told["office"], told["standing"]) == ("duty", None, "pending")
    assert held["note"] == "Banjir, diminta lewat telepon."
    assert held["state"] == "pending"
    path = f"/check-ins/{told['id']}/confirm"
    for by, status in (("cici", 403), ("kepala.bkpsdm", 404), ("admin", 403), ("ani", 404)):
        assert (await ask("POST", path, by, json={})).status_code == status, by

    key = {"Idempotency-Key": new_id()}
    confirmed = await ask("POST", path, "kepala.dinkes", json={"note": "Benar."}, headers=key)
    again = await ask("POST", path, "kepala.dinkes", json={"note": "Benar."}, headers=key)

    assert confirmed.status_code == 200, confirmed.text
    assert again.text == confirmed.text
    assert confirmed.json()["standing"] == "counts"
    pending = [r for r in confirmed.json()["day"]["explanation"] if r["rule"] == "pending"]
    assert told["id"] not in {fact for reason in pending for fact in reason["facts"]}
    declined = await ask(
        "POST", f"/check-ins/{told['id']}/decline", "kepala.dinkes", json={"note": "Bukan."}
    )
    assert (declined.status_code, declined.json()["code"]) == (409, "already_decided")

    async def settled():
        held = await store.collection("held_check_ins").find_one({"_id": told["id"]})
        return held["state"] == "confirmed"

    assert await eventually(settled, within_s=10)


async def test_a_head_does_not_decide_about_the_own_duty(ask, duty):
    told, _ = await duty("kepala.dinkes")
    path = f"/check-ins/{told['id']}/confirm"

    assert (await ask("POST", path, "kepala.dinkes", json={})).status_code == 403


async def test_declining_needs_a_reason_and_the_day_says_that_it_was_declined(ask, duty):
    told, held = await duty("budi")
    path = f"/check-ins/{told['id']}/decline"

    bare = await ask("POST", path, "kepala.bkpsdm", json={})
    declined = await ask("POST", path, "kepala.bkpsdm", json={"note": "Tidak ada perintah."})

    assert held["actions"] == []  # the auditor looks, the head decides
    assert (bare.status_code, bare.json()["code"]) == (422, "reason_required")
    assert declined.json()["standing"] == "declined"
    assert "declined" in [reason["rule"] for reason in declined.json()["day"]["explanation"]]


async def test_those_who_decide_find_what_waits_for_them(ask, duty):
    told, _ = await duty("eka")

    mine = (await ask("GET", "/check-ins/held", "kepala.dinkes")).json()["items"]
    own = (await ask("GET", "/check-ins/held?employee_id=me", "eka")).json()["items"]
    others = (await ask("GET", "/check-ins/held", "kepala.bkpsdm")).json()["items"]
    colleagues = (await ask("GET", "/check-ins/held", "dedi")).json()["items"]
    outside = await ask("GET", "/check-ins/held", "jabar")

    row = next(row for row in mine if row["id"] == told["id"])
    assert row["actions"] == ["confirm", "decline"]
    assert row["person"]["name"] == "Eka"
    assert [row["actions"] for row in own if row["id"] == told["id"]] == [[]]
    assert told["id"] not in {row["id"] for row in others + colleagues}
    assert outside.status_code == 403


async def test_it_waits_among_the_approvals_and_is_decided_there(ask, duty):
    told, _ = await duty("hadi")
    declined, _ = await duty("indah")

    async def waiting(by):
        answer = await ask("GET", "/approvals?type=check_in&limit=200", by)
        return {row["id"]: row for row in answer.json()["items"]}

    mine = (await waiting("kepala.dinkes"))[told["id"]]
    assert (mine["type"], mine["request"]["method"]) == ("check_in", "duty")
    assert mine["request"]["person"]["name"] == "Hadi"
    assert told["id"] not in await waiting("kepala.bkpsdm")
    assert await waiting("hadi") == {}

    async def decide(by, id_, version, decision, note=""):
        item = {"id": id_, "version": version, "decision": decision, "note": note}
        answer = await ask("POST", "/approvals/decide", by, json={"items": [item]})
        return answer.json()["items"][0]

    version = mine["version"]
    assert (await decide("hadi", told["id"], version, "approve"))["problem"]["status"] == 403
    stale = await decide("kepala.dinkes", told["id"], version + 7, "approve")
    assert stale["problem"]["code"] == "version_conflict"
    approved = await decide("kepala.dinkes", told["id"], version, "approve", "Benar.")
    assert (approved["status"], approved["result"]["state"]) == ("accepted", "confirmed")
    other = (await waiting("kepala.dinkes"))[declined["id"]]
    bare = await decide("kepala.dinkes", declined["id"], other["version"], "reject")
    assert bare["problem"]["code"] == "reason_required"
    rejected = await decide("kepala.dinkes", declined["id"], other["version"], "reject", "Bukan.")
    assert rejected["result"]["state"] == "declined"
    assert not {told["id"], declined["id"]} & (await waiting("kepala.dinkes")).keys()
