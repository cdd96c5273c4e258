"""The rules of one day, and the day of one moment."""

from datetime import date, time, timedelta

import pytest

from contracts.outcome import Refusal
from rules.patterns import Break, Hours, Shift
from services.attendance.patterns.model import day_of, rules_on
from tests.unit.attendance.builders import TUESDAY, a_schedule, at, the_rules

DAY = timedelta(days=1)
NIGHT = Shift(TUESDAY, "malam", Hours(time(21), time(7), (Break(time(1), time(2)),)))


@pytest.mark.parametrize(
    ("on", "start", "end"),
    [
        # SE Kepala BKPSDM 25/2026
        (date(2026, 11, 24), "07:30", "16:30"),
        (date(2026, 11, 27), "07:30", "14:30"),
        (date(2026, 2, 18), "07:30", "16:30"),
        (date(2026, 2, 19), "08:00", "15:30"),
        (date(2026, 2, 20), "08:00", "13:30"),
        (date(2026, 3, 25), "07:30", "16:30"),
    ],
)
def test_the_pattern_of_that_day_sets_its_hours(on, start, end):
    rules = the_rules(on)

    assert rules.working_day
    assert (rules.start, rules.end) == (at(start, on), at(end, on))
    assert rules.variant == ("ramadan" if on.month == 2 and on.day >= 19 else None)
    assert rules.policy_version == "surakarta-ordinary/2026-01-01"
    assert rules.pattern == "surakarta-ordinary"


@pytest.mark.parametrize(
    ("on", "holiday"),
    [
        (date(2026, 11, 28), None),
        (date(2026, 12, 25), "Hari Raya Natal"),
        (date(2026, 12, 24), "Cuti Bersama Hari Raya Natal"),
    ],
)
def test_on_free_days_nobody_is_expected(on, holiday):
    rules = the_rules(on)

    assert not rules.working_day
    assert (rules.start, rules.end, rules.breaks) == (None, None, ())
    assert (rules.holiday.name_id if rules.holiday else None) == holiday


def test_without_a_pattern_the_refusal_says_for_whom_and_when_and_is_tried_again():
    with pytest.raises(Refusal) as refused:
        the_rules(date(2025, 12, 31))

    assert refused.value.problem.code == "no_pattern_in_force"
    assert refused.value.problem.facts == {"agency": "BKPSDM", "on": "2025-12-31"}
    assert refused.value.retryable


def test_a_shift_on_a_holiday_is_a_working_day_without_a_holiday():
    christmas = date(2026, 12, 25)

    rules = the_rules(christmas, Shift(christmas, "malam", NIGHT.hours))

    assert rules.working_day
    assert (rules.holiday, rules.shift) == (None, "malam")
    assert (rules.start, rules.end) == (at("21:00", christmas), at("07:00", christmas + DAY))


def test_a_free_day_of_the_roster_is_off():
    rules = the_rules(TUESDAY, Shift(TUESDAY, "lepas", None))

    assert not rules.working_day
    assert rules.holiday is None


def test_a_day_waits_until_midnight_or_three_hours_after_a_shift_over_it():
    assert the_rules().closes_at == at("00:00", TUESDAY + DAY)
    assert the_rules(TUESDAY, NIGHT).closes_at == at("10:00", TUESDAY + DAY)
    assert the_rules(closes_after_minutes=600).closes_at == at("02:30", TUESDAY + DAY)


@pytest.mark.parametrize(
    ("moment", "direction", "on"),
    [
        ("2026-11-24T00:00", "in", TUESDAY),
        ("2026-11-24T07:29", "in", TUESDAY),
        ("2026-11-24T23:59:59", "out", TUESDAY),
        ("2026-11-25T00:00", "in", TUESDAY + DAY),
    ],
)
def test_a_moment_counts_for_the_date_on_the_wall_of_the_office(moment, direction, on):
    assert day_of(at(moment), direction, a_schedule()) == on


@pytest.mark.parametrize(
    ("moment", "direction", "on"),
    [
        ("2026-11-24T20:45", "in", TUESDAY),
        ("2026-11-25T01:00", "in", TUESDAY),  # back from a break in the middle of the night
        ("2026-11-25T07:05", "out", TUESDAY),
        ("2026-11-25T10:00", "out", TUESDAY),
        ("2026-11-25T10:01", "out", TUESDAY + DAY),
        ("2026-11-24T07:25", "in", TUESDAY),
    ],
)
def test_a_night_shift_takes_the_morning_after_with_it(moment, direction, on):
    schedule = a_schedule(NIGHT, Shift(TUESDAY + DAY, "lepas", None))

    assert day_of(at(moment), direction, schedule) == on


@pytest.mark.parametrize(
    ("moment", "direction", "on"),
    [
        ("2026-11-25T06:50", "out", TUESDAY),
        ("2026-11-25T07:10", "out", TUESDAY),
        ("2026-11-25T07:20", "in", TUESDAY + DAY),
        ("2026-11-25T16:35", "out", TUESDAY + DAY),
    ],
)
def test_between_a_night_shift_and_the_day_after_the_nearer_edge_decides(moment, direction, on):
    assert day_of(at(moment), direction, a_schedule(NIGHT)) == on


def test_whoever_arrives_before_midnight_for_a_shift_after_it_arrives_for_that_shift():
    early = Shift(TUESDAY, "dini", Hours(time(0, 30), time(8)))
    schedule = a_schedule(Shift(TUESDAY - DAY, "lepas", None), early)

    assert day_of(at("2026-11-23T23:50"), "in", schedule) == TUESDAY
    assert day_of(at("2026-11-23T21:20"), "in", schedule) == TUESDAY - DAY


def test_rules_are_those_of_the_zone_of_the_schedule():
    rules = rules_on(a_schedule(), TUESDAY, agency="BKPSDM")

    assert rules.zone == "Asia/Jakarta"
    assert rules.start.isoformat() == "2026-11-24T00:30:00+00:00"
