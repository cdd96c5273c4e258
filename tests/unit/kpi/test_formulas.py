"""The language of indicators: what it computes, what it refuses and where, that it always ends."""

import contextlib
import time
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from statistics import median

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from services.kpi.formulas import rows
from services.kpi.formulas.formula import Formula, Outcome, compiled
from services.kpi.formulas.rows import FIELDS, Row, text_of
from services.kpi.formulas.wrong import FormulaWrong

MONDAY = date(2026, 11, 2)


def a_day(number: int = 0, late: int | None = 0, **fields: object) -> Row:
    said = {"status": "present", "working_day": True, "late_minutes": late, "arrived": True}
    text = text_of("days", said | fields)  # type: ignore[arg-type]  # fields of a day
    return Row.read("days", MONDAY + timedelta(days=number), "DINKES", text)


def an_answer(minutes: int | None, *, asked: datetime, hours: int = 1) -> Row:
    said = {
        "response_minutes": minutes,
        "requested_at": asked,
        "at": asked + timedelta(hours=hours),
    }
    return Row.read("responses", MONDAY, "DINKES", text_of("responses", said))


def value(formula: str, found: list[Row], unit: str = "minutes") -> Fraction | None:
    return outcome(formula, found, unit).value


def outcome(formula: str, found: list[Row], unit: str = "minutes") -> Outcome:
    return compiled(formula, unit=unit).outcome((row, 1) for row in found)


WEEK = [a_day(number, late) for number, late in enumerate((0, 10, 0, 0, 25))]


@pytest.mark.parametrize(
    ("formula", "unit", "expected"),
    [
        ("count(days)", "count", 5),
        ("count(days.filter(d, d.late_minutes > 0))", "count", 2),
        ("count(days.filter(d, d.weekday in [1, 5]))", "count", 2),
        (
            "count(days.filter(d, d.date >= '2026-11-04').filter(d, d.late_minutes == 0))",
            "count",
            2,
        ),
        ("count(days.filter(d, d.month == '2026-12'))", "count", 0),
        ("count(days.filter(d, d.agency == 'DINKES' || false))", "count", 5),
        ("sum(days.map(d, d.late_minutes))", "minutes", 35),
        ("mean(days.map(d, d.late_minutes))", "minutes", 7),
        ("median(days.map(d, d.late_minutes))", "minutes", 0),
        ("percentile(days.map(d, d.late_minutes), 90)", "minutes", 19),
        ("smallest(days.map(d, d.late_minutes))", "minutes", 0),
        ("largest(days.map(d, d.late_minutes))", "minutes", 25),
        ("share(days.map(d, d.late_minutes == 0))", "percent", 60),
        ("share_within(days.map(d, d.late_minutes), 10)", "percent", 80),
        ("streak(days.map(d, d.late_minutes == 0))", "count", 2),
        ("ratio(count(days.filter(d, d.late_minutes > 0)), count(days))", "ratio", Fraction(2, 5)),
        ("100 * ratio(count(days), 2 * count(days))", "ratio", 50),
        ("sum(days.map(d, min(d.late_minutes, 15)))", "minutes", 25),
        ("sum(days.map(d, d.late_minutes > 20 ? 20 : d.late_minutes))", "minutes", 30),
        ("round(mean(days.map(d, d.late_minutes)) / 4, 1)", "minutes", Fraction(18, 10)),
        ("-mean(days.map(d, -d.late_minutes))", "minutes", 7),
        ("abs(0.5 - mean(days.map(d, d.late_minutes)))", "minutes", Fraction(13, 2)),
        ("mean(days.map(d, d.late_minutes)) // the mean\n", "minutes", 7),
    ],
)
def test_what_formulas_compute(formula: str, unit: str, expected: Fraction | int):
    assert value(formula, WEEK, unit) == expected


def test_working_minutes_leave_out_the_night_the_weekend_and_the_rest():
    friday = datetime(2026, 11, 6, 7, 0, tzinfo=UTC)  # 14:00 in the city
    found = [an_answer(None, asked=friday, hours=72)]

    minutes = value(
        "mean(responses.map(r, working_minutes(r.requested_at, r.at)))", found, "working_minutes"
    )

    assert minutes is not None
    assert 0 < minutes < 9 * 60


@pytest.mark.parametrize(
    "formula",
    [
        "mean(days.map(d, d.late_minutes))",
        "share(days.filter(d, d.late_minutes > 999).map(d, d.arrived))",
        "median(days.map(d, d.early_minutes))",
        "mean(days.map(d, d.late_minutes)) / count(days.filter(d, d.status == 'nothing'))",
        "ratio(count(days), count(days.filter(d, d.status == 'nothing')))",
    ],
)
def test_what_is_absent_stays_absent_instead_of_zero(formula: str):
    found = [] if "early" not in formula and "/" not in formula else WEEK
    unit = "percent" if formula.startswith("share") else "minutes"
    unit = "ratio" if formula.startswith("ratio") else unit

    assert value(formula, found, unit) is None


def test_absent_values_are_left_out_and_compare_as_false():
    asked = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
    found = [an_answer(None, asked=asked), an_answer(30, asked=asked), an_answer(90, asked=asked)]

    assert value("count(responses.map(r, r.response_minutes))", found, "count") == 2
    assert value("mean(responses.map(r, r.response_minutes))", found, "working_minutes") == 60
    assert value("count(responses.filter(r, r.response_minutes < 60))", found, "count") == 1
    assert value("count(responses.filter(r, !has(r.response_minutes)))", found, "count") == 1


def test_every_figure_shows_what_it_was_computed_from():
    found = outcome("100 * ratio(count(days.filter(d, d.arrived)), count(days))", WEEK, "ratio")

    assert found.inputs == {"count": 5, "count#2": 5}
    assert found.facts == 5
    assert outcome("mean(days.map(d, d.late_minutes))", WEEK).inputs == {"sum": 35, "count": 5}


@pytest.mark.parametrize(
    ("formula", "code", "line", "column", "says"),
    [
        ("", "formula_invalid", 1, 1, "empty"),
        ("mean(", "formula_invalid", 1, 6, "too early"),
        ("1 +", "formula_invalid", 1, 4, "too early"),
        ("mean(days.map(d, d.late_minutes)) )", "formula_invalid", 1, 35, "not expected"),
        ("mean(days)\n  $", "formula_invalid", 2, 3, "'$' is not used"),
        ("import", "formula_invalid", 1, 1, "import"),
        ("__import__('os')", "formula_invalid", 1, 1, "__import__"),
        ("1 + 2", "formula_invalid", 1, 1, "at least one list"),
        ("mean(days)", "formula_invalid", 1, 6, "list of numbers"),
        ("mean(people.map(d, d.x))", "formula_invalid", 1, 6, "days, responses"),
        ("mean(days.map(d,\n d.salary))", "formula_invalid", 2, 2, "late_minutes"),
        ("mean(days.map(d, x.late_minutes))", "formula_invalid", 1, 18, "'x' is not known"),
        ("count(days.filter(d, d.status))", "formula_invalid", 1, 22, "a truth is needed"),
        ("count(days.filter(d, d.status == 1))", "formula_invalid", 1, 22, "not compared"),
        ("count(days.filter(d, d.status in [1]))", "formula_invalid", 1, 35, "text is needed"),
        ("count(days.sort(d, d.date))", "formula_invalid", 1, 7, "filter and map"),
        ("count(days.map(d, 1).filter(d, true))", "formula_invalid", 1, 7, "nothing follows map"),
        ("count(days.filter(d, count(days) > 1))", "formula_invalid", 1, 22, "whole list"),
        ("count(days.filter(d, 'a'.matches('b')))", "formula_invalid", 1, 22, "inside another"),
        ("percentile(days.map(d, d.late_minutes), 101)", "formula_invalid", 1, 41, "between 0"),
        ("count(days, 1)", "formula_invalid", 1, 1, "takes 1"),
        ("count(days) % 2", "formula_invalid", 1, 13, "'%' is not used"),
        ("days[0]", "formula_invalid", 1, 1, "by place"),
        ("{'a': 1}", "formula_invalid", 1, 1, "'{' is not used"),
        ("1u + count(days)", "formula_invalid", 1, 1, "not used"),
        ("1e9 * count(days)", "formula_invalid", 1, 1, "digits"),
        (
            "mean(days.map(d, d.late_minutes)) + mean(confirmations.map(c, c.rating))",
            "unit_mismatch",
            1,
            1,
            "minutes and rating",
        ),
        ("mean(days.map(d, d.late_minutes * d.late_minutes))", "unit_mismatch", 1, 18, "×"),
        ("count(days)", "unit_mismatch", 1, 1, "gives count"),
        ("count(days.filter(d, d.late_minutes > d.weekday))", "unit_mismatch", 1, 22, "minutes"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    formula: str, code: str, line: int, column: int, says: str
):
    with pytest.raises(FormulaWrong) as caught:
        compiled(formula, unit="minutes")

    wrong = caught.value
    assert (wrong.code, wrong.line, wrong.column) == (code, line, column), wrong.detail
    assert says in wrong.detail


@pytest.mark.parametrize(
    "formula",
    [
        "count(days)" + " + count(days)" * 200,
        "(" * 500 + "count(days)" + ")" * 500,
        "!" * 1_500 + "true",
        "-" * 1_500 + "1",
        "true ? " * 200 + "1" + " : 1" * 200,
        "count(days.filter(d, " + "d.arrived || " * 130 + "true))",
        '"' + "\\n" * 900,
        '"' + "a" * 1_990,
        "count(days)" * 500,
        "[" * 24 + "]" * 24,
        "a." * 900 + "a",
        "9" * 1_900,
        "count(days.filter(d, d.agency == '" + "x" * 3_000 + "'))",
    ],
)
def test_what_is_too_much_is_refused_at_once(formula: str):
    began = time.monotonic()

    with pytest.raises(FormulaWrong):
        compiled(formula, unit="count")

    assert time.monotonic() - began < 2


PARTS = st.sampled_from(
    [
        *FIELDS,
        *(
            "count(",
            "mean(",
            "ratio(",
            "share(",
            "streak(",
            "percentile(",
            "min(",
            "has(",
            "round(",
        ),
        *(".filter(d, ", ".map(d, ", ")", ")", "d.", "status", "late_minutes", "arrived", "d"),
        *(
            " + ",
            " - ",
            " * ",
            " / ",
            " && ",
            " || ",
            " == ",
            " < ",
            " in ",
            " ? ",
            " : ",
            "!",
            ",",
        ),
        *(
            "1",
            "0.5",
            "'late'",
            "[1, 2]",
            "true",
            "null",
            "\n",
            "(",
            ")",
            '"',
            "-",
            "//",
            "{",
            "b'x'",
        ),
    ]
)


@settings(deadline=None, max_examples=400)
@given(st.one_of(st.lists(PARTS, max_size=40).map("".join), st.text(max_size=80)))
def test_no_text_hangs_or_crashes_the_process(text: str):
    began = time.monotonic()

    places = [(1, 1)]
    try:
        compiled(text, unit="count").outcome((row, 1) for row in WEEK)
    except FormulaWrong as wrong:
        places.append((wrong.line, wrong.column))
    assert min(places) >= (1, 1)
    assert time.monotonic() - began < 2


def taken(text: str) -> Formula:
    """The formula, where its units go together."""
    for unit in ("minutes", "ratio", "count"):
        with contextlib.suppress(FormulaWrong):
            return compiled(text, unit=unit)
    return reject()


NUMBERS = st.recursive(
    st.sampled_from(["d.late_minutes", "d.early_minutes", "0.25", "3", "d.weekday * 1"]),
    lambda inner: st.builds(
        "{}".format,
        st.one_of(
            st.builds("({} + {})".format, inner, inner),
            st.builds("({} / {})".format, inner, inner),
            st.builds("({} * 2 - {})".format, inner, inner),
            st.builds("(d.arrived ? {} : {})".format, inner, inner),
            st.builds("max({}, {})".format, inner, inner),
            st.builds("round({}, 2)".format, inner),
        ),
    ),
    max_leaves=8,
)
AGGREGATED = st.sampled_from(["sum", "mean", "median", "smallest", "largest", "count"])


@settings(deadline=None, max_examples=200)
@given(
    NUMBERS, AGGREGATED, st.lists(st.tuples(st.integers(0, 30), st.integers(0, 99)), max_size=12)
)
def test_a_formula_that_was_taken_computes_whatever_the_facts_are(
    number: str, function: str, days: list[tuple[int, int]]
):
    found = [a_day(day, late, early_minutes=late % 3 or None) for day, late in days]

    formula = taken(f"{function}(days.map(d, {number}))")
    forwards = formula.outcome((row, 1) for row in found)
    backwards = formula.outcome((row, 1) for row in reversed(found))

    assert forwards == backwards


@given(st.lists(st.integers(0, 500), min_size=1, max_size=60))
def test_rows_counted_together_give_what_they_give_apart(late: list[int]):
    apart = [(a_day(0, one), 1) for one in late]
    together = [(a_day(0, one), late.count(one)) for one in sorted(set(late))]
    for text in (
        "mean(days.map(d, d.late_minutes))",
        "percentile(days.map(d, d.late_minutes), 37.5)",
        "median(days.map(d, d.late_minutes))",
    ):
        formula = compiled(text, unit="minutes")
        assert formula.outcome(apart) == formula.outcome(together)
    assert compiled("median(days.map(d, d.late_minutes))", unit="minutes").outcome(
        apart
    ).value == Fraction(median(late))


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 120)), max_size=40), st.integers(0, 30)
)
def test_what_adds_up_adds_up_over_a_period_that_is_split(days: list[tuple[int, int]], cut: int):
    first = [a_day(day, late) for day, late in days if day < cut]
    rest = [a_day(day, late) for day, late in days if day >= cut]
    for text, unit in (
        ("sum(days.map(d, d.late_minutes))", "minutes"),
        ("count(days.filter(d, d.late_minutes > 10))", "count"),
        (
            "sum(days.map(d, d.late_minutes * 0.5)) + 2 * sum(days.map(d, d.late_minutes))",
            "minutes",
        ),
    ):
        parts = [value(text, part, unit) or 0 for part in (first, rest)]
        assert (value(text, [*first, *rest], unit) or 0) == sum(parts)


def test_an_older_text_of_a_row_lacks_the_newer_fields():
    row = Row.read("days", MONDAY, "DINKES", '["late",true,12]')

    assert value("mean(days.map(d, d.late_minutes))", [row]) == 12
    assert value("mean(days.map(d, d.early_minutes))", [row]) is None


def test_the_fields_that_rows_keep_stand_where_they_stood():
    """What cards hold is read by place: fields may be added at the end, never moved."""
    assert [list(kept)[:5] for kept in rows.KEPT.values()] == [
        ["status", "working_day", "late_minutes", "arrived", "early_minutes"],
        ["type", "requested_at", "at", "asking_agency", "imported"],
        ["type", "requested_at", "at", "asking_agency", "imported"],
        ["indicator", "value", "source"],
    ]
