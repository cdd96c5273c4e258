"""The hours that ship with the product, against the sums of their regulations."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from rules import presets
from rules.patterns import Break, Hours, Week
from rules.versions import in_force


@pytest.mark.parametrize(
    ("week", "minutes"),
    [
        # SE Kepala BKPSDM 25/2026; weekly totals by Perpres 21/2023: 37 h 30 min, Ramadan 32 h 30
        (presets.ORDINARY_WEEK, [480] * 4 + [330, 0, 0]),
        (presets.RAMADAN_WEEK, [420] * 4 + [270, 0, 0]),
        (presets.RAMADAN_SCHOOL_WEEK, [435] * 4 + [210, 0, 0]),
        (presets.RAMADAN_HEALTH_WEEK, [360] * 4 + [240, 270, 0]),
    ],
    ids=["ordinary", "ramadan", "ramadan-schools", "ramadan-health"],
)
def test_each_day_of_the_circular_has_its_working_minutes(week, minutes):
    assert [hours.minutes if hours else 0 for hours in week.days] == minutes
    assert week.minutes == (37.5 if minutes[0] == 480 else 32.5) * 60


@pytest.mark.parametrize(
    ("weekday", "start", "end", "rest"),
    [
        (0, time(7, 30), time(16, 30), Break(time(12), time(13))),
        (3, time(7, 30), time(16, 30), Break(time(12), time(13))),
        (4, time(7, 30), time(14, 30), Break(time(11, 30), time(13))),
    ],
)
def test_the_ordinary_week_rests_an_hour_and_ninety_minutes_on_friday(weekday, start, end, rest):
    # Perpres 21/2023
    assert presets.ORDINARY_WEEK.days[weekday] == Hours(start, end, (rest,))


@pytest.mark.parametrize(
    ("bands", "percents", "absent"),
    [
        (presets.BANDS_A, ["0.5", "1", "1.5", "2"], "4"),  # Permentan 68/2012
        (presets.BANDS_B, ["0.5", "1", "1.25", "1.5"], "5"),  # Tebo Perbup 1/2022
    ],
    ids=["national-a", "national-b"],
)
def test_each_family_of_bands_has_its_percentages(bands, percents, absent):
    assert [band.percent for band in bands.late] == [Decimal(each) for each in percents]
    assert [band.percent for band in bands.early] == [Decimal(each) for each in percents]
    assert [band.code for band in bands.late] == ["TL1", "TL2", "TL3", "TL4"]
    assert [band.code for band in bands.early] == ["PSW1", "PSW2", "PSW3", "PSW4"]
    assert bands.absent_percent == Decimal(absent)


def test_a_version_is_named_by_its_pattern_and_the_day_it_rules_from():
    assert [version.id for version in presets.SURAKARTA_ORDINARY] == [
        "surakarta-ordinary/2026-01-01"
    ]


def test_the_version_that_rules_a_day_is_the_latest_beginning_then_the_latest_recorded():
    (first,) = presets.SURAKARTA_ORDINARY
    recorded = datetime(2026, 6, 20, tzinfo=UTC)
    july = replace(first, id="july", effective_from=date(2026, 7, 1), recorded_at=recorded)
    again = replace(july, id="again", recorded_at=recorded.replace(month=8))
    versions = [again, first, july]

    assert in_force(versions, date(2025, 12, 31)) is None
    assert in_force(versions, date(2026, 6, 30)) == first
    assert in_force(versions, date(2026, 7, 1)) == again
    assert in_force(versions, date(2026, 7, 1), known_at=recorded) == july


def test_hours_over_midnight_end_on_the_next_day_with_their_breaks():
    night = Hours(time(21), time(7), (Break(time(0, 30), time(1, 30)),))

    assert night.span == (21 * 60, 31 * 60)
    assert night.rests == ((24 * 60 + 30, 25 * 60 + 30),)
    assert night.minutes == 9 * 60


@pytest.mark.parametrize(
    ("start", "end", "breaks"),
    [
        (time(7, 30), time(16, 30), [(time(7), time(8))]),
        (time(7, 30), time(16, 30), [(time(16), time(17))]),
        (time(7, 30), time(16, 30), [(time(13), time(12))]),
        (time(7, 30), time(16, 30), [(time(12), time(13)), (time(12, 30), time(14))]),
        (time(7, 30, 1), time(16, 30), []),
        (time(7, 30, tzinfo=UTC), time(16, 30), []),
    ],
)
def test_hours_with_breaks_outside_or_with_seconds_are_refused(start, end, breaks):
    with pytest.raises(ValueError, match=r"breaks|whole minutes"):
        Hours(start, end, tuple(Break(*each) for each in breaks))


def test_a_week_has_seven_days():
    with pytest.raises(ValueError, match="seven"):
        Week((None,) * 6)
