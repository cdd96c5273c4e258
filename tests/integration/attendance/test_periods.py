"""A closed month: every day locked, later data kept as settlements, and let go of again."""

import asyncio
from datetime import date, timedelta

import pytest

from contracts.directory import Stage
from contracts.periods import PeriodClosed, PeriodClosing, PeriodReopening
from kit.jobs.model import Portion
from kit.storage.aggregates import Cause
from kit.storage.store import Store
from rules.sealing import digest_of
from services.attendance.app import over
from services.attendance.periods import work
from services.attendance.settings import Settings
from tests.integration.attendance.conftest import ACTORS, START, an_agency
from tests.integration.attendance.people import a_post, announce_people
from tests.processes import an_actor, announce
from tests.unit.kpi.builders import an_event
from tests.waiting import eventually

AGENCY, MONTH = "DLH", "2026-09"
WORKING_DAYS = 22
PEOPLE = ("intan", "joko", "kepala-dlh")
RECAP = f"/agencies/{AGENCY}/attendance/monthly?period={MONTH}"
LATE, ABSENT = "2026-09-07", "2026-09-08"
ACTORS["kepala.dlh"] = an_actor(
    "kepala.dlh", ("employee", AGENCY), ("head", AGENCY), employee="kepala-dlh"
)
ACTORS["joko"] = an_actor("joko", ("employee", AGENCY), employee="joko")


def closing(kind, revision=1, month=MONTH, **more):
    data = kind(agency=AGENCY, period=month, revision=revision, **more)
    return f"{AGENCY}:{month}", revision, data


@pytest.fixture(scope="module")
async def september(servers, store, city, ask):
    """Intan came late on one day; Joko never came; nobody else had to do with the agency."""
    stages = (Stage(stage="active", from_=START),)
    agency = an_agency(AGENCY).model_copy(update={"stages": stages})
    supervised = {"supervisor": "kepala-dlh"}
    people = [
        a_post("kepala-dlh", AGENCY),
        *(a_post(one, AGENCY, **supervised) for one in PEOPLE[:2]),
    ]
    await announce_people(servers, store, [agency], people)
    await punched(ask, "intan", LATE, "08:00:00")


async def punched(ask, who, on, came):
    items = [
        {"employee_id": who, "direction": way, "at": f"{on}T{at}+07:00", "office": "BALAIKOTA"}
        for way, at in (("in", came), ("out", "16:45:00"))
    ]
    told = await ask("POST", "/imports/punches", "loader", json={"items": items})
    assert {one["status"] for one in told.json()["items"]} == {"accepted"}, told.text


@pytest.fixture
def stands(store):
    """Wait until the month is in a state: ``await stands("locked")``; its document."""

    async def wait(state, revision=1):
        async def found():
            document = await store.collection("periods").find_one({"_id": f"{AGENCY}:{MONTH}"})
            if document and (document["state"], document["revision"]) == (state, revision):
                return document
            return None

        return await eventually(found, within_s=40)

    return wait


async def day(ask, who, on):
    answer = await ask("GET", f"/employees/{who}/days/{on}", "admin")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def settlements(ask, wanted, query="waiting=true"):
    """The settlements of the agency, once their days came out like this."""

    async def found():
        answer = await ask("GET", f"/agencies/{AGENCY}/settlements?{query}", "kepala.dlh")
        assert answer.status_code == 200, answer.text
        items = answer.json()["items"]
        return (items,) if [one["after"]["status"] for one in items] == wanted else None

    return (await eventually(found, within_s=20))[0]


async def test_a_month_is_locked_settled_and_let_go_of(servers, store, ask, september, stands):
    opened = await store.collection("days").count_documents({"agency": AGENCY})
    assert opened == 1

    # locked: everybody has every working day, the event tells their number and digest
    order = closing(PeriodClosing)
    await announce(servers, order, order)
    locked = (await stands("locked"))["revisions"][0]
    days = await store.collection("days").find({"agency": AGENCY})
    assert len(days) == locked["days"] == WORKING_DAYS * len(PEOPLE)
    assert all(one["closed"] and one["locked"]["period"] == MONTH for one in days)
    marks = [(one["_id"], one["locked"]["sequence"]) for one in days]
    assert locked["digest"] == digest_of(marks)
    assert (await day(ask, "joko", LATE))["status"] == "absent"

    # what comes later is kept, and settles
    await punched(ask, "joko", ABSENT, "07:20:00")
    kept = await day(ask, "joko", ABSENT)
    assert (kept["status"], len(kept["punches"])) == ("absent", 2)
    assert (kept["locked"]["counts"], kept["locked"]["later"]["status"]) == (True, "present")
    [waiting] = await settlements(ask, ["present"])
    assert (waiting["period"], waiting["settled_in"]) == (MONTH, None)
    assert (waiting["before"]["status"], waiting["after"]["status"]) == ("absent", "present")

    # who the day is about may not ask any more; who decides may enter it
    correction = {"date": LATE, "first_in": f"{LATE}T07:20:00+07:00", "reason": "Lupa."}
    refused = await ask("POST", "/corrections", "joko", json=correction)
    assert (refused.status_code, refused.json()["code"]) == (409, "period_closed")
    assert MONTH in refused.json()["detail"]
    asked = await ask(
        "POST", "/corrections", "kepala.dlh", json={**correction, "employee_id": "intan"}
    )
    assert asked.status_code == 201, asked.text
    approved = await ask(
        "POST",
        f"/corrections/{asked.json()['id']}/approve",
        "kepala.dlh",
        json={"note": "ya"},
        headers={"If-Match": f'"{asked.json()["version"]}"'},
    )
    assert approved.status_code == 200, approved.text
    await settlements(ask, ["present", "present"])
    assert (await day(ask, "intan", LATE))["late_minutes"] == 30

    # the recap shows what was closed, and in the next month what is to be settled
    await announce(
        servers, closing(PeriodClosed, fingerprint="f" * 64, results=4, digest=locked["digest"])
    )

    async def sealed():
        recap = (
            await ask("GET", f"/agencies/{AGENCY}/attendance/monthly?period={MONTH}", "kepala.dlh")
        ).json()
        return recap if recap["fingerprint"] else None

    recap = await eventually(sealed, within_s=20)
    assert (recap["status"], recap["revision"]) == ("closed", 1)
    rows = {row["person"]["id"]: row for row in recap["items"]}
    assert (rows["joko"]["absent"], rows["intan"]["late_minutes"]) == (WORKING_DAYS, 30)
    following = f"/agencies/{AGENCY}/attendance/monthly?period=2026-10"
    october = (await ask("GET", following, "kepala.dlh")).json()
    rows = {row["person"]["id"]: row for row in october["items"]}
    [settled] = rows["joko"]["settlements"]
    assert (settled["period"], settled["percent_after"]) == (MONTH, "0.0000")
    assert float(settled["percent_before"]) > 0

    # let go of: what came counts, nothing is left to settle, the revision can still be read
    await announce(servers, closing(PeriodReopening))
    await stands("open")
    free = await day(ask, "joko", ABSENT)
    assert (free["status"], free["locked"]) == ("present", None)
    await settlements(ask, [])
    assert (
        await store.collection("days").count_documents({"locked": {"$ne": None}, "agency": AGENCY})
        == 0
    )
    first = f"/agencies/{AGENCY}/attendance/monthly?period={MONTH}&revision=1"
    recap = (await ask("GET", first, "kepala.dlh")).json()
    rows = {row["person"]["id"]: row for row in recap["items"]}
    assert (rows["joko"]["absent"], rows["intan"]["late_minutes"]) == (WORKING_DAYS, 30)
    missing = await ask("GET", first.replace("revision=1", "revision=2"), "kepala.dlh")
    assert missing.status_code == 404

    # and locked once more
    await announce(servers, closing(PeriodClosing, revision=2))
    again = (await stands("locked", 2))["revisions"]
    assert [one["number"] for one in again] == [1, 2]
    assert again[1]["digest"] != again[0]["digest"]
    assert (await day(ask, "joko", ABSENT))["status"] == "present"


@pytest.fixture
async def other_city(servers):
    """A database of its own, and nobody at work in it."""
    settings = Settings(
        rabbitmq_url=servers.rabbitmq_url,
        mongodb_url=servers.mongodb_url,
        mongodb_database=servers.database("locking"),
        mongodb_durability=servers.mongodb_durability,
    )
    store = Store("attendance", settings)
    attendance = over(settings, store)
    await store.migrate()
    agency = an_agency("DINAS", None).model_copy(
        update={"stages": (Stage(stage="active", from_=START),)}
    )
    await attendance.copies.take_agency(an_event(agency, agency.code, 1))
    people = [a_post(f"p{number}", "DINAS") for number in range(3)]
    await asyncio.gather(
        *(attendance.copies.people.take(an_event(one, one.employee, 1)) for one in people)
    )
    yield attendance, store
    await store.close()


async def test_a_lock_that_dies_in_the_middle_is_done_again(other_city, monkeypatch):
    """Every portion is carried out twice, as after a crash before it was counted."""
    attendance, store = other_city
    monkeypatch.setattr(work, "_UNTIL_ALL_KNOW_S", 0)
    monkeypatch.setattr(work, "_AT_ONCE", 2)
    cause = Cause.timer("test", "locking")
    asked = work.PeriodWork(agency="DINAS", period=MONTH, revision=1)
    await attendance.periods.change(
        "DINAS", MONTH, lambda known: known.locking(1, "job", cause.at), cause
    )
    made = await attendance.jobs.create(cause, work.LOCK, asked, about="-")
    id_ = made.written.rpartition("@")[0]

    while True:
        job = await attendance.jobs.get(id_)
        first = await work.lock_portion(attendance, job)
        again = await work.lock_portion(attendance, job)
        assert isinstance(again, Portion)
        await attendance.jobs.advance(job, first)
        if first.cursor is None:
            break

    days = await store.collection("days").find({})
    assert len(days) == WORKING_DAYS * 3
    assert {(one["sequence"], one["locked"]["sequence"]) for one in days} == {(1, 1)}
    locked = (await attendance.periods.get("DINAS", MONTH)).state.closed
    assert locked.days == len(days)
    assert locked.digest == digest_of((one["_id"], 1) for one in days)


async def test_somebody_who_moved_in_mid_month_is_locked_where_the_day_was(other_city, monkeypatch):
    attendance, store = other_city
    monkeypatch.setattr(work, "_UNTIL_ALL_KNOW_S", 0)
    for code in ("LAMA", "BARU"):
        stages = (Stage(stage="active", from_=START),)
        one = an_agency(code, None).model_copy(update={"stages": stages})
        await attendance.copies.take_agency(an_event(one, code, 1))
    first = a_post("pindah", "LAMA").assignments[0]
    moved = date(2026, 9, 16)
    posts = (
        first.model_copy(update={"until": moved - timedelta(days=1)}),
        first.model_copy(update={"id": "pindah-2", "agency": "BARU", "from_": moved}),
    )
    person = a_post("pindah", "LAMA").model_copy(update={"assignments": posts})
    await attendance.copies.people.take(an_event(person, "pindah", 1))
    for refresh in store.kept_fresh:
        await refresh()
    cause = Cause.timer("test", "moving")
    await attendance.periods.change(
        "LAMA", MONTH, lambda known: known.locking(1, "job", cause.at), cause
    )
    asked = work.PeriodWork(agency="LAMA", period=MONTH, revision=1)
    made = await attendance.jobs.create(cause, work.LOCK, asked, about="-")
    id_ = made.written.rpartition("@")[0]

    while not (job := await attendance.jobs.get(id_)).state.has_ended:
        await attendance.jobs.advance(job, await work.lock_portion(attendance, job))

    days = await store.collection("days").find({"employee": "pindah"})
    assert {one["agency"] for one in days} == {"LAMA"}
    assert max(one["date"] for one in days) == "2026-09-15"
    assert (await attendance.periods.get("LAMA", MONTH)).state.closed.days == len(days) == 11
