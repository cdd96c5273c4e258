"""Months, quarters and years."""

from datetime import date

import pytest
from pydantic import TypeAdapter, ValidationError

from contracts.kpi import PeriodText
from services.kpi.periods.model import Period

_TEXT: TypeAdapter[str] = TypeAdapter(PeriodText)


@pytest.mark.parametrize(
    ("text", "first", "last", "months"),
    [
        ("2026-11", date(2026, 11, 1), date(2026, 11, 30), ("2026-11",)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29), ("2028-02",)),
        (
            "2026-Q4",
            date(2026, 10, 1),
            date(2026, 12, 31),
            ("2026-10", "2026-11", "2026-12"),
        ),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31), ("2026-01", "2026-02", "2026-03")),
        (
            "2026",
            date(2026, 1, 1),
            date(2026, 12, 31),
            tuple(f"2026-{month:02d}" for month in range(1, 13)),
        ),
    ],
)
def test_a_period_has_days_and_months(text: str, first: date, last: date, months: tuple[str, ...]):
    period = Period.of(_TEXT.validate_python(text))

    assert (period.first, period.last, period.months) == (first, last, months)
    assert period.holds(first)
    assert period.holds(last)


@pytest.mark.parametrize(
    "text", ["", "2026-13", "2026-00", "2026-Q5", "26-11", "2026-1", "9999-12", "2026-11\n", "x"]
)
def test_what_is_no_period_is_refused(text: str):
    with pytest.raises(ValidationError):
        _TEXT.validate_python(text)


def test_the_month_of_a_day():
    assert Period.month_of(date(2026, 11, 24)).text == "2026-11"
