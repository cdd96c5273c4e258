"""Measurements by hand, by a system's key and from a file reach the scorecards."""

import pytest

from tests.waiting import eventually

PERIOD = "2027-03"
TERMS = {
    "name": {"id": "Serapan", "en": "Budget absorbed"},
    "meaning": {"id": "Persen anggaran terserap.", "en": "Percent of the budget."},
    "scope": ["employee", "agency"],
    "formula": "mean(measurements.map(m, m.value))",
    "unit": "percent",
    "direction": "higher",
    "target": "100",
    "weight": "20",
    "agencies": ["UJI"],
    "effective_from": "2027-03-01",
}


@pytest.fixture(scope="module")
async def measured(ask):
    """An indicator that is fed by measurements, in one agency; it takes the place of another."""
    nought = {**TERMS, "formula": "median(responses.map(r, r.response_minutes))"}
    nought |= {"unit": "working_minutes", "weight": "0"}
    first = await ask.post("/indicators", body={**TERMS, "code": "budget"})
    second = await ask.post("/indicators/response_time/versions", body=nought)
    assert (first.status_code, second.status_code) == (201, 201), second.text
    versions = [
        {"code": one.json()["code"], "number": one.json()["number"]} for one in (first, second)
    ]
    decided = await ask.post(
        "/indicators/decide", "kepala.pemkot", body={"versions": versions, "decision": "approve"}
    )
    assert decided.status_code == 200, decided.text

    async def rules():
        found = [await ask("/indicators", on="2027-03-01", agency="UJI") for _ in range(4)]
        return all("budget" in {one["code"] for one in each.json()["items"]} for each in found)

    await eventually(rules)


def value(subject, value, **more):
    return {
        "indicator": "budget",
        "subject": subject,
        "period": PERIOD,
        "value": value,
        "evidence": "a report",
        **more,
    }


async def test_a_measurement_reaches_the_score_and_a_further_one_supersedes_it(
    ask, measured, heard
):
    async def score():
        answer = await ask("/agencies/UJI/scorecard", period=PERIOD)
        return {line["indicator"]: line["value"] for line in answer.json()["lines"]}

    async def becomes(expected):
        return await score() == expected

    first = await ask.post("/measurements", body=value("UJI", "70.5"))
    assert first.status_code == 201, first.text
    await eventually(lambda: becomes({"budget": "70.5000"}), within_s=15)
    second = await ask.post("/measurements", body=value("UJI", "90"))
    await eventually(lambda: becomes({"budget": "90.0000"}), within_s=15)

    assert [one["value"] for one in second.json()["history"]] == ["70.5", "90"]
    line = (await ask("/agencies/UJI/scorecard/lines/budget", period=PERIOD)).json()
    assert [fact["data"]["value"] for fact in line["facts"]] == ["90"]
    listed = (await ask("/measurements", agency="UJI")).json()["items"]
    assert [one["id"] for one in listed] == [f"budget:UJI:{PERIOD}"]
    await ask.post("/measurements", body=value("UJI", None))
    await eventually(lambda: becomes({}), within_s=15)
    told = [event["type"] for event in heard(f"budget:UJI:{PERIOD}")]
    assert told == ["kpi.measurement.recorded.v1"] * 3


async def test_a_system_measures_with_a_key_and_can_do_nothing_else(ask, measured, hire):
    person = await hire("UJI")
    issued = await ask.post("/measurement-keys", body={"name": "SIPD", "indicators": ["budget"]})
    assert issued.status_code == 201, issued.text
    key = issued.json()["key"]

    taken = await ask.keyed("POST", "/measurements", key, value(person, "55"))
    other = await ask.keyed(
        "POST", "/measurements", key, value(person, "55", indicator="punctuality")
    )
    elsewhere = await ask.keyed("GET", "/indicators", key)
    wrong = await ask.keyed("POST", "/measurements", key + "x", value(person, "56"))

    assert taken.status_code == 201, taken.text
    assert taken.json()["history"][0]["source"] == "system"
    assert taken.json()["history"][0]["by"] == f"key:{issued.json()['id']}"
    assert (other.status_code, elsewhere.status_code, wrong.status_code) == (403, 401, 401)
    listed = (await ask("/measurement-keys")).json()["items"]
    assert listed[0]["key"] is None

    revoked = await ask.delete(f"/measurement-keys/{issued.json()['id']}")
    after = await ask.keyed("POST", "/measurements", key, value(person, "57"))

    assert revoked.json()["revoked_by"] == "admin"
    assert after.status_code == 401

    async def scored():
        card = (await ask(f"/employees/{person}/scorecard", person, period=PERIOD)).json()
        return card["score"] == "55.0000"

    await eventually(scored, within_s=15)


async def test_a_file_is_tried_then_taken_and_taken_once(ask, measured, hire):
    one, two = await hire("UJI"), await hire("UJI")
    lines = [
        "indicator,subject,period,value,evidence",
        f"budget,{one},{PERIOD},10,a report",
        f"budget,{two},{PERIOD},ten,a report",
        f"punctuality,{two},{PERIOD},10,a report",
        f"budget,NOBODY,{PERIOD},10,a report",
        f"budget,{one},{PERIOD},11,a report",
    ]
    file = "\n".join(lines).encode()
    bad = [(3, "value"), (4, "indicator"), (5, "subject"), (6, None)]

    tried = (await ask.upload("/imports/measurements", file, dry_run="true")).json()
    assert (await ask("/measurements", subject=one)).json()["items"] == []
    taken = (await ask.upload("/imports/measurements", file)).json()
    again = (await ask.upload("/imports/measurements", file)).json()

    for told in (tried, taken):
        assert (told["accepted"], told["unchanged"]) == (1, 0), told
        assert [(row["row"], row["column"]) for row in told["rejected"]] == bad
    assert (again["accepted"], again["unchanged"]) == (0, 1)
    assert (await ask("/measurements", subject=one)).json()["items"][0]["value"] == "10"
