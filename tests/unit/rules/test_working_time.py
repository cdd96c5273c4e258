"""Working minutes as deadlines and response times count them."""

import os
import time as process_time
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendars import Holiday, national_calendar
from rules.patterns import Hours, Shift
from rules.presets import SURAKARTA_HEALTH, SURAKARTA_ORDINARY, city_schedule
from rules.working_time import (
    WIB,
    WIT,
    WITA,
    Schedule,
    add_working_days,
    is_working_moment,
    moment_after,
    next_change,
    working_intervals,
    working_minutes_between,
)

CITY = city_schedule()
NIGHT = Hours(time(21), time(7))


def at(text: str, zone: str = WIB) -> datetime:
    """A moment on the wall clock of a zone, ``11-24 07:30`` of 2026."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("11-24 07:30", "11-24 16:30", 480),  # Tuesday, whole: 9 h less the hour of rest
        ("11-24 08:00", "11-24 09:15", 75),
        ("11-24 11:30", "11-24 13:30", 60),  # over the rest of 12:00–13:00
        ("11-24 12:10", "11-24 12:50", 0),  # inside the rest
        ("11-24 05:00", "11-24 07:30", 0),  # before the start
        ("11-24 16:30", "11-25 07:30", 0),  # the night between
        ("11-24 16:00", "11-25 08:00", 60),
        ("11-27 07:30", "11-27 14:30", 330),  # Friday: 7 h less ninety minutes
        ("11-27 11:00", "11-27 13:30", 60),  # over Friday's rest of 11:30–13:00
        ("11-27 14:00", "11-30 08:00", 60),  # over the weekend
        ("11-23 00:00", "11-30 00:00", 2250),  # a week: 37 h 30 min
        ("12-23 16:00", "12-28 08:00", 60),  # Christmas and its collective leave are free
        ("02-19 08:00", "02-19 15:30", 420),  # first day of Ramadan 1447
        ("02-18 16:00", "02-19 08:30", 60),  # the day before still ends at 16:30
        ("03-02 00:00", "03-09 00:00", 1950),  # a week of Ramadan: 32 h 30 min
        ("11-24 09:00", "11-24 08:00", 0),  # backwards
    ],
)
def test_minutes_count_inside_working_hours_only(start, end, minutes):
    assert working_minutes_between(at(start), at(end), CITY) == minutes


def test_seconds_are_cut_as_lateness_cuts_them():
    assert working_minutes_between(at("11-24 08:00:59"), at("11-24 08:01:00"), CITY) == 1
    assert working_minutes_between(at("11-24 08:00:01"), at("11-24 08:00:59"), CITY) == 0


@pytest.mark.parametrize(("zone", "start_utc"), [(WIB, 0.5), (WITA, -0.5), (WIT, -1.5)])
def test_each_zone_of_the_country_has_its_own_half_past_seven(zone, start_utc):
    first = working_intervals(city_schedule(zone), date(2026, 11, 24))[0]

    assert first.start == datetime(2026, 11, 24, tzinfo=UTC) + timedelta(hours=start_utc)


def test_the_break_splits_the_day():
    morning, afternoon = working_intervals(CITY, date(2026, 11, 24))

    assert morning.end == at("11-24 12:00")
    assert afternoon.start == at("11-24 13:00")


def test_no_pattern_and_no_calendar_mean_no_working_time():
    assert working_intervals(Schedule(), date(2026, 11, 24)) == ()
    assert not CITY.is_working_day(date(2025, 12, 30))


def test_a_health_service_works_on_saturdays_of_ramadan_only():
    health = Schedule(patterns=SURAKARTA_HEALTH, calendars=(national_calendar(),))

    assert health.is_working_day(date(2026, 2, 21))
    assert not health.is_working_day(date(2026, 4, 11))


def test_of_two_versions_of_a_calendar_the_one_in_force_counts_and_local_days_join():
    nation = national_calendar()
    stricken = replace(
        nation, id="id-national/2026b", recorded_at=datetime(2026, 5, 1, tzinfo=UTC), days=()
    )
    election = Holiday(date(2026, 11, 25), "local_day", "Pemilihan", "Election")
    local = replace(nation, id="surakarta/2026", days=(election,), spans=())
    schedule = Schedule(patterns=SURAKARTA_ORDINARY, calendars=(nation, stricken, local))

    assert schedule.is_working_day(date(2026, 12, 25))
    assert schedule.holiday_on(election.on) == election


def test_a_duty_roster_beats_holiday_and_week():
    roster = (
        Shift(date(2026, 12, 25), "malam", NIGHT),
        Shift(date(2026, 12, 28), "lepas", None),
    )
    guard = Schedule(patterns=SURAKARTA_ORDINARY, calendars=CITY.calendars, roster=roster)

    assert guard.hours_on(date(2026, 12, 25)) == NIGHT
    assert guard.hours_on(date(2026, 12, 28)) is None
    assert working_minutes_between(at("12-25 23:00"), at("12-26 02:00"), guard) == 180


def test_overlapping_shifts_count_once():
    roster = (
        Shift(date(2026, 11, 24), "malam", NIGHT),
        Shift(date(2026, 11, 25), "pagi", Hours(time(6), time(14))),
    )
    guard = Schedule(patterns=SURAKARTA_ORDINARY, roster=roster)

    assert working_minutes_between(at("11-25 05:00"), at("11-25 08:00"), guard) == 180


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("11-24 08:00", 240, "11-24 12:00"),
        ("11-24 08:00", 241, "11-24 13:01"),
        ("11-24 15:30", 240, "11-25 10:30"),
        ("11-27 14:00", 60, "11-30 08:00"),
        ("11-28 10:00", 30, "11-30 08:00"),
        ("11-24 08:00", 0, "11-24 08:00"),
    ],
)
def test_a_deadline_falls_where_its_working_minutes_are_used_up(start, minutes, due):
    assert moment_after(at(start), minutes, CITY) == at(due)


def test_a_schedule_without_hours_has_no_deadline():
    assert moment_after(at("11-24 08:00"), 1, Schedule()) is None
    assert next_change(at("11-24 08:00"), Schedule()) is None


@pytest.mark.parametrize(
    ("moment", "working", "change"),
    [
        ("11-24 07:00", False, "11-24 07:30"),
        ("11-24 07:30", True, "11-24 12:00"),
        ("11-24 12:00", False, "11-24 13:00"),
        ("11-24 16:30", False, "11-25 07:30"),
        ("11-27 15:00", False, "11-30 07:30"),
    ],
)
def test_working_time_begins_and_ends_on_the_minute(moment, working, change):
    assert is_working_moment(at(moment), CITY) is working
    assert next_change(at(moment), CITY) == at(change)


def test_working_days_skip_weekends_and_holidays():
    assert add_working_days(date(2026, 12, 22), 2, CITY) == date(2026, 12, 28)
    assert add_working_days(date(2026, 11, 24), 0, CITY) == date(2026, 11, 24)
    assert add_working_days(date(2026, 11, 24), 10, CITY) == date(2026, 12, 8)
    assert add_working_days(date(2026, 11, 24), 1, Schedule()) is None


moments = st.datetimes(
    datetime(2026, 2, 10),  # noqa: DTZ001  # hypothesis adds the zone
    datetime(2026, 4, 1),  # noqa: DTZ001  # as above
    timezones=st.sampled_from([UTC, ZoneInfo(WIB), ZoneInfo(WIT)]),
)


@given(moments, moments, moments)
def test_minutes_add_up_over_any_split_and_never_shrink(one, two, three):
    first, middle, last = sorted((one, two, three))

    head = working_minutes_between(first, middle, CITY)
    tail = working_minutes_between(middle, last, CITY)
    whole = working_minutes_between(first, last, CITY)

    assert whole == head + tail
    assert 0 <= head <= whole <= (last - first) / timedelta(minutes=1) + 1


@given(moments, st.integers(1, 3000))
def test_a_deadline_is_the_first_moment_with_so_many_minutes_behind_it(start, minutes):
    due = moment_after(start, minutes, CITY)

    assert due is not None
    assert working_minutes_between(start, due, CITY) == minutes
    assert working_minutes_between(start, due - timedelta(minutes=1), CITY) == minutes - 1


@given(moments, moments)
def test_overlapping_shifts_add_up_too(one, two):
    roster = tuple(Shift(date(2026, 3, day), "malam", NIGHT) for day in range(1, 29)) + tuple(
        Shift(date(2026, 2, day), "siang", Hours(time(6), time(22))) for day in range(10, 29)
    )
    guard = Schedule(patterns=SURAKARTA_ORDINARY, roster=roster)
    first, last = sorted((one, two))
    middle = first + (last - first) / 2

    assert working_minutes_between(first, last, guard) == working_minutes_between(
        first, middle, guard
    ) + working_minutes_between(middle, last, guard)


@pytest.mark.parametrize("process_zone", ["UTC", "Asia/Jakarta", "America/New_York"])
def test_the_zone_of_the_process_plays_no_part(monkeypatch, process_zone):
    monkeypatch.setitem(os.environ, "TZ", process_zone)
    process_time.tzset()
    try:
        assert working_minutes_between(at("11-24 16:00"), at("11-25 08:00"), CITY) == 60
        assert moment_after(at("11-24 15:30"), 240, CITY) == at("11-25 10:30")
    finally:
        monkeypatch.undo()
        process_time.tzset()
