"""A locked day keeps its figures whatever comes; what came is kept, told, and counts when free."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.attendance import CheckInRecorded, DayChanged
from contracts.outcome import Decision, Refusal
from contracts.periods import DaySettled
from services.attendance.days.figures import Figures, Lock
from services.attendance.days.inputs import Act, Correction
from services.attendance.days.locking import lock, under_lock, unlock
from services.attendance.days.model import Day
from tests.unit.attendance.builders import a_blank_day, a_day, a_punch, at, the_rules

RULES = the_rules()
LATE = Lock("2026-11", 1)
HELD = Lock("2026-11", 1, sequence=4)


def a_locked_day(*punches) -> Day:
    return lock(a_day(*punches), RULES, HELD).state


def deciding(day, decide, late=None) -> Decision[Day]:
    """As the store does it: decided about the day without its lock, then put under it."""
    return under_lock(day, decide(None if day is None else day.live), late)


def types_of(decision):
    return [type(event) for event in decision.events]


def corrected(day):
    return day.attach(Correction("k1", at("12:00"), first_in=at("07:20")), RULES)


class TestLocking:
    def test_a_lock_closes_the_day_and_tells_it_once(self):
        decision = lock(a_day(a_punch("in", "07:20")), RULES, HELD)

        assert (decision.state.status, decision.state.closed) == ("incomplete", True)
        assert types_of(decision) == [DayChanged]
        assert (decision.events[0].locked, decision.events[0].revision) == ("2026-11", 1)

    def test_a_day_without_punches_is_absent(self):
        assert lock(a_blank_day(), RULES, HELD).state.status == "absent"

    def test_a_day_whose_rules_are_not_known_any_more_is_held_as_it_was(self):
        day = a_day(a_punch("in", "07:40"))

        assert lock(day, None, HELD).state.figures.equals(day.figures)


class TestWhatComesLater:
    def test_a_correction_changes_no_figure_and_is_told_as_a_settlement(self):
        day = a_locked_day(a_punch("in", "08:00"), a_punch("out", "16:30"))

        decision = deciding(day, corrected)

        assert decision.state.figures == day.figures
        assert decision.state.live.status == "present"
        assert types_of(decision) == [DaySettled]
        told = decision.events[0]
        assert (told.period, told.late_minutes, told.status) == ("2026-11", 0, "present")

    def test_a_late_punch_is_kept_and_told(self):
        day = a_locked_day(a_punch("in", "08:00"))

        decision = deciding(day, lambda live: live.check_in(a_punch("out", "16:30"), RULES))

        assert decision.state.status == "incomplete"
        assert len(decision.state.punches) == 2
        assert types_of(decision) == [CheckInRecorded, DaySettled]

    def test_what_makes_no_difference_settles_nothing(self):
        day = a_locked_day(a_punch("in", "07:20"), a_punch("out", "16:30"))

        decision = deciding(day, lambda live: live.check_in(a_punch("out", "12:00"), RULES))

        assert types_of(decision) == [CheckInRecorded]
        assert decision.state.locked.later is None or decision.state.locked.later.equals(
            day.figures
        )

    def test_what_is_taken_back_leaves_the_day_as_it_was(self):
        day = a_locked_day(a_punch("in", "08:00"), a_punch("out", "16:30"))
        after = deciding(day, corrected).state

        decision = deciding(after, lambda live: live.detach("k1", RULES))

        assert decision.state == day
        assert types_of(decision) == [DaySettled]
        assert decision.events[0].late_minutes == day.late_minutes

    def test_a_repeat_changes_nothing(self):
        day = deciding(a_locked_day(a_punch("in", "08:00")), corrected).state

        decision = deciding(day, corrected)

        assert (decision.state, decision.events) == (day, ())

    def test_a_refusal_stays_a_refusal(self):
        day = a_locked_day(a_punch("in", "08:00"))

        with pytest.raises(Refusal):
            deciding(day, lambda live: live.check_in(a_punch("in", "08:01"), RULES))

    def test_when_the_day_is_let_go_of_what_came_counts(self):
        day = deciding(a_locked_day(a_punch("in", "08:00"), a_punch("out", "16:30")), corrected)

        decision = unlock(day.state)

        assert (decision.state.locked, decision.state.status) == (None, "present")
        assert types_of(decision) == [DayChanged]
        assert decision.events[0].locked is None


class TestADayThatComesIntoAClosedMonth:
    def test_it_is_held_and_not_counted(self):
        begins = deciding(
            None, lambda _: a_blank_day().check_in(a_punch("in", "07:20"), RULES), LATE
        )

        assert begins.state.locked == LATE
        assert not begins.state.locked.counts
        assert types_of(begins) == [CheckInRecorded, DaySettled]

    def test_its_own_figures_go_on(self):
        day = deciding(
            None, lambda _: a_blank_day().check_in(a_punch("in", "07:20"), RULES), LATE
        ).state

        decision = deciding(day, lambda live: live.check_in(a_punch("out", "16:30"), RULES))

        assert decision.state.status == "present"
        assert decision.state.locked == LATE
        assert types_of(decision) == [CheckInRecorded, DaySettled]

    def test_where_no_month_is_closed_nothing_is_otherwise(self):
        made = a_blank_day().check_in(a_punch("in", "07:20"), RULES)

        assert under_lock(None, made, None) is made


def _punch(minutes, way):
    clock = f"{minutes // 60:02d}:{minutes % 60:02d}"
    return lambda live: live.check_in(a_punch(way, clock, number=f"{way}-{clock}"), RULES)


def _act(number):
    act = Act(f"a{number}", "excuse_lateness", at("07:00"), at("09:00"))
    return lambda live: live.attach(act, RULES)


def _detach(number):
    return lambda live: live.detach(f"a{number}", RULES)


later_data = st.lists(
    st.one_of(
        st.builds(_punch, st.integers(0, 1_439), st.sampled_from(["in", "out"])),
        st.builds(_act, st.integers(0, 2)),
        st.builds(_detach, st.integers(0, 2)),
        st.just(corrected),
    ),
    max_size=6,
)


@given(later_data)
def test_whatever_comes_the_figures_stay_and_nothing_is_lost(decisions):
    """Locked, changed and let go of, a day is what it would be had it never been locked."""
    held = a_locked_day(a_punch("in", "08:00"), a_punch("out", "16:30"))
    free = unlock(held).state
    sealed = held.figures
    for decide in decisions:
        try:
            free = decide(free).state
        except Refusal:
            with pytest.raises(Refusal):
                deciding(held, decide)
            continue
        held = deciding(held, decide).state
        assert held.figures == sealed

    assert unlock(held).state == free


def test_every_field_of_the_day_is_either_a_figure_or_known_to_live_on():
    """A new field must be put on one side: what closing holds fast, or what goes on."""
    lives_on = {"employee", "date", "punches", "inputs", "presence", "closed", "locked"}
    lives_on |= {"remind_at", "reminded_at"}

    assert {one.name for one in fields(Day)} == {one.name for one in fields(Figures)} | lives_on
