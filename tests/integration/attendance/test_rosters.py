"""Rosters are entered over HTTP; a shift over midnight is one day, also when entered late."""

from datetime import date

import pytest

from tests.integration.attendance.conftest import ACTORS, an_agency
from tests.integration.attendance.people import a_post, announce_people
from tests.processes import an_actor
from tests.waiting import eventually

NIGHT = date(2026, 10, 4)  # a Sunday
MORNING = date(2026, 10, 5)
SHIFTS = {"malam": {"start": "21:00", "end": "07:00"}, "pagi": {"start": "07:00", "end": "14:00"}}
PATH = "/agencies/RSUD/rosters/2026-10"
ACTORS["kepala.rsud"] = an_actor("kepala.rsud", ("head", "RSUD"), employee="kepala-rsud")
ACTORS["perawat"] = an_actor("perawat", ("employee", "RSUD"), employee="perawat-1")


def a_roster(**people):
    listed = [
        {"employee_id": one.replace("_", "-"), "days": {str(on): code for on, code in days.items()}}
        for one, days in people.items()
    ]
    return {"shifts": SHIFTS, "people": listed}


@pytest.fixture(scope="session")
async def hospital(servers, store, city):
    people = [a_post(f"perawat-{n}", "RSUD", "Perawat") for n in range(1, 4)]
    people.append(a_post("kepala-rsud", "RSUD", "Direktur"))
    await announce_people(servers, store, [an_agency("RSUD")], people)


@pytest.fixture
def load(ask, hospital):
    async def load_punches(person, *punches):
        items = [
            {"employee_id": person, "direction": way, "at": f"{at}+07:00", "office": "BALAIKOTA"}
            for way, at in punches
        ]
        answer = await ask("POST", "/imports/punches", "loader", json={"items": items})
        assert [one["status"] for one in answer.json()["items"]] == ["accepted"] * len(items)

    return load_punches


@pytest.fixture
def put(ask, hospital):
    async def put_roster(by="kepala.rsud", **people):
        shown = await ask("GET", PATH, "admin")
        headers = {"If-Match": shown.headers["ETag"]} if shown.status_code == 200 else {}
        return await ask("PUT", PATH, by, json=a_roster(**people), headers=headers)

    return put_roster


async def test_a_night_shift_is_one_day_and_beats_the_calendar(ask, put, load):
    entered = await put(perawat_1={NIGHT: "malam", MORNING: None})
    assert entered.status_code == 201, entered.text
    assert entered.json()["entries"] == 2

    await load("perawat-1", ("in", f"{NIGHT}T21:10:00"), ("out", f"{MORNING}T07:05:00"))

    day = (await ask("GET", f"/employees/perawat-1/days/{NIGHT}", "admin")).json()
    assert (day["status"], day["late_minutes"]) == ("late", 10)
    assert day["expected"]["end"] == f"{MORNING}T07:00:00+07:00"
    assert day["last_out"] == f"{MORNING}T07:05:00+07:00"
    assert "shift" in [reason["rule"] for reason in day["explanation"]]
    assert (await ask("GET", f"/employees/perawat-1/days/{MORNING}", "admin")).status_code == 404


async def test_a_roster_that_comes_late_has_its_days_judged_anew(ask, put, load):
    await load("perawat-2", ("in", f"{MORNING}T07:20:00"), ("out", f"{MORNING}T14:00:00"))

    async def day():
        return (await ask("GET", f"/employees/perawat-2/days/{MORNING}", "admin")).json()

    assert (await day())["status"] == "left_early"
    await put(perawat_2={MORNING: "pagi"})

    async def judged_anew():
        return (await day())["status"] == "late"

    await eventually(judged_anew, within_s=20)
    assert (await day())["late_minutes"] == 20


async def test_a_night_that_is_entered_late_takes_the_departure_of_the_morning_and_gives_it_back(
    ask, put, load
):
    await load("perawat-3", ("in", f"{NIGHT}T20:55:00"), ("out", f"{MORNING}T07:05:00"))

    async def departures():
        days = [f"/employees/perawat-3/days/{on}" for on in (NIGHT, MORNING)]
        told = [await ask("GET", path, "admin") for path in days]
        return [one.json().get("last_out") for one in told]

    leaving = f"{MORNING}T07:05:00+07:00"
    assert await departures() == [None, leaving]
    await put(perawat_3={NIGHT: "malam", MORNING: None})

    async def moved():
        return await departures() == [leaving, None]

    await eventually(moved, within_s=20)
    day = (await ask("GET", f"/employees/perawat-3/days/{NIGHT}", "admin")).json()
    assert (day["status"], day["late_minutes"], len(day["punches"])) == ("present", 0, 2)
    listed = await ask(
        "GET", f"/check-ins?employee_id=perawat-3&from={NIGHT}&to={MORNING}", "admin"
    )
    assert [row["direction"] for row in listed.json()["items"]] == ["in", "out"]
    await put(perawat_3={})

    async def back():
        return await departures() == [None, leaving]

    await eventually(back, within_s=20)


async def test_people_see_their_roster_and_who_leads_the_agency_enters_it(ask, put):
    await put(perawat_3={NIGHT: "pagi"})

    seen = await ask("GET", PATH, "perawat")
    assert seen.json()["people"] == [{"employee_id": "perawat-3", "days": {str(NIGHT): "pagi"}}]
    assert seen.json()["actions"] == []
    for account, allowed in (("perawat", 403), ("kepala.bkpsdm", 403), ("auditor", 403)):
        assert (await put(account)).status_code == allowed
    assert (await ask("GET", PATH, "ani")).status_code == 403
    assert (await ask("PUT", PATH, "kepala.rsud", json=a_roster())).status_code == 428
    strange = await put(ani={NIGHT: "pagi"})
    assert (strange.status_code, strange.json()["errors"][0]["pointer"]) == (
        422,
        "/people/0/employee_id",
    )


async def test_a_roster_comes_from_a_file_row_by_row(ask, hospital):
    heading = "employee_id,date,shift,start,end"
    rows = (
        "perawat-1,2026-09-07,malam,21:00,07:00",
        "perawat-1,2026-09-08,,,",
        "ani,2026-09-08,malam,,",
    )

    async def bring(by, *lines, dry_run="false"):
        return await ask(
            "POST",
            f"/imports/rosters?agency=RSUD&period=2026-09&dry_run={dry_run}",
            by,
            content="\n".join([heading, *lines]).encode(),
            headers={"Content-Type": "text/csv"},
        )

    path = "/agencies/RSUD/rosters/2026-09"
    assert (await bring("kepala.bkpsdm", *rows)).status_code == 403
    tried = (await bring("kepala.rsud", *rows, dry_run="true")).json()
    assert (tried["accepted"], [bad["row"] for bad in tried["rejected"]]) == (2, [4])
    assert (await ask("GET", path, "admin")).status_code == 404
    taken = (await bring("kepala.rsud", *rows)).json()
    again = (await bring("kepala.rsud", *rows)).json()

    assert (taken["accepted"], taken["unchanged"]) == (2, 0)
    assert (again["accepted"], again["unchanged"]) == (2, 2)
    shown = (await ask("GET", path, "admin")).json()
    assert shown["people"][0]["days"] == {"2026-09-07": "malam", "2026-09-08": None}
    assert shown["shifts"]["malam"]["end"] == "07:00"
