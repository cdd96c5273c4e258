"""Policies are entered over HTTP, and days go by them: today's, and those of the past."""

import asyncio
import os
import sys
from contextlib import asynccontextmanager
from datetime import date, timedelta

import aio_pika
import pytest

from contracts.attendance import ImportPunch
from kit.ids import new_id
from tests.integration.attendance.conftest import an_agency
from tests.integration.attendance.people import a_post, announce_people
from tests.waiting import eventually

TUESDAY, WEDNESDAY = date(2026, 10, 13), date(2026, 10, 14)
DAY = {"start": "07:00", "end": "14:00", "breaks": [{"start": "11:30", "end": "12:00"}]}
SCHOOL_WEEK = dict.fromkeys(["monday", "tuesday", "wednesday", "thursday", "friday"], DAY)


def a_policy(**changes):
    return {
        "pattern": "sekolah",
        "effective_from": "2026-10-01",
        "decree": "SK 7/2026",
        "week": SCHOOL_WEEK,
        "bands": {"preset": "national-a"},
    } | changes


@pytest.fixture(scope="session")
async def schools(servers, store, city):
    """Schools, two of them below an agency of their own, and those who work in them."""
    below = {"SD2": "DISDIK", "SD3": "DISDIK"}
    codes = ("DISDIK", "SD1", "SD2", "SD3", "SD4")
    agencies = [an_agency(code, below.get(code, "PEMKOT")) for code in codes]
    people = [
        *(a_post(f"guru-{n}", f"SD{n}", "Guru Kelas") for n in range(1, 5)),
        *(a_post(f"satpam-{n}", f"SD{n}", "Satpam") for n in range(1, 5)),
    ]
    await announce_people(servers, store, agencies, people)


@pytest.fixture
def load(ask, schools):
    """Import punches of a person on a day: ``await load("guru-1", TUESDAY, ("in", "07:05"))``."""

    async def load_punches(person, on, *punches):
        items = [
            {
                "employee_id": person,
                "direction": way,
                "at": f"{on}T{clock}:00+07:00",
                "office": "BALAIKOTA",
            }
            for way, clock in punches
        ]
        answer = await ask("POST", "/imports/punches", "loader", json={"items": items})
        assert [one["status"] for one in answer.json()["items"]] == ["accepted"] * len(items)

    return load_punches


@pytest.fixture
def day_of(ask):
    async def get_day(person, on):
        answer = await ask("GET", f"/employees/{person}/days/{on}", "admin")
        assert answer.status_code == 200, answer.text
        return answer.json()

    return get_day


@pytest.fixture
def enter(ask, schools):
    async def enter_policy(agency, status=201, **changes):
        path = f"/agencies/{agency}/attendance-policies"
        answer = await ask("POST", path, "admin", json=a_policy(**changes))
        assert answer.status_code == status, answer.text
        return answer.json()

    return enter_policy


async def test_a_version_is_answered_with_what_its_weeks_add_up_to(ask, enter):
    ramadan = {"span": "ramadan", "week": {"monday": {"start": "08:00", "end": "12:00"}}}

    entered = await enter("SD4", variants=[ramadan], effective_from="2031-01-01")

    assert entered["id"] == "SD4-v1"
    assert entered["weekly_minutes"] == 5 * 390
    assert entered["variant_weekly_minutes"] == {"ramadan": 240}
    assert [band["percent"] for band in entered["bands"]["late"]] == ["0.5", "1", "1.5", "2"]
    assert entered["decree"] == "SK 7/2026"
    assert entered["recorded_at"].endswith("+07:00")
    listed = await ask("GET", "/agencies/SD4/attendance-policies", "ani")
    assert [one["id"] for one in listed.json()["items"]] == ["SD4-v1"]


async def test_days_of_the_past_follow_a_version_that_rules_them(ask, enter, load, day_of):
    await load("guru-1", TUESDAY, ("in", "07:25"), ("out", "16:30"))
    await load("ani", TUESDAY, ("in", "07:25"), ("out", "16:30"))
    before = await day_of("guru-1", TUESDAY)

    await enter("SD1")

    async def judged_anew():
        day = await day_of("guru-1", TUESDAY)
        return day if day["policy_version"] == "SD1-v1" else None

    after = await eventually(judged_anew, within_s=20)
    assert (before["late_minutes"], before["policy_version"]) == (
        0,
        "surakarta-ordinary/2026-01-01",
    )
    assert (after["late_minutes"], after["late_band"]) == (25, "TL1")
    assert after["expected"]["start"] == f"{TUESDAY}T07:00:00+07:00"
    assert {"rule": "pattern", "facts": ["SD1-v1"]}.items() <= after["explanation"][0].items()
    assert (await day_of("ani", TUESDAY))["policy_version"] == "surakarta-ordinary/2026-01-01"


async def test_agencies_below_inherit_until_they_have_their_own(enter, load, day_of):
    await enter("DISDIK", pattern="disdik", effective_from="2026-09-01")
    await enter("SD2", pattern="sd-dua", effective_from="2026-10-14")

    async def version_of(person, on):
        return (await day_of(person, on))["policy_version"]

    await load("guru-2", TUESDAY, ("in", "07:00"))
    await load("guru-2", WEDNESDAY, ("in", "07:00"))
    await load("guru-3", WEDNESDAY, ("in", "07:00"))

    assert await version_of("guru-2", TUESDAY) == "DISDIK-v1"
    assert await version_of("guru-2", WEDNESDAY) == "SD2-v1"
    assert await version_of("guru-3", WEDNESDAY) == "DISDIK-v1"


async def test_a_group_has_hours_of_its_own(ask, enter, load, day_of):
    await enter("SD3", pattern="penjaga", group={"name": "penjaga", "positions": ["satpam"]})

    listed = await ask("GET", f"/agencies/SD3/attendance-policies?on={TUESDAY}", "ani")
    groups = [one["group"] and one["group"]["name"] for one in listed.json()["items"]]
    assert groups == ["penjaga", None]

    await load("satpam-3", TUESDAY, ("out", "15:00"))
    await load("guru-3", TUESDAY, ("in", "07:00"))
    assert (await day_of("satpam-3", TUESDAY))["pattern"] == "penjaga"
    assert (await day_of("guru-3", TUESDAY))["pattern"] != "penjaga"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"week": {"monday": {"start": "7:30", "end": "16:00"}}}, "/week/monday/start"),
        (
            {"week": {"monday": DAY | {"breaks": [{"start": "06:00", "end": "06:30"}]}}},
            "/week/monday/breaks",
        ),
        ({"core": {"start": "10:00", "end": "09:00"}}, "/core/end"),
        ({"bands": {}}, "/bands"),
        ({"group": {"name": "tim", "employees": ["nobody"]}}, "/group/employees/0"),
        ({"variants": [{"span": "x", "week": {}}] * 2}, "/variants/1/span"),
        ({"flexible_minutes": 999}, "/flexible_minutes"),
    ],
)
async def test_what_cannot_be_is_refused_by_field(enter, changes, pointer):
    refused = await enter("SD1", status=422, **changes)

    assert refused["code"] == "validation_failed"
    assert [error["pointer"] for error in refused["errors"]] == [pointer]


async def test_only_the_personnel_administrator_enters_policies(ask, schools):
    path = "/agencies/SD1/attendance-policies"
    for account in ("ani", "kepala.dinkes", "auditor", "loader", "jabar"):
        answer = await ask("POST", path, account, json=a_policy())
        assert answer.status_code == 403, account
    assert (await ask("GET", path, "jabar")).status_code == 403
    assert (
        await ask("POST", "/agencies/XX/attendance-policies", "admin", json=a_policy())
    ).status_code == 404


async def test_the_same_key_enters_one_version(ask, schools):
    key = {"Idempotency-Key": new_id()}
    path = "/agencies/BKPSDM/attendance-policies"
    body = a_policy(effective_from="2035-01-01")

    answers = await asyncio.gather(
        *(ask("POST", path, "admin", json=body, headers=key) for _ in range(5))
    )

    assert {answer.status_code for answer in answers} == {201}
    assert {answer.json()["id"] for answer in answers} == {"BKPSDM-v1"}
    assert len((await ask("GET", path, "admin")).json()["items"]) == 1


async def test_a_preview_says_who_would_be_late_and_changes_nothing(ask, load, day_of, schools):
    await load("guru-4", TUESDAY, ("in", "07:25"), ("out", "16:30"))
    await load("guru-4", WEDNESDAY, ("in", "06:50"), ("out", "16:30"))
    path = "/agencies/SD4/attendance-policies/draft/preview?period=2026-10"

    answer = await ask("POST", path, "admin", json=a_policy(effective_from="2032-01-01"))

    told = answer.json()
    assert answer.status_code == 200, answer.text
    assert (told["people"], told["next_cursor"]) == (2, None)
    (one,) = told["items"]
    assert one["employee"]["id"] == "guru-4"
    assert (one["days"], one["late_minutes"]) == (2, [0, 25])
    assert one["percent"] == ["0.0000", "0.5000"]
    (changed,) = one["changed"]
    assert changed["date"] == str(TUESDAY)
    assert (changed["before"]["status"], changed["after"]["status"]) == ("present", "late")
    assert changed["after"]["late_band"] == "TL1"
    assert (await day_of("guru-4", TUESDAY))["late_minutes"] == 0


async def test_a_preview_is_for_those_who_may_see_the_people(ask, schools):
    path = "/agencies/DINKES/attendance-policies/draft/preview?period=2026-10"
    statuses = {
        account: (await ask("POST", path, account, json=a_policy())).status_code
        for account in ("admin", "auditor", "kepala.dinkes", "kepala.bkpsdm", "cici", "jabar")
    }

    assert list(statuses.values()) == [200, 200, 200, 403, 403, 403]
    unknown = path.replace("draft", "DINKES-v99")
    assert (await ask("POST", unknown, "admin")).status_code == 404
    assert (await ask("POST", path, "admin")).status_code == 422


@asynccontextmanager
async def a_second_replica(servers, log):
    """Another process that takes commands from the same queues, killed at the end."""
    told = servers.environment("attendance") | {"SAMBATAN_LOG_LEVEL": "WARNING"}
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "services.attendance", "--roles", "commands"),
            env=os.environ | told,
            stdout=output,
            stderr=output,
        )
    try:
        async with await aio_pika.connect(servers.rabbitmq_url) as connection:
            channel = await connection.channel()

            async def both_take_commands():
                queue = await channel.declare_queue(ImportPunch.feature, passive=True)
                return queue.declaration_result.consumer_count == 2

            await eventually(both_take_commands, within_s=30)
        yield
    finally:
        process.kill()
        await process.wait()


async def test_a_changed_policy_reaches_every_replica(ask, enter, servers, store, tmp_path):
    teachers = [f"kembar-{n}" for n in range(1, 13)]
    agencies = [an_agency("KEMBAR", "PEMKOT")]
    await announce_people(servers, store, agencies, [a_post(one, "KEMBAR") for one in teachers])
    dates = (TUESDAY + timedelta(weeks=week, days=day) for week in range(3) for day in range(3))

    async def lateness_at_once():
        """How late each is judged on another day: both replicas judge some of them."""
        items = [
            {
                "employee_id": one,
                "direction": "in",
                "at": f"{on}T07:25:00+07:00",
                "office": "BALAIKOTA",
            }
            for on in [next(dates)]
            for one in teachers
        ]
        answer = await ask("POST", "/imports/punches", "loader", json={"items": items})
        return {one["result"]["late_minutes"] for one in answer.json()["items"]}

    async with a_second_replica(servers, tmp_path / "replica.log"):
        before = await lateness_at_once()
        await enter("KEMBAR")

        async def all_know():
            return await lateness_at_once() == {25}

        await eventually(all_know, within_s=20, every_s=1)
        after = [await lateness_at_once(), await lateness_at_once()]

    assert before == {0}
    assert after == [{25}, {25}]
