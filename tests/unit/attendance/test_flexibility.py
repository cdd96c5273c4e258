"""Flexible hours, core time, and lateness that is made up for, against their sources."""

from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.patterns import Core, Hours, Shift
from services.attendance.days.flexibility import shift_of
from services.attendance.days.lateness import is_made_up
from tests.unit.attendance.builders import TUESDAY, a_day, a_punch, at, the_rules

MINUTE = timedelta(minutes=1)
CORE = Core(time(9), time(15))


def judged(arrival, departure=None, **changes):
    punches = [a_punch("in", arrival), *([a_punch("out", departure)] if departure else [])]
    return a_day(*punches, rules=the_rules(**changes))


@pytest.mark.parametrize(
    ("arrival", "start", "end", "late"),
    [
        # PMK 221/2021: flexible start of 90 minutes either way, the end shifted alike
        ("06:00", "06:00", "15:00", 0),
        ("05:30", "06:00", "15:00", 0),
        ("07:30", "07:30", "16:30", 0),
        ("09:00", "09:00", "18:00", 0),
        ("09:00:59", "09:00", "18:00", 0),
        ("09:01", "09:00", "18:00", 1),
        ("09:31", "09:00", "18:00", 31),
    ],
)
def test_hours_move_with_the_arrival_within_the_band(arrival, start, end, late):
    day = judged(arrival, flexible_minutes=90)

    assert (day.expected_start, day.expected_end) == (at(start), at(end))
    assert day.late_minutes == late


@pytest.mark.parametrize(
    ("core", "arrival", "start", "end"),
    [
        (Core(time(8, 30), time(15)), "08:45", "08:30", "17:30"),
        (Core(time(8, 30), time(15)), "06:00", "06:00", "15:00"),
        (Core(time(9), time(15, 30)), "06:00", "06:30", "15:30"),
        (Core(time(7), time(17)), "06:00", "07:30", "16:30"),  # wider than the hours: no band left
    ],
)
def test_the_core_time_is_never_given_up(core, arrival, start, end):
    day = judged(arrival, flexible_minutes=90, core=core)

    assert (day.expected_start, day.expected_end) == (at(start), at(end))


def test_whoever_leaves_within_the_core_time_leaves_early():
    day = judged("06:00", "14:50", flexible_minutes=90, core=CORE)

    assert (day.status, day.early_minutes) == ("left_early", 10)


def test_a_shift_has_no_core_time():
    night = Shift(TUESDAY, "malam", Hours(time(21), time(7)))

    assert the_rules(TUESDAY, night, core=CORE).core is None
    assert the_rules(core=CORE).core.start == at("09:00")


@pytest.mark.parametrize(
    ("arrival", "departure", "late", "status"),
    [
        # PermenPANRB 6/2018: up to 30 minutes may be made up the same day
        ("07:40", "16:40", 0, "present"),
        ("07:40", "16:39:59", 10, "late"),
        ("08:00", "17:00", 0, "present"),
        ("08:01", "17:30", 31, "late"),
        ("07:40", None, 10, "late"),
        ("07:40", "16:20", 10, "late_and_left_early"),
        ("07:30:59", "16:30", 0, "present"),
    ],
)
def test_lateness_is_made_up_minute_for_minute_up_to_the_limit(arrival, departure, late, status):
    day = judged(arrival, departure, make_up_minutes=30)

    assert (day.late_minutes, day.status) == (late, status)
    assert (day.late_band is None) == (late == 0)


def test_what_was_made_up_is_explained():
    day = judged("07:40", "16:45", make_up_minutes=30)

    (reason,) = [each for each in day.explanation if each.rule == "made_up"]
    assert reason.result == "10"
    assert reason.facts[-1] == "surakarta-ordinary/2026-01-01"


def test_without_the_option_nothing_is_made_up():
    assert judged("07:40", "18:00").late_minutes == 10


minutes = st.integers(-180, 360)
bands = st.integers(0, 240)


@given(arrived=minutes, band=bands, core=st.booleans())
def test_hours_keep_their_length_and_stay_within_the_band(arrived, band, core):
    rules = the_rules(flexible_minutes=band, core=CORE if core else None)

    shift = shift_of(rules.start + arrived * MINUTE, rules)

    assert abs(shift) <= band * MINUTE
    assert abs(shift) <= abs(arrived) * MINUTE
    assert shift * arrived >= timedelta()
    if core:
        assert rules.start + shift <= rules.core.start
        assert rules.core.end <= rules.end + shift


@given(late=st.integers(0, 90), stayed=st.integers(-90, 180), limit=st.integers(0, 60))
def test_staying_longer_never_takes_back_what_was_made_up(late, stayed, limit):
    end = at("16:30")
    made_up = is_made_up(late, last_out=end + stayed * MINUTE, end=end, at_most=limit)
    longer = is_made_up(late, last_out=end + (stayed + 1) * MINUTE, end=end, at_most=limit)

    assert not made_up or longer
    assert not made_up or (0 < late <= limit and stayed >= late)
