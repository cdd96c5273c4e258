"""Absences from the caller's side: asked for, decided, and what they make of the days."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest

from contracts.outcome import Decision
from kit.clock import now
from kit.storage.aggregates import Cause
from services.attendance.absences.store import AbsenceStore
from services.attendance.bookings.store import BookingStore
from tests.integration.attendance.conftest import days_ago
from tests.processes import announce
from tests.waiting import eventually


def next_monday(weeks: int) -> date:
    """A Monday so many weeks ahead: each test has weeks of its own."""
    today = (now() + timedelta(hours=7)).date()
    return today + timedelta(days=7 * weeks - today.weekday())


def a_leave(weeks, days=3, **more):
    first = next_monday(weeks)
    last = first + timedelta(days=days - 1)
    return {"kind": "annual_leave", "from": str(first), "to": str(last), **more}


@pytest.fixture
def asked(ask):
    """Ask for an absence: ``await asked("dewi", body)``."""

    async def request(by, body):
        answer = await ask("POST", "/absences", by, json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    return request


async def test_an_approved_absence_makes_its_days_leave_and_a_withdrawn_one_does_not(
    ask, asked, day_of, events
):
    told = await asked("dewi", a_leave(8, note="Mudik."))
    assert (told["state"], told["actions"]) == ("pending", ["withdraw"])
    assert told["history"][0]["by"]["id"] == "dewi"

    approved = await ask(
        "POST", f"/absences/{told['id']}/approve", "kepala.bkpsdm", json={"note": "Silakan."}
    )
    assert approved.status_code == 200, approved.text
    assert approved.json()["state"] == "approved"
    last = date.fromisoformat(told["to"])
    for on in (date.fromisoformat(told["from"]), last):
        day = await day_of("dewi", on, "leave")
        assert day["absences"][0]["id"] == told["id"]
        assert told["id"] in day["explanation"][-1]["facts"]
    assert [event["status"] for event in await events(f"dewi:{last}")] == ["leave"]

    back = await ask("POST", f"/absences/{told['id']}/withdraw", "dewi", json={"note": "Batal."})

    assert [step["action"] for step in back.json()["history"]] == ["request", "approve", "withdraw"]
    assert back.json()["history"][1]["note"] == "Silakan."
    day = await day_of("dewi", last, "open")
    assert day["absences"] == []


async def test_hours_away_take_their_minutes_off_a_recorded_day(ask, asked, load, day_of):
    on, _ = days_ago(3)
    while on.weekday() > 4:
        on -= timedelta(days=1)
    back = ((now() + timedelta(hours=7)).date() - on).days
    (stored, _) = await load("dewi", back, ("in", "09:00:00"), ("out", "16:45:00"))
    assert stored["status"] == "accepted", stored["problem"]["errors"]
    body = {
        "kind": "official_duty",
        "from": f"{on}T07:00:00+07:00",
        "to": f"{on}T09:00:00+07:00",
        "reference": "800/7/2026",
    }
    told = await asked("dewi", body)
    assert told["whole_days"] is False

    approved = await ask("POST", f"/absences/{told['id']}/approve", "kepala.bkpsdm", json={})
    assert approved.status_code == 200, approved.text

    day = await day_of("dewi", on, "present")
    assert (day["late_minutes"], day["expected"]["start"]) == (0, f"{on}T09:00:00+07:00")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"kind": "unknown_kind"}, "/kind"),
        ({"kind": "sick_leave"}, "/reference"),
        ({"kind": "sick_day"}, "/to"),
        ({"to": "2020-01-01"}, "/to"),
        ({"to": "2031-01-01"}, "/to"),
        ({"to": "2027-01-06T10:00:00+07:00"}, "/to"),
        ({"from": "2027-01-05T07:00:00+07:00", "to": "2027-01-05T09:00:00+07:00"}, "/from"),
        ({"from": "2027-01-05T07:00:00"}, "/from"),
        ({"from": "2027-1-5"}, "/from"),
        ({"from": 20270105}, "/from"),
        ({"surprise": 1}, "/surprise"),
    ],
)
async def test_what_cannot_be_asked_for_names_the_field(ask, body, pointer):
    whole = {"kind": "annual_leave", "from": "2027-01-04", "to": "2027-01-05"} | body

    answer = await ask("POST", "/absences", "dewi", json=whole)

    assert answer.status_code == 422, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_the_same_time_is_asked_for_once_until_it_is_free_again(ask, asked):
    told = await asked("ani", a_leave(10))

    again = await ask("POST", "/absences", "ani", json=a_leave(10, days=1))
    assert (again.status_code, again.json()["code"]) == (422, "overlaps")
    assert again.json()["with"] == told["id"]

    rejected = await ask(
        "POST", f"/absences/{told['id']}/reject", "kepala.bkpsdm", json={"note": "Ada audit."}
    )
    assert rejected.json()["state"] == "rejected"
    await asked("ani", a_leave(10, days=1))


async def test_nobody_decides_about_themselves_or_without_a_reason_or_twice(ask, asked):
    own = await asked("kepala.bkpsdm", a_leave(12))
    theirs = await asked("cici", a_leave(12))

    async def decide(id_, by, verb, **more):
        answer = await ask("POST", f"/absences/{id_}/{verb}", by, json={}, **more)
        return answer.status_code, answer.json().get("code")

    assert own["actions"] == ["withdraw"]
    assert await decide(own["id"], "kepala.bkpsdm", "approve") == (403, "forbidden")
    assert await decide(own["id"], "kepala.dinkes", "approve") == (404, "not_found")
    assert await decide(own["id"], "dewi", "approve") == (404, "not_found")
    assert await decide(own["id"], "auditor", "approve") == (403, "forbidden")
    assert await decide(own["id"], "wali", "approve") == (200, None)  # the agency above
    assert await decide(theirs["id"], "kepala.dinkes", "reject") == (422, "reason_required")
    stale = {"If-Match": '"7"'}
    assert await decide(theirs["id"], "kepala.dinkes", "approve", headers=stale) == (
        412,
        "version_conflict",
    )
    assert await decide(theirs["id"], "kepala.dinkes", "approve") == (200, None)
    assert await decide(theirs["id"], "kepala.dinkes", "reject") == (409, "already_decided")
    assert await decide("no-such-request", "admin", "approve") == (404, "not_found")


async def test_somebody_who_decides_may_ask_for_others_and_nobody_else(ask):
    body = a_leave(14, employee_id="dewi")

    by_colleague = await ask("POST", "/absences", "ani", json=body)
    by_head = await ask("POST", "/absences", "kepala.bkpsdm", json=body)
    unexcused = {**a_leave(15, days=1), "kind": "without_leave"}
    by_oneself = await ask("POST", "/absences", "dewi", json=unexcused)

    assert (by_colleague.status_code, by_colleague.json()["code"]) == (403, "forbidden")
    assert by_head.status_code == 201
    assert by_head.json()["actions"] == ["approve", "reject"]
    assert (by_oneself.status_code, by_oneself.json()["code"]) == (403, "forbidden")


async def test_lists_show_what_concerns_the_caller(ask, asked):
    mine = await asked("ani", a_leave(16))
    theirs = await asked("cici", a_leave(16))

    async def listed(by, **params):
        answer = await ask("GET", "/absences", by, params=params)
        assert answer.status_code == 200, answer.text
        return {one["id"] for one in answer.json()["items"]}

    assert {mine["id"], theirs["id"]} <= await listed("auditor", limit=200)
    assert mine["id"] in await listed("ani")
    assert theirs["id"] not in await listed("ani")
    assert mine["id"] in await listed("kepala.bkpsdm", state="pending")
    assert theirs["id"] not in await listed("kepala.bkpsdm")
    assert await listed("wali", agency="DINKES", **{"from": mine["from"], "to": mine["to"]}) == {
        theirs["id"]
    }
    assert await listed("jabar") == set()
    page = await ask("GET", "/absences", "auditor", params={"limit": 1})
    assert page.json()["next_cursor"]
    shown = await ask("GET", f"/absences/{mine['id']}", "kepala.bkpsdm")
    assert (shown.json()["actions"], shown.headers["ETag"]) == (["approve", "reject"], '"1"')
    assert (await ask("GET", f"/absences/{mine['id']}", "cici")).status_code == 404


async def test_kinds_say_what_they_count_as_and_need(ask):
    kinds = (await ask("GET", "/absence-kinds", "ani")).json()["items"]

    duty = next(kind for kind in kinds if kind["code"] == "official_duty")
    assert (duty["counts_as"], duty["by_hours"], duty["needs_reference"]) == ("work", True, True)
    assert {kind["counts_as"] for kind in kinds} == {"work", "excused", "unexcused"}


async def test_the_days_follow_the_absence_however_late_or_often_its_events_come(
    store, asked, day_of, servers, ask
):
    """As after a crash between the decision and the days: the event arrives again, and late."""
    told = await asked("ani", a_leave(18, days=1))
    absences = AbsenceStore(store)
    stored = await absences.get(told["id"])

    for verb in ("approve", "withdraw"):
        after = stored.state.after(verb, stored.state.history[0].deed)
        await absences.change(
            told["id"], lambda _, after=after: as_decided(after), Cause.timer("test", verb)
        )
        stored = await absences.get(told["id"])
        await day_of("ani", told["from"], "leave" if verb == "approve" else "open")

    late = replace(stored.state, state="approved").decided()
    await announce(servers, *((told["id"], 2, late) for _ in range(3)))
    other = await asked("ani", a_leave(19, days=1))
    await ask("POST", f"/absences/{other['id']}/approve", "kepala.bkpsdm", json={})
    await day_of("ani", other["from"], "leave")
    assert (await day_of("ani", told["from"], "open"))["absences"] == []

    bookings = BookingStore(store)
    await eventually(partial(is_free, bookings, told["id"]))


def as_decided(state):
    return Decision(state, (state.decided(),))


async def is_free(bookings, id_):
    known = await bookings._bookings.get("ani")
    return all(one.id != id_ for one in known.state.items)


async def test_a_kind_that_is_entered_can_be_asked_for_from_its_day_on(ask):
    on = next_monday(44)
    kind = {
        "code": "umrah_leave",
        "name": "Cuti umrah",
        "name_en": "Leave for the small pilgrimage",
        "counts_as": "excused",
        "day_status": "leave",
        "most_days": 2,
        "effective_from": str(on),
        "decree": "Perwali 12/2026",
    }
    assert (await ask("POST", "/absence-kinds", "kepala.dinkes", json=kind)).status_code == 403
    entered = await ask("POST", "/absence-kinds", "admin", json=kind)
    assert entered.status_code == 201, entered.text
    listed = (await ask("GET", f"/absence-kinds?on={on}", "ani")).json()["items"]
    assert "umrah_leave" in {row["code"] for row in listed}
    today = (await ask("GET", "/absence-kinds", "ani")).json()["items"]
    assert "umrah_leave" not in {row["code"] for row in today}

    long = await ask("POST", "/absences", "ani", json=a_leave(44, days=3, kind="umrah_leave"))
    fits = await ask("POST", "/absences", "ani", json=a_leave(44, days=2, kind="umrah_leave"))

    assert long.json()["errors"][0]["pointer"] == "/to"
    assert fits.status_code == 201, fits.text
