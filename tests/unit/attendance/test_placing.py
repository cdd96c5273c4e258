"""Where a check-in happened: code before position, office before duty."""

import pytest

from contracts.outcome import Refusal
from services.attendance.days.geofence import places_on
from services.attendance.days.placing import Placed, place
from services.attendance.kiosks.model import Shown
from tests.unit.attendance.test_geofence import CITY, TODAY, a_position

PLACES = places_on(CITY, TODAY)
SHOWN = Shown("BALAIKOTA", 59_000_000)
USE = "BALAIKOTA:59000000"


@pytest.mark.parametrize(
    ("position", "flags"),
    [
        (None, ("no_position",)),
        (a_position(0), ()),
        (a_position(900), ("position_elsewhere",)),
        (a_position(900, mocked=True), ("position_elsewhere", "mocked_location")),
        (a_position(100, accuracy_m=500), ("position_coarse",)),
        (a_position(900, accuracy_m=5_000), ("position_elsewhere", "position_coarse")),
    ],
)
def test_a_code_says_the_office_and_the_position_beside_it_is_only_flagged(position, flags):
    found = place(position, SHOWN, PLACES, on_duty=False)

    assert found == Placed("BALAIKOTA", "kiosk", flags, kiosk_use=USE)


def test_a_code_of_an_office_that_is_closed_is_wrong():
    with pytest.raises(Refusal, match="kiosk_code_wrong"):
        place(a_position(0), Shown("LAMA", 1), PLACES, on_duty=False)


@pytest.mark.parametrize(
    ("position", "flags"),
    [
        (None, ("no_position",)),
        (a_position(900), ()),
        (a_position(900, mocked=True), ("mocked_location",)),
        (a_position(0, accuracy_m=300), ("position_coarse",)),
    ],
)
def test_outside_every_office_a_duty_waits_for_the_supervisor(position, flags):
    found = place(position, None, PLACES, on_duty=True)

    assert found == Placed(None, "duty", flags, pending=True)


def test_a_duty_in_an_office_is_an_ordinary_check_in():
    assert place(a_position(0), None, PLACES, on_duty=True) == Placed("BALAIKOTA", "position")


@pytest.mark.parametrize(
    ("position", "code"),
    [
        (None, "validation_failed"),
        (a_position(900), "outside_every_office"),
        (a_position(0, accuracy_m=300), "position_too_coarse"),
    ],
)
def test_without_code_and_duty_the_position_decides(position, code):
    with pytest.raises(Refusal, match=code):
        place(position, None, PLACES, on_duty=False)
