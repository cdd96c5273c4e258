"""Absence of a year, from the days and the counts of agencies as they stand."""

from datetime import date, timedelta

import pytest

from contracts.directory import Assignment, EmployeeChanged
from tests.integration.attendance.conftest import RECORDED, START
from tests.processes import announce
from tests.waiting import eventually

YEAR = 2_026
PATH = f"/agencies/DINKES/attendance/absence-signals?year={YEAR}"
MONDAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
async def absent(ask, servers, store):
    """Indra was absent twelve working days in a row, Jono three, Kiki two; of record as closed."""
    people = {"indra": (12, "pns"), "jono": (3, "pppk"), "kiki": (2, "pns")}
    for id_, (_, employment) in people.items():
        post = Assignment(
            id=f"{id_}-1", agency="DINKES", position="Bidan", from_=START, recorded_at=RECORDED
        )
        person = EmployeeChanged(
            employee=id_, name=id_.title(), employment=employment, assignments=(post,)
        )
        await announce(servers, (id_, 1, person))
    copied = store.collection("people")
    for id_ in people:
        await eventually(lambda id_=id_: copied.find_one({"_id": id_}))
    working = [MONDAY + timedelta(days=n) for n in range(40)]
    working = [day for day in working if day.weekday() < 5]
    items = [
        {"employee_id": id_, "direction": "in", "at": f"{day}T07:00:00+07:00", "office": "JEBRES"}
        for id_, (days, _) in people.items()
        for day in working[:days]
    ]
    told = await ask("POST", "/imports/punches", "loader", json={"items": items})
    assert {one["status"] for one in told.json()["items"]} == {"accepted"}, told.text
    days = store.collection("days")
    for id_, (number, _) in people.items():
        for day in working[:number]:
            await days.update_one({"_id": f"{id_}:{day}"}, {"$set": {"status": "absent"}})
    counts = store.collection("agency_days")
    for day in working[:12]:
        await eventually(lambda day=day: counts.find_one({"_id": f"DINKES:{day}"}), within_s=20)
        await counts.update_one({"_id": f"DINKES:{day}"}, {"$set": {"counts.absent": 3}})


async def test_thresholds_are_signalled_with_their_law_and_most_days_first(ask, absent):
    told = (await ask("GET", PATH, "kepala.dinkes")).json()

    found = [
        (one["person"]["name"], one["days"], one["level"], one["law"]) for one in told["items"]
    ]
    assert found == [
        ("Indra", 12, "dismissal_for_ten_days_in_a_row", "PP 94/2021"),
        ("Jono", 3, None, "PP 49/2018"),
    ]
    assert told["items"][0]["in_a_row"] == 12
    assert told["items"][0]["text"] == "Dismissal, salary stopped (10 working days in a row)."


async def test_signals_come_in_pages(ask, absent):
    first = (await ask("GET", f"{PATH}&limit=1", "admin")).json()
    second = (await ask("GET", f"{PATH}&limit=1&cursor={first['next_cursor']}", "admin")).json()

    assert [one["days"] for one in (*first["items"], *second["items"])] == [12, 3]
    assert second["next_cursor"] is None


@pytest.mark.parametrize(
    ("by", "status"), [("auditor", 200), ("kepala.bkpsdm", 403), ("cici", 403), ("jabar", 403)]
)
async def test_signals_are_for_the_head_and_overseers(ask, by, status):
    assert (await ask("GET", PATH, by)).status_code == status
