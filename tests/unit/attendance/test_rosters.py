"""Rosters: what may be entered, what an entry means, and which days change by it."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.outcome import Refusal
from contracts.rosters import RosterRequest
from rules.patterns import Hours
from services.attendance.rosters.model import FREE, Roster

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)
SHIFTS = {
    "pagi": {"start": "07:00", "end": "14:00"},
    "malam": {"start": "21:00", "end": "07:00"},
}


def entered(people, standing=None, shifts=SHIFTS):
    listed = [{"employee_id": one, "days": days} for one, days in people.items()]
    request = RosterRequest.model_validate({"shifts": shifts, "people": listed})
    return Roster.entered(standing, "RSUD", "2026-11", request, recorded_at=NOON, written_at=NOON)


def refused(people, **more):
    with pytest.raises(Refusal) as error:
        entered(people, **more)
    return [one.pointer for one in error.value.problem.errors]


def test_an_entry_is_a_shift_over_midnight_a_free_day_or_nothing():
    roster = entered({"siti": {"2026-11-02": "malam", "2026-11-03": None}}).state

    duties = roster.duties()["siti"]

    assert len(duties) == 30
    assert (duties[1].code, duties[1].hours) == ("malam", Hours(time(21), time(7)))
    assert duties[1].hours.span == (21 * 60, 31 * 60)
    assert (duties[2], duties[3]) == (FREE, None)


def test_the_event_names_those_whose_shifts_are_others_and_between_which_days():
    first = entered({"ani": {"2026-11-05": "pagi"}, "siti": {"2026-11-02": "malam"}}).state

    second = entered(
        {"ani": {"2026-11-05": "pagi"}, "siti": {"2026-11-02": "pagi", "2026-11-09": None}}, first
    )

    (event,) = second.events
    assert event.employees == ("siti",)
    assert (event.first, event.last) == (date(2026, 11, 2), date(2026, 11, 9))


def test_the_same_again_and_another_name_for_a_shift_say_nothing_new():
    people = {"siti": {"2026-11-02": "malam"}}
    roster = entered(people).state

    assert entered(people, roster).events == ()
    renamed = {"m": SHIFTS["malam"]}
    assert entered({"siti": {"2026-11-02": "m"}}, roster, renamed).events == ()


@pytest.mark.parametrize(
    ("people", "pointers"),
    [
        ({"siti": {"2026-12-01": "pagi"}}, ["/people/0/days/2026-12-01"]),
        ({"siti": {"2026-11-01": "siang"}}, ["/people/0/days/2026-11-01"]),
        (
            {"siti": {"2026-11-01": "siang"}, "ani": {"2026-10-31": None}},
            ["/people/0/days/2026-11-01", "/people/1/days/2026-10-31"],
        ),
    ],
)
def test_what_is_no_day_or_no_shift_is_named(people, pointers):
    assert refused(people) == pointers


def test_breaks_outside_a_shift_are_named():
    odd = {"pagi": SHIFTS["pagi"] | {"breaks": [{"start": "15:00", "end": "16:00"}]}}

    assert refused({}, shifts=odd) == ["/shifts/pagi/breaks"]


days = st.dates(date(2026, 11, 1), date(2026, 11, 30)).map(str)
people_entered = st.dictionaries(
    st.sampled_from(["ani", "budi", "siti"]),
    st.dictionaries(days, st.sampled_from(["pagi", "malam", None]), max_size=5),
    max_size=3,
)


@given(before=people_entered, after=people_entered)
def test_the_event_covers_every_entry_that_differs(before, after):
    standing = entered(before).state

    decision = entered(after, standing)

    then, now = standing.duties(), decision.state.duties()
    differing = {
        (one, date(2026, 11, 1) + timedelta(days=place))
        for one in {*then, *now}
        for place in range(30)
        if then.get(one, [None] * 30)[place] != now.get(one, [None] * 30)[place]
    }
    assert bool(decision.events) == bool(differing)
    for event in decision.events:
        assert {one for one, _ in differing} == set(event.employees)
        assert all(event.first <= on <= event.last for _, on in differing)
