"""A month added up: what counts as what, and the percentage the bands propose."""

from dataclasses import dataclass, replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.patterns import Bands
from rules.presets import BANDS_A, BANDS_B
from services.attendance.recaps.model import RecapDay, recap_of


@dataclass(frozen=True)
class Version:
    """What a recap needs of a version."""

    bands: Bands
    minutes_per_absent_day: int | None = None


BANDS = {"a": Version(BANDS_A), "b": Version(BANDS_B)}


def a_day(status="present", **changes):
    return replace(RecapDay(status=status, working_day=True, policy_version="a"), **changes)


LATE = a_day("late", late_minutes=12, late_band="TL1", worked_minutes=470)
EARLY = a_day("left_early", early_minutes=40, early_band="PSW2", worked_minutes=440)
BOTH = a_day(
    "late_and_left_early",
    late_minutes=70,
    late_band="TL3",
    early_minutes=5,
    early_band="PSW1",
)
ABSENT = a_day("absent")
INCOMPLETE = a_day("incomplete", early_band="PSW4")


@pytest.mark.parametrize(
    ("days", "percent"),
    [
        ([], "0.0000"),
        ([a_day()], "0.0000"),
        ([LATE], "0.5000"),
        ([LATE] * 10, "5.0000"),  # domain.md §1.4: Serang, ten days in band 1
        ([EARLY], "1.0000"),
        ([BOTH], "2.0000"),  # TL and PSW both apply on one day
        ([INCOMPLETE], "2.0000"),  # no scan counts as band 4
        ([ABSENT], "4.0000"),
        ([replace(ABSENT, policy_version="b")], "5.0000"),
        ([replace(BOTH, policy_version="b")], "1.7500"),  # TL3 1.25 and PSW1 0.5
        ([LATE, replace(LATE, policy_version="b"), ABSENT], "5.0000"),
        ([ABSENT] * 30, "100.0000"),  # never more than all of it
        ([replace(LATE, policy_version="forgotten")], "0.0000"),
    ],
)
def test_each_day_counts_by_the_bands_of_its_own_version(days, percent):
    assert recap_of(days, BANDS).percent == percent


def test_days_are_counted_by_their_state_and_presence_is_what_has_somebody_in_it():
    away = [a_day(status) for status in ("leave", "sick", "duty", "elsewhere", "holiday")]

    recap = recap_of([a_day(), LATE, EARLY, BOTH, INCOMPLETE, ABSENT, *away], BANDS)

    assert (recap.days, recap.present, recap.late, recap.left_early) == (11, 5, 2, 2)
    assert recap.by_status["absent"] == recap.by_status["leave"] == 1
    assert (recap.late_minutes, recap.early_minutes, recap.worked_minutes) == (82, 45, 910)
    assert recap.late_bands == {"TL1": 1, "TL3": 1}
    assert recap.early_bands == {"PSW1": 1, "PSW2": 1, "PSW4": 1}


def test_leave_is_counted_by_kind():
    recap = recap_of([a_day("leave", kinds=("tahunan",)), a_day("late", kinds=("izin",))], BANDS)

    assert recap.absences == {"tahunan": 1, "izin": 1}


@given(st.lists(st.sampled_from([a_day(), LATE, EARLY, BOTH, ABSENT, INCOMPLETE]), max_size=31))
def test_every_day_has_one_state_and_order_does_not_matter(days):
    recap = recap_of(days, BANDS)

    assert sum(recap.by_status.values()) == recap.days == len(days)
    assert recap == recap_of(reversed(days), BANDS)
    assert 0 <= Decimal(recap.percent) <= 100


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([], 0),
        ([LATE] * 37, 0),  # 444 minutes of 450
        ([LATE] * 38, 1),  # 456
        ([BOTH] * 6, 1),  # 75 each
        ([BOTH] * 12, 2),
        ([ABSENT] * 5, 0),  # already absent
        ([replace(BOTH, policy_version="b")] * 12, 0),  # a version that converts nothing
        ([BOTH] * 3 + [replace(BOTH, policy_version="half")] * 3, 1),  # 225/450 + 225/225
    ],
)
def test_minutes_add_up_to_days_of_absence_where_the_version_says_how_many(days, expected):
    """Perpres 21/2023: 37 h 30 min a week are 450 minutes a day."""
    versions = BANDS | {"a": Version(BANDS_A, 450), "half": Version(BANDS_A, 225)}
    recap = recap_of(days, versions)

    assert recap.absent_by_minutes == expected
    assert recap.percent == recap_of(days, BANDS | {"half": Version(BANDS_A)}).percent
