"""What one fact says to the indicators that came with the product."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import get_args

import pytest

from contracts.attendance_terms import DayStatus
from services.kpi.indicators.model import SHIPPED
from services.kpi.indicators.observations import observe, ruling_among
from services.kpi.ledger.model import Fact
from tests.unit.kpi.builders import BUDI, SRI, a_day, answered, confirmed

IN_TIME, NOT_IN_TIME, NOT_COUNTED = Decimal(100), Decimal(0), None
JUDGED = {"present", "late", "left_early", "late_and_left_early", "incomplete", "absent"}


def value_of(fact: Fact, code: str) -> Decimal | None:
    """What an indicator comes to where this is the only fact."""
    indicator = next(one for one in SHIPPED if one.code == code)
    row = observe(fact).counted()
    found = indicator.computes.outcome([(row, 1)] if row else []).value
    return None if found is None else Decimal(found.numerator) / Decimal(found.denominator)


@pytest.mark.parametrize(
    ("status", "late_minutes", "arrived", "counts"),
    [
        ("present", 0, True, IN_TIME),
        ("left_early", 0, True, IN_TIME),
        ("incomplete", 0, True, IN_TIME),
        ("late", 1, True, NOT_IN_TIME),
        ("late_and_left_early", 90, True, NOT_IN_TIME),
        ("incomplete", 12, True, NOT_IN_TIME),
        ("incomplete", 0, False, NOT_IN_TIME),  # a departure without an arrival proves nothing
        ("present", 0, False, IN_TIME),  # machines were down, and a general act says so
        ("left_early", 0, False, IN_TIME),
        ("absent", 0, False, NOT_IN_TIME),
        ("open", 0, False, NOT_COUNTED),
        ("leave", 0, False, NOT_COUNTED),
        ("sick", 0, False, NOT_COUNTED),
        ("duty", 0, True, NOT_COUNTED),
        ("elsewhere", 0, False, NOT_COUNTED),
        ("holiday", 0, True, NOT_COUNTED),
        ("off", 0, True, NOT_COUNTED),
    ],
)
def test_which_working_days_count_and_which_of_them_in_time(
    status: DayStatus, late_minutes: int, arrived: bool, counts: Decimal | None
):
    fact = a_day(status, late_minutes=late_minutes, arrived=arrived)

    assert value_of(fact, "punctuality") == counts


def test_every_status_of_a_day_is_decided_upon():
    excused = {"open", "leave", "duty", "sick", "elsewhere", "holiday", "off"}

    assert JUDGED | excused == set(get_args(DayStatus))
    for status in get_args(DayStatus):
        counted = value_of(a_day(status), "punctuality") is not None
        assert counted == (status in JUDGED), status


@pytest.mark.parametrize("status", sorted(JUDGED))
def test_no_status_counts_on_a_day_that_is_not_a_working_day(status: DayStatus):
    assert value_of(a_day(status, working_day=False), "punctuality") is None


def test_a_day_counts_for_its_person_and_for_the_agency_the_event_names():
    seen = observe(a_day("late", employee=BUDI, agency="DINKES"))

    assert (seen.source, seen.people, seen.agency) == ("days", (BUDI,), "DINKES")


def test_confirmed_help_counts_for_the_people_on_it_and_the_agency_that_helped():
    fact = confirmed(4, people=(SRI, BUDI), agency="DINKES")

    seen = observe(fact)

    assert value_of(fact, "help_rating") == Decimal(4)
    assert (set(seen.people), seen.agency) == ({SRI, BUDI}, "DINKES")


def test_help_confirmed_by_silence_has_no_rating_to_count():
    assert value_of(confirmed(None), "help_rating") is None


@pytest.mark.parametrize("declined", [False, True])
def test_acceptance_and_decline_count_for_the_agency_that_responded(declined: bool):
    fact = answered(30, agency="DINKES", declined=declined)

    seen = observe(fact)

    assert value_of(fact, "response_time") == Decimal(30)
    assert (seen.people, seen.agency) == ((), "DINKES")


def test_an_answer_whose_minutes_are_unknown_does_not_count():
    assert value_of(answered(None), "response_time") is None


def test_a_moment_belongs_to_the_date_of_the_city():
    late_evening = datetime(2026, 11, 30, 17, 5, tzinfo=UTC)  # 00:05 on 1 December in Surakarta

    fact = confirmed(at=late_evening)

    assert fact.date == date(2026, 12, 1)
    assert observe(fact).month == "2026-12"


def test_of_several_facts_about_a_day_the_highest_sequence_rules():
    first, third, second = (
        a_day("open", sequence=1),
        a_day("present", sequence=3),
        a_day("late", sequence=2),
    )

    rules = ruling_among(observe(fact) for fact in (first, third, second))

    assert [seen.fact for seen in rules.values()] == [third.id]


def test_every_response_stands_for_itself():
    facts = [answered(10, sequence=2), answered(20, sequence=4, agency="DINKES", declined=True)]

    assert len(ruling_among(observe(fact) for fact in facts)) == 2


@pytest.mark.parametrize("status", ["open", "off", "holiday"])
def test_a_day_that_asks_for_nobody_makes_no_row(status: DayStatus):
    assert observe(a_day(status, arrived=False)).row is None


def test_a_free_day_on_which_somebody_came_makes_a_row():
    assert observe(a_day("off", arrived=True, working_day=False)).row is not None


def test_a_mark_gives_the_observation_again():
    for fact in (a_day("late"), answered(30), confirmed(4, people=(SRI, BUDI))):
        seen = observe(fact)

        assert type(seen).read(seen.written()) == seen
