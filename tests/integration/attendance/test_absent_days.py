"""Absent days: who was expected and did not come has a day, also after an outage."""

from datetime import timedelta

import pytest

from contracts.directory import AgencyChanged, Assignment, EmployeeChanged, Stage
from kit.clock import now
from tests.integration.attendance.conftest import RECORDED, START
from tests.processes import announce
from tests.waiting import eventually

TODAY = (now() + timedelta(hours=7)).date()


def last_working_day():
    on = TODAY - timedelta(days=1)
    while on.weekday() > 4:
        on -= timedelta(days=1)
    return on


ON = last_working_day()
BEGUN = ON - timedelta(days=3)
"""The service was down for some days: the watch stands here."""


def somebody(name, *, from_=START, until=None, active=True):
    post = Assignment(
        id=f"{name}-1",
        agency="DISHUB",
        position="Staf",
        from_=from_,
        until=until,
        recorded_at=RECORDED,
    )
    return EmployeeChanged(
        employee=name, name=name.title(), employment="pns", active=active, assignments=(post,)
    )


@pytest.fixture
async def transport_agency(servers, store, city):
    """An agency in operation whose days have not been looked at since ``BEGUN``."""
    agencies = [
        AgencyChanged(
            code=code,
            name=code,
            kind="dinas",
            parent="PEMKOT",
            time_zone="Asia/Jakarta",
            stages=(Stage(stage=stage, from_=START),),
        )
        for code, stage in (("DISHUB", "active"), ("DISPORA", "planned"))
    ]
    for agency in agencies:
        await store.collection("watched_agencies").insert_one(
            {
                "_id": agency.code,
                "version": 1,
                "sequence": 0,
                "outbox": [],
                "agency": agency.code,
                "next": BEGUN.isoformat(),
            }
        )
    people = [
        somebody("hadir"),
        somebody("alpa"),
        somebody("baru", from_=TODAY),
        somebody("pindah", until=ON - timedelta(days=1)),
        somebody("pensiun", active=False),
    ]
    await announce(
        servers,
        *((one.employee, 1, one) for one in people),
        *((one.code, 1, one) for one in agencies),
    )


@pytest.mark.usefixtures("transport_agency")
async def test_who_was_expected_and_did_not_come_is_absent(store, load, day_of, events):
    async def stored():
        (item,) = await load("hadir", (TODAY - ON).days, ("in", "07:10:00"))
        return item["status"] == "accepted"

    await eventually(stored)

    day = await day_of("alpa", ON, "absent")

    assert day["closed"] is True
    assert (day["late_band"], day["early_band"]) == (None, None)
    assert [event["status"] for event in await events(f"alpa:{ON}")] == ["absent"]

    async def watched():
        found = await store.collection("watched_agencies").find_one({"_id": "DISHUB"})
        return found["next"] == TODAY.isoformat()

    await eventually(watched, within_s=30)
    days = {one["_id"] for one in await store.collection("days").find({"agency": "DISHUB"})}
    assert f"alpa:{ON}" in days
    assert f"hadir:{ON}" in days
    assert not {one for one in days if one.startswith(("baru", "pensiun"))}
    assert f"pindah:{ON}" not in days
    assert not {one for one in days if one.endswith(TODAY.isoformat())}

    await load("alpa", (TODAY - ON).days, ("in", "07:10:00"), ("out", "16:45:00"))
    assert (await day_of("alpa", ON, "present"))["closed"] is True
