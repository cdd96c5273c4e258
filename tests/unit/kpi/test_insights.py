"""Figures for dashboards give nobody away and say what they are made of."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from services.kpi.insights.model import FEWEST_PEERS, group_of, quarters, sides

SCORES = st.lists(st.decimals(0, 100, places=4), max_size=60)


def test_a_small_group_has_no_bands():
    assert quarters([Decimal(90)] * (FEWEST_PEERS - 1)) is None


def test_quarters_are_whole_points():
    found = quarters([Decimal(number) + Decimal("0.4321") for number in range(60, 100)])

    assert found is not None
    assert (found.lower, found.middle, found.upper) == (69, 79, 89)
    assert [found.band_of(Decimal(score)) for score in (50, 69, 80, 99)] == [1, 2, 3, 4]


@given(SCORES)
def test_quarters_are_in_order_and_show_no_single_score(scores: list[Decimal]):
    found = quarters(scores)

    assert (found is None) == (len(scores) < FEWEST_PEERS)
    if found is not None:
        assert found.lower <= found.middle <= found.upper
        assert {type(edge) for edge in (found.lower, found.middle, found.upper)} == {int}


def test_a_position_is_its_words():
    assert group_of("  Analis  SDM Aparatur ") == group_of("analis sdm aparatur")
    assert group_of(None) is None
    assert group_of("") is None


def test_the_month_of_the_start_is_after_it():
    months = ["2026-09", "2026-10", "2026-11"]

    assert sides(months, date(2026, 10, 15)) == (["2026-09"], ["2026-10", "2026-11"])
    assert sides(months, None) == (months, [])
