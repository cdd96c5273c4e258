"""Places from the caller's side: grounds with holes, seats, and what retention leaves."""

from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.attendance import Position
from kit.clock import now
from services.attendance.app import over
from services.attendance.days.punches import Punch
from tests.integration.attendance.conftest import HALL, PARK
from tests.integration.attendance.test_check_ins import at


@pytest.mark.parametrize(("north_m", "status"), [(150, 201), (205, 201), (0, 422), (300, 422)])
async def test_the_ground_of_a_polygon_is_an_office_and_its_hole_is_not(ask, north_m, status):
    place = (PARK[0] + north_m / 111_195, PARK[1])

    direction = "in" if north_m == 150 else "out"
    body = {"direction": direction, "position": at(place)}
    answer = await ask("POST", "/check-ins", "gita", json=body)

    assert answer.status_code == status, answer.text
    if status == 201:
        assert answer.json()["office"] == "TAMAN"
    else:
        assert answer.json()["nearest"] == "TAMAN"


async def test_the_board_of_an_office_shows_its_seats(ask):
    board = (await ask("GET", "/presence?office=BALAIKOTA", "auditor")).json()

    assert board["capacity"] == 40
    assert board["present"] >= 0


async def test_positions_are_forgotten_after_the_days_they_are_kept(settings, store):
    positions = over(settings, store).positions
    kept = timedelta(days=settings.positions_kept_days)
    made = now() - kept + timedelta(hours=1)
    punch = Punch("kept", "in", "BALAIKOTA", "position", made, made)
    old = replace(punch, id="old", received_at=made - timedelta(hours=2))
    for each in (punch, old):
        await positions.add(each, "retention", Position(lat=HALL[0], lon=HALL[1], accuracy_m=5))

    assert await positions.forget_old() == 1

    left = await store.collection("positions").find({"employee": "retention"})
    assert [one["_id"].rpartition(":")[2] for one in left] == ["kept"]
