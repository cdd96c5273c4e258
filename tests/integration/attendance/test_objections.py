"""Objections to a day's finding: raised in time, waiting among the approvals, with an effect."""

from tests.integration.attendance.conftest import days_ago
from tests.waiting import eventually


def an_objection(on, **more):
    remedy = {"remedy": {"excuse": "lateness"}}
    return {"about": {"day": {"date": str(on)}}, "reason": "Jalan ditutup.", **remedy, **more}


async def test_an_objection_waits_is_answered_and_changes_the_day(ask, load, day_of):
    on, _ = days_ago(4)
    await load("gita", 4, ("in", "08:00:00"), ("out", "17:00:00"))
    body = an_objection(on, remedy={"first_in": f"{on}T07:15:00+07:00"})
    before = (await ask("GET", f"/employees/gita/days/{on}", "gita")).json()

    raised = await ask("POST", "/objections", "gita", json=body)
    twice = await ask("POST", "/objections", "gita", json=body)

    assert raised.status_code == 201, raised.text
    told = raised.json()
    assert told["about"]["day"]["finding"]["status"] == before["status"]
    assert (told["state"], told["actions"]) == ("pending", ["withdraw"])
    assert (twice.status_code, twice.json()["code"]) == (422, "overlaps")
    path = f"/objections/{told['id']}"
    for by, status in (("gita", 403), ("kepala.bkpsdm", 404), ("auditor", 403), ("ani", 404)):
        assert (await ask("POST", f"{path}/approve", by, json={})).status_code == status, by
    waiting = (await ask("GET", "/approvals?type=objection", "kepala.dinkes")).json()["items"]
    assert told["id"] in {row["id"] for row in waiting}

    wrong = {"remedy": {"first_in": "2020-01-06T07:15:00+07:00"}}
    refused = await ask("POST", f"{path}/approve", "kepala.dinkes", json=wrong)
    assert refused.json()["errors"][0]["pointer"] == "/remedy/first_in"
    approved = await ask("POST", f"{path}/approve", "kepala.dinkes", json={"note": "Benar."})

    assert approved.json()["state"] == "approved"

    async def corrected():
        day = (await ask("GET", f"/employees/gita/days/{on}", "gita")).json()
        return day if day["first_in"] == f"{on}T07:15:00+07:00" else None

    day = await eventually(corrected, within_s=20)
    assert (day["late_minutes"], day["corrections"][0]["id"]) == (0, told["id"])
    again = await ask("POST", "/objections", "gita", json=body)
    assert (again.status_code, again.json()["code"]) == (409, "already_decided")


async def test_it_comes_in_time_about_something_that_was_found(ask, load):
    late, _ = days_ago(20)
    await load("hadi", 20, ("in", "08:00:00"))
    nothing, _ = days_ago(300)

    for by, on in (("hadi", late), ("hadi", nothing)):
        answer = await ask("POST", "/objections", by, json=an_objection(on))
        assert answer.json()["errors"][0]["pointer"] == "/about/day/date", answer.text
    both = an_objection(late, remedy={"excuse": "absence", "first_in": f"{late}T07:00:00+07:00"})
    assert (await ask("POST", "/objections", "hadi", json=both)).status_code == 422
    foreign = {"about": {"day": {"employee_id": "ani", "date": str(late)}}}
    assert (
        await ask("POST", "/objections", "hadi", json=an_objection(late, **foreign))
    ).status_code == 403


async def test_a_rejection_says_why_and_an_excuse_ends_when_it_is_withdrawn(ask, load):
    on, _ = days_ago(5)
    for who in ("eka", "dedi"):
        await load(who, 5, ("in", "09:00:00"), ("out", "17:00:00"))
    raised = {
        who: (await ask("POST", "/objections", who, json=an_objection(on))).json()
        for who in ("eka", "dedi")
    }
    bare = await ask("POST", f"/objections/{raised['eka']['id']}/reject", "kepala.dinkes", json={})
    assert bare.json()["code"] == "reason_required"
    item = {"id": raised["dedi"]["id"], "version": raised["dedi"]["version"], "decision": "approve"}
    decided = await ask("POST", "/approvals/decide", "kepala.dinkes", json={"items": [item]})
    assert decided.json()["items"][0]["result"]["state"] == "approved"

    async def excused():
        day = (await ask("GET", f"/employees/dedi/days/{on}", "dedi")).json()
        return [one for one in day["absences"] if one["type"] == "objection"]

    assert (await eventually(excused, within_s=20))[0]["kind"] == "lateness"
    path = f"/objections/{raised['dedi']['id']}/withdraw"
    assert (await ask("POST", path, "kepala.dinkes", json={})).json()["state"] == "withdrawn"

    async def gone():
        return not await excused()

    assert await eventually(gone, within_s=20)
