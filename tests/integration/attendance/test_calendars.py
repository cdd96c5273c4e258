"""Calendars are entered over HTTP, and days go by them."""

from datetime import date

import pytest

from tests.integration.attendance.conftest import an_agency
from tests.integration.attendance.people import a_post, announce_people
from tests.waiting import eventually

TUESDAY = date(2026, 10, 20)
LOCAL = {"date": str(TUESDAY), "kind": "local_day", "name_id": "Hari Jadi", "name_en": "Jubilee"}


@pytest.fixture(scope="session")
async def museum(servers, store, city):
    """An agency whose calendar rules nobody else."""
    await announce_people(servers, store, [an_agency("MUSEUM")], [a_post("juru-1", "MUSEUM")])


async def test_the_national_calendar_is_shipped(ask):
    answer = await ask("GET", "/calendars/national", "ani")

    told = answer.json()
    assert told["shipped"]
    assert len(told["days"]) == 25
    assert told["spans"] == [{"name": "ramadan", "first": "2026-02-19", "last": "2026-03-20"}]
    assert answer.headers["ETag"] == '"0"'


async def test_a_local_day_is_free_also_afterwards_until_it_is_taken_back(ask, museum):
    punches = [
        {
            "employee_id": "juru-1",
            "direction": way,
            "at": f"{TUESDAY}T{clock}:00+07:00",
            "office": "BALAIKOTA",
        }
        for way, clock in (("in", "08:10"), ("out", "16:30"))
    ]
    await ask("POST", "/imports/punches", "loader", json={"items": punches})

    async def status():
        return (await ask("GET", f"/employees/juru-1/days/{TUESDAY}", "admin")).json()["status"]

    assert await status() == "late"
    entered = await ask("PUT", "/calendars/MUSEUM", "admin", json={"days": [LOCAL]})
    assert entered.status_code == 201, entered.text

    async def becomes(wanted):
        return await status() == wanted

    await eventually(lambda: becomes("holiday"), within_s=20)
    path, taken_back = "/calendars/MUSEUM", {"days": []}
    assert (await ask("PUT", path, "admin", json=taken_back)).status_code == 428
    headers = {"If-Match": entered.headers["ETag"]}
    assert (await ask("PUT", path, "admin", json=taken_back, headers=headers)).status_code == 200
    assert (await ask("PUT", path, "admin", json=taken_back, headers=headers)).status_code == 412
    await eventually(lambda: becomes("late"), within_s=20)


async def test_a_span_is_set_ahead_and_refused_once_it_has_begun(ask, museum):
    path = "/calendars/MUSEUM/spans/ramadan"
    ahead = {"first": "2091-02-08", "last": "2091-03-09"}

    entered = await ask("PUT", path, "admin", json=ahead)
    late = await ask("PUT", path, "admin", json={"first": "2026-10-01", "last": "2026-10-30"})
    begun = await ask(
        "PUT",
        path.replace("MUSEUM", "national"),
        "admin",
        json={"first": "2026-02-18", "last": "2026-03-19"},
    )

    assert entered.status_code == 200, entered.text
    assert entered.json()["spans"] == [{"name": "ramadan", **ahead}]
    assert (late.status_code, late.json()["errors"][0]["pointer"]) == (422, "/first")
    assert (begun.status_code, begun.json()["code"]) == (409, "wrong_state")


async def test_calendars_are_the_administrator_s_and_shown_to_the_city(ask, museum):
    for account in ("ani", "kepala.dinkes", "auditor", "jabar"):
        answer = await ask("PUT", "/calendars/MUSEUM", account, json={"days": []})
        assert answer.status_code == 403, account
    assert (await ask("GET", "/calendars/MUSEUM", "jabar")).status_code == 403
    assert (await ask("GET", "/calendars/TIDAKADA", "ani")).status_code == 404
    assert (await ask("PUT", "/calendars/national", "admin", json={"days": []})).status_code == 428
