"""Service levels over the real gateway, broker and database; timers across processes."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from contracts.calendars import CalendarChanged, CalendarDay
from contracts.envelope import Actor, Event
from kit.clock import now
from kit.ids import new_id
from kit.storage.aggregates import Cause
from kit.storage.store import Store
from services.tasks.app import tasks_of
from services.tasks.help_requests import decisions
from services.tasks.help_requests.acting import once
from services.tasks.help_requests.asking import Asker, new_request
from services.tasks.help_requests.timers import let_timers_ring, ring
from services.tasks.overdue.handlers import make_digest
from tests.integration.tasks.conftest import in_days
from tests.unit.tasks.builders import CITY, a_deed, wanted
from tests.waiting import eventually

TARGETS = {"low": 900, "normal": 240, "high": 120, "urgent": 30}


def a_version(**other):
    return {"effective_from": "2026-01-01", "response_minutes": TARGETS, **other}


async def test_a_version_rules_what_is_asked_from_now_on_and_below_too(ask, request_help):
    before = await request_help(to=("SECOND",), priority="urgent")

    made = await ask(
        "POST",
        "/agencies/SECOND/service-levels",
        "admin",
        json=a_version(decree="SE 32/2026", completion_minutes={"urgent": 60}),
    )
    after = await request_help(to=("SECOND",), priority="urgent")
    accepted = await ask.help(after["id"], "accept", "kepala.second", people=["citra"])
    listed = (await ask("GET", "/agencies/SECOND/service-levels", "ani")).json()
    ruling = (await ask("GET", "/agencies/SECOND/service-levels?on=2026-11-24", "ani")).json()
    shipped = (await ask("GET", "/agencies/OTHER/service-levels?on=2026-11-24", "ani")).json()
    again = (await ask("GET", f"/help-requests/{before['id']}", "kepala.asker")).json()

    assert made.status_code == 201, made.text
    assert made.json()["id"] == "SECOND-sl1"
    assert made.json()["warn_percent"] == 75
    assert before["service_level"]["response"]["target_minutes"] == 240
    assert again["service_level"]["response"]["target_minutes"] == 240
    assert after["service_level"]["response"]["target_minutes"] == 30
    assert accepted.json()["service_level"]["completion"]["target_minutes"] == 60
    assert [each["id"] for each in listed["items"]] == ["SECOND-sl1"]
    assert ruling["items"][0]["decree"] == "SE 32/2026"
    assert shipped["items"][0]["agency"] is None


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"response_minutes": {**TARGETS, "low": 0}}, "/response_minutes/low"),
        ({"response_minutes": {"low": 1}}, "/response_minutes/normal"),
        ({"warn_percent": 100}, "/warn_percent"),
        ({"escalate_after_minutes": [480, 240]}, ""),
        ({"effective_from": "yesterday"}, "/effective_from"),
    ],
)
async def test_what_cannot_be_is_named(ask, changes, pointer):
    answer = await ask("POST", "/agencies/OTHER/service-levels", "admin", json=a_version(**changes))

    assert answer.status_code == 422
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]


async def test_heads_do_not_set_the_targets_they_are_measured_by(ask):
    answer = await ask("POST", "/agencies/OTHER/service-levels", "kepala.other", json=a_version())

    assert answer.status_code == 403


async def test_a_calendar_entered_meanwhile_is_written_down_in_the_time_line(
    ask, announce, heard, request_help
):
    id_ = (await request_help(to=("OTHER",)))["id"]
    start = now().date()
    days = [start + timedelta(days=place) for place in range(8)]
    free = tuple(
        CalendarDay(date=day, kind="local_day", name_id="Libur", name_en="Day off") for day in days
    )
    state = CalendarChanged(
        code="OTHER",
        agency="OTHER",
        days=free,
        spans=(),
        recorded_at=now(),
        first=days[0],
        last=days[-1],
    )

    await announce(state, "calendars", "OTHER")
    _, moved = await heard(id_, 2)
    await announce(state, "calendars", "OTHER", sequence=2)
    lines = (await ask("GET", f"/help-requests/{id_}/timeline", "kepala.asker")).json()["items"]
    shown = (await ask("GET", f"/help-requests/{id_}", "kepala.asker")).json()

    assert moved["type"] == "tasks.help_request.rescheduled.v1"
    assert moved["data"]["due_before"] < moved["data"]["clock_due"]
    assert [line["action"] for line in lines] == ["request", "hours-changed"]
    assert lines[1]["actor"] is None
    assert lines[1]["explanation"][0]["rule"] == "response_due"
    due = datetime.fromisoformat(shown["service_level"]["response"]["due"])
    assert due == datetime.fromisoformat(moved["data"]["clock_due"])


@pytest.fixture
async def late_requests(settings):
    """Ten requests of three weeks ago in a database that no service runs on, as replicas see it."""
    own = settings.model_copy(update={"mongodb_database": f"{settings.mongodb_database}-late"})
    first = Store("tasks", own)
    await first.migrate()
    tasks, asked_at = tasks_of(first, own), now() - timedelta(days=21)
    for agency in CITY.agencies.values():
        await tasks.directory.keep(_told(agency))
    for place in range(10):
        body = wanted(due=now() + timedelta(days=30))
        fresh = new_request(new_id(), f"LATE/{place}", body, Asker("ASKER", asked_at), CITY)
        begun = decisions.ask_for_help(fresh, a_deed("asking", "ASKER", at=asked_at))
        cause = Cause(new_id(), new_id(), Actor(account="test"), asked_at)
        await tasks.requests.change(fresh.id, once(begun), cause)
    yield own, first
    await first.close()


def _told(state):
    return Event(
        id=new_id(),
        source="directory.test",
        type=state.type,
        subject=state.code,
        time=now(),
        sequence=1,
        correlationid=new_id(),
        causationid=new_id(),
        data=state,
    )


async def test_after_a_restart_in_the_middle_nothing_rings_twice(late_requests):
    own, first = late_requests
    one = tasks_of(first, own)
    due = await one.requests.due_timers(now(), 20)
    await asyncio.gather(*(ring(stored, one, now()) for stored in due[:2]))
    half = asyncio.gather(*(ring(stored, one, now()) for stored in due[2:7]))
    await asyncio.sleep(0)
    half.cancel()  # the process dies while it writes
    await asyncio.gather(half, return_exceptions=True)

    stores = [Store("tasks", own) for _ in range(2)]
    for _ in range(5):  # both come back, neither knows of the other
        await asyncio.gather(*(let_timers_ring(tasks_of(store, own)) for store in stores))
    await let_timers_ring(replace(one))
    for each in stores:
        await each.close()

    documents = await first.collection("help_requests").find({})
    assert len(documents) == 10
    for document in documents:
        actions = [line["action"] for line in document["timeline"]]
        kinds = [event["type"].split(".")[2] for event in document["outbox"]]
        assert actions == ["request", "warning", "breach", "escalation"]
        assert kinds == ["requested", "warned", "breached", "escalated"]
        assert document["rings_at"] > now()

    morning = datetime(2026, 11, 30, 0, 30, tzinfo=UTC)
    replicas = [tasks_of(first, own) for _ in range(3)]
    await asyncio.gather(*(make_digest("PEMKOT", each, morning) for each in replicas))
    await make_digest("PEMKOT", one, morning + timedelta(hours=5))

    (digest,) = await first.collection("overdue_digests").find({})
    assert [event["type"] for event in digest["outbox"]] == ["tasks.overdue_digest.made.v1"]
    assert (digest["_id"], digest["total"]) == ("PEMKOT/2026-11-30", 10)


async def test_an_imported_request_that_waits_is_late_at_its_own_moments(ask, heard):
    item = {
        **wanted(to=["SECOND"], due=in_days(9)).model_dump(mode="json"),
        "asking_agency": "ASKER",
        "requested_at": (now() - timedelta(days=14)).isoformat(),
    }
    answer = await ask("POST", "/imports/help-requests", "loader", json={"items": [item]})
    id_ = answer.json()["items"][0]["result"]["id"]

    events = await heard(id_, 4)
    shown = await eventually(
        lambda: ask("GET", f"/help-requests/{id_}/timeline", "auditor"), within_s=10
    )

    assert [event["type"].split(".")[2] for event in events] == [
        "requested",
        "warned",
        "breached",
        "escalated",
    ]
    assert events[3]["data"]["agencies"] == ["SETDA", "PEMKOT"]
    assert events[3]["data"]["in_digest"] is True
    assert [line["action"] for line in shown.json()["items"]][1:] == [
        "warning",
        "breach",
        "escalation",
    ]
