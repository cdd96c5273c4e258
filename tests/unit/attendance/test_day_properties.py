"""What holds for every day, whatever was recorded and in whatever order it came."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.attendance import DayChanged, DayLeftIncomplete
from contracts.outcome import Refusal
from rules.patterns import Hours, Shift
from services.attendance.days.model import Day
from services.attendance.days.punches import in_order, repeat_of
from tests.unit.attendance.builders import TUESDAY, a_blank_day, a_punch, at, the_rules

MIDNIGHT = at("00:00")
SATURDAY = TUESDAY + timedelta(days=4)
RULES = [
    the_rules(),
    the_rules(flexible_minutes=90, seconds_rule="begun_minutes"),
    the_rules(TUESDAY, Shift(TUESDAY, "siang", Hours(at("13:00").time(), at("21:00").time()))),
    the_rules(SATURDAY),
]

rules_of_a_day = st.sampled_from(RULES)
punches = st.builds(
    lambda direction, seconds, office, method: a_punch(
        direction, MIDNIGHT + timedelta(seconds=seconds), office, method=method
    ),
    st.sampled_from(["in", "out"]),
    st.integers(0, 86_399),
    st.sampled_from(["BALAIKOTA", "JEBRES"]),
    st.sampled_from(["position", "device", "import"]),
)
days_of_punches = st.lists(punches, max_size=8)


def recorded(listed, rules) -> Day:
    """The day after every punch that is no repeat was recorded, in the order listed."""
    day = a_blank_day(rules)
    for punch in listed:
        if repeat_of(punch, day.punches) is None:
            day = day.check_in(punch, rules).state
    return day


def apart(listed) -> bool:
    """Whether no punch is close enough to another to be its repeat."""
    ordered = in_order(listed)
    gaps = (later.at - earlier.at for earlier, later in pairwise(ordered))
    return all(gap > timedelta(minutes=2) for gap in gaps)


@given(days_of_punches, rules_of_a_day, st.booleans())
def test_a_day_judged_again_is_equal(listed, rules, closes):
    day = recorded(listed, rules)
    day = day.close(rules).state if closes else day

    assert day.judged_by(rules) == day
    assert day.rejudge(rules).events == ()


@given(days_of_punches.filter(apart), rules_of_a_day, st.randoms(use_true_random=False))
def test_the_order_in_which_punches_arrive_does_not_matter(listed, rules, random):
    shuffled = list(listed)
    random.shuffle(shuffled)

    assert recorded(shuffled, rules) == recorded(listed, rules)


@given(days_of_punches, rules_of_a_day)
def test_every_check_in_is_stored_with_both_events_or_refused(listed, rules):
    day = a_blank_day(rules)
    for punch in listed:
        if repeat_of(punch, day.punches) is not None:
            with pytest.raises(Refusal, match="already_checked_in"):
                day.check_in(punch, rules)
            continue
        decision = day.check_in(punch, rules)
        assert len(decision.state.punches) == len(day.punches) + 1
        assert [event.type for event in decision.events] == [
            "attendance.check_in.recorded.v1",
            "attendance.day.changed.v1",
        ]
        day = decision.state


@given(days_of_punches, rules_of_a_day, st.booleans())
def test_minutes_bands_and_status_agree(listed, rules, closes):
    day = recorded(listed, rules)
    day = day.close(rules).state if closes else day

    assert day.late_minutes >= 0
    assert day.early_minutes >= 0
    assert day.worked_minutes is None or 0 <= day.worked_minutes <= 24 * 60
    assert (day.status in {"off", "holiday"}) is not day.working_day
    assert (day.status == "open") is (day.working_day and not day.punches and not closes)
    if day.status in {"present", "left_early"}:
        assert (day.late_minutes, day.late_band) == (0, None)
    if day.status in {"late", "late_and_left_early"}:
        assert day.late_minutes > 0
        assert day.late_band is not None
    if day.first_in and day.last_out:
        assert day.first_in < day.last_out


@given(days_of_punches, rules_of_a_day)
def test_the_event_carries_the_state_that_was_stored(listed, rules):
    day = recorded(listed, rules)
    decision = day.close(rules)

    event, *reminder = decision.events
    assert isinstance(event, DayChanged)
    named_otherwise = {"present_in", "moved_at", "locked", "revision"}
    for field in DayChanged.model_fields.keys() - named_otherwise:
        assert getattr(event, field) == getattr(decision.state, field)
    assert event.present_in == decision.state.presence
    assert event.moved_at == max((punch.at for punch in day.punches), default=None)
    reminded = [DayLeftIncomplete(employee=day.employee, agency=day.agency, date=day.date)]
    assert reminder == (reminded if decision.state.status == "incomplete" else [])
