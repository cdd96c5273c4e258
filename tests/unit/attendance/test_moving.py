"""A punch that belongs to another day is there once and here no more, whatever is repeated."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.attendance.days.moving import let_go, take_in
from tests.unit.attendance.builders import TUESDAY, a_blank_day, a_day, a_punch, at, the_rules

RULES = the_rules()
LATER = the_rules(TUESDAY + timedelta(days=1))


def test_a_departure_moves_with_all_that_was_recorded_of_it():
    leaving = a_punch("out", at("07:05:00", LATER.on), number="leaving")
    here = a_blank_day(LATER).check_in(leaving, LATER).state
    there = a_day(a_punch("in", "20:55:00"))

    took = take_in(there, leaving, RULES)
    left = let_go(here, "leaving", LATER)

    assert took.state.punch("leaving") == leaving
    assert left.state.punches == ()
    assert [event.type for event in (*took.events, *left.events)] == [
        "attendance.day.changed.v1",
        "attendance.day.changed.v1",
    ]
    assert left.state == a_blank_day(LATER)


@given(st.lists(st.sampled_from(["in", "out"]), max_size=4), st.integers(1, 3))
def test_repeating_changes_nothing_and_the_way_back_is_the_same(found, times):
    day = a_day(*(a_punch(way, f"{8 + place:02}:10:00") for place, way in enumerate(found)))
    punch = a_punch("out", "17:00:00", number="moved")
    took = day
    for _ in range(times):
        took = take_in(took, punch, RULES).state

    assert take_in(took, punch, RULES).events == ()
    back = took
    for _ in range(times):
        back = let_go(back, "moved", RULES).state
    assert back == day.judged_by(RULES)
    assert let_go(back, "moved", RULES).events == ()
