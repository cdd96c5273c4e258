"""PP 94/2021: how many days of absence reach which threshold (domain.md §1.5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.attendance.absence_signals.model import TEXTS, level_of, longest_run, signal_of

LEVELS = {
    range(3, 4): "oral_reprimand",
    range(4, 7): "written_reprimand",
    range(7, 11): "statement_of_dissatisfaction",
    range(11, 14): "allowance_cut_6_months",
    range(14, 17): "allowance_cut_9_months",
    range(17, 21): "allowance_cut_12_months",
    range(21, 25): "one_level_down_12_months",
    range(25, 28): "to_executor_post_12_months",
    range(28, 60): "dismissal",
}


@pytest.mark.parametrize(
    ("days", "level"), [(day, level) for days, level in LEVELS.items() for day in days]
)
def test_each_number_of_days_has_its_threshold(days, level):
    assert level_of(days, in_a_row=1) == level
    assert TEXTS[level].id
    assert TEXTS[level].en


@pytest.mark.parametrize("days", [0, 1, 2])
def test_below_three_days_nothing_is_signalled(days):
    assert signal_of(days=days, in_a_row=days, employment="pns") is None


@pytest.mark.parametrize(
    ("days", "in_a_row", "level"),
    [
        (10, 9, "statement_of_dissatisfaction"),
        (10, 10, "dismissal_for_ten_days_in_a_row"),
        (27, 12, "dismissal_for_ten_days_in_a_row"),
        (28, 12, "dismissal"),
    ],
)
def test_ten_working_days_in_a_row_are_a_case_of_their_own(days, in_a_row, level):
    assert level_of(days, in_a_row) == level


@pytest.mark.parametrize(
    ("employment", "law", "level"),
    [
        ("pns", "PP 94/2021", "written_reprimand"),
        ("cpns", "PP 94/2021", "written_reprimand"),
        ("pppk", "PP 49/2018", None),
        ("pppk_part_time", "PP 49/2018", None),
        ("non_asn", "PP 49/2018", None),
    ],
)
def test_who_works_by_contract_has_no_level_of_this_law(employment, law, level):
    found = signal_of(days=5, in_a_row=2, employment=employment)

    assert (found.days, found.law, found.level) == (5, law, level)


@pytest.mark.parametrize(
    ("statuses", "run"),
    [
        ([], 0),
        (["absent"] * 5 + ["off", "off"] + ["absent"] * 5, 10),  # a weekend does not break it
        (["absent"] * 5 + ["holiday"] + ["absent"], 6),
        (["absent"] * 5 + ["late"] + ["absent"] * 4, 5),
        (["absent", "leave", "absent"], 1),
        (["off", "holiday"], 0),
    ],
)
def test_a_run_is_of_working_days(statuses, run):
    assert longest_run(statuses) == run


@given(st.lists(st.sampled_from(["absent", "off", "holiday", "present", "leave"]), max_size=40))
def test_a_run_is_never_longer_than_the_days_and_free_days_make_no_difference(statuses):
    working = [status for status in statuses if status not in {"off", "holiday"}]

    assert longest_run(statuses) == longest_run(working) <= statuses.count("absent")
