"""Days follow a change of the rules, whatever happens to the process that judges them anew."""

import asyncio
import os
import sys
from contextlib import asynccontextmanager
from datetime import date, timedelta

import pytest

from contracts.envelope import Event
from contracts.policies import PolicyRequest
from kit.clock import now
from kit.ids import new_id
from kit.storage.aggregates import Cause
from kit.storage.store import Store
from rules.presets import city_schedule
from services.attendance.days.model import Day, Punch, day_id
from services.attendance.days.store import DayStore
from services.attendance.own_copies.store import OwnCopies
from services.attendance.patterns.model import rules_on
from services.attendance.periods.store import PeriodStore
from services.attendance.policies.model import AgencyPolicy
from services.attendance.policies.store import PolicyStore
from services.attendance.rejudging.model import Scope
from services.attendance.rejudging.store import Rejudging, Rejudgings
from services.attendance.settings import Settings
from tests.integration.attendance.conftest import an_agency
from tests.integration.attendance.people import a_post
from tests.waiting import eventually

FIRST = date(2026, 10, 5)
PEOPLE = [f"orang-{number:03}" for number in range(60)]
DATES = [FIRST + timedelta(days=number) for number in range(5)]
RULES = {on: rules_on(city_schedule(), on, agency="DINAS") for on in DATES}
HOURS = {"start": "07:00", "end": "14:00"}
POLICY = PolicyRequest.model_validate(
    {
        "pattern": "lebih-awal",
        "effective_from": str(FIRST),
        "week": dict.fromkeys(["monday", "tuesday", "wednesday", "thursday", "friday"], HOURS),
        "bands": {"preset": "national-a"},
    }
)


def an_event(data, subject):
    return Event(
        id=new_id(),
        source="test",
        type=data.type,
        subject=subject,
        time=now(),
        sequence=1,
        correlationid=new_id(),
        causationid=new_id(),
        data=data,
    )


def arrived_in_time(employee, on):
    """A day on which somebody came at 07:25, as the ordinary pattern judged it."""
    at = RULES[on].start - timedelta(minutes=5)
    punch = Punch(
        id=new_id(), direction="in", office="BALAIKOTA", method="import", at=at, received_at=at
    )
    return Day.blank(employee, "DINAS", RULES[on]).check_in(punch, RULES[on])


@pytest.fixture
async def other_city(servers):
    """A database of its own with 300 judged days, and an event that changes their rules."""
    settings = Settings(
        rabbitmq_url=servers.rabbitmq_url,
        mongodb_url=servers.mongodb_url,
        mongodb_database=servers.database("rejudging"),
        mongodb_durability=servers.mongodb_durability,
    )
    store = Store("attendance", settings)
    copies, policies = OwnCopies(store), PolicyStore(store)
    days = DayStore(store, PeriodStore(store))
    work = Rejudgings(store, settle_s=0)
    await store.migrate()
    agency = an_agency("DINAS", None)
    await copies.take_agency(an_event(agency, agency.code))
    people = [a_post(one, "DINAS") for one in PEOPLE]
    await asyncio.gather(*(copies.people.take(an_event(one, one.employee)) for one in people))
    cause = Cause.timer("test", new_id())
    await asyncio.gather(
        *(
            days.change(
                day_id(employee, on),
                lambda _, employee=employee, on=on: arrived_in_time(employee, on),
                Cause.derived(cause, employee, on),
            )
            for employee in PEOPLE
            for on in DATES
        )
    )
    moment = now()
    policy = AgencyPolicy.blank("DINAS", moment)
    await policies.change(
        "DINAS",
        lambda _: policy.add(POLICY, recorded_at=moment, written_at=moment),
        cause,
        answer=lambda stored: stored.state.changed(),
        status=201,
    )
    await work.add(
        Rejudging("the-change", Scope(FIRST, DATES[-1], "DINAS"), new_id(), "admin"),
        heard_at=moment,
    )
    yield store, days, work
    await store.close()


@asynccontextmanager
async def a_process(servers, log):
    """The service's background work in a process of its own, killed at the end."""
    told = servers.environment("attendance") | {
        "SAMBATAN_ATTENDANCE_MONGODB_DATABASE": servers.database("rejudging"),
        "SAMBATAN_LOG_LEVEL": "WARNING",
    }
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "services.attendance", "--roles", "background"),
            env=os.environ | told,
            stdout=output,
            stderr=output,
        )
    try:
        yield process
    finally:
        process.kill()
        await process.wait()


async def test_every_day_follows_once_although_the_process_is_killed(servers, other_city, tmp_path):
    store, _, work = other_city
    days, log = store.collection("days"), tmp_path / "service.log"

    async def followed(at_least):
        return await days.count_documents({"policy_version": "DINAS-v1"}) >= at_least

    async with a_process(servers, log):
        await eventually(lambda: followed(1), within_s=30, every_s=0.02)
    await store.collection("leases").delete_many({})  # as they would run out after their term
    async with a_process(servers, log):
        await eventually(lambda: followed(len(PEOPLE) * len(DATES)), within_s=60)

        async def settled():
            return (await work.get("the-change")).done

        await eventually(settled, within_s=60)

    found = await days.find({})
    assert {day["late_minutes"] for day in found} == {25}
    assert {(day["version"], day["sequence"]) for day in found} == {(2, 3)}
    assert b"job.failed" not in log.read_bytes()


def test_portions_are_the_same_however_often_they_are_asked_for():
    scope = Scope(FIRST, None, "DINAS")

    portions = list(scope.portions({"B", "A"}, FIRST + timedelta(days=1)))

    assert portions == ["2026-10-05|A", "2026-10-05|B", "2026-10-06|A", "2026-10-06|B"]
    assert portions == sorted(portions)
    assert list(Scope(FIRST, FIRST, "A", ("budi", "ani")).portions({"A"}, FIRST)) == ["ani", "budi"]


def test_nothing_of_the_future_is_judged():
    ahead = Scope(FIRST + timedelta(days=9), None, "DINAS")

    assert list(ahead.portions({"A"}, FIRST)) == []
