"""Indicators over the wire: proposed, refused with the place of the fault, approved by another."""

from datetime import date

from tests.unit.kpi.builders import a_day_changed
from tests.waiting import eventually

PERIOD = "2026-10"
TERMS = {
    "name": {"id": "Terlambat sebentar", "en": "A little late"},
    "meaning": {"id": "Persen hari, toleransi 10 menit.", "en": "Percent of days, 10 minutes let."},
    "scope": ["employee", "agency"],
    "formula": "share(days.map(d, d.late_minutes <= 10))",
    "unit": "percent",
    "direction": "higher",
    "target": "100",
    "weight": "50",
    "agencies": ["KEC"],
    "effective_from": "2026-10-01",
}


async def test_a_version_for_one_agency_rules_it_once_a_second_person_approved(
    ask, publish, hire, heard
):
    person = await hire("KEC")
    late = [
        a_day_changed("late", employee=person, agency="KEC", on=date(2026, 10, day), late_minutes=7)
        for day in (5, 6)
    ]
    await publish(*late)

    async def score():
        return (await ask(f"/employees/{person}/scorecard", person, period=PERIOD)).json()["score"]

    async def scored():
        return await score() == "0.0000"

    await eventually(scored, within_s=15)

    proposed = await ask.post("/indicators/punctuality/versions", body=TERMS)
    assert proposed.status_code == 201, proposed.text
    version = {"code": "punctuality", "number": proposed.json()["number"]}
    decision = {"versions": [version], "decision": "approve"}
    own = await ask.post("/indicators/decide", body=decision)
    heads = await ask.post("/indicators/decide", "kepala.bkpsdm", body=decision)
    assert (own.json()["code"], heads.json()["code"]) == ("forbidden", "forbidden")
    assert await score() == "0.0000"

    approved = await ask.post("/indicators/decide", "kepala.pemkot", body=decision)
    assert approved.status_code == 200, approved.text
    assert approved.json()["items"][0]["state"] == "approved"

    async def ruled_anew():
        return await score() == "100.0000"

    await eventually(ruled_anew, within_s=15)

    async def listed():
        rules = (await ask("/indicators", on="2026-10-01", agency="KEC")).json()["items"]
        return rules[0]["version"] == approved.json()["items"][0]["version"]

    await eventually(listed)
    elsewhere = (await ask("/indicators", on="2026-10-01", agency="PKM")).json()["items"]
    assert elsewhere[0]["version"] == "punctuality/2026-01-01"

    def announced():
        about = [event["data"]["indicator"] for event in heard("indicators")]
        types = [event["type"] for event in heard("indicators")]
        own = [(one["code"], one["number"]) == ("punctuality", version["number"]) for one in about]
        return [type_ for type_, is_own in zip(types, own, strict=True) if is_own]

    await eventually(lambda: len(announced()) == 2)
    assert announced() == ["kpi.indicator.proposed.v1", "kpi.indicator.decided.v1"]
    told = await eventually(
        lambda: [
            event for event in heard(f"{person}:{PERIOD}") if event["data"]["score"] == "100.0000"
        ],
        within_s=15,
    )
    assert told[-1]["type"] == "kpi.scorecard.changed.v1"


async def test_a_wrong_formula_is_refused_with_its_place(ask):
    answer = await ask.post(
        "/indicators",
        body={**TERMS, "code": "wrong", "formula": "share(\n  days.map(d, d.salary))"},
    )

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "formula_invalid")
    assert (problem["line"], problem["column"]) == (2, 15)
    assert problem["errors"][0]["pointer"] == "/formula"


async def test_weights_are_checked_when_approved(ask):
    proposed = await ask.post(
        "/indicators", body={**TERMS, "code": "too_much", "weight": "5", "agencies": []}
    )
    version = {"code": "too_much", "number": 1}

    answer = await ask.post(
        "/indicators/decide", "kepala.pemkot", body={"versions": [version], "decision": "approve"}
    )

    assert proposed.status_code == 201, proposed.text
    assert (answer.status_code, answer.json()["code"]) == (422, "weights_not_100")
    assert "105, not 100" in answer.json()["errors"][0]["detail"]


async def test_a_version_is_tried_on_a_past_month_before_anybody_decides(ask, publish, hire):
    month = "2026-04"
    often, once = await hire("KEC"), await hire("KEC")
    late = [(often, day) for day in (1, 2, 6)] + [(once, 1)]
    in_time = [(once, day) for day in (2, 6)]
    await publish(
        *(
            a_day_changed("late", employee=who, agency="KEC", on=date(2026, 4, day), late_minutes=5)
            for who, day in late
        ),
        *(
            a_day_changed("present", employee=who, agency="KEC", on=date(2026, 4, day))
            for who, day in in_time
        ),
    )

    async def scored():
        cards = [
            (await ask(f"/employees/{one}/scorecard", one, period=month)).json()["score"]
            for one in (often, once)
        ]
        return cards == ["0.0000", "66.6667"]

    await eventually(scored, within_s=15)

    path = "/indicators/punctuality/versions/draft/preview"
    answer = await ask.post(path, body={**TERMS, "effective_from": "2027-01-01"}, period=month)
    assert answer.status_code == 202, answer.text

    async def ended():
        job = (await ask(f"/jobs/{answer.json()['id']}")).json()
        return job if job["state"] == "done" else None

    job = await eventually(ended, within_s=20)
    rows = (await ask(f"/jobs/{job['id']}/report")).json()["items"]

    mine = [row for row in rows if row["agency"] == "KEC" and "employee_id" in row]
    assert [(row["employee_id"], row["before"], row["after"]) for row in mine] == [
        (often, "0.0000", "100.0000"),
        (once, "66.6667", "100.0000"),
    ]
    assert job["result"]["raised"] >= 2
    assert job["result"]["after_90_100"] >= 2
    assert (await ask.post(path, "kepala.dinkes", body=TERMS, period=month)).status_code == 403
