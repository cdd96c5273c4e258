"""Load and suggestions over the real gateway, broker and database."""

from datetime import timedelta

from contracts.absences import AbsenceDecided
from kit.clock import now


def an_absence(person, *, state="approved", days=30):
    today = now().date()
    return AbsenceDecided.example().model_copy(
        update={
            "absence": f"absence-of-{person}",
            "employee": person,
            "agency": "SECOND",
            "first": today - timedelta(days=1),
            "last": today + timedelta(days=days),
            "state": state,
        }
    )


async def test_an_agency_sees_what_it_has_promised_and_who_is_there(
    ask, announce, request_help, city
):
    id_ = (await request_help(to=("SECOND",), skills=["pemetaan"]))["id"]
    before = (await ask("GET", "/load?agency=SECOND", "kepala.second")).json()
    await ask.help(id_, "accept", "kepala.second", people=["citra"])
    after = (await ask("GET", "/load?agency=SECOND", "kepala.second")).json()

    await announce(an_absence("citra"), "absences_ahead", "absence-of-citra")
    away = (await ask("GET", "/load?agency=SECOND&days=14", "kepala.setda")).json()
    await announce(
        an_absence("citra", state="withdrawn"), "absences_ahead", "absence-of-citra", sequence=2
    )
    back = (await ask("GET", "/load?agency=SECOND", "auditor")).json()

    (citra,) = [item for item in after["items"] if item["person"]["id"] == "citra"]
    assert after["requests"]["to_answer"] == before["requests"]["to_answer"] - 1
    assert after["requests"]["to_deliver"] == before["requests"]["to_deliver"] + 1
    assert citra["open_requests"] >= 1
    assert citra["promised_minutes"] > 0
    assert citra["absent_days"] == 0
    (citra,) = [item for item in away["items"] if item["person"]["id"] == "citra"]
    assert citra["absent_days"] == citra["working_days"] == away["working_days"]
    assert citra["free_from"] is None
    assert away["absent_today"] == 1
    assert "annual_leave" not in str(away)
    assert back["absent_today"] == 0


async def test_who_did_it_before_is_suggested_first_with_the_reasons(ask, request_help):
    for place in range(2):
        id_ = (await request_help(to=("SECOND",), skills=["Geodesi"]))["id"]
        for action, by, body in (
            ("accept", "kepala.second", {"people": ["citra"]}),
            ("start", "kepala.second", {}),
            ("deliver", "kepala.second", {"summary": f"Selesai {place}"}),
            ("confirm", "kepala.asker", {"rating": 5}),
        ):
            assert (await ask.help(id_, action, by, **body)).status_code == 200
    waiting = (await request_help(to=("SECOND",), skills=["geodesi"]))["id"]

    before_asking = await ask("GET", "/help-suggestions?skills=geodesi", "kepala.asker")
    asking = await ask("GET", f"/help-requests/{waiting}/suggestions", "kepala.asker")
    answering = await ask("GET", f"/help-requests/{waiting}/suggestions", "kepala.second")
    nobody = await ask("GET", f"/help-requests/{waiting}/suggestions", "auditor")

    first = before_asking.json()["agencies"][0]
    assert first["agency"] == "SECOND"
    reasons = {each["rule"]: each["result"] for each in first["explanation"]}
    assert reasons["helped_before"] == "20"
    assert sum(int(points) for points in reasons.values()) == first["points"]
    assert "ASKER" not in [each["agency"] for each in before_asking.json()["agencies"]]
    assert asking.json()["agencies"][0]["agency"] == "SECOND"
    assert asking.json()["people"] == []
    assert answering.json()["agencies"] == []
    assert answering.json()["people"][0]["person"]["id"] == "citra"
    assert nobody.status_code == 403


async def test_load_is_for_who_answers_for_the_agency(ask, city):
    statuses = {
        by: (await ask("GET", "/load?agency=SECOND", by)).status_code
        for by in ("kepala.second", "kepala.setda", "admin", "auditor", "kepala.other", "ani")
    }

    assert statuses == {
        "kepala.second": 200,
        "kepala.setda": 200,
        "admin": 200,
        "auditor": 200,
        "kepala.other": 403,
        "ani": 403,
    }


async def test_people_come_page_by_page(ask, city):
    seen, cursor = [], ""
    for _ in range(10):
        path = f"/load?agency=SETDA&limit=1{cursor}"
        page = (await ask("GET", path, "admin")).json()
        seen += [item["person"]["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"

    assert sorted(seen) == seen
    assert {"ani", "budi", "citra"} <= set(seen)
