"""What the city does all day, over its public API: on a system of our own or on a given one.

May be repeated on the same system: every run takes other people, and days that the played day does
not use.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

import httpx
import pytest

from deploy.demo.play import workday
from deploy.demo.play.deeds import CHECK_IN, HELP, Company, Deed, Player
from kit.ids import new_id
from tests.systems import RunningSystem
from tests.waiting import eventually

pytestmark = [pytest.mark.system, pytest.mark.slow, pytest.mark.timeout(300)]

ASKING, HELPING = "DISPORA", "BKPSDM"
CITY_HALL = {"lat": -7.569192, "lon": 110.829658, "accuracy_m": 10}
_SETTLED_S = 60


@dataclass(frozen=True, slots=True)
class Helped:
    """A help request that ran through all its states."""

    id: str
    state_after: tuple[str, ...]
    helper: str
    period: str


@pytest.fixture(scope="module")
async def company(system: RunningSystem) -> AsyncIterator[Company]:
    """The accounts of the city, signed in when they act."""
    async with httpx.AsyncClient(base_url=system.gateway, timeout=60) as http:
        yield Company(system.gateway, system.password, http)


@pytest.fixture(scope="module")
async def person(company: Company) -> Player:
    """One of the city's further people, another one in every run."""
    return await company.player(f"p{Random().randint(1, 390):04}")


@pytest.fixture(scope="module")
async def arrival(person: Player) -> Deed:
    """A check-in of that person at the city hall, now."""
    body = {"direction": "in", "position": CITY_HALL}
    return await person.accepted(CHECK_IN, "/v1/check-ins", key=new_id(), body=body)


@pytest.fixture(scope="module")
async def helped(company: Company) -> Helped:
    """One agency asked another for help, got it, and rated it."""
    asker = await company.player(f"kepala.{ASKING.lower()}")
    head = await company.player(f"kepala.{HELPING.lower()}")
    helper = await company.player(f"pegawai.{HELPING.lower()}")
    me = await employee(helper)
    due = workday.most_recent(workday.today() + timedelta(days=15)).at("14:00").isoformat()
    request = {"to": [HELPING], "title": "Uji alur", "description": "Dua meja.", "people": 1}
    asked = await asker.accepted(
        HELP, "/v1/help-requests", key=new_id(), body=request | {"due": due, "priority": "high"}
    )
    states = [(asked.result or {})["state"]]
    for by, action, body in (
        (head, "ask", {"question": "Ukuran meja?"}),
        (asker, "answer", {"text": "Satu meter."}),
        (head, "accept", {"people": [me]}),
        (helper, "start", {}),
        (helper, "log", {"minutes": 30, "note": "Dua meja terpasang."}),
        (helper, "deliver", {"summary": "Selesai.", "links": []}),
        (asker, "confirm", {"rating": 4, "thanks": "Matur nuwun."}),
    ):
        path = f"/v1/help-requests/{asked.document}/{action}"
        done = await by.accepted(HELP, path, key=new_id(), body=body)
        states.append((done.result or {})["state"])
    return Helped(asked.document, tuple(states), me, f"{workday.today():%Y-%m}")


async def test_the_system_says_that_it_is_ready(system: RunningSystem) -> None:
    async with httpx.AsyncClient(base_url=system.gateway, timeout=10) as http:
        assert (await http.get("/health/live")).status_code == 200
        assert (await http.get("/health/ready")).status_code == 200
        assert (await http.get("/openapi.json")).json()["info"]["title"]


async def test_a_wrong_password_and_no_token_come_in_nowhere(system: RunningSystem) -> None:
    async with httpx.AsyncClient(base_url=system.gateway, timeout=10) as http:
        wrong = {"username": "p0001", "password": "not the password"}
        refused = await http.post("/v1/session", json=wrong)
        nobody = await http.get("/v1/me")

    assert (refused.status_code, refused.json()["code"]) == (401, "bad_credentials")
    assert nobody.status_code == 401


async def test_whoever_signs_in_is_told_who_they_are(person: Player) -> None:
    me = await person.caller.get("/v1/me")

    assert me["account"] == person.username
    assert me["employee"]["name"]
    assert [each["role"] for each in me["roles"]] == ["employee"]


async def test_an_arrival_is_answered_with_its_day(arrival: Deed, person: Player) -> None:
    assert arrival.result is not None
    assert arrival.result["employee_id"] == await employee(person)
    assert arrival.result["office"] == "BALAIKOTA"
    assert arrival.result["method"] == "position"
    assert arrival.result["id"] in {punch["id"] for punch in arrival.result["day"]["punches"]}


async def test_the_same_key_gives_the_same_answer_and_a_repeat_is_said(
    arrival: Deed, person: Player
) -> None:
    body = {"direction": "in", "position": CITY_HALL}
    same = await person.change(CHECK_IN, "/v1/check-ins", key=arrival.key, body=body)
    again = await person.change(CHECK_IN, "/v1/check-ins", key=new_id(), body=body)

    assert same.result == arrival.result
    assert again.code == "already_checked_in"


async def test_whoever_has_arrived_is_present_at_the_office(
    company: Company, arrival: Deed, person: Player
) -> None:
    admin, me = await company.player("admin"), await employee(person)

    async def present() -> bool:
        told = await admin.caller.get("/v1/presence", office="BALAIKOTA")
        return me in {one["person"]["id"] for one in told["people"]}

    assert await eventually(present, within_s=_SETTLED_S, every_s=0.25)


async def test_nobody_sees_the_days_or_the_score_of_a_stranger(
    company: Company, person: Player
) -> None:
    stranger = await employee(await company.player(f"kepala.{ASKING.lower()}"))
    span = {"from": workday.today().isoformat(), "to": workday.today().isoformat()}

    days = await person.caller.call("GET", f"/v1/employees/{stranger}/days", params=span)
    score = await person.caller.call("GET", f"/v1/employees/{stranger}/scorecard")

    assert (days.status_code, days.json()["code"]) == (404, "not_found")
    assert (score.status_code, score.json()["code"]) == (404, "not_found")


async def test_help_goes_through_its_states_and_the_time_line_tells(
    company: Company, helped: Helped
) -> None:
    asker = await company.player(f"kepala.{ASKING.lower()}")

    told = await asker.caller.get(f"/v1/help-requests/{helped.id}/timeline")

    assert helped.state_after == (
        *("requested", "clarifying", "requested", "accepted"),
        *("in_progress", "in_progress", "delivered", "confirmed"),
    )
    assert [item["action"] for item in told["items"]] == [
        *("request", "ask", "answer", "accept", "start", "log", "deliver", "confirm")
    ]


async def test_what_the_state_does_not_allow_is_refused(company: Company, helped: Helped) -> None:
    head = await company.player(f"kepala.{HELPING.lower()}")
    path = f"/v1/help-requests/{helped.id}/decline"

    late = await head.change(HELP, path, key=new_id(), body={"reason": "Terlambat."})

    assert late.code == "wrong_state"


async def test_the_rating_reaches_the_score_and_names_its_fact(
    company: Company, helped: Helped
) -> None:
    helper = await company.player(f"pegawai.{HELPING.lower()}")
    path = f"/v1/employees/{helped.helper}/scorecard"

    async def facts() -> list[dict[str, Any]]:
        line = await helper.caller.get(f"{path}/lines/help_rating", period=helped.period, limit=200)
        return [one for one in line["facts"] if one["subject"] == helped.id]

    async def score() -> str | None:
        card = await helper.caller.get(path, period=helped.period)
        rated = "help_rating" in {line["indicator"] for line in card["lines"]}
        return card["score"] if rated else None

    found = await eventually(facts, within_s=_SETTLED_S, every_s=0.25)

    assert [one["type"] for one in found] == ["tasks.help_request.confirmed.v1"]
    assert found[0]["data"]["rating"] == 4
    assert await eventually(score, within_s=_SETTLED_S, every_s=0.25)


async def test_a_day_reaches_the_score_and_its_lateness_is_explained(
    company: Company, person: Player
) -> None:
    loader, me = await company.player("loader"), await employee(person)
    day = workday.most_recent(workday.most_recent(workday.today()).on)
    await bring_in(loader, me, day.at("07:31:00").isoformat())

    async def line() -> dict[str, Any] | None:
        path = f"/v1/employees/{me}/scorecard/lines/punctuality"
        told = await person.caller.get(path, period=day.period, limit=200)
        return told if of_day(told, day.on) else None

    found = await eventually(line, within_s=_SETTLED_S, every_s=0.25)
    shown = await person.caller.get(f"/v1/employees/{me}/days/{day.on.isoformat()}")

    assert found is not None
    assert shown["late_minutes"] > 0
    assert [fact["data"]["late_minutes"] for fact in of_day(found, day.on)] == [
        shown["late_minutes"]
    ]
    assert shown["explanation"]


async def test_another_government_reads_the_request_in_order_and_no_person(
    company: Company, helped: Helped
) -> None:
    outside = (await company.player("jabar")).caller
    events: list[dict[str, Any]] = []
    cursor: str | None = None

    async def confirmed() -> bool:
        nonlocal cursor
        after = {"after": cursor} if cursor else {}
        page = await outside.get("/v1/events", types="tasks.*", limit=200, **after)
        cursor = page["next_cursor"]
        events.extend(one for one in page["items"] if one["subject"] == helped.id)
        return any(one["type"] == "tasks.help_request.confirmed.v1" for one in events)

    assert await eventually(confirmed, within_s=_SETTLED_S)
    sequences = [one["sequence"] for one in events]
    assert sequences == sorted(set(sequences))
    assert events[0]["type"] == "tasks.help_request.requested.v1"
    assert helped.helper not in str(events)
    assert "Dua meja" not in str(events)


async def employee(player: Player) -> str:
    """The id of the person behind an account."""
    me = await player.caller.get("/v1/me")
    return str(me["employee"]["id"])


async def bring_in(loader: Player, who: str, at: str) -> None:
    """A recorded arrival of the past; the same again is the same command."""
    punch = {"employee_id": who, "direction": "in", "at": at, "office": "BALAIKOTA"}
    told, _ = await loader.batch(
        CHECK_IN, "/v1/imports/punches", key=f"flow:{who}:{at}", body={"items": [punch]}
    )
    assert told["items"][0]["status"] in {"accepted", "pending"}, told


def of_day(line: dict[str, Any], on: date) -> list[dict[str, Any]]:
    """The facts of an indicator that are about one day."""
    return [fact for fact in line["facts"] if fact["date"] == on.isoformat()]
