"""A check-in that waits is recorded and shown, and counts only once the supervisor says so."""

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.outcome import Refusal
from services.attendance.days.punches import Decided
from tests.unit.attendance.builders import a_blank_day, a_day, a_punch, at, the_rules

RULES = the_rules()
DECIDED = Decided("kepala.bpbd", None, at("09:00:00"), "Benar.")


def a_duty(direction="in", moment="06:10:00", number="duty"):
    punch = a_punch(direction, moment, None, number=number, method="duty")
    return replace(punch, standing="pending", note="Banjir di Jebres.")


def test_until_it_is_decided_the_day_shows_it_and_does_not_count_it():
    day = a_day(a_duty(), a_punch("in", "08:15:00"))

    assert [punch.standing for punch in day.punches] == ["pending", "counts"]
    assert (day.first_in, day.late_minutes) == (at("08:15:00"), 45)
    assert [reason.facts for reason in day.explanation if reason.rule == "pending"] == [("duty",)]


def test_a_day_with_nothing_but_what_waits_is_open_and_absent_once_closed():
    day = a_day(a_duty())

    assert (day.status, day.first_in, day.presence, day.moved_at) == ("open", None, None, None)
    assert day.close(RULES).state.status == "absent"


def test_confirmed_it_is_the_arrival_also_of_a_closed_day():
    closed = a_day(a_duty(), a_punch("in", "08:15:00"), a_punch("out", "16:40:00"))
    closed = closed.close(RULES).state

    decision = closed.decide("duty", "counts", DECIDED, RULES)

    assert (decision.state.first_in, decision.state.status) == (at("06:10:00"), "present")
    assert [event.type for event in decision.events] == [
        "attendance.check_in.decided.v1",
        "attendance.day.changed.v1",
    ]
    assert decision.state.punch("duty").decided == DECIDED


def test_declined_it_stays_recorded_and_never_counts():
    decision = a_day(a_duty()).decide("duty", "declined", DECIDED, RULES)

    assert decision.state.first_in is None
    assert [reason.rule for reason in decision.state.explanation].count("declined") == 1


def test_it_is_decided_once():
    confirmed = a_day(a_duty()).decide("duty", "counts", DECIDED, RULES).state

    assert confirmed.decide("duty", "counts", DECIDED, RULES).events == ()
    with pytest.raises(Refusal, match="already_decided"):
        confirmed.decide("duty", "declined", DECIDED, RULES)
    with pytest.raises(Refusal, match="not_found"):
        confirmed.decide("other", "counts", DECIDED, RULES)


def test_what_never_waited_cannot_be_declined():
    day = a_day(a_punch("in", "07:10:00", number="hall"))

    with pytest.raises(Refusal, match="already_decided"):
        day.decide("hall", "declined", DECIDED, RULES)


def test_no_event_of_a_duty_tells_the_note():
    decision = a_blank_day().check_in(a_duty(), RULES)
    confirmed = decision.state.decide("duty", "counts", DECIDED, RULES)

    for event in (*decision.events, *confirmed.events):
        assert "Banjir" not in event.model_dump_json()
        assert "Benar" not in event.model_dump_json()
    assert "attendance.check_in.held.v1" in [event.type for event in decision.events]


MOMENTS = st.sampled_from(["06:10:00", "07:20:00", "08:15:00", "12:00:00", "16:40:00"])


@given(st.lists(st.tuples(st.sampled_from(["in", "out"]), MOMENTS), min_size=1, max_size=4))
def test_when_it_is_decided_does_not_matter(movements):
    """Confirmed before or after the other check-ins, the day reads the same."""
    ordinary = [a_punch(way, moment, number=f"p{n}") for n, (way, moment) in enumerate(movements)]

    def recorded(steps):
        day = a_blank_day()
        for step in steps:
            with contextlib.suppress(Refusal):  # a movement that repeats another one
                day = step(day).state
        return day

    duty = [
        lambda day: day.check_in(a_duty(), RULES),
        lambda day: day.decide("duty", "counts", DECIDED, RULES),
    ]
    others = [lambda day, punch=punch: day.check_in(punch, RULES) for punch in ordinary]
    first, last = recorded([*duty, *others]), recorded([*others, *duty])

    assert first == last


@pytest.mark.parametrize("kiosk_use", ["BALAIKOTA:1", None])
def test_a_kiosk_code_counts_once_for_a_person_whatever_is_said_with_it(kiosk_use):
    arrival = replace(a_punch("in", "07:10:00", method="kiosk"), kiosk_use=kiosk_use)
    leaving = replace(a_punch("out", "07:10:20", method="kiosk"), kiosk_use=kiosk_use)
    day = a_day(arrival)

    if kiosk_use is None:
        assert len(day.check_in(leaving, RULES).state.punches) == 2
        return
    with pytest.raises(Refusal, match="already_checked_in"):
        day.check_in(leaving, RULES)
