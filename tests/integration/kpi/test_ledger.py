"""The ledger as a whole: a planted gap is found, and an export gives the same ledger again."""

from datetime import date

from contracts.attendance import AgencyDayCounted
from contracts.envelope import AgencyCode
from kit.storage.store import Store
from services.kpi.ledger import tool
from tests.integration.kpi.conftest import settings
from tests.unit.kpi.builders import a_confirmation, a_day_changed, a_response, an_event
from tests.waiting import eventually

PERIOD = "2027-07"
DAYS = [date(2027, 7, day) for day in (1, 2, 5)]


async def a_month(publish, hire, store):
    """Three days of two people in an agency, counted as attendance counts them, and some help."""
    people = [await hire("KEC") for _ in range(2)]
    days = [
        a_day_changed("present" if first else "late", employee=one, agency="KEC", on=on)
        for first, one in enumerate(people)
        for on in DAYS
    ]
    counts = [
        an_event(
            AgencyDayCounted(
                agency=AgencyCode("KEC"), date=on, people=2, counts={"present": 1, "late": 1}
            ),
            f"KEC:{on}",
            1,
        )
        for on in DAYS
    ]
    asked = {"agency": "KEC", "request": f"ledger-{people[0]}"}
    at = a_day_changed().time.replace(year=2027, month=7, day=6)
    help_ = [a_confirmation(5, people=(people[0],), at=at, **asked), a_response(30, **asked)]
    await publish(*days, *counts, *help_)

    async def complete():
        facts = await store.collection("facts").count_documents(
            {"place": {"$gte": f"KEC:{PERIOD}", "$lt": f"KEC:{PERIOD}-99"}}
        )
        return facts == 7 and await store.collection("source_counts").count_documents({}) >= 3

    await eventually(complete)
    return days


async def checked(ask):
    answer = await ask.post("/ledger/checks", "auditor", {"period": PERIOD, "agency": "KEC"})
    assert answer.status_code == 202, answer.text
    path = f"/jobs/{answer.json()['id']}"

    async def ended():
        job = (await ask(path)).json()
        return job if job["state"] == "done" else None

    job = await eventually(ended, within_s=20)
    return job["result"], (await ask(f"{path}/report")).json()["items"]


async def test_a_planted_gap_is_found_and_an_export_gives_the_ledger_again(
    *, publish, hire, store, ask, servers, tmp_path, heard
):
    days = await a_month(publish, hire, store)
    assert await checked(ask) == ({"days": 3, "gaps": 0}, [])
    operators = Store("kpi", settings(servers))
    before, after = tmp_path / "before.jsonl", tmp_path / "after.jsonl"
    sealed = await tool.export(operators, PERIOD, before)
    facts = store.collection("facts")
    found = await facts.find({"_id": {"$in": [one.id for one in days]}}, sort=[("_id", 1)])

    await facts.delete_many({"_id": {"$in": [days[0].id, days[4].id]}})
    result, gaps = await checked(ask)
    restored = await tool.restore(operators, before)
    again = await tool.export(operators, PERIOD, after)
    await operators.close()

    assert result == {"days": 3, "gaps": 2}
    assert [(gap["date"], gap["source"], gap["ledger"]) for gap in gaps] == [
        (str(DAYS[0]), {"late": 1, "present": 1}, {"present": 1}),
        (str(DAYS[1]), {"late": 1, "present": 1}, {"late": 1}),
    ]
    assert sealed == restored == again
    assert sealed.facts == 7
    assert before.read_bytes() == after.read_bytes()
    restored_documents = await facts.find(
        {"_id": {"$in": [one.id for one in days]}}, sort=[("_id", 1)]
    )
    assert restored_documents == found
    assert await checked(ask) == ({"days": 3, "gaps": 0}, [])
    seals = (await ask("/ledger/seals", "auditor", period=PERIOD)).json()["items"]
    assert [(one["sha256"], one["facts"]) for one in seals] == [(sealed.sha256, 7)]
    assert await eventually(lambda: heard(PERIOD), within_s=20)


async def test_only_overseers_look_at_the_ledger_as_a_whole(ask, hire):
    person = await hire("KEC")

    for by in (person, "kepala.dinkes", "jabar"):
        assert (await ask.post("/ledger/checks", by, {"period": PERIOD})).status_code == 403
        assert (await ask("/ledger/seals", by)).status_code == 403
