"""Parallel running: the old system's days come in, and every difference has its reason."""

from datetime import date, timedelta

import pytest

from contracts.directory import Assignment, EmployeeChanged
from kit.ids import new_id
from tests.integration.attendance.conftest import RECORDED, START
from tests.processes import announce
from tests.waiting import eventually

MONDAY = date(2026, 8, 3)
DIFFERENCES = "/agencies/DINKES/attendance/reference-differences?period=2026-08"
NIP = "197001012000011009"


@pytest.fixture(scope="module")
async def hana(ask, servers, store):
    """Hana worked Monday to Thursday, late on Monday."""
    assignment = Assignment(
        id="hana-1", agency="DINKES", position="Bidan", from_=START, recorded_at=RECORDED
    )
    person = EmployeeChanged(
        employee="hana", name="Hana", nip=NIP, employment="pns", assignments=(assignment,)
    )
    await announce(servers, ("hana", 1, person))
    people = store.collection("people")
    await eventually(lambda: people.find_one({"_id": "hana"}))
    items = [
        {"employee_id": "hana", "direction": way, "at": moment(day, at), "office": "JEBRES"}
        for day, came in enumerate(("07:42:10", "07:10:00", "07:11:00", "07:12:00"))
        for way, at in (("in", came), ("out", "16:31:00"))
    ]
    told = await ask("POST", "/imports/punches", "loader", json={"items": items})
    assert {one["status"] for one in told.json()["items"]} == {"accepted"}, told.text


def moment(day, at):
    return f"{MONDAY + timedelta(days=day)}T{at}+07:00"


def a_reference(day, came, **more):
    on = (MONDAY + timedelta(days=day)).isoformat()
    kept = {
        "nip": NIP,
        "date": on,
        "first_in": moment(day, came),
        "last_out": moment(day, "16:31:00"),
    }
    return kept | more


async def test_every_difference_is_listed_with_its_reason_and_counted(ask, hana, store):
    items = [
        a_reference(0, "07:42:40", late_minutes=13, status="late"),  # another seconds rule
        a_reference(1, "07:10:59", late_minutes=0, status="present"),  # the same
        a_reference(2, "07:35:00", late_minutes=5, status="late"),  # another arrival
        a_reference(4, "07:20:00"),  # we have nothing of Friday
    ]
    for _ in range(2):
        sent = await ask("POST", "/imports/reference-days", "loader", json={"items": items})
        assert [one["status"] for one in sent.json()["items"]] == ["accepted"] * 4, sent.text
    kept = await store.collection("reference_days").count_documents({"employee": "hana"})
    assert kept == 4

    told = (await ask("GET", DIFFERENCES, "kepala.dinkes")).json()

    found = [(one["date"], one["reason"], one["also"]) for one in told["items"]]
    assert found == [
        ("2026-08-03", "other_minutes", []),
        ("2026-08-05", "other_arrival", ["other_minutes", "other_status"]),
        ("2026-08-06", "missing_there", []),
        ("2026-08-07", "missing_here", []),
    ]
    assert told["counts"] == {
        "other_minutes": 1, "other_arrival": 1, "missing_there": 1, "missing_here": 1
    }  # fmt: skip
    assert (
        told["items"][0]["here"]["late_minutes"],
        told["items"][0]["there"]["late_minutes"],
    ) == (
        12,
        13,
    )

    paged, cursor = [], None
    while True:
        behind = f"&cursor={cursor}" if cursor else ""
        page = (await ask("GET", f"{DIFFERENCES}&limit=1{behind}", "admin")).json()
        paged += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert paged == told["items"]
    only = (await ask("GET", f"{DIFFERENCES}&reason=missing_here", "admin")).json()
    assert [one["date"] for one in only["items"]] == ["2026-08-07"]


async def test_the_same_key_answers_the_same_and_no_day_of_ours_changes(ask, hana, store):
    before = await store.collection("days").find({"employee": "hana"}, sort=[("_id", 1)])
    body = {"items": [a_reference(3, "09:00:00", status="late", late_minutes=90)]}
    key = {"Idempotency-Key": new_id()}

    first = await ask("POST", "/imports/reference-days", "admin", json=body, headers=key)
    again = await ask("POST", "/imports/reference-days", "admin", json=body, headers=key)

    assert first.json() == again.json()
    assert await store.collection("days").find({"employee": "hana"}, sort=[("_id", 1)]) == before


@pytest.mark.parametrize(
    ("item", "code"),
    [
        ({"employee_id": "nobody", "date": "2026-08-03"}, "unknown_employee"),
        ({"nip": "199912312020011999", "date": "2026-08-03"}, "unknown_employee"),
    ],
)
async def test_who_is_not_known_is_refused_alone(ask, hana, item, code):
    items = [item, a_reference(1, "07:10:59", late_minutes=0, status="present")]

    told = (await ask("POST", "/imports/reference-days", "loader", json={"items": items})).json()

    assert [one["status"] for one in told["items"]] == ["refused", "accepted"]
    assert told["items"][0]["problem"]["code"] == code


@pytest.mark.parametrize(
    "item",
    [
        {"date": "2026-08-03"},
        {"employee_id": "hana", "nip": NIP, "date": "2026-08-03"},
        {"employee_id": "hana", "date": "2026-08-03", "status": "somewhere"},
        {"employee_id": "hana", "date": "2026-08-03", "first_in": "07:30"},
    ],
)
async def test_what_is_no_day_is_refused_as_a_whole(ask, item):
    answer = await ask("POST", "/imports/reference-days", "loader", json={"items": [item]})

    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")


@pytest.mark.parametrize(
    ("by", "status"),
    [
        ("kepala.dinkes", 200),
        ("auditor", 200),
        ("kepala.bkpsdm", 403),
        ("cici", 403),
        ("jabar", 403),
    ],
)
async def test_differences_are_for_the_head_and_overseers(ask, by, status):
    assert (await ask("GET", DIFFERENCES, by)).status_code == status


@pytest.mark.parametrize("by", ["kepala.dinkes", "cici", "auditor", "jabar"])
async def test_reference_days_come_from_who_may_import(ask, by):
    body = {"items": [{"employee_id": "hana", "date": "2026-08-03"}]}

    assert (await ask("POST", "/imports/reference-days", by, json=body)).status_code == 403
