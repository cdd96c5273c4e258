"""A month goes from open to closed and back, each step once, whatever comes twice or late."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.envelope import AgencyCode
from contracts.outcome import Refusal
from contracts.periods import (
    PeriodClosed,
    PeriodClosing,
    PeriodReopened,
    PeriodReopening,
    ReadinessItem,
)
from services.kpi.periods.closing import AgencyMonth, Frozen, is_month, month_before

NOW = datetime(2026, 12, 2, 3, tzinfo=UTC)
TODAY = date(2026, 12, 2)
OPEN_DAYS = ReadinessItem(code="open_days", count=3, text="…")
NOT_OVER = ReadinessItem(code="not_over", count=1, text="…", overridable=False)
FROZEN = Frozen(NOW, 61, "r", 1_260, "f", None, "abc")


def a_month(state="open"):
    """November of the personnel agency, as far as it has come."""
    month = AgencyMonth(AgencyCode("BKPSDM"), "2026-11")
    steps = {
        "open": 0,
        "closing": 1,
        "locked": 2,
        "matched": 3,
        "closed": 4,
        "reopening": 5,
    }
    for step in (closing, locked, matched, frozen, reopening)[: steps[state]]:
        month = step(month).state
    return month


def closing(month, *, waiting=(), reason=None, today=TODAY):
    return month.close(by="admin", at=NOW, today=today, waiting=waiting, override_reason=reason)


def locked(month, revision=1):
    return month.locked(revision, days=1_260, digest="d")


def matched(month, revision=1):
    return month.matched(revision, NOW)


def frozen(month, revision=1):
    return month.freeze(revision, FROZEN)


def reopening(month):
    return month.reopen(by="admin", at=NOW, reason="keberatan")


def events_of(decision):
    return [type(event) for event in decision.events]


class TestClosing:
    def test_it_begins_by_telling_attendance(self):
        decision = closing(a_month())

        assert (decision.state.state, decision.state.revision) == ("closing", 1)
        assert events_of(decision) == [PeriodClosing]

    def test_what_is_open_needs_a_reason_which_is_kept_with_it(self):
        with pytest.raises(Refusal) as refused:
            closing(a_month(), waiting=[OPEN_DAYS])
        overridden = closing(a_month(), waiting=[OPEN_DAYS], reason="Mesin rusak.").state.last

        assert refused.value.problem.code == "wrong_state"
        assert refused.value.problem.facts["items"][0]["code"] == "open_days"
        assert (overridden.override_reason, overridden.overridden) == ("Mesin rusak.", (OPEN_DAYS,))

    def test_a_reason_that_nothing_needs_is_not_kept(self):
        assert closing(a_month(), reason="Segera.").state.last.override_reason is None

    @pytest.mark.parametrize(("today", "waiting"), [(date(2026, 11, 30), ()), (TODAY, (NOT_OVER,))])
    def test_a_month_that_is_not_over_has_to_wait_whatever_the_reason(self, today, waiting):
        with pytest.raises(Refusal) as refused:
            closing(a_month(), today=today, waiting=waiting, reason="Segera.")

        assert refused.value.problem.facts["state"] == "running"

    @pytest.mark.parametrize(
        ("state", "code"),
        [("closing", "wrong_state"), ("closed", "period_closed"), ("reopening", "wrong_state")],
    )
    def test_it_is_begun_once(self, state, code):
        with pytest.raises(Refusal) as refused:
            closing(a_month(state))

        assert refused.value.problem.code == code

    def test_its_end_is_told_with_the_fingerprint(self):
        decision = frozen(a_month("matched"))

        assert events_of(decision) == [PeriodClosed]
        told = decision.events[0]
        assert (told.fingerprint, told.digest, told.results) == ("abc", "d", 61)
        assert decision.state.closed.frozen == FROZEN


class TestReopening:
    def test_the_reason_stays_with_the_closing_that_is_given_up(self):
        decision = reopening(a_month("closed"))

        assert events_of(decision) == [PeriodReopening]
        assert decision.state.last.reopen_reason == "keberatan"
        assert decision.state.closed is None
        assert decision.state.numbered(1).frozen == FROZEN

    def test_it_ends_when_attendance_has_let_go(self):
        decision = a_month("reopening").unlocked(1)

        assert (decision.state.state, events_of(decision)) == ("open", [PeriodReopened])
        assert closing(decision.state).state.revision == 2

    def test_a_closing_that_does_not_come_to_its_end_can_be_given_up(self):
        assert reopening(a_month("closing")).state.state == "reopening"

    @pytest.mark.parametrize("state", ["open", "reopening"])
    def test_what_is_not_closed_is_not_reopened(self, state):
        with pytest.raises(Refusal) as refused:
            reopening(a_month(state))

        assert refused.value.problem.code == "wrong_state"

    def test_a_revision_that_was_never_frozen_cannot_be_read(self):
        assert reopening(a_month("locked")).state.numbered(1) is None


@given(
    st.lists(
        st.tuples(st.sampled_from(["locked", "matched", "frozen", "unlocked"]), st.integers(1, 3)),
        max_size=12,
    )
)
def test_whatever_comes_late_twice_or_for_another_revision_it_is_closed_once(steps):
    month, told = closing(a_month()).state, []
    for step, revision in steps:
        decision = {
            "locked": locked,
            "matched": matched,
            "frozen": frozen,
            "unlocked": lambda month, number: month.unlocked(number),
        }[step](month, revision)
        month = decision.state
        told += events_of(decision)

    assert told in ([], [PeriodClosed])
    assert month.revision == 1
    assert (month.state == "closed") == (told == [PeriodClosed])


@pytest.mark.parametrize(("month", "before"), [("2026-01", "2025-12"), ("2026-11", "2026-10")])
def test_the_month_before(month, before):
    assert month_before(month) == before


@pytest.mark.parametrize(
    ("period", "expected"), [("2026-11", True), ("2026-Q4", False), ("2026", False)]
)
def test_only_months_are_closed(period, expected):
    assert is_month(period) == expected
