"""A person's own statement, and who looked at what."""

from datetime import date

import pytest

from contracts.directory import Assignment, EmployeeChanged
from tests.integration.attendance.conftest import RECORDED, START
from tests.processes import announce
from tests.waiting import eventually

DAY = date(2026, 9, 14)


@pytest.fixture(scope="module")
async def galuh(ask, servers, store):
    """Galuh came late on a Monday in September."""
    assignment = Assignment(
        id="galuh-1", agency="DINKES", position="Bidan", from_=START, recorded_at=RECORDED
    )
    person = EmployeeChanged(
        employee="galuh", name="Galuh", employment="pns", assignments=(assignment,)
    )
    await announce(servers, ("galuh", 1, person))
    people = store.collection("people")
    await eventually(lambda: people.find_one({"_id": "galuh"}))
    items = [
        {"employee_id": "galuh", "direction": way, "at": f"{DAY}T{at}+07:00", "office": "JEBRES"}
        for way, at in (("in", "08:05:00"), ("out", "16:30:00"))
    ]
    told = await ask("POST", "/imports/punches", "loader", json={"items": items})
    assert {one["status"] for one in told.json()["items"]} == {"accepted"}, told.text
    return "galuh"


def statement_of(person):
    return f"/employees/{person}/statement?period=2026-09"


async def test_a_statement_has_the_days_what_made_them_so_and_their_sum(ask, galuh):
    told = (await ask("GET", statement_of(galuh), "admin")).json()

    assert [day["date"] for day in told["days"]] == [DAY.isoformat()]
    assert told["days"][0]["explanation"]
    assert (told["recap"]["late_minutes"], told["recap"]["late_bands"]) == (35, {"TL2": 1})
    changes = [(one["date"], one["kind"]) for one in told["changes"]]
    assert changes == [(DAY.isoformat(), "imported")] * 2


async def test_who_looked_is_shown_once_an_hour_whatever_they_looked_at(ask, galuh):
    for _ in range(3):
        await ask("GET", f"/employees/galuh/days/{DAY}", "kepala.dinkes")
    await ask("GET", f"/days?date={DAY}&agency=DINKES", "kepala.dinkes")
    await ask("GET", f"/check-ins?employee_id=galuh&from={DAY}&to={DAY}", "auditor")
    await ask("GET", "/agencies/PEMKOT/attendance/monthly?period=2026-09&limit=1", "auditor")
    await ask("GET", "/agencies/BKPSDM/attendance/monthly?period=2026-09&limit=1", "auditor")

    log = (await ask("GET", "/employees/galuh/access-log", "admin")).json()["items"]

    looks = sorted((one["account"], one["looked_at"], one["agency"] or "") for one in log)
    assert looks.count(("kepala.dinkes", "days", "")) == 1, "her day, alone and in a list"
    assert looks.count(("auditor", "check_ins", "")) == 1
    assert looks.count(("auditor", "recap", "PEMKOT")) == 1
    assert ("auditor", "recap", "BKPSDM") not in looks, "she does not work there"
    head = next(one for one in log if one["account"] == "kepala.dinkes")
    assert head["person"]["name"] == "Kepala.Dinkes"
    assert (head["from"], head["to"]) == (DAY.isoformat(), DAY.isoformat())


async def test_looking_at_oneself_leaves_no_trace(ask, galuh):
    await ask("GET", "/employees/me/days?from=2026-09-01&to=2026-09-30", "cici")
    await ask("GET", "/employees/me/statement?period=2026-09", "cici")

    log = (await ask("GET", "/employees/cici/access-log", "admin")).json()["items"]

    assert "cici" not in {one["account"] for one in log}


@pytest.mark.parametrize(
    ("by", "status"),
    [
        ("cici", 200),
        ("admin", 200),
        ("auditor", 200),
        ("kepala.dinkes", 404),
        ("ani", 404),
        ("loader", 404),
        ("jabar", 404),
    ],
)
@pytest.mark.parametrize("path", ["statement?period=2026-09", "access-log"])
async def test_a_statement_is_for_the_person_and_overseers(ask, by, status, path):
    answer = await ask("GET", f"/employees/cici/{path}", by)

    assert answer.status_code == status, answer.text
