"""Offline days of a month: so many count, and a day that has a place keeps it."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from services.attendance.offline_days.model import OfflineDays

DAYS = st.lists(st.dates(date(2026, 11, 1), date(2026, 11, 30)), max_size=40)


def taken(days, most):
    month = OfflineDays()
    for on in days:
        month = month.take(on, most).state
    return month


@given(DAYS, st.integers(0, 31))
def test_the_first_days_have_the_places_and_nobody_has_more(days, most):
    assert set(taken(days, most).days) == set(list(dict.fromkeys(days))[:most])


@given(DAYS, st.integers(0, 31))
def test_asking_again_changes_nothing(days, most):
    month = taken(days, most)

    assert all(month.take(on, most).state == month for on in days)


def test_a_policy_that_allows_fewer_days_takes_no_place_back():
    month = taken([date(2026, 11, 2), date(2026, 11, 3)], 5)

    assert month.take(date(2026, 11, 3), 1).state == month
    assert date(2026, 11, 4) not in month.take(date(2026, 11, 4), 1).state.days
