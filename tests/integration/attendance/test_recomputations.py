"""Days computed anew: a job with progress, and a report of old and new."""

from datetime import UTC, date, datetime

import pytest

from contracts.directory import Assignment, EmployeeChanged
from tests.integration.attendance.conftest import START
from tests.processes import announce
from tests.waiting import eventually

DAYS = [date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 4)]


def an_employee(id_, *posts):
    """Somebody with posts (agency, recorded on day)."""
    assignments = tuple(
        Assignment(
            id=f"{id_}-{place}",
            agency=agency,
            position="Analis",
            from_=START,
            recorded_at=datetime(2026, 1, recorded, tzinfo=UTC),
        )
        for place, (agency, recorded) in enumerate(posts)
    )
    return EmployeeChanged(
        employee=id_, name=id_.title(), employment="pns", assignments=assignments
    )


@pytest.fixture
async def moved(ask, servers, store):
    """Darma worked three days; then a decree said that she had been in another agency all along."""
    await announce(servers, ("darma", 1, an_employee("darma", ("BKPSDM", 1))))
    people = store.collection("people")
    await eventually(lambda: people.find_one({"_id": "darma"}))
    items = [
        {"employee_id": "darma", "direction": way, "at": f"{day}T{at}+07:00", "office": "BALAIKOTA"}
        for day in DAYS
        for way, at in (("in", "07:42:10"), ("out", "17:00:00"))
    ]
    told = await ask("POST", "/imports/punches", "loader", json={"items": items})
    assert {one["status"] for one in told.json()["items"]} <= {"accepted", "refused"}, told.text
    later = an_employee("darma", ("BKPSDM", 1), ("DINKES", 9))
    await announce(servers, ("darma", 2, later))
    hers = f"/employees/darma/days?from={DAYS[0]}&to={DAYS[0]}"

    async def is_known_there():
        return (await ask("GET", hers, "kepala.dinkes")).status_code == 200

    await eventually(is_known_there, within_s=20)


async def ended(ask, job, by="admin"):
    async def state():
        told = (await ask("GET", f"/jobs/{job}", by)).json()
        return told if told["state"] in {"done", "failed"} else None

    return await eventually(state, within_s=60)


async def test_a_range_is_computed_anew_and_every_change_is_reported(ask, moved, store):
    path = f"/agencies/PEMKOT/attendance/recompute?from={DAYS[0]}&to={DAYS[-1]}"

    made = await ask("POST", path, "admin")

    assert made.status_code == 202, made.text
    assert made.headers["Location"] == f"/v1/jobs/{made.json()['id']}"
    job = await ended(ask, made.json()["id"])
    assert (job["state"], job["problems"]) == ("done", [])
    assert job["done"] == job["total"] > 0
    report = (await ask("GET", f"/jobs/{job['id']}/report", "admin")).json()["items"]
    hers = [row for row in report if row["employee_id"] == "darma"]
    assert [row["date"] for row in hers] == [day.isoformat() for day in DAYS]
    assert {(row["before"]["agency"], row["after"]["agency"]) for row in hers} == {
        ("BKPSDM", "DINKES")
    }
    assert {row["after"]["late_minutes"] for row in hers} == {12}
    assert job["result"]["changed"] == len(report)
    days = await store.collection("days").find({"employee": "darma"})
    assert {day["agency"] for day in days} == {"DINKES"}

    again = await ended(ask, (await ask("POST", path, "admin")).json()["id"])
    assert again["result"] == {"examined": job["result"]["examined"], "changed": 0}


async def test_a_job_is_seen_by_who_asked_for_it_and_the_administrator(ask):
    path = f"/agencies/DINKES/attendance/recompute?from={DAYS[0]}&to={DAYS[0]}"
    job = (await ask("POST", path, "admin")).json()["id"]

    assert (await ask("GET", f"/jobs/{job}", "admin")).status_code == 200
    # to others it is none of attendance's; kpi, whose it may be then, does not run here
    assert (await ask("GET", f"/jobs/{job}", "ani")).status_code == 503
    assert (await ask("POST", f"/jobs/{job}/cancel", "auditor")).status_code == 503
    await ended(ask, job)
    cancelled = await ask("POST", f"/jobs/{job}/cancel", "admin")
    assert (cancelled.status_code, cancelled.json()["code"]) == (409, "wrong_state")


@pytest.mark.parametrize(
    ("by", "query", "status"),
    [
        ("kepala.dinkes", "from=2026-11-02&to=2026-11-03", 403),
        ("loader", "from=2026-11-02&to=2026-11-03", 403),
        ("admin", "from=2026-11-03&to=2026-11-02", 422),
        ("admin", "from=2025-01-01&to=2026-11-02", 422),
        ("admin", "from=soon&to=2026-11-02", 422),
    ],
)
async def test_who_and_what_cannot_be_recomputed_is_refused(ask, by, query, status):
    answer = await ask("POST", f"/agencies/DINKES/attendance/recompute?{query}", by)

    assert answer.status_code == status, answer.text
