"""The national calendar and the spans that patterns refer to."""

from datetime import UTC, date, datetime, timedelta

import pytest

from rules.calendars import Calendar, Holiday, Span, national_calendar

NATIONAL = national_calendar()


@pytest.mark.parametrize(
    ("on", "kind", "name_id", "name_en"),
    [
        (date(2026, 1, 1), "national_holiday", "Tahun Baru Masehi", "New Year's Day"),
        (
            date(2026, 3, 20),
            "collective_leave",
            "Cuti Bersama Hari Raya Idul Fitri",
            "Eid al-Fitr Joint Holiday",
        ),
        (date(2026, 3, 21), "national_holiday", "Hari Raya Idul Fitri", "Eid al-Fitr"),
        (date(2026, 12, 25), "national_holiday", "Hari Raya Natal", "Christmas Day"),
    ],
)
def test_holidays_of_the_joint_decree_have_their_names(on, kind, name_id, name_en):
    assert NATIONAL.holiday_on(on) == Holiday(on, kind, name_id, name_en)


def test_the_joint_decree_of_2026_has_17_holidays_and_8_days_of_collective_leave():
    # SKB 3 Menteri 1497/2025, 2/2025, 5/2025
    kinds = [day.kind for day in NATIONAL.days]

    assert kinds.count("national_holiday") == 17
    assert kinds.count("collective_leave") == 8


def test_the_year_2026_has_240_working_days_from_monday_to_friday():
    year = [date(2026, 1, 1) + timedelta(days=day) for day in range(365)]

    assert sum(on.weekday() < 5 and NATIONAL.holiday_on(on) is None for on in year) == 240


def test_an_ordinary_day_is_no_holiday():
    assert NATIONAL.holiday_on(date(2026, 11, 24)) is None
    assert NATIONAL.holiday_on(date(2025, 12, 31)) is None
    assert NATIONAL.holiday_on(date(2027, 1, 1)) is None


@pytest.mark.parametrize(
    ("on", "spans"),
    [
        (date(2026, 2, 18), frozenset()),
        (date(2026, 2, 19), {"ramadan"}),
        (date(2026, 3, 20), {"ramadan"}),
        (date(2026, 3, 21), frozenset()),
    ],
)
def test_ramadan_1447_lasts_from_the_day_the_government_announced_to_the_eve_of_eid(on, spans):
    assert NATIONAL.spans_on(on) == spans


def test_a_local_day_joins_the_calendar_in_its_place():
    election = Holiday(date(2026, 11, 25), "local_day", "Pemilihan", "Election")

    calendar = NATIONAL.with_days(election)

    assert calendar.holiday_on(election.on) == election
    assert calendar.holiday_on(date(2026, 12, 25)) == NATIONAL.holiday_on(date(2026, 12, 25))
    assert NATIONAL.holiday_on(election.on) is None


def test_a_span_announced_anew_replaces_the_one_it_touches():
    moved = Span("ramadan", date(2026, 2, 18), date(2026, 3, 19))
    next_year = Span("ramadan", date(2027, 2, 8), date(2027, 3, 9))

    calendar = NATIONAL.with_span(moved).with_span(next_year)

    assert calendar.spans == (moved, next_year)


def test_a_calendar_out_of_order_or_a_span_that_ends_before_it_begins_is_refused():
    first, second = NATIONAL.days[:2]
    recorded = datetime(2026, 1, 1, tzinfo=UTC)

    with pytest.raises(ValueError, match="in order"):
        Calendar("x", date(2026, 1, 1), recorded, (second, first))
    with pytest.raises(ValueError, match="in order"):
        Calendar("x", date(2026, 1, 1), recorded, (first, first))
    with pytest.raises(ValueError, match="ends before"):
        Span("ramadan", date(2026, 3, 2), date(2026, 3, 1))
