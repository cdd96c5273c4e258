"""A month is closed across attendance and scores, what comes later settles in the next one."""

import pytest

from tests.waiting import eventually

PERIOD, NEXT = "2026-09", "2026-10"
MONTH = f"/agencies/DLH/periods/{PERIOD}"
SCORE = "/agencies/DLH/scorecard"


async def punched(ask, who, on, came):
    items = [
        {"employee_id": who, "direction": way, "at": f"{on}T{at}+07:00", "office": "BALAIKOTA"}
        for way, at in (("in", came), ("out", "16:45:00"))
    ]
    told = await ask("POST", "/imports/punches", "loader", json={"items": items})
    assert {one["status"] for one in told.json()["items"]} == {"accepted"}, told.text


async def told(ask, path, by="admin"):
    answer = await ask("GET", path, by)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def once(ask, path, holds, by="admin"):
    """The answer once it is so."""

    async def found():
        answer = await told(ask, path, by)
        return answer if holds(answer) else None

    return await eventually(found, within_s=60)


@pytest.fixture(scope="module")
async def september(ask):
    """Everybody came on one day, Intan late; all days are closed before anything is closed."""
    for who, came in (("kepala", "07:20:00"), ("intan", "08:00:00"), ("joko", "07:20:00")):
        await punched(ask, who, "2026-09-07", came)
    await punched(ask, "joko", "2026-10-05", "07:20:00")
    await once(ask, f"{MONTH}/readiness", lambda month: "open_days" not in codes(month))


def codes(month):
    return {item["code"] for item in month["items"]}


async def test_a_month_is_closed_settled_verified_and_reopened(ask, september, stores):
    # silent about nothing: readiness lists what is open, and closing needs a reason for it
    await (
        stores["attendance"]
        .collection("corrections")
        .insert_one(
            {"_id": "kept-for-readiness", "state": "pending", "agency": "DLH", "date": "2026-09-08"}
        )
    )
    month = await told(ask, f"{MONTH}/readiness", "kepala.dlh")
    assert (month["state"], month["ready"], month["actions"]) == ("open", False, ["close"])
    assert codes(month) == {"pending_corrections"}
    refused = await ask("POST", f"{MONTH}/close", "kepala.dlh", json={})
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
    assert [item["code"] for item in refused.json()["items"]] == ["pending_corrections"]
    assert (await ask("POST", f"{MONTH}/close", "intan", json={})).status_code == 403

    reason = {"override_reason": "Diputuskan pada bulan berikutnya."}
    closing = await ask("POST", f"{MONTH}/close", "kepala.dlh", json=reason)
    assert closing.status_code == 202, closing.text
    assert closing.headers["Location"] == f"/v1{MONTH}/readiness"
    assert closing.json()["state"] == "closing"

    # closed: attendance first, then scores, under one digest and a fingerprint
    month = await once(ask, f"{MONTH}/readiness", lambda month: month["state"] == "closed")
    [closed] = month["closings"]
    assert closed["days"] == 22 * 3
    assert closed["digest"] == month["attendance"]["digest"]
    assert (closed["results"], closed["override_reason"]) == (4, reason["override_reason"])
    closed_card = await told(ask, f"{SCORE}?period={PERIOD}", "intan")
    assert (closed_card["status"], closed_card["revision"]) == ("closed", 1)
    assert closed_card["fingerprint"] == closed["fingerprint"] == month["fingerprint"]
    own = await told(ask, f"/employees/me/scorecard?period={PERIOD}", "intan")
    assert (own["status"], own["score"], own["settlements"]) == ("closed", "0.0000", [])
    again = await ask("POST", f"{MONTH}/close", "kepala.dlh", json=reason)
    assert (again.status_code, again.json()["code"]) == (409, "period_closed")
    recap = await once(
        ask,
        f"/agencies/DLH/attendance/monthly?period={PERIOD}",
        lambda recap: recap["fingerprint"],
    )
    assert recap["fingerprint"] == closed["fingerprint"]

    # what comes later changes no closed figure and settles in the next month
    await punched(ask, "joko", "2026-09-08", "07:20:00")
    following = f"/employees/joko/scorecard?period={NEXT}"
    card = await once(ask, following, lambda card: card["settlements"])
    [settled] = card["settlements"]
    assert (settled["period"], settled["revision"]) == (PERIOD, 1)
    assert float(settled["after"]) > float(settled["before"])
    card = await told(ask, f"/employees/joko/scorecard?period={PERIOD}")
    assert (card["status"], card["score"]) == ("closed", settled["before"])

    line = await told(ask, f"{SCORE}/lines/punctuality?period={PERIOD}&limit=200", "kepala.dlh")
    [shown] = [one for one in line["facts"] if one["subject"] == "joko:2026-09-08"]
    assert (shown["data"]["status"], shown["data"]["locked"]) == ("absent", PERIOD)
    [of_closed] = [one for one in closed_card["lines"] if one["indicator"] == "punctuality"]
    assert line["value"] == of_closed["value"]

    # closing the next month settles it for good, and chains its fingerprint
    closing = await ask("POST", f"/agencies/DLH/periods/{NEXT}/close", "admin", json=reason)
    assert closing.status_code == 202, closing.text
    after = await once(
        ask,
        f"/agencies/DLH/periods/{NEXT}/readiness",
        lambda month: month["state"] == "closed",
    )
    assert after["closings"][0]["previous"] == closed["fingerprint"]
    [row] = [
        row
        for row in (await told(ask, f"/agencies/DLH/attendance/monthly?period={NEXT}"))["items"]
        if row["person"]["id"] == "joko"
    ]
    assert [one["date"] for one in row["settlements"]] == ["2026-09-08"]
    card = await told(ask, f"/employees/joko/scorecard?period={NEXT}")
    assert card["settlements"] == [settled]
    november = await told(ask, "/employees/joko/scorecard?period=2026-11")
    assert november["settlements"] == []

    # it can be verified, and a changed result is found
    verified = await told(ask, f"{MONTH}/verification", "auditor")
    assert (verified["intact"], verified["results"]) == (True, 4)
    assert verified["facts"] >= 66
    frozen = stores["kpi"].collection("frozen_results")
    key = f"employee:intan:{PERIOD}"
    kept = await frozen.find_one({"key": key})
    better = kept["result"].replace('"score": "0.0000"', '"score": "100.0000"')
    assert better != kept["result"]
    await frozen.update_one({"key": key}, {"$set": {"result": better}})
    verified = await told(ask, f"{MONTH}/verification", "auditor")
    assert (verified["intact"], verified["results_intact"]) == (False, False)
    await frozen.update_one({"key": key}, {"$set": {"result": kept["result"]}})
    assert (await told(ask, f"{MONTH}/verification", "auditor"))["intact"]

    # reopened by the few who may, the newest first; what was closed stays readable
    why = {"reason": "Keputusan keberatan."}
    assert (await ask("POST", f"{MONTH}/reopen", "kepala.dlh", json=why)).status_code == 403
    early = await ask("POST", f"{MONTH}/reopen", "admin", json=why)
    assert (early.status_code, early.json()["reopen_first"]) == (409, NEXT)
    for period in (NEXT, PERIOD):
        path = f"/agencies/DLH/periods/{period}"
        reopened = await ask("POST", f"{path}/reopen", "admin", json=why)
        assert reopened.status_code == 202, reopened.text
        await once(ask, f"{path}/readiness", lambda month: month["state"] == "open")
    card = await once(
        ask,
        f"/employees/joko/scorecard?period={PERIOD}",
        lambda card: card["status"] == "running",
    )
    assert card["score"] == settled["after"]
    first = await told(ask, f"{SCORE}?period={PERIOD}&revision=1")
    assert first["fingerprint"] == closed["fingerprint"]
    assert (await ask("GET", f"{SCORE}?period={PERIOD}&revision=2", "admin")).status_code == 404
