"""Colleagues see where somebody is in that person's working hours only (api.md, presence)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from services.attendance.presence.working_hours import in_working_hours
from tests.unit.attendance.builders import at


@dataclass(frozen=True)
class Hours:
    """The hours of a day."""

    expected_start: datetime | None
    expected_end: datetime | None


DAY = Hours(at("07:30"), at("16:30"))
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("moment", "inside"),
    [
        (at("07:30") - SECOND, False),
        (at("07:30"), True),
        (at("12:30"), True),
        (at("16:30"), True),
        (at("16:30") + SECOND, False),
    ],
)
def test_both_ends_belong_to_the_hours(moment, inside):
    assert in_working_hours(DAY, moment) is inside


def test_on_a_free_day_there_are_no_hours():
    assert not in_working_hours(Hours(None, None), at("10:00"))
