"""Who forgot a scan is asked for it once, after the end of the hours, while it is awaited."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.attendance.builders import a_blank_day, a_day, a_punch, at, the_rules

RULES = the_rules()
SOON = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("punches", "expected"),
    [
        ((), None),
        ((("in", "07:10:00"),), "17:00:00"),
        ((("out", "16:40:00"),), "17:00:00"),
        ((("in", "07:10:00"), ("out", "16:40:00")), None),
        ((("in", "07:10:00"), ("out", "12:00:00"), ("in", "13:00:00")), "17:00:00"),
    ],
)
def test_what_is_missing_is_asked_for_half_an_hour_after_the_end(punches, expected):
    day = a_day(*(a_punch(way, clock) for way, clock in punches))

    assert day.remind_at == (at(expected) if expected else None)


def test_the_policy_says_how_long_after_the_end_and_never_after_the_day_has_closed():
    early = the_rules(reminds_after_minutes=0)
    late = the_rules(reminds_after_minutes=1_440)

    assert a_day(a_punch("in", "07:10:00"), rules=early).remind_at == at("16:30:00")
    assert a_day(a_punch("in", "07:10:00"), rules=late).remind_at == late.closes_at


def test_it_is_asked_once_and_told_without_a_moment_or_a_place():
    day = a_day(a_punch("in", "07:10:00"))
    before = day.remind(day.remind_at - SOON)
    asked = day.remind(day.remind_at)
    again = asked.state.remind(day.remind_at + SOON)

    assert (before.events, again.events) == ((), ())
    (told,) = asked.events
    assert (told.type, told.missing) == ("attendance.day.reminded.v1", "departure")
    assert "BALAIKOTA" not in told.model_dump_json()
    assert asked.state.judged_by(RULES).remind_at is None
    came_back = asked.state.check_in(a_punch("in", "17:20:00", "JEBRES"), RULES).state
    assert came_back.remind_at is None


def test_nobody_is_asked_once_the_day_is_closed_or_free():
    closed = a_day(a_punch("in", "07:10:00")).close(RULES).state

    assert closed.remind_at is None
    assert a_blank_day().remind_at is None


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["in", "out"]),
            st.sampled_from(["07:10:00", "12:00:00", "15:00:00", "16:40:00", "16:50:00"]),
        ),
        max_size=4,
        unique=True,
    )
)
def test_there_is_a_reminder_exactly_where_closing_would_leave_the_day_incomplete(found):
    day = a_day(*(a_punch(way, clock, number=f"{way}{clock}") for way, clock in found))

    assert (day.remind_at is not None) == (day.close(RULES).state.status == "incomplete")
