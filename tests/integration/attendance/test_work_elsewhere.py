"""Work elsewhere: within the quotas, decided, reported; the day is one of work elsewhere."""

from datetime import timedelta

import pytest

from tests.integration.attendance.conftest import an_agency
from tests.integration.attendance.people import a_post, announce_people
from tests.integration.attendance.test_absences import a_leave, next_monday
from tests.waiting import eventually


@pytest.fixture
def wanted(ask):
    """Ask to work elsewhere: ``await wanted("dewi", on)``; the answer, whatever it is."""

    async def want(by, on, **more):
        body = {"date": str(on), "plan": "Menyusun laporan.", "place": "Rumah", **more}
        return await ask("POST", "/work-elsewhere", by, json=body)

    return want


async def test_an_approved_day_is_one_of_work_elsewhere_and_is_reported(ask, wanted, day_of):
    on = next_monday(20)
    told = (await wanted("dewi", on)).json()
    assert (told["state"], told["actions"]) == ("pending", ["withdraw"])
    path = f"/work-elsewhere/{told['id']}"
    early = await ask("POST", f"{path}/report", "dewi", json={"output": "Selesai."})

    approved = await ask("POST", f"{path}/approve", "kepala.bkpsdm", json={})
    day = await day_of("dewi", on, "elsewhere")
    foreign = await ask("POST", f"{path}/report", "kepala.bkpsdm", json={"output": "Selesai."})
    reported = await ask("POST", f"{path}/report", "dewi", json={"output": "Selesai."})

    assert (early.status_code, early.json()["code"]) == (409, "wrong_state")
    assert approved.status_code == 200, approved.text
    assert day["absences"][0]["id"] == told["id"]
    assert foreign.status_code == 403
    assert reported.json()["report"]["output"] == "Selesai."
    assert (reported.json()["report"]["late"], reported.json()["report_overdue"]) == (False, False)
    assert [step["action"] for step in reported.json()["history"]] == [
        "request",
        "approve",
        "report",
    ]


async def test_two_days_a_week_and_no_more(ask, wanted):
    """PermenPANRB 4/2025, article 13."""
    monday = next_monday(22)
    days = [await wanted("ani", monday + timedelta(days=n)) for n in (0, 2)]
    third = await wanted("ani", monday + timedelta(days=4))
    next_week = await wanted("ani", monday + timedelta(days=7))

    assert [answer.status_code for answer in days] == [201, 201]
    assert (third.status_code, third.json()["code"]) == (422, "quota_exceeded")
    assert (third.json()["quota"], third.json()["limit"]) == ("person_and_week", 2)
    assert next_week.status_code == 201
    leave = await ask("POST", "/absences", "ani", json=a_leave(22, days=1))
    assert (leave.status_code, leave.json()["code"]) == (422, "overlaps")
    past = await wanted("ani", "2026-01-05")
    assert [error["pointer"] for error in past.json()["errors"]] == ["/date"]


async def test_half_of_an_agency_at_a_time(ask, wanted, store):
    """SE Sekda Surakarta 1/2026: others hold all places but one of the health agency's day."""
    on = next_monday(24)
    people = await store.collection("people").count_documents({"agencies": "DINKES"})
    others = [f"other-{number}" for number in range(people // 2 - 1)]
    await store.collection("work_elsewhere_places").insert_one(
        {"_id": f"DINKES:{on}", "version": 1, "sequence": 0, "outbox": [], "requests": others}
    )
    first = await wanted("cici", on)
    second = await wanted("kepala.dinkes", on)

    assert first.status_code == 201, first.text
    assert (second.status_code, second.json()["code"]) == (422, "quota_exceeded")
    assert (second.json()["quota"], second.json()["limit"]) == ("agency_and_day", people // 2)

    await ask("POST", f"/work-elsewhere/{first.json()['id']}/withdraw", "cici", json={})

    async def free():
        again = await wanted("kepala.dinkes", on)
        return again.status_code == 201

    await eventually(free, within_s=20)


async def test_a_policy_that_is_entered_rules_from_its_day_on(servers, store, city, ask, wanted):
    people = [a_post("kirana", "DISHUB", "Analis"), a_post("larasati", "DISHUB", "Petugas Loket")]
    await announce_people(servers, store, [an_agency("DISHUB")], people)
    monday = next_monday(26)
    square = [[110.7, -7.7], [110.9, -7.7], [110.9, -7.5], [110.7, -7.5], [110.7, -7.7]]
    policy = {
        "most_a_week": 1,
        "most_percent": 100,
        "area": {"type": "Polygon", "coordinates": [square]},
        "excluded_positions": ["petugas loket"],
        "not_after_absence": True,
        "effective_from": str(monday),
        "decree": "SE 40/2026",
    }
    path = "/agencies/DISHUB/work-elsewhere-policies"
    assert (await ask("POST", path, "kepala.dinkes", json=policy)).status_code == 403
    entered = await ask("POST", path, "admin", json=policy)
    before = (await ask("GET", f"{path}?on={monday - timedelta(days=1)}", "ani")).json()["items"]
    ruling = (await ask("GET", f"{path}?on={monday}", "ani")).json()["items"]

    assert entered.status_code == 201, entered.text
    assert (before[0]["agency"], ruling[0]["id"]) == (None, "DISHUB-elsewhere-v1")
    inside = {"position": {"lat": -7.56, "lon": 110.83}}

    async def ask_for(who, on, **more):
        return await wanted("admin", on, employee_id=who, **more)

    weeks = iter(range(4, 60))

    async def known():  # the tree of agencies is kept for moments
        answer = await ask_for("kirana", monday + timedelta(weeks=next(weeks)))
        return answer.status_code == 422

    assert await eventually(known, every_s=0.5)
    nowhere = await ask_for("kirana", monday)
    far = await ask_for("kirana", monday, position={"lat": -6.2, "lon": 106.8})
    counter = await ask_for("larasati", monday, **inside)
    pointers = [one.json()["errors"][0]["pointer"] for one in (nowhere, far, counter)]
    assert pointers == ["/position", "/position", "/employee_id"]
    taken = await ask_for("kirana", monday, **inside)
    assert (taken.status_code, taken.json()["policy"]) == (201, "DISHUB-elsewhere-v1")
    second = await ask_for("kirana", monday + timedelta(days=1), **inside)
    assert (second.json()["code"], second.json()["limit"]) == ("quota_exceeded", 1)
    friday = monday + timedelta(days=11)
    leave = a_leave(0) | {"employee_id": "kirana", "from": str(friday), "to": str(friday)}
    assert (await ask("POST", "/absences", "admin", json=leave)).status_code == 201
    after = [await ask_for("kirana", friday + timedelta(days=n), **inside) for n in (3, 4)]
    assert [one.status_code for one in after] == [422, 201]
    assert after[0].json()["errors"][0]["pointer"] == "/date"
    stored = await store.collection("work_elsewhere").find_one({"_id": taken.json()["id"]})
    assert "110.83" not in str(stored)
