"""What a month comes to: from facts through the broker to percentages, confirmed by the head."""

import csv
import io
from datetime import date

from tests.unit.kpi.builders import a_day_changed
from tests.waiting import eventually

LEADS = "kepala.dinkes"


def late_days(person, month, bands, agency="DINKES"):
    for day, (band, minutes) in enumerate(bands, start=2):
        event = a_day_changed(
            "late" if band else "present",
            employee=person,
            agency=agency,
            on=date(2026, month, day),
        )
        told = {"late_band": band, "late_minutes": minutes}
        yield event.model_copy(update={"data": event.data.model_copy(update=told)})


async def test_a_month_explains_itself_and_names_what_changed(ask, hire, publish):
    person = await hire("DINKES")
    await publish(*late_days(person, 9, [("TL1", 7), (None, 0)]))
    await publish(*late_days(person, 10, [("TL1", 7), ("TL2", 40), (None, 0), (None, 0)]))

    async def complete():
        told = (await ask(f"/employees/{person}/allowance", person, period="2026-10")).json()
        ready = len(told["reasons"]) == 2 and told["change"] and told["score"] == "50.0000"
        return told if ready else None

    told = await eventually(complete, within_s=20, every_s=0.3)

    assert (told["deducted"], told["attendance"]) == ("1.5000", "98.5000")
    assert told["percent"] == "69.4000"  # 0.4 × 98.5 + 0.6 × 50
    assert (told["late_minutes"], told["absent_days"]) == (47, 0)
    assert [one["reason"] for one in told["reasons"]] == ["TL1", "TL2"]
    assert told["difference"] == [{"part": "TL2", "before": None, "after": "1"}]
    assert told["rule"]["version"] == "allowance/2026-01-01"
    facts = await ask("/facts", "admin", employee=person, period="2026-10")
    ids = {fact["id"] for fact in facts.json()["items"]}
    assert {one["fact"] for one in told["reasons"]} <= ids
    elsewhere = await ask(f"/employees/{person}/allowance", "kepala.bkpsdm", period="2026-10")
    assert elsewhere.status_code == 404


async def test_who_leads_the_agency_confirms_a_month_that_is_over(ask, hire, publish):
    person = await hire("KEC")
    await publish(*late_days(person, 8, [("TL1", 7)], agency="KEC"))

    async def proposed():
        page = (await ask("/agencies/KEC/allowances", "kepala.pemkot", period="2026-08")).json()
        return page if [row["employee"]["id"] for row in page["items"]] == [person] else None

    page = await eventually(proposed, within_s=20, every_s=0.3)
    assert (page["state"], page["actions"]) == ("proposal", ["confirm"])
    early = await ask.post("/agencies/KEC/allowances/confirm", "kepala.pemkot", period="2099-01")
    assert early.json()["errors"][0]["pointer"] == "/period"
    done = await ask.post("/agencies/KEC/allowances/confirm", "kepala.pemkot", period="2026-08")
    assert (done.status_code, done.json()["people"]) == (200, 1), done.text

    on = date(2026, 8, 2)
    await publish(a_day_changed("present", employee=person, agency="KEC", on=on, sequence=2))

    async def proposes_more():
        page = (await ask("/agencies/KEC/allowances", "admin", period="2026-08")).json()
        row = page["items"][0]
        return page if row["deducted"] == "0.0000" else None

    page = await eventually(proposes_more, within_s=20, every_s=0.3)
    row = page["items"][0]
    assert page["state"] == "confirmed"
    assert row["confirmed"] != row["percent"]  # what was confirmed stays
    file = await ask.file("/agencies/KEC/allowances", "admin", "text/csv", period="2026-08")
    heading, first = list(csv.reader(io.StringIO(file.text)))
    assert (heading[0], first[0]) == ("Id", person)


async def test_the_rule_is_the_citys_and_open_to_everybody(ask, hire):
    person = await hire("DINKES")
    rule = {
        "effective_from": "2027-01-01",
        "decree": "Perwali 1/2027",
        "bands": {"TL1": "1"},
        "absent": "5",
        "attendance_weight": "70",
        "performance_weight": "30",
    }
    assert (await ask.post("/allowance-rules", LEADS, rule)).status_code == 403
    made = await ask.post("/allowance-rules", "admin", rule)
    assert (made.status_code, made.json()["version"]) == (201, "allowance/2027-01-01"), made.text
    listed = (await ask("/allowance-rules", person)).json()["items"]
    assert [one["version"] for one in listed] == ["allowance/2027-01-01", "allowance/2026-01-01"]
