"""When an arrival is late and a departure early, and what band that is."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.presets import BANDS_A
from services.attendance.days.lateness import band_of, early_minutes, late_minutes

START = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("after", "whole", "begun"),
    [
        # Peraturan ANRI 18/2016: late only after 07:30:59
        (timedelta(hours=-1), 0, 0),
        (timedelta(0), 0, 0),
        (timedelta(milliseconds=1), 0, 1),
        (timedelta(seconds=59), 0, 1),
        (timedelta(seconds=59, milliseconds=999), 0, 1),
        (timedelta(seconds=60), 1, 1),
        (timedelta(seconds=119), 1, 2),
        (timedelta(minutes=30, seconds=59), 30, 31),
        (timedelta(hours=9), 540, 540),
    ],
)
def test_seconds_count_as_the_rule_in_force_says(after, whole, begun):
    assert late_minutes(START + after, START) == whole
    assert late_minutes(START + after, START, "begun_minutes") == begun
    assert early_minutes(START - after, START) == whole
    assert early_minutes(START - after, START, "begun_minutes") == begun


@pytest.mark.parametrize(
    ("minutes", "late", "early"),
    [
        # Permentan 68/2012
        (0, None, None),
        (1, "TL1", "PSW1"),
        (30, "TL1", "PSW1"),
        (31, "TL2", "PSW2"),
        (60, "TL2", "PSW2"),
        (61, "TL3", "PSW3"),
        (90, "TL3", "PSW3"),
        (91, "TL4", "PSW4"),
        (540, "TL4", "PSW4"),
    ],
)
def test_each_band_begins_on_its_minute(minutes, late, early):
    found = [band_of(minutes, bands) for bands in (BANDS_A.late, BANDS_A.early)]

    assert [band and band.code for band in found] == [late, early]


@given(st.timedeltas(timedelta(), timedelta(hours=12)), st.timedeltas(timedelta(), timedelta(1)))
def test_whoever_comes_later_is_never_less_late(after, more):
    assert late_minutes(START + after, START) <= late_minutes(START + after + more, START)
