"""Refresh tokens rotate, forgive a lost answer, and end when two hold one."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.directory.sessions.model import (
    IDLE_FOR,
    Session,
    hash_of,
    new_secret,
    parts_of,
    token_of,
    use,
)
from services.directory.sessions.throttle import ACCOUNT, ADDRESS, Failures, wait_s, window_of

START = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)


def after(seconds):
    return START + timedelta(seconds=seconds)


def begun():
    return Session.start("s1", "p0001", "192.0.2.1", "h0", START)


def test_the_good_token_gives_a_successor_and_is_used_up():
    step = use(begun(), "h0", "h1", after(300))
    assert (step.outcome, step.session.good) == ("rotated", ("h1",))
    assert step.session.expires_at == after(300) + IDLE_FOR


def test_a_lost_answer_can_be_had_again_for_a_minute():
    first = use(begun(), "h0", "h1", after(300)).session
    again = use(first, "h0", "h2", after(359))
    assert again.outcome == "rotated"
    assert again.session.good == ("h1", "h2")


def test_either_of_two_fresh_successors_goes_on():
    both = use(use(begun(), "h0", "h1", after(0)).session, "h0", "h2", after(5)).session
    for token in ("h1", "h2"):
        assert use(both, token, "h3", after(10)).outcome == "rotated"


def test_the_successor_of_which_the_other_was_used_ends_the_family():
    both = use(use(begun(), "h0", "h1", after(0)).session, "h0", "h2", after(5)).session
    used = use(both, "h2", "h3", after(10)).session
    assert use(used, "h1", "h4", after(11)).outcome == "revoked"


def test_an_old_token_after_its_successor_was_used_ends_the_family():
    used = use(use(begun(), "h0", "h1", after(0)).session, "h1", "h2", after(5)).session
    stolen = use(used, "h0", "h3", after(10))
    assert stolen.outcome == "revoked"
    assert use(stolen.session, "h2", "h4", after(11)).outcome == "refused"


def test_a_repeat_after_more_than_a_minute_ends_the_family():
    first = use(begun(), "h0", "h1", after(0)).session
    assert use(first, "h0", "h2", after(61)).outcome == "revoked"


def test_an_idle_session_ends():
    late = START + IDLE_FOR
    assert use(begun(), "h0", "h1", late).outcome == "refused"


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 200)), max_size=25))
def test_no_sequence_of_uses_revives_a_family_or_skips_a_revision(uses):
    session, clock, issued = begun(), 0, ["h0"]
    for which, pause in uses:
        clock += pause
        fresh = f"h{len(issued)}"
        step = use(session, issued[which % len(issued)], fresh, after(clock))
        if session.revoked_at is not None:
            assert step.outcome == "refused"
        if step.outcome == "rotated":
            issued.append(fresh)
            assert fresh in step.session.good
        changed = step.session != session
        assert step.session.revision == session.revision + changed
        session = step.session


def test_tokens_are_taken_apart_as_they_were_made():
    secret = new_secret()
    assert parts_of(token_of("s1", secret)) == ("s1", hash_of(secret))


@pytest.mark.parametrize(
    ("count", "seconds_ago", "wait"),
    [(0, 0, 0), (4, 0, 0), (5, 0, 1), (6, 0, 2), (8, 3, 5), (11, 0, 60), (500, 59, 1), (9, 16, 0)],
)
def test_guesses_for_an_account_wait_ever_longer(count, seconds_ago, wait):
    failures = Failures(count, START)
    assert wait_s(failures, ACCOUNT, after(seconds_ago)) == wait


def test_an_address_is_slowed_much_later_than_an_account():
    assert wait_s(Failures(59, START), ADDRESS, START) == 0
    assert wait_s(Failures(60, START), ADDRESS, START) == 1
    assert wait_s(None, ADDRESS, START) == 0


def test_windows_are_quarters_of_an_hour():
    assert window_of(after(899)) == START
    assert window_of(after(900)) == after(900)
