"""Exports are the same bytes for the same facts; a check finds what one side lacks."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.envelope import AgencyCode
from contracts.kpi import MeasurementFact
from contracts.ledger import LedgerSealed
from services.kpi.ledger.checking import Gap, counted, gaps
from services.kpi.ledger.exporting import (
    Broken,
    Seal,
    Sealed,
    fact_of,
    facts_in,
    last_line,
    line_of,
    verified,
)
from services.kpi.ledger.model import Fact
from services.kpi.ledger.seals import MonthSeals
from tests.unit.kpi.builders import BUDI, SRI, a_day, answered, confirmed

NOW = datetime(2026, 12, 1, 1, tzinfo=UTC)
MONTH = "2026-11"


def a_measurement() -> Fact:
    return Fact(
        id="m1",
        type="kpi.measurement.recorded.v1",
        time=NOW,
        subject="budget:DINKES:2026-11",
        sequence=1,
        agency=AgencyCode("DINKES"),
        date=date(2026, 11, 30),
        data=MeasurementFact(
            indicator="budget",
            measured="DINKES",
            measured_kind="agency",
            period=MONTH,
            value=Decimal("80.50"),
            unit="percent",
            source="hand",
        ),
    )


FACTS = [a_day("late"), answered(45), confirmed(4, people=(SRI, BUDI)), a_measurement()]


def an_export(facts: list[Fact]) -> list[bytes]:
    seal = Seal(MONTH)
    lines = [line_of(fact) for fact in facts]
    for line in lines:
        seal.add(line)
    return [*lines, last_line(seal.sealed())]


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.type)
def test_a_fact_comes_back_from_its_line_and_writes_it_again(fact: Fact):
    assert fact_of(line_of(fact)) == fact
    assert line_of(fact_of(line_of(fact))) == line_of(fact)


def test_an_export_is_verified_by_its_seal():
    lines = an_export(FACTS)

    sealed = verified(lines)

    assert (sealed.period, sealed.facts, len(sealed.sha256)) == (MONTH, 4, 64)
    assert list(facts_in(lines)) == FACTS


def test_a_month_without_facts_has_a_seal_too():
    assert verified(an_export([])).facts == 0


@given(st.integers(0, 3), st.data())
def test_any_byte_that_is_changed_breaks_the_seal(which: int, data: st.DataObject):
    lines = an_export(FACTS)
    line = bytearray(lines[which])
    place = data.draw(st.integers(20, len(line) - 2))
    line[place] ^= 1
    lines[which] = bytes(line)

    with pytest.raises(Broken):
        verified(lines)


@pytest.mark.parametrize(
    "lines",
    [
        an_export(FACTS)[:-1],
        an_export(FACTS)[1:],
        [*an_export(FACTS), line_of(FACTS[0])],
        [*an_export(FACTS)[:2], *an_export(FACTS)[3:]],
    ],
)
def test_a_line_more_or_less_breaks_the_seal(lines: list[bytes]):
    with pytest.raises(Broken):
        verified(lines)


def test_seals_are_chained_and_the_same_facts_need_no_second():
    first = MonthSeals(MONTH).sealing(Sealed(MONTH, 4, "aa"), NOW)
    again = first.state.sealing(Sealed(MONTH, 4, "aa"), NOW)
    second = first.state.sealing(Sealed(MONTH, 5, "bb"), NOW)

    assert again.events == ()
    (event,) = second.events
    assert isinstance(event, LedgerSealed)
    assert (event.number, event.previous) == (2, "aa")


def test_the_newest_fact_of_each_day_is_counted_where_it_is():
    facts = [
        a_day("open", employee=SRI),
        a_day("late", employee=SRI, sequence=2),
        a_day("present", employee=BUDI),
        a_day("present", employee=BUDI, sequence=2, agency="DINKES"),
        answered(10, agency="BKPSDM"),
    ]

    assert counted(facts, "BKPSDM") == {date(2026, 11, 24): {"late": 1}}
    assert counted(reversed(facts), "DINKES") == {date(2026, 11, 24): {"present": 1}}


def test_a_day_that_one_side_lacks_is_a_gap():
    one, two, three = (date(2026, 11, day) for day in (2, 3, 4))
    source = {one: {"present": 2, "late": 0}, two: {"present": 2}}
    ledger = {one: {"present": 2}, two: {"present": 1}, three: {"late": 1}}

    assert gaps(source, ledger) == [
        Gap(two, {"present": 2}, {"present": 1}),
        Gap(three, {}, {"late": 1}),
    ]
