"""Which moment of a check-in counts (api.md, ``at``)."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from contracts.outcome import Refusal
from services.attendance.days.moments import (
    Moment,
    clock_drift_s,
    drifts,
    effective_moment,
    nonce_covers,
)

ARRIVAL = datetime(2026, 11, 24, 0, 31, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TINY = timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("before", "nonce_ok", "may_be_past", "moment"),
    [
        (timedelta(), False, False, Moment(ARRIVAL)),
        (2 * MINUTE, False, False, Moment(ARRIVAL - 2 * MINUTE)),
        (5 * MINUTE, False, False, Moment(ARRIVAL - 5 * MINUTE)),
        (5 * MINUTE, True, False, Moment(ARRIVAL - 5 * MINUTE)),
        (5 * MINUTE + TINY, True, False, Moment(ARRIVAL - 5 * MINUTE - TINY, offline=True)),
        (600 * MINUTE, True, False, Moment(ARRIVAL - 600 * MINUTE, offline=True)),
        (90_000 * MINUTE, False, True, Moment(ARRIVAL - 90_000 * MINUTE)),
        (-TINY, False, False, Moment(ARRIVAL, flags=("clock_ahead",))),
        (-5 * MINUTE, False, False, Moment(ARRIVAL, flags=("clock_ahead",))),
        (-5 * MINUTE, False, True, Moment(ARRIVAL, flags=("clock_ahead",))),
    ],
)
def test_the_moment_of_the_person_counts(before, nonce_ok, may_be_past, moment):
    found = effective_moment(
        captured_at=ARRIVAL - before,
        received_at=ARRIVAL,
        nonce_ok=nonce_ok,
        may_be_past=may_be_past,
    )

    assert found == moment


@pytest.mark.parametrize(
    ("before", "nonce_ok", "may_be_past", "code"),
    [
        (5 * MINUTE + TINY, False, False, "captured_too_long_ago"),
        (-5 * MINUTE - TINY, False, False, "captured_in_the_future"),
        (-5 * MINUTE - TINY, True, False, "captured_in_the_future"),
        (-5 * MINUTE - TINY, False, True, "captured_in_the_future"),
    ],
)
def test_a_moment_that_cannot_count_is_refused_with_its_limit(before, nonce_ok, may_be_past, code):
    with pytest.raises(Refusal, match=code) as refused:
        effective_moment(
            captured_at=ARRIVAL - before,
            received_at=ARRIVAL,
            nonce_ok=nonce_ok,
            may_be_past=may_be_past,
        )

    assert refused.value.problem.facts == {
        "captured_at": (ARRIVAL - before).isoformat(),
        "limit_minutes": 5,
    }


def test_without_a_captured_moment_the_arrival_counts():
    assert effective_moment(received_at=ARRIVAL) == Moment(ARRIVAL)


def test_moments_are_kept_in_utc_and_milliseconds():
    captured = datetime(2026, 11, 24, 7, 30, 0, 999_999, tzinfo=timezone(timedelta(hours=7)))

    found = effective_moment(captured_at=captured, received_at=ARRIVAL)

    assert found.at.isoformat() == "2026-11-24T00:30:00.999000+00:00"


@pytest.mark.parametrize(
    ("issued", "captured", "received", "covers"),
    [
        (timedelta(), timedelta(), 3 * timedelta(days=1), True),
        (timedelta(), 60 * MINUTE, 120 * MINUTE, True),
        (timedelta(), -TINY, MINUTE, False),
        (timedelta(), MINUTE, 3 * timedelta(days=1) + TINY, False),
        (timedelta(), 2 * MINUTE, MINUTE, True),  # a clock ahead is not the nonce's affair
    ],
)
def test_a_nonce_proves_captures_after_its_issue_for_three_days(issued, captured, received, covers):
    found = nonce_covers(
        issued_at=ARRIVAL + issued,
        captured_at=ARRIVAL + captured,
        received_at=ARRIVAL + received,
    )

    assert found is covers


@pytest.mark.parametrize(
    ("sent", "drift_s", "noted"),
    [
        (None, None, False),
        (ARRIVAL, 0, False),
        (ARRIVAL - timedelta(seconds=59), 59, False),
        (ARRIVAL - MINUTE, 60, True),
        (ARRIVAL + 10 * MINUTE, -600, True),
    ],
)
def test_how_far_a_phones_clock_is_off_is_measured_when_it_says_when_it_sent(sent, drift_s, noted):
    assert clock_drift_s(sent, ARRIVAL) == drift_s
    assert drifts(drift_s) == noted
