"""Where two systems differ about a day, and why."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.attendance.reference_days.model import Side, differences
from tests.unit.attendance.builders import at

IN, OUT = at("07:42:10"), at("16:45:00")
A_MINUTE_LATER = IN + timedelta(minutes=1)
LATE = Side(IN, OUT, 12, "late")
ABSENT = Side(status="absent", late_minutes=0)


@pytest.mark.parametrize(
    ("here", "there", "reasons"),
    [
        (None, None, ()),
        (LATE, LATE, ()),
        (LATE, None, ("missing_there",)),
        (ABSENT, None, ()),
        (None, LATE, ("missing_here",)),
        (ABSENT, LATE, ("missing_here",)),
        (None, ABSENT, ("other_status",)),
        (None, Side(status="off"), ()),
        (ABSENT, ABSENT, ()),
        (LATE, Side(IN + timedelta(seconds=49), OUT, 12, "late"), ()),  # the same minute
        (LATE, Side(A_MINUTE_LATER, OUT, 13, "late"), ("other_arrival", "other_minutes")),
        (LATE, Side(IN, OUT + timedelta(minutes=3), 12, "late"), ("other_departure",)),
        (LATE, Side(IN, OUT, 13, "late"), ("other_minutes",)),  # another seconds rule
        (LATE, Side(IN, OUT, 0, "present"), ("other_minutes", "other_status")),
        (LATE, Side(first_in=IN), ()),  # what the old system does not say is not compared
        (LATE, ABSENT, ("other_minutes", "other_status")),
        (Side(IN, None, 12, "incomplete"), Side(IN, OUT, 12, "late"),
         ("other_departure", "other_status")),
    ],
)  # fmt: skip
def test_a_difference_has_its_reasons_the_causing_one_first(here, there, reasons):
    assert differences(here, there) == reasons


SIDES = st.none() | st.builds(
    Side,
    st.sampled_from([None, IN, IN + timedelta(minutes=5)]),
    st.sampled_from([None, OUT]),
    st.sampled_from([0, 12]),
    st.sampled_from(["present", "late", "absent", "leave"]),
)


@given(SIDES)
def test_a_day_does_not_differ_from_itself(side):
    assert differences(side, side) == ()


@given(SIDES, SIDES)
def test_a_reason_is_named_once(here, there):
    found = differences(here, there)

    assert len(set(found)) == len(found)
