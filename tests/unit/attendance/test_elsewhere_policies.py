"""Policies of work elsewhere: the nearest version of that day, and what it leaves out."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.elsewhere_policies import ElsewherePolicyRequest
from contracts.outcome import Refusal
from services.attendance.elsewhere_policies.model import SHIPPED, AgencyElsewhere, policy_on

AT = datetime(2026, 11, 24, 2, tzinfo=UTC)
SQUARE = [[110.75, -7.62], [110.88, -7.62], [110.88, -7.51], [110.75, -7.51], [110.75, -7.62]]
HOLE = [[110.80, -7.58], [110.81, -7.58], [110.81, -7.57], [110.80, -7.57], [110.80, -7.58]]
MONDAY = date(2026, 12, 7)


def a_request(**changes):
    terms = {
        "most_a_week": 1,
        "most_percent": 25,
        "effective_from": "2026-12-01",
        "decree": "SE 40/2026",
    }
    return ElsewherePolicyRequest.model_validate(terms | changes)


def entered(*requests, agency="DINKES"):
    known = AgencyElsewhere(agency, (), AT)
    for request in requests:
        known = known.add(request, recorded_at=AT, written_at=AT).state
    return {agency: known.versions}


def ruling(*requests, on=MONDAY, path=("DINKES", "PEMKOT"), **more):
    return policy_on(on, path, entered(*requests, **more))


def test_the_nearest_version_of_that_day_rules_and_before_it_what_is_above():
    city = entered(a_request(most_a_week=3, effective_from="2026-11-01"), agency="PEMKOT")
    both = city | entered(a_request())

    assert policy_on(MONDAY, ("DINKES", "PEMKOT"), both).terms.most_a_week == 1
    assert policy_on(date(2026, 11, 30), ("DINKES", "PEMKOT"), both).terms.most_a_week == 3
    assert policy_on(date(2026, 10, 1), ("DINKES", "PEMKOT"), both) == SHIPPED[0]
    assert ruling(a_request(), path=("BKPSDM", "PEMKOT")) == SHIPPED[0]
    with pytest.raises(Refusal, match="validation_failed"):
        policy_on(date(2020, 1, 1), ("DINKES",), {})


def test_of_two_versions_of_one_day_the_one_recorded_last_rules_and_both_are_told():
    first, second = a_request(), a_request(most_a_week=2)
    known = AgencyElsewhere("DINKES", (), AT).add(first, recorded_at=AT, written_at=AT)
    after = known.state.add(second, recorded_at=AT.replace(hour=3), written_at=AT)

    assert policy_on(MONDAY, ("DINKES",), {"DINKES": after.state.versions}).terms.most_a_week == 2
    assert [event.policy for event in (*known.events, *after.events)] == [
        "DINKES-elsewhere-v1",
        "DINKES-elsewhere-v2",
    ]


@pytest.mark.parametrize(
    ("terms", "position", "at", "pointer"),
    [
        ({}, "Analis", None, None),
        ({"excluded_positions": ["perawat"]}, "Perawat Ahli", None, "/employee_id"),
        ({"excluded_positions": ["perawat"]}, "Kepala Perawat", None, None),
        ({"excluded_positions": ["perawat"]}, None, None, None),
        ({"excluded_dates": [("2026-12-07", "2026-12-08")]}, "Analis", None, "/date"),
        ({"excluded_dates": [("2026-12-08", "2026-12-08")]}, "Analis", None, None),
        ({"area": [SQUARE]}, "Analis", None, "/position"),
        ({"area": [SQUARE]}, "Analis", (-7.569, 110.83), None),
        ({"area": [SQUARE]}, "Analis", (-6.2, 106.8), "/position"),
        ({"area": [SQUARE, HOLE]}, "Analis", (-7.575, 110.805), "/position"),
    ],
)
def test_days_posts_and_places_that_are_left_out_are_named(terms, position, at, pointer):
    made = dict(terms)
    if "excluded_dates" in made:
        spans = made["excluded_dates"]
        made["excluded_dates"] = [
            {"first": first, "last": last, "reason": "Menjelang libur"} for first, last in spans
        ]
    if "area" in made:
        made["area"] = {"type": "Polygon", "coordinates": made["area"]}
    policy = ruling(a_request(**made))

    if pointer is None:
        policy.check(MONDAY, position, at)
        return
    with pytest.raises(Refusal) as refused:
        policy.check(MONDAY, position, at)
    assert [error.pointer for error in refused.value.problem.errors] == [pointer]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        (
            {"excluded_dates": [{"first": "2026-12-08", "last": "2026-12-07", "reason": "x"}]},
            "/excluded_dates/0/last",
        ),
        ({"area": {"type": "Polygon", "coordinates": [SQUARE[:3] + SQUARE[1:2]]}}, "/area"),
        (
            {
                "area": {
                    "type": "Polygon",
                    "coordinates": [[SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]]],
                }
            },
            "/area",
        ),
    ],
)
def test_what_cannot_be_is_refused_by_field(changes, pointer):
    with pytest.raises(Refusal) as refused:
        entered(a_request(**changes))
    assert [error.pointer for error in refused.value.problem.errors] == [pointer]


@given(st.integers(0, 10_000), st.integers(0, 100))
def test_the_share_of_an_agency_never_exceeds_its_people_but_of_a_few_one_may_go(people, percent):
    most = ruling(a_request(most_percent=percent)).most_of(people)

    assert most == 0 if percent == 0 else 1 <= most <= max(1, people)
