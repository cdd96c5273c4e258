"""A year in the national frame: plan, feedback from those who were helped, review, predicate."""

import csv
import io

import pytest
from openpyxl import load_workbook

from contracts.appraisal_terms import CoreValue
from tests.unit.kpi.builders import a_confirmation
from tests.waiting import eventually

YEAR = "2026"
EVALUATOR, ABOVE = "kepala.dinkes", "kepala.pemkot"
PLAN = {
    "items": [
        {"id": "H1", "result": "Imunisasi", "measure": "Cakupan", "target": "95 persen"},
        {
            "id": "T1",
            "kind": "additional",
            "result": "Bantuan untuk perangkat daerah lain",
            "measure": "Bantuan selesai",
            "target": "2",
        },
    ]
}


def review(result="as_expected", behaviour="as_expected", **more):
    rated = [{"item": item, "realisation": "Ada.", "rating": result} for item in ("H1", "T1")]
    lived = [{"value": value, "rating": behaviour} for value in CoreValue.__args__]
    whole = {"result_rating": result, "behaviour_rating": behaviour}
    return {"results": rated, "behaviour": lived, **whole, **more}


def path(person, action=""):
    return f"/employees/{person}/performance-plan{action}"


@pytest.fixture
async def agreed(ask, hire):
    """Somebody of the health centre with an agreed plan."""
    person = await hire("PKM", supervisor=EVALUATOR)
    made = await ask.put(path(person), person, PLAN, year=YEAR)
    assert (made.status_code, made.json()["state"]) == (201, "proposed"), made.text
    held = await ask.post(path(person, "/agree"), EVALUATOR, {}, year=YEAR)
    assert (held.status_code, held.json()["state"]) == (200, "agreed"), held.text
    return person


async def test_a_plan_takes_two_sides(ask, hire):
    person = await hire("PKM", supervisor=EVALUATOR)
    assert (await ask(path(person), person, year=YEAR)).status_code == 404

    made = await ask.put(path(person), person, PLAN, year=YEAR)

    told = made.json()
    assert (told["proposed_by"], told["actions"]) == ("employee", ["propose", "note"])
    alone = await ask.post(path(person, "/agree"), person, {}, year=YEAR)
    assert (alone.status_code, alone.json()["code"]) == (409, "wrong_state")
    blind = await ask.put(path(person), EVALUATOR, PLAN, year=YEAR)
    assert (blind.status_code, blind.json()["code"]) == (428, "version_required")
    changed = {"items": PLAN["items"][:1], "note": "Tugas tambahan menyusul."}
    other = await ask.put(
        path(person), EVALUATOR, changed, if_match=made.headers["ETag"], year=YEAR
    )
    assert (other.status_code, other.json()["proposed_by"]) == (200, "evaluator")
    late = await ask.put(path(person), person, PLAN, if_match=made.headers["ETag"], year=YEAR)
    assert (late.status_code, late.json()["code"]) == (412, "version_conflict")
    held = await ask.post(path(person, "/agree"), person, {"note": "Baik."}, year=YEAR)
    assert [step["action"] for step in held.json()["history"]] == ["propose", "propose", "agree"]
    noted = await ask.post(
        path(person, "/notes"), EVALUATOR, {"item": "H1", "text": "93 persen."}, year=YEAR
    )
    assert (noted.status_code, noted.json()["notes"][0]["item"]) == (201, "H1")


async def test_those_who_were_helped_may_say_so_and_strangers_may_not(ask, hire, publish, agreed):
    helped, stranger = await hire("BKPSDM"), await hire("KEC")
    said = {"kind": "praise", "text": "Datang hari itu juga.", "value": "kolaboratif"}
    assert (await ask.post(path(agreed, "/feedback"), helped, said, year=YEAR)).status_code == 403
    await publish(a_confirmation(people=(agreed,), request=f"help-for-{helped}"))

    async def accepted():
        answer = await ask.post(path(agreed, "/feedback"), helped, said, year=YEAR)
        return answer if answer.status_code == 201 else None

    given = await eventually(accepted, every_s=0.2)

    assert given.json()["helped"] is True
    assert (await ask.post(path(agreed, "/feedback"), stranger, said, year=YEAR)).status_code == 403
    for reader, count in ((agreed, 1), (EVALUATOR, 1), (helped, 1), (stranger, 0)):
        listed = await ask(path(agreed, "/feedback"), reader, year=YEAR)
        assert len(listed.json()["items"]) == count, reader


async def test_a_predicate_is_proposed_confirmed_objected_to_and_decided(ask, agreed, heard):
    at = {"period": "2026-Q4"}
    made = await ask.put(path(agreed, "/review"), EVALUATOR, review("below"), **at)
    told = made.json()
    assert made.status_code == 201, made.text
    assert (told["predicate"], told["matrix"]) == ("butuh_perbaikan", "below x as_expected")
    for who, status in ((agreed, 403), (EVALUATOR, 403), ("auditor", 403), ("kepala.bkpsdm", 404)):
        answer = await ask.post(path(agreed, "/review/confirm"), who, {}, **at)
        assert answer.status_code == status, who

    final = await ask.post(path(agreed, "/review/confirm"), ABOVE, {}, **at)
    assert final.json()["state"] == "confirmed"
    mute = await ask.post(path(agreed, "/review/object"), agreed, {}, **at)
    assert (mute.status_code, mute.json()["code"]) == (422, "reason_required")
    why = {"note": "Cakupan yang dihitung belum lengkap."}
    assert (await ask.post(path(agreed, "/review/object"), agreed, why, **at)).status_code == 200
    back = await ask.post(path(agreed, "/review/return"), ABOVE, {"note": "Hitung lagi."}, **at)
    assert back.json()["state"] == "returned"
    etag = {"if_match": back.headers["ETag"]}
    anew = await ask.put(path(agreed, "/review"), EVALUATOR, review("above", "above"), **etag, **at)
    assert anew.json()["predicate"] == "sangat_baik"
    last = await ask.post(path(agreed, "/review/confirm"), ABOVE, {}, **at)
    assert (last.json()["state"], last.json()["actions"]) == ("confirmed", [])
    card = (await ask(f"/employees/{agreed}/scorecard", agreed, period="2026-Q4")).json()
    assert (card["predicate"], card["score"]) == ("sangat_baik", None)  # judged, without a fact
    events = await eventually(
        lambda: found if len(found := heard(f"{agreed}:2026-Q4")) == 6 else None
    )
    assert [event["data"]["state"] for event in events] == [
        "proposed", "confirmed", "objected", "returned", "proposed", "confirmed",
    ]  # fmt: skip


async def test_without_an_agreed_plan_there_is_nothing_to_rate(ask, hire):
    person = await hire("PKM", supervisor=EVALUATOR)
    answer = await ask.put(path(person, "/review"), EVALUATOR, review(), period=YEAR)
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")
    ahead = await ask.put(path(person, "/review"), EVALUATOR, review(), period="2099")
    assert ahead.json()["errors"][0]["pointer"] == "/period"


async def test_predicates_stand_beside_the_guidance_and_go_out_as_files(ask, agreed):
    period = "2026-Q3"
    made = await ask.put(
        path(agreed, "/review"), EVALUATOR, review("above", "above"), period=period
    )
    assert made.status_code == 201, made.text
    organisation = {"predicate": "istimewa", "basis": "LHE"}
    stated = await ask.put(
        "/agencies/DINKES/predicate",
        "admin",
        organisation,
        period=period,
    )
    assert stated.status_code == 200, stated.text

    page = (await ask("/agencies/DINKES/predicates", EVALUATOR, period=period)).json()

    assert (page["organisation"], page["reviewed"]) == ("istimewa", 1)
    assert [row["employee"]["id"] for row in page["items"]] == [agreed]
    best = page["spread"][0]
    assert (best["predicate"], best["share"], best["at_most"]) == ("sangat_baik", "100.0", 70)
    rows = await ask.file("/agencies/DINKES/predicates", EVALUATOR, "text/csv", period=period)
    assert list(csv.reader(io.StringIO(rows.text)))[1][3:] == [
        period, "above expectation", "above expectation", "Sangat Baik", "proposed",
    ]  # fmt: skip
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    book = await ask.file("/agencies/DINKES/predicates", EVALUATOR, sheet, period=period)
    assert load_workbook(io.BytesIO(book.content)).sheetnames == ["Predicates", "Spread"]
    assert (await ask("/agencies/DINKES/predicates", agreed, period=period)).status_code == 403
