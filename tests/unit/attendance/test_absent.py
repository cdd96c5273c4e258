"""Whose day is missing once a date is over."""

from datetime import date, time

import pytest

from rules.patterns import Hours, Shift
from services.attendance.days.absent import missing_of
from services.attendance.days.model import day_id
from services.attendance.own_copies.store import Person
from tests.unit.attendance.builders import TUESDAY, a_blank_day, a_punch, at, the_rules

ANI = Person("ani", "Ani", None, True, ())
BUDI = Person("budi", "Budi", None, True, ())
NIGHT = the_rules(TUESDAY, Shift(TUESDAY, "malam", Hours(time(21), time(7))))
MIDNIGHT = at("2026-11-25T00:00")


def test_those_without_a_day_are_missing_once_it_is_over():
    expected = [(ANI, the_rules()), (BUDI, the_rules())]
    came = frozenset({day_id("budi", TUESDAY)})

    found = missing_of(expected, came, MIDNIGHT)

    assert [person.id for person, _ in found.people] == ["ani"]
    assert found.all_over


def test_a_night_shift_is_waited_for():
    found = missing_of([(ANI, the_rules()), (BUDI, NIGHT)], frozenset(), MIDNIGHT)

    assert [person.id for person, _ in found.people] == ["ani"]
    assert not found.all_over
    assert missing_of([(BUDI, NIGHT)], frozenset(), NIGHT.closes_at).all_over


@pytest.mark.parametrize("on", [date(2026, 12, 25), date(2026, 11, 28)])
def test_nobody_is_missing_on_a_free_day(on):
    found = missing_of([(ANI, the_rules(on))], frozenset(), at("2027-01-01T00:00"))

    assert found.people == ()
    assert found.all_over


def test_an_absent_day_becomes_what_late_data_say():
    rules = the_rules()
    absent = a_blank_day(rules).close(rules).state

    came = absent.check_in(a_punch("in", "07:20"), rules).state
    both = came.check_in(a_punch("out", "16:40"), rules).state

    assert (absent.status, came.status, both.status) == ("absent", "incomplete", "present")
