"""How lines become a score."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kpi.formulas.rows import Row
from services.kpi.indicators.model import SHIPPED, Book, shown
from services.kpi.indicators.observations import observe
from services.kpi.scorecards.model import Entry, facts_of, score
from tests.unit.kpi.builders import a_day, answered, confirmed

PUNCTUALITY, HELP_RATING, RESPONSE_TIME = SHIPPED
BOOK = Book(SHIPPED)
NOW = BOOK.ruling(date(2026, 11, 1))
DAYS = ((2, "present"), (5, "late"), (3, "left_early"), (4, "leave"))


def values(
    punctuality: list[int] | None = None,
    help_rating: list[int] | None = None,
    response_time: list[int] | None = None,
) -> list[tuple[Row, int]]:
    """Days in time (1) or late (0), ratings, and minutes until answers."""
    facts = [a_day("present" if one else "late") for one in punctuality or []]
    facts += [confirmed(one) for one in help_rating or []]
    facts += [answered(one) for one in response_time or []]
    rows = (observe(fact).counted() for fact in facts)
    return [(row, 1) for row in rows if row is not None]


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        (Fraction(1, 3), "0.3333"),
        (Fraction(2, 3), "0.6667"),
        (Fraction(100), "100.0000"),
        (Fraction(5, 100_000), "0.0000"),  # halves go to the even neighbour
        (Fraction(15, 100_000), "0.0002"),
        (Fraction(25, 100_000), "0.0002"),
        (Fraction(0), "0.0000"),
    ],
)
def test_figures_have_four_places_rounded_half_even(figure: Fraction, expected: str):
    assert str(shown(figure)) == expected


@pytest.mark.parametrize(
    ("indicator", "value", "expected"),
    [
        (PUNCTUALITY, 100, 1),
        (PUNCTUALITY, 95, Fraction(95, 100)),
        (PUNCTUALITY, 0, 0),
        (HELP_RATING, 5, 1),
        (HELP_RATING, 1, Fraction(1, 5)),
        (RESPONSE_TIME, 240, 1),
        (RESPONSE_TIME, 120, 1),  # better than the target earns no more than the target
        (RESPONSE_TIME, 480, Fraction(1, 2)),
        (RESPONSE_TIME, 0, 1),
    ],
)
def test_achievement(indicator, value: int, expected: Fraction):
    assert indicator.achievement_of(Fraction(value)) == expected


def test_a_persons_score_spreads_the_weight_of_what_does_not_apply():
    sheet = score(values(punctuality=[1] * 15 + [0], help_rating=[5, 4]), NOW, "employee")

    assert {line.indicator.code: line.weight for line in sheet.lines} == {
        "punctuality": Decimal("62.5000"),
        "help_rating": Decimal("37.5000"),
    }
    assert sheet.missing == ()
    assert sheet.score == Decimal("92.3438")  # 93.75 % × 62.5 + 90 % × 37.5 = 92.34375


def test_an_indicator_without_facts_is_named_and_its_weight_spread():
    sheet = score(values(punctuality=[1, 0]), NOW, "agency")

    assert [one.code for one in sheet.missing] == ["help_rating", "response_time"]
    assert sheet.lines[0].weight == Decimal("100.0000")
    assert sheet.score == Decimal("50.0000")


def test_without_any_facts_there_is_no_score():
    sheet = score([], NOW, "employee")

    assert sheet.score is None
    assert [one.code for one in sheet.missing] == ["punctuality", "help_rating"]


def test_an_agency_is_measured_by_all_three():
    found = values(punctuality=[1, 1, 1, 0], help_rating=[4], response_time=[480, 480])

    sheet = score(found, NOW, "agency")

    assert [line.contribution for line in sheet.lines] == [
        Decimal("37.5000"),
        Decimal("24.0000"),
        Decimal("10.0000"),
    ]
    assert sheet.score == Decimal("71.5000")


def test_thirds_do_not_keep_anybody_from_a_hundred():
    sheet = score(values(punctuality=[1], response_time=[1]), NOW, "agency")

    assert [line.weight for line in sheet.lines] == [Decimal("71.4286"), Decimal("28.5714")]
    assert sheet.score == Decimal("100.0000")


def test_a_line_carries_what_explains_it():
    facts = [a_day(status, on=date(2026, 11, day)) for day, status in DAYS]
    entries = [Entry.of(observe(fact)) for fact in facts]
    rows = [(row, 1) for entry in entries if (row := entry.counted())]

    line = score(rows, NOW, "employee").lines[0]

    assert line.indicator.version == "punctuality/2026-01-01"
    assert line.inputs == {"hits": Decimal(2), "count": Decimal(3)}
    assert facts_of(PUNCTUALITY, entries) == [facts[0].id, facts[2].id, facts[1].id]
    assert line.value == Decimal("66.6667")


def test_too_few_facts_are_not_enough():
    asks_for_three = PUNCTUALITY.model_copy(update={"min_facts": 3})

    few = score(values(punctuality=[1, 1]), [asks_for_three], "employee")
    enough = score(values(punctuality=[1, 1, 1]), [asks_for_three], "employee")

    assert (few.score, few.missing) == (None, (asks_for_three,))
    assert enough.score == Decimal("100.0000")


def test_before_the_first_version_nothing_is_measured():
    assert BOOK.ruling(date(2025, 12, 31)) == ()


def test_the_version_that_rules_a_day_is_the_latest_begun():
    raised = PUNCTUALITY.model_copy(
        update={"effective_from": date(2026, 12, 1), "weight": Decimal(60)}
    )
    book = Book((*SHIPPED, raised))

    assert PUNCTUALITY in book.ruling(date(2026, 11, 30))
    assert raised in book.ruling(date(2026, 12, 1))


def test_shipped_weights_are_a_hundred():
    assert sum(indicator.weight for indicator in SHIPPED) == 100


@given(
    st.lists(st.sampled_from([0, 1]), max_size=40),
    st.lists(st.integers(1, 5), max_size=20),
    st.lists(st.integers(0, 20_000), max_size=20),
)
def test_scores_are_between_nothing_and_a_hundred(
    days: list[int], ratings: list[int], minutes: list[int]
):
    found = values(punctuality=days, help_rating=ratings, response_time=minutes)

    sheet = score(found, NOW, "agency")

    assert (sheet.score is None) == (not (days or ratings or minutes))
    assert sheet.score is None or 0 <= sheet.score <= 100
    assert len(sheet.lines) + len(sheet.missing) == 3
