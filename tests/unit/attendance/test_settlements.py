"""What was closed plus what was settled is what the day came to; months follow one another."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.envelope import AgencyCode
from services.attendance.days.figures import Lock
from services.attendance.days.inputs import Correction
from services.attendance.days.locking import lock, under_lock, unlock
from services.attendance.periods.model import (
    AgencyPeriod,
    lock_for,
    month_after,
    next_open,
    period_id,
)
from services.attendance.periods.settlements import Settlement
from tests.unit.attendance.builders import a_blank_day, a_day, a_punch, at, the_rules

RULES = the_rules()
MOMENT = datetime(2026, 12, 3, tzinfo=UTC)


def a_locked_day():
    day = a_day(a_punch("in", "08:00"), a_punch("out", "16:30"))
    return lock(day, RULES, Lock("2026-11", 1, 3)).state


def arriving(day, clock):
    """The locked day with a correction of the arrival."""
    decided = day.live.attach(Correction("k", at("20:00"), first_in=at(clock)), RULES)
    return under_lock(day, decided, None).state


def minutes(part):
    return (part.before.late_minutes, part.after.late_minutes)


def test_nothing_waits_while_the_day_is_as_it_was_closed():
    day = a_locked_day()

    assert Settlement.of(day, "2026-11").following(day, MOMENT).state.waiting is None


def test_the_difference_waits_for_the_next_month():
    day = a_locked_day()

    waiting = Settlement.of(day, "2026-11").following(arriving(day, "07:20"), MOMENT).state.waiting

    assert minutes(waiting) == (30, 0)


def test_what_comes_back_to_what_was_closed_settles_nothing():
    day = a_locked_day()
    settlement = Settlement.of(day, "2026-11").following(arriving(day, "07:20"), MOMENT).state

    assert settlement.following(day, MOMENT).state.waiting is None


def test_what_was_settled_is_not_settled_again():
    day = a_locked_day()
    later = arriving(day, "07:20")
    settled = Settlement.of(day, "2026-11").following(later, MOMENT).state.settling("2026-12").state

    assert settled.following(later, MOMENT).state.waiting is None
    assert minutes(settled.following(arriving(day, "07:45"), MOMENT).state.waiting) == (0, 15)


def test_a_month_that_is_reopened_gives_back_what_was_settled_in_it():
    day = a_locked_day()
    later = arriving(day, "07:20")
    settled = Settlement.of(day, "2026-11").following(later, MOMENT).state.settling("2026-12").state

    again = settled.unsettling("2026-12", later, MOMENT).state

    assert again.settled == ()
    assert minutes(again.waiting) == (30, 0)


def test_a_day_that_is_let_go_of_settles_nothing():
    day = arriving(a_locked_day(), "07:20")
    settlement = Settlement.of(day, "2026-11").following(day, MOMENT).state

    assert settlement.following(unlock(day).state, MOMENT).state.waiting is None


def test_a_day_that_was_not_known_is_settled_whole():
    made = a_blank_day().check_in(a_punch("in", "07:20"), RULES)
    day = under_lock(None, made, Lock("2026-11", 1)).state

    waiting = Settlement.of(day, "2026-11").following(day, MOMENT).state.waiting

    assert (waiting.before, waiting.after) == (None, day.figures)


@given(st.lists(st.one_of(st.just("settle"), st.integers(420, 510)), max_size=8))
def test_what_was_closed_and_every_difference_add_up_to_the_day(steps):
    day = a_locked_day()
    settlement = Settlement.of(day, "2026-11")
    months = iter(("2026-12", "2027-01", "2027-02", "2027-03", *["2027-04"] * 9))
    for step in steps:
        if step == "settle":
            settlement = settlement.settling(next(months)).state
        else:
            day = arriving(day, f"{step // 60:02d}:{step % 60:02d}")
            settlement = settlement.following(day, MOMENT).state

    parts = [*settlement.settled, *([settlement.waiting] if settlement.waiting else [])]
    added = sum(after - before for before, after in map(minutes, parts))
    assert day.late_minutes + added == day.live.late_minutes


class TestMonths:
    def period(self, month, state="locked"):
        return AgencyPeriod(AgencyCode("BKPSDM"), month, MOMENT, state, 1)

    @pytest.mark.parametrize(
        ("month", "after"), [("2026-11", "2026-12"), ("2026-12", "2027-01"), ("2026-01", "2026-02")]
    )
    def test_they_follow_one_another(self, month, after):
        assert month_after(month) == after

    def test_a_settlement_goes_to_the_first_month_that_is_not_closed(self):
        closed = {
            period_id("BKPSDM", month): self.period(month) for month in ("2026-11", "2026-12")
        }

        assert next_open(closed, "BKPSDM", "2026-11") == "2027-01"
        assert next_open(closed, "DINKES", "2026-11") == "2026-12"

    def test_the_same_order_twice_locks_once_and_an_old_one_never(self):
        begun = self.period("2026-11", "open").locking(2, "j", MOMENT).state

        assert begun.locking(2, "other", MOMENT).state == begun
        assert begun.locking(1, "other", MOMENT).state == begun
        assert begun.locked(1, days=3, digest="x", at=MOMENT).events == ()

    def test_an_order_that_was_overtaken_by_its_end_locks_nothing(self):
        """Events may arrive in another order than they were told."""
        free = self.period("2026-11", "open").unlocking(2, "k", MOMENT).state

        assert free.state == "unlocking"
        assert free.locking(2, "j", MOMENT).state == free
        assert free.unlocked(2, MOMENT).state.state == "open"

    def test_letting_go_of_an_older_lock_changes_nothing(self):
        locked = self.period("2026-11").locking(2, "j", MOMENT).state

        assert locked.unlocking(1, "k", MOMENT).state == locked

    def test_a_lock_tells_its_digest_and_letting_go_ends_it(self):
        begun = self.period("2026-11", "open").locking(2, "j", MOMENT).state

        locked = begun.locked(2, days=3, digest="x", at=MOMENT)

        assert (locked.events[0].days, locked.events[0].digest) == (3, "x")
        assert locked.state.closed.number == 2
        free = locked.state.unlocking(2, "k", MOMENT).state.unlocked(2, MOMENT)
        assert (free.state.state, free.state.closed, free.state.last.number) == ("open", None, 2)
        assert [event.type for event in free.events] == ["attendance.period.unlocked.v1"]

    @pytest.mark.parametrize(
        ("state", "held"),
        [("open", False), ("locking", True), ("locked", True), ("unlocking", False)],
    )
    def test_days_that_come_into_a_locked_month_are_held(self, state, held):
        assert (lock_for(self.period("2026-11", state)) is not None) == held
