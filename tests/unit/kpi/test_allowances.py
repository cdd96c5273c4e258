"""From bands, absences and a score to a percentage with its reasons."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.allowances import AllowanceRuleWanted
from contracts.outcome import Refusal
from rules.presets import BANDS_A
from services.kpi.allowances.model import SHIPPED, Rule, Rules, allowance, difference
from services.kpi.ledger.model import fact_of_day
from tests.unit.kpi.builders import a_day_changed

AT = datetime(2026, 11, 30, tzinfo=UTC)


def a_fact(day, status="present", *, late=None, early=None, sequence=1, working_day=True):
    event = a_day_changed(
        status, on=date(2026, 11, day), sequence=sequence, working_day=working_day
    )
    bands = {
        "late_band": late[0] if late else None,
        "late_minutes": late[1] if late else 0,
        "early_band": early[0] if early else None,
        "early_minutes": early[1] if early else 0,
    }
    return fact_of_day(event.model_copy(update={"data": event.data.model_copy(update=bands)}))


@pytest.mark.parametrize(
    ("facts", "deducted", "late", "early", "absent"),
    [
        ([], "0", 0, 0, 0),
        ([a_fact(2)], "0", 0, 0, 0),
        ([a_fact(2, "late", late=("TL1", 7))], "0.5", 7, 0, 0),
        (
            [a_fact(2, "late_and_left_early", late=("TL2", 40), early=("PSW4", 100))],
            "3",
            40,
            100,
            0,
        ),
        ([a_fact(2, "absent")], "4", 0, 0, 1),
        ([a_fact(2, "incomplete", early=("PSW4", 0))], "2", 0, 0, 0),
        ([a_fact(n, "late", late=("TL1", 5)) for n in range(2, 12)], "5.0", 50, 0, 0),
        ([a_fact(n, "absent") for n in range(1, 29)], "100", 0, 0, 28),
        ([a_fact(1, "off", working_day=False)], "0", 0, 0, 0),
        ([a_fact(2, "leave")], "0", 0, 0, 0),
    ],
    ids=[
        "no days", "in time", "TL1", "both bands", "absent", "no departure",
        "ten times TL1 (Serang)", "capped", "day off", "leave",
    ],
)  # fmt: skip
def test_what_days_take_off(facts, deducted, late, early, absent):
    result = allowance(facts, None, SHIPPED)

    assert result.deducted == Decimal(deducted)
    assert result.attendance == 100 - Decimal(deducted)
    assert (result.late_minutes, result.early_minutes) == (late, early)
    assert result.absent_days == absent
    assert {reason.fact for reason in result.reasons} <= {fact.id for fact in facts}


def test_the_newest_fact_of_a_day_rules():
    late = a_fact(2, "late", late=("TL1", 7), sequence=1)
    excused = a_fact(2, "present", sequence=2)

    assert allowance([late, excused], None, SHIPPED).deducted == 0
    assert allowance([excused, late], None, SHIPPED).deducted == 0


@pytest.mark.parametrize(
    ("score", "percent"),
    [("100", "99.8"), ("50", "69.8"), ("0", "39.8"), ("120", "99.8"), (None, "99.5")],
)
def test_attendance_and_performance_weigh_by_the_rule(score, percent):
    facts = [a_fact(2, "late", late=("TL1", 7))]
    result = allowance(facts, Decimal(score) if score else None, SHIPPED)
    assert result.percent == Decimal(percent)


def test_the_shipped_rule_takes_the_bands_of_the_shipped_pattern():
    codes = {band.code for band in (*BANDS_A.late, *BANDS_A.early)}
    assert set(SHIPPED.bands) == codes
    assert SHIPPED.attendance_weight + SHIPPED.performance_weight == 100


def wanted(effective_from="2026-11-01", **more):
    fields = {
        "effective_from": effective_from,
        "bands": {"TL1": "1"},
        "absent": "5",
        "attendance_weight": "40",
        "performance_weight": "60",
    }
    return AllowanceRuleWanted.model_validate(fields | more)


def test_the_latest_version_to_begin_rules_and_of_those_the_last_entered():
    first = Rule.of(wanted(absent="5"), AT)
    corrected = Rule.of(wanted(absent="6"), AT.replace(hour=5))
    rules = Rules().adding(first).state.adding(corrected).state

    assert rules.on(date(2026, 10, 1)) == SHIPPED
    assert rules.on(date(2026, 11, 1)) == corrected
    assert rules.on(date(2025, 1, 1)) == SHIPPED


def test_the_weights_are_two_parts_of_one_whole():
    with pytest.raises(Refusal, match="weights_not_100"):
        Rule.of(wanted(attendance_weight="41"), AT)


@pytest.mark.parametrize(
    "wrong",
    [
        {"effective_from": "2026-11-02"},
        {"bands": {}},
        {"bands": {"tl1": "1"}},
        {"bands": {"TL1": "-1"}},
        {"bands": {"TL1": "101"}},
        {"absent": "NaN"},
        {"absent": "Infinity"},
        {"attendance_weight": "40.12345"},
    ],
)
def test_rules_that_cannot_be(wrong):
    with pytest.raises(ValueError, match="validation error"):
        wanted(**wrong)


def test_a_difference_names_the_parts_that_changed():
    before = allowance([a_fact(2, "late", late=("TL1", 7))], Decimal(90), SHIPPED)
    after = allowance(
        [a_fact(3, "late", late=("TL1", 7)), a_fact(4, "absent")], Decimal(80), SHIPPED
    )

    told = {part.part: (part.before, part.after) for part in difference(before, after)}

    assert told == {"absent": (None, 4), "score": (90, 80)}
    assert difference(before, before) == ()


days = st.lists(
    st.builds(
        a_fact,
        st.integers(1, 30),
        st.sampled_from(["present", "late", "absent", "leave"]),
        late=st.none()
        | st.tuples(st.sampled_from(["TL1", "TL2", "TL3", "TL4"]), st.integers(0, 90)),
        sequence=st.integers(1, 5),
    ),
    max_size=40,
)


@given(days, st.none() | st.decimals(0, 110, places=4), st.randoms())
def test_order_does_not_matter_and_bounds_hold(facts, score, random):
    result = allowance(facts, score, SHIPPED)
    shuffled = list(facts)
    random.shuffle(shuffled)

    again = allowance(shuffled, score, SHIPPED)
    assert again.percent == result.percent
    assert again.parts() == result.parts()
    assert 0 <= result.percent <= 100
    assert sum((one.percent for one in result.reasons), Decimal(0)) >= result.deducted
