"""Corrections and approvals: what was not recorded is stated, decided, and counts."""

from datetime import timedelta

import pytest

from kit.clock import now
from tests.integration.attendance.conftest import days_ago


def working_days_ago(days):
    """A past working day (Monday to Friday), and how many days ago it was."""
    while days_ago(days)[0].weekday() > 4:
        days += 1
    return days_ago(days)[0], days


@pytest.fixture
def asked(ask):
    """Ask for a correction: ``await asked("dewi", on, last_out="21:00:00")``."""

    async def request(by, on, **moments):
        body = {"date": str(on), "reason": "Lupa."}
        body |= {field: f"{on}T{clock}+07:00" for field, clock in moments.items()}
        answer = await ask("POST", "/corrections", by, json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    return request


async def test_a_forgotten_departure_counts_once_approved_and_the_punches_stay(
    ask, asked, load, day_of
):
    on, back = working_days_ago(8)
    (stored,) = await load("dewi", back, ("in", "07:10:00"))
    assert stored["status"] == "accepted", stored["problem"]
    await day_of("dewi", on, "incomplete")
    told = await asked("dewi", on, last_out="16:40:00")

    approved = await ask(
        "POST", f"/corrections/{told['id']}/approve", "kepala.bkpsdm", json={"note": "Ada saksi."}
    )

    assert approved.status_code == 200, approved.text
    day = await day_of("dewi", on, "present")
    assert day["last_out"] == f"{on}T16:40:00+07:00"
    assert [punch["direction"] for punch in day["punches"]] == ["in"]
    assert day["corrections"][0]["id"] == told["id"]
    assert day["early_band"] is None
    reason = next(one for one in day["explanation"] if one["rule"] == "last_out")
    assert reason["facts"] == [told["id"]]

    await ask("POST", f"/corrections/{told['id']}/withdraw", "kepala.bkpsdm", json={})
    assert (await day_of("dewi", on, "incomplete"))["early_band"] == "PSW4"


@pytest.mark.parametrize(
    ("moments", "pointer"),
    [
        ({}, "/first_in"),
        ({"first_in": "2020-01-01T07:00:00+07:00"}, "/first_in"),
        ({"last_out": (now() + timedelta(hours=2)).isoformat()}, "/last_out"),
        ({"first_in": "{on}T09:00:00+07:00", "last_out": "{on}T08:00:00+07:00"}, "/last_out"),
        ({"first_in": "{on}T09:00:00"}, "/first_in"),
    ],
)
async def test_moments_that_cannot_be_of_the_day_are_refused(ask, moments, pointer):
    on = (now() + timedelta(hours=7)).date() - timedelta(days=1 if "last_out" not in moments else 0)
    if "first_in" in moments:
        on -= timedelta(days=2)
    body = {field: moment.replace("{on}", str(on)) for field, moment in moments.items()}

    answer = await ask(
        "POST", "/corrections", "dewi", json={"date": str(on), "reason": "Lupa.", **body}
    )

    assert answer.status_code == 422, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_what_waits_for_somebody_is_listed_and_decided_at_once(ask, asked):
    on, _ = working_days_ago(15)
    mine = [
        await asked("dewi", on, first_in="07:20:00"),
        await asked("ani", on, first_in="07:25:00"),
    ]
    theirs = await asked("cici", on, first_in="07:30:00")

    async def waiting(by, **params):
        answer = await ask("GET", "/approvals", by, params={"limit": 200, **params})
        assert answer.status_code == 200, answer.text
        return answer.json()

    listed = (await waiting("kepala.bkpsdm"))["items"]
    ids = [one["id"] for one in listed]
    assert {one["id"] for one in mine} <= set(ids)
    assert theirs["id"] not in ids
    assert [one["requested_at"] for one in listed] == sorted(one["requested_at"] for one in listed)
    asked_here = [one["request"] for one in listed if one["id"] in {mine[0]["id"], mine[1]["id"]}]
    assert all("approve" in one["actions"] for one in asked_here)
    assert (await waiting("dewi"))["items"] == []
    page = await waiting("kepala.bkpsdm", limit=1, type="correction")
    following = await waiting(
        "kepala.bkpsdm", limit=200, type="correction", cursor=page["next_cursor"]
    )
    assert page["items"][0]["id"] not in {one["id"] for one in following["items"]}

    items = [
        {"id": mine[0]["id"], "version": 1, "decision": "approve", "note": ""},
        {"id": mine[1]["id"], "version": 1, "decision": "reject", "note": ""},
        {"id": mine[1]["id"], "version": 7, "decision": "approve", "note": ""},
        {"id": theirs["id"], "version": 1, "decision": "approve", "note": ""},
        {"id": "nothing", "version": 1, "decision": "approve", "note": ""},
    ]
    decided = await ask("POST", "/approvals/decide", "kepala.bkpsdm", json={"items": items})

    told = decided.json()["items"]
    assert [(one["problem"] or {}).get("code") for one in told] == [
        None,
        "reason_required",
        "version_conflict",
        "not_found",
        "not_found",
    ]
    assert told[0]["result"]["state"] == "approved"
    assert mine[0]["id"] not in {one["id"] for one in (await waiting("kepala.bkpsdm"))["items"]}
