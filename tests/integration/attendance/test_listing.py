"""Check-ins of a person as a list: recorded in pages, refused with the facts of the case."""

from datetime import datetime, timedelta

import pytest

from kit.clock import now
from tests.integration.attendance.conftest import HALL
from tests.integration.attendance.test_check_ins import an_arrival, at, days_ago


@pytest.fixture(scope="module")
async def recorded(ask):
    items = [
        {"employee_id": "hadi", "direction": way, "at": days_ago(days, clock)[1], "office": office}
        for days, way, clock, office in [
            (20, "in", "07:00:00", "BALAIKOTA"),
            (20, "out", "16:40:00", "BALAIKOTA"),
            (19, "in", "07:05:00", "JEBRES"),
        ]
    ]
    answer = await ask("POST", "/imports/punches", "loader", json={"items": items})
    assert [one["status"] for one in answer.json()["items"]] == ["accepted"] * 3
    return f"from={days_ago(20)[0]}&to={days_ago(19)[0]}"


async def test_recorded_check_ins_come_in_pages_and_by_filters(ask, recorded):
    path = f"/check-ins?employee_id=hadi&{recorded}"
    first = (await ask("GET", f"{path}&limit=2", "hadi")).json()
    rest = (await ask("GET", f"{path}&limit=2&cursor={first['next_cursor']}", "hadi")).json()
    newest = (await ask("GET", f"{path}&sort=-at&limit=1", "kepala.dinkes")).json()
    elsewhere = (await ask("GET", f"{path}&office=JEBRES&direction=in", "auditor")).json()

    assert [row["direction"] for row in first["items"] + rest["items"]] == ["in", "out", "in"]
    assert rest["next_cursor"] is None
    assert [row["office"] for row in newest["items"]] == ["JEBRES"]
    assert elsewhere["items"] == newest["items"]
    assert newest["items"][0]["at"].endswith("+07:00")


async def test_refused_check_ins_are_listed_with_code_and_facts_newest_first(ask):
    await ask("POST", "/check-ins", "hadi", json=an_arrival((-7.70, 110.90)))
    coarse = {"direction": "in", "position": at(HALL, accuracy_m=500)}
    await ask("POST", "/check-ins", "hadi", json=coarse)
    today = (now() + timedelta(hours=7)).date()

    listed = await ask("GET", f"/check-ins?refused=true&from={today}&to={today}", "hadi")
    tomorrow = today + timedelta(days=1)
    none = await ask("GET", f"/check-ins?refused=true&from={tomorrow}&to={tomorrow}", "hadi")

    rows = listed.json()["items"]
    assert [row["code"] for row in rows[:2]] == ["position_too_coarse", "outside_every_office"]
    assert rows[0]["facts"] == {"accuracy_m": 500, "limit_m": 200}
    assert rows[1]["facts"]["distance_m"] > 1_000
    assert "-7.7" not in listed.text
    assert datetime.fromisoformat(rows[0]["at"]).date() == today
    assert none.json()["items"] == []


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("refused=true&direction=in&from=2026-11-01&to=2026-11-02", 422),
        ("from=2026-11-02&to=2026-11-01", 422),
        ("from=2026-01-01&to=2026-11-01", 422),
        ("from=2026-11-01&to=2026-11-02&sort=office", 422),
    ],
)
async def test_what_cannot_be_listed_is_refused(ask, query, status):
    assert (await ask("GET", f"/check-ins?{query}", "hadi")).status_code == status


@pytest.mark.parametrize("by", ["ani", "kepala.bkpsdm", "loader", "jabar"])
async def test_nobody_else_sees_somebodys_check_ins(ask, recorded, by):
    assert (await ask("GET", f"/check-ins?employee_id=hadi&{recorded}", by)).status_code == 404
