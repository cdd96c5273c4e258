"""Load and suggestions: promises, days away, points with their reasons."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.tasks.help_requests import decisions
from services.tasks.load.model import Away, Stretch, by_person, promises
from services.tasks.load.suggesting import Record, matching, points
from tests.unit.tasks.builders import CITY, SCHEDULE, TUESDAY, a_deed, a_request, in_state, minutes

MONDAY = date(2026, 11, 30)
WEEK = Stretch.ahead(TUESDAY + timedelta(days=6), 7, SCHEDULE)


def test_a_stretch_is_the_working_days_ahead():
    assert WEEK.first == MONDAY
    assert WEEK.last == date(2026, 12, 6)
    assert [day.weekday() for day in WEEK.days] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("absences", "days", "free_from"),
    [
        ([], 0, MONDAY),
        ([("2026-11-30", "2026-12-01")], 2, date(2026, 12, 2)),
        ([("2026-11-01", "2026-12-31")], 5, None),
        ([("2026-12-05", "2026-12-06")], 0, MONDAY),
        ([("2026-12-01", "2026-12-01"), ("2026-12-01", "2026-12-02")], 2, MONDAY),
    ],
)
def test_days_away_are_working_days_and_count_once(absences, days, free_from):
    away = WEEK.away(
        Away("ani", date.fromisoformat(first), date.fromisoformat(last)) for first, last in absences
    )

    assert len(away) == days
    assert WEEK.free_from(away) == free_from


def test_what_is_promised_is_what_is_left_of_the_agreed_time():
    accepted = in_state("accepted")
    target = accepted.completion_target

    (now,) = promises([accepted], CITY, accepted.accepted_at)
    (later,) = promises([accepted], CITY, accepted.accepted_at + minutes(60))
    (never,) = promises([accepted], CITY, accepted.due + timedelta(days=30))

    assert (now.agency, now.people, now.minutes_left) == ("HELPER", ("ani",), target)
    assert later.minutes_left == target - 60
    assert never.minutes_left == 0
    assert by_person([now, later])["ani"] == [now, later]


@pytest.mark.parametrize(
    "state", ["requested", "declined", "delivered", "confirmed", "withdrawn", "expired"]
)
def test_nothing_is_promised_before_acceptance_and_after_delivery(state):
    assert promises([in_state(state)], CITY, TUESDAY) == ()


def test_only_requests_for_the_same_skills_speak_for_somebody():
    some = [
        a_request(skills=["Basis Data"]),
        a_request(skills=["jaringan"]),
        a_request(skills=["basis data"], sensitive=True),
    ]

    assert matching(some, ["basis data", "lain"]) == [some[0]]
    assert matching(some, []) == []


def test_points_come_with_the_reasons_they_are_made_of():
    done = in_state("confirmed")
    late = replace(done, response_minutes=10_000, rating=None)
    record = Record()
    record.take(done)
    record.take(late)

    found = points(record, under_way=2, absent_days=3)

    assert {reason.rule: int(reason.result) for reason in found.reasons} == {
        "helped_before": 20,
        "rating": 20,
        "answered_in_time": 10,
        "under_way": 12,
        "absent_days": -15,
    }
    assert found.total == 47


@given(
    helped=st.integers(0, 30),
    under_way=st.integers(0, 50),
    absent=st.integers(0, 60),
    more=st.integers(1, 10),
)
def test_more_work_and_more_absence_never_gain_points(helped, under_way, absent, more):
    record = Record([str(place) for place in range(helped)], [5] * helped, helped, helped)

    before = points(record, under_way=under_way, absent_days=absent)
    busier = points(record, under_way=under_way + more, absent_days=absent)
    away = points(record, under_way=under_way, absent_days=absent + more)

    assert before.total == sum(int(reason.result) for reason in before.reasons)
    assert busier.total <= before.total
    assert away.total <= before.total


def test_a_delivered_part_is_promised_no_longer():
    request = a_request(("HELPER", "SECOND"), mode="parts")
    request = decisions.accept(request, a_deed(at=TUESDAY + minutes(1)), ["ani"]).state
    second = a_deed(agency="SECOND", at=TUESDAY + minutes(2))
    request = decisions.accept(request, second, ["citra"]).state

    both = promises([request], CITY, TUESDAY + minutes(3))

    assert [each.agency for each in both] == ["HELPER", "SECOND"]
