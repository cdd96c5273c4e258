"""Odd check-ins are found by night, listed for those whom they concern, and decided by people."""

from datetime import UTC, datetime, time, timedelta

import pytest

from contracts.attendance import Position
from kit.clock import now
from services.attendance.app import over
from services.attendance.days.punches import Punch
from services.attendance.device_lines.model import Line
from services.attendance.reviews.passes import review_day
from tests.integration.attendance.conftest import HALL, JEBRES

SHARED = Position(lat=-7.56919213, lon=110.82965847, accuracy_m=5)
MOCKED = Position(lat=HALL[0], lon=HALL[1], accuracy_m=9, mocked=True)


def yesterday():
    return (now() + timedelta(hours=7)).date() - timedelta(days=1)


@pytest.fixture(scope="module")
async def attendance(settings, store, city):
    return over(settings, store)


@pytest.fixture(scope="module")
async def night(attendance, store):
    """Yesterday three people shared a coordinate, one of them was also elsewhere; then came night.

    Some arrived hours apart, so that the pass meets them in several portions.
    """
    morning = datetime.combine(yesterday(), time(0, 20), UTC)

    async def seen(by, position, minutes=0, number=0):
        at = morning + timedelta(minutes=minutes, milliseconds=number)
        punch = Punch(
            id=f"review-{by}-{minutes}-{number}",
            direction="in",
            office="BALAIKOTA",
            method="position",
            at=at,
            received_at=at,
        )
        await attendance.positions.add(punch, by, position)

    for person in ("ani", "budi", "cici"):
        await seen(person, SHARED)
    await seen("cici", Position(lat=JEBRES[0], lon=JEBRES[1], accuracy_m=8), minutes=1)
    await seen("kepala-dinkes", MOCKED)
    for number in range(60):
        spread = Position(lat=HALL[0] + number * 1.7e-6, lon=HALL[1], accuracy_m=30)
        await seen("dedi", spread, minutes=number % 3 * 150, number=number)
    await attendance.lines.append([a_reset_line(morning)])
    await review_day(attendance, yesterday(), rests=0)
    await review_day(attendance, yesterday(), rests=0)  # once more finds the same


def a_reset_line(at):
    """A line of Ani's from a machine that began anew in 2000."""
    return Line(
        id="RESET1:2000-01-01 00:00:07:199001012020011001:0",
        punch="reset-line",
        serial="RESET1",
        office="BALAIKOTA",
        zone="Asia/Jakarta",
        raw="199001012020011001\t2000-01-01 00:00:07\t0\t1",
        source="push",
        received_at=at,
        upload="reset",
        status="implausible",
        pin="199001012020011001",
        wall="2000-01-01 00:00:07",
        state="0",
        verify="1",
        flags=("clock_reset",),
    )


async def listed(ask, by, query=""):
    answer = await ask("GET", f"/reviews?period={yesterday():%Y-%m}{query}", by)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def cases(items):
    return sorted((item["person"]["id"], item["kind"]) for item in items)


async def test_a_night_raises_each_finding_once(ask, night, store):
    items = await listed(ask, "auditor")

    assert cases(items) == [
        ("ani", "device_clock_reset"),
        ("ani", "shared_coordinates"),
        ("budi", "shared_coordinates"),
        ("cici", "impossible_travel"),
        ("cici", "shared_coordinates"),
        ("kepala-dinkes", "mocked_location"),
    ]
    assert [len(item["occurrences"]) for item in items] == [1] * 6
    assert items == sorted(items, key=lambda item: -item["score"])
    shared, reset = (item for item in items if item["person"]["id"] == "ani")
    assert reset["occurrences"][0]["facts"]["devices"] == "RESET1"
    assert shared["occurrences"][0]["facts"] == {"people": 3}
    assert shared["occurrences"][0]["check_ins"] == ["review-ani-0-0"]
    assert shared["person"]["name"] == "Ani"
    assert await store.collection("review_passes").count_documents({}) == 1


async def test_no_answer_and_no_event_tells_a_coordinate(ask, night, store):
    answer = await ask("GET", "/reviews", "admin")
    documents = await store.collection("reviews").find({})

    for text in (answer.text, str(documents)):
        assert "7.56" not in text
        assert "110.8" not in text


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("ani", {"ani"}),
        ("kepala.bkpsdm", {"ani", "budi"}),
        ("kepala.dinkes", {"cici", "kepala-dinkes"}),
        ("admin", {"ani", "budi", "cici", "kepala-dinkes"}),
        ("dedi", set()),
    ],
)
async def test_reviews_are_for_those_whom_they_concern(ask, night, by, expected):
    assert {item["person"]["id"] for item in await listed(ask, by)} == expected


@pytest.mark.parametrize("by", ["jabar", "loader", "kiosk.balaikota"])
async def test_nobody_else_lists_reviews(ask, night, by):
    assert (await ask("GET", "/reviews", by)).status_code == 403


async def test_filters_name_kind_agency_person_and_state(ask, night):
    assert cases(await listed(ask, "admin", "&kind=mocked_location&kind=impossible_travel")) == [
        ("cici", "impossible_travel"),
        ("kepala-dinkes", "mocked_location"),
    ]
    assert cases(await listed(ask, "admin", "&agency=BKPSDM&employee_id=budi")) == [
        ("budi", "shared_coordinates")
    ]
    assert await listed(ask, "admin", "&state=confirmed&employee_id=budi") == []
    assert await listed(ask, "ani", "&employee_id=budi") == []
    first = (await ask("GET", "/reviews?limit=2&sort=-score", "auditor")).json()
    rest = (await ask("GET", f"/reviews?cursor={first['next_cursor']}", "auditor")).json()
    assert len(first["items"]) == 2
    assert len(rest["items"]) == 4


async def test_a_reviewer_decides_and_the_person_sees_what_and_why(ask, night, store):
    review = (await listed(ask, "ani"))[0]
    path = f"/reviews/{review['id']}"

    assert review["actions"] == []
    for by, status in (("ani", 403), ("auditor", 403), ("kepala.dinkes", 404), ("budi", 404)):
        assert (await ask("POST", f"{path}/confirm", by, json={})).status_code == status, by
    bare = await ask("POST", f"{path}/dismiss", "kepala.bkpsdm", json={})
    assert (bare.status_code, bare.json()["code"]) == (422, "reason_required")
    days = await store.collection("days").find({"employee": "ani"}, sort=[("_id", 1)])

    dismissed = await ask("POST", f"{path}/dismiss", "kepala.bkpsdm", json={"note": "Satu meja."})

    assert dismissed.status_code == 200, dismissed.text
    shown = await ask("GET", path, "ani")
    assert (shown.json()["state"], shown.json()["decision_note"]) == ("dismissed", "Satu meja.")
    assert shown.headers["ETag"]
    other = await ask("POST", f"{path}/confirm", "admin", json={})
    assert (other.status_code, other.json()["code"]) == (409, "already_decided")
    assert days == await store.collection("days").find({"employee": "ani"}, sort=[("_id", 1)])


async def test_a_heads_own_review_is_decided_by_the_administrator(ask, night):
    review = next(
        item for item in await listed(ask, "kepala.dinkes") if item["kind"] == "mocked_location"
    )
    path = f"/reviews/{review['id']}/confirm"

    assert (await ask("POST", path, "kepala.dinkes", json={})).status_code == 403
    confirmed = await ask("POST", path, "admin", json={"note": "Diakui."})
    assert confirmed.json()["state"] == "confirmed"


@pytest.mark.parametrize("by", ["ani", "admin", "jabar"])
async def test_an_unknown_review_is_not_found(ask, night, by):
    assert (await ask("GET", "/reviews/no-such-review", by)).status_code == 404
