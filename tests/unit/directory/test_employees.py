"""Posts: transfers in mid-month, two at once, retroactive decrees, corrections."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts.outcome import Refusal
from contracts.people import AssignmentRequest, EmployeeChanges
from rules.assignments import in_force, main_on
from services.directory.employees.model import Employee, assign, become, change, described

AT = datetime(2026, 11, 24, tzinfo=UTC)


def person():
    said = {"name": "Sri Contoh", "employment": "pns", "nip": None, "key": "A-1", "email": None}
    return described(None, id_="e1", **said)


def test_an_address_stays_until_it_is_removed_and_no_line_can_be_smuggled_into_it():
    known = replace(person(), email="sri@example.go.id")
    kept = change(known, EmployeeChanges(name="Sri"), clear_nip=False).state
    said = {"name": "Sri", "employment": "pns", "nip": None, "key": None, "email": None}
    imported = described(known, id_="e1", **said)
    removed = change(known, EmployeeChanges(), clear_nip=False, clear_email=True).state

    assert (kept.email, imported.email, removed.email) == (known.email, known.email, None)
    assert kept.changed().email == known.email
    for bad in ("sri", "sri@", "sri@local", "sri@example.go.id\nBcc: x@example.org", "<s@a.id>"):
        with pytest.raises(ValidationError):
            EmployeeChanges(email=bad)


def request(agency, from_, until=None, **more):
    return AssignmentRequest(agency=agency, position="Staf", from_=from_, until=until, **more)


def give(employee, *requests):
    for asked in requests:
        employee = assign(
            employee,
            asked,
            new_id=lambda wanted: f"{wanted.agency}:{wanted.kind}:{wanted.from_}",
            recorded_at=AT,
        )
    return employee


def test_a_transfer_in_mid_month_ends_the_earlier_post_the_day_before():
    moved = give(
        person(), request("BKPSDM", date(2020, 1, 1)), request("DISDIK", date(2026, 11, 16))
    )
    assert main_on(moved.assignments, date(2026, 11, 15)).agency == "BKPSDM"
    assert main_on(moved.assignments, date(2026, 11, 16)).agency == "DISDIK"
    assert moved.assignments[0].until == date(2026, 11, 15)


def test_an_acting_head_keeps_the_own_post():
    head = give(
        person(),
        request("SETDA", date(2020, 1, 1)),
        request("SETDA-EKO", date(2026, 1, 1), kind="plt", main=False),
        request("SETDA-ADBANG", date(2026, 1, 1), kind="plt", main=False),
    )
    assert next(post.agency for post in in_force(head.assignments, date(2026, 11, 24))) == "SETDA"
    assert len(in_force(head.assignments, date(2026, 11, 24))) == 3


def test_two_main_posts_at_once_are_refused():
    settled = give(person(), request("BKPSDM", date(2020, 1, 1), date(2026, 12, 31)))
    with pytest.raises(Refusal, match="overlaps"):
        give(settled, request("DISDIK", date(2026, 11, 16)))


def test_a_retroactive_decree_that_reaches_over_a_later_post_is_refused():
    settled = give(person(), request("BKPSDM", date(2026, 6, 1)))
    with pytest.raises(Refusal, match="overlaps"):
        give(settled, request("DISDIK", date(2026, 1, 1)))
    earlier = give(settled, request("DISDIK", date(2026, 1, 1), date(2026, 5, 31)))
    assert [post.agency for post in earlier.assignments] == ["DISDIK", "BKPSDM"]


def test_the_same_post_again_says_nothing_new():
    once = give(person(), request("BKPSDM", date(2020, 1, 1)))
    assert give(once, request("BKPSDM", date(2020, 1, 1))) == once
    assert become(once, give(once, request("BKPSDM", date(2020, 1, 1)))).events == ()


def test_a_post_is_corrected_under_its_id():
    once = give(person(), request("BKPSDM", date(2020, 1, 1)))
    ended = give(
        once, request("BKPSDM", date(2020, 1, 1), date(2026, 1, 1), id=once.assignments[0].id)
    )
    assert [post.until for post in ended.assignments] == [date(2026, 1, 1)]


def test_nobody_supervises_themselves_and_unknown_posts_cannot_be_corrected():
    with pytest.raises(Refusal):
        give(person(), request("BKPSDM", date(2020, 1, 1), supervisor="e1"))
    with pytest.raises(Refusal):
        give(person(), request("BKPSDM", date(2020, 1, 1), id="unknown"))


def test_a_change_keeps_what_is_absent_and_can_take_the_number_away():
    hired = Employee("e1", "Sri", "cpns", nip="1" * 18)
    kept = change(hired, EmployeeChanges(employment="pns"), clear_nip=False)
    assert (kept.state.nip, kept.state.employment, len(kept.events)) == ("1" * 18, "pns", 1)
    assert change(hired, EmployeeChanges(), clear_nip=True).state.nip is None
    assert change(hired, EmployeeChanges(name="Sri"), clear_nip=False).events[0].name == "Sri"
    with pytest.raises(Refusal, match="not_found"):
        change(None, EmployeeChanges(), clear_nip=False)


days = st.integers(0, 400).map(lambda n: date(2026, 1, 1) + timedelta(days=n))


@given(st.lists(st.tuples(st.sampled_from("ABCDE"), days, st.none() | st.integers(0, 60))))
def test_no_order_of_decrees_makes_two_main_posts_rule_one_day(asked):
    employee = person()
    for agency, begins, length in asked:
        until = None if length is None else begins + timedelta(days=length)
        try:
            employee = give(employee, request(agency, begins, until))
        except Refusal:
            continue
    for day in range(0, 470, 7):
        holding = in_force(employee.assignments, date(2026, 1, 1) + timedelta(days=day))
        assert sum(post.main for post in holding) <= 1
