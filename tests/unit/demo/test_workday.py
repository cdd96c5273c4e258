"""Which day is played."""

from datetime import date

import pytest

from deploy.demo.play.workday import most_recent


@pytest.mark.parametrize(
    ("today", "played"),
    [
        (date(2026, 11, 24), date(2026, 11, 23)),
        (date(2026, 11, 23), date(2026, 11, 20)),
        (date(2026, 11, 22), date(2026, 11, 20)),
        (date(2026, 8, 18), date(2026, 8, 14)),
    ],
    ids=["tuesday", "monday", "sunday", "after independence day"],
)
def test_the_played_day_is_the_most_recent_working_day(today: date, played: date) -> None:
    assert most_recent(today).on == played


def test_the_end_of_duty_is_that_of_the_weekday() -> None:
    assert most_recent(date(2026, 11, 24)).ends == 16 * 60 + 30
    assert most_recent(date(2026, 11, 21)).ends == 14 * 60 + 30


def test_moments_are_those_of_the_clocks_of_the_city() -> None:
    assert most_recent(date(2026, 11, 24)).at("07:12").isoformat() == "2026-11-23T07:12:00+07:00"
