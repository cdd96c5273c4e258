"""What looks odd about check-ins, what honest people do, and what a reviewer makes of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.envelope import AgencyCode
from contracts.outcome import Refusal
from services.attendance.reviews.captures import Capture, Spot
from services.attendance.reviews.detectors import Finding, Habits, find
from services.attendance.reviews.model import Outcome, raised

TODAY = date(2026, 11, 24)
MORNING = datetime(2026, 11, 24, 0, 20, tzinfo=UTC)
HALL = (-7.56919213, 110.82965847)
AGENCY = AgencyCode("BKPSDM")
METRE = 1 / 111_195
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def a_spot(north_m=0.0, accuracy_m=8.0, *, mocked=False):
    return Spot(HALL[0] + north_m * METRE, HALL[1], accuracy_m, mocked)


def a_capture(number="1", by="siti", *, at=MORNING, age=SECOND, spot=None, **more):
    return Capture(
        check_in=number,
        employee=by,
        at=at,
        received_at=at + age,
        captured_at=at,
        office="BALAIKOTA",
        spot=spot,
        **more,
    )


def found_in(*today, earlier=()):
    """What is found today, with captures of so many days ago."""
    habits = Habits.of(today)
    for capture in today:
        habits.add(capture, TODAY)
    for days, capture in earlier:
        habits.add(capture, TODAY - timedelta(days=days))
    return find(today, habits)


def kinds(found):
    return [finding.kind for finding in found]


def on_days(*days, **more):
    """The same capture on days before."""
    return [(day, a_capture(f"d{day}", **more)) for day in days]


def test_an_ordinary_day_is_not_odd():
    assert (
        found_in(
            a_capture("1", spot=a_spot(3.1)),
            a_capture("2", spot=a_spot(-4.7, 12), at=MORNING + 9 * HOUR),
            a_capture("3", "budi", spot=a_spot(9.3)),
            earlier=on_days(1, 2, 3, spot=a_spot(2.2)),
        )
        == []
    )


def test_a_phone_that_calls_its_position_mocked_is_found():
    found = found_in(a_capture("1", spot=a_spot(mocked=True)), a_capture("2", spot=a_spot(2)))

    assert found == [Finding("mocked_location", "siti", 90, ("1",), {"captures": 1})]


@pytest.mark.parametrize(
    ("north_m", "after", "more", "odd"),
    [
        (5_000, 90 * SECOND, {}, True),
        (5_000, 3 * MINUTE, {}, False),  # 85 km/h at most, with the clocks' slack
        (700, SECOND, {}, False),  # too near to speak of travel
        (1_500, SECOND, {}, True),
        (5_000, 2 * MINUTE, {"offline": True}, False),  # its clock may be off by minutes
        (9_000, SECOND, {"offline": True}, True),
    ],
)
def test_two_places_too_far_apart_for_the_time_between_are_found(north_m, after, more, odd):
    far = a_capture("2", at=MORNING + after, spot=a_spot(north_m), **more)

    found = found_in(a_capture("1", spot=a_spot()), far)

    assert kinds(found) == (["impossible_travel"] if odd else [])
    if odd:
        assert found[0].check_ins == ("1", "2")
        assert found[0].facts["speed_kmh"] > 120


def test_what_both_positions_may_be_wrong_is_no_travel():
    near, far = a_spot(0, 400), a_spot(1_500, 350)

    assert found_in(a_capture("1", spot=near), a_capture("2", spot=far)) == []


@pytest.mark.parametrize(
    ("days", "spot", "odd"),
    [
        ((1, 4), a_spot(), True),
        ((1,), a_spot(), False),
        ((1, 2, 3, 4), a_spot(accuracy_m=25), False),  # wireless networks repeat by nature
        ((1, 2, 3, 4), Spot(-7.5692, 110.8297, 8), False),  # so does what is cut to eleven metres
        ((1, 2, 3, 4), a_spot(40), False),  # elsewhere on those days
    ],
)
def test_the_same_coordinates_on_three_days_are_found(days, spot, odd):
    here = spot if spot != a_spot(40) else a_spot()

    found = found_in(a_capture(spot=here), earlier=on_days(*days, spot=spot))

    assert kinds(found) == (["repeated_coordinates"] if odd else [])


@pytest.mark.parametrize(
    ("people", "spot", "odd"),
    [
        (3, a_spot(), True),
        (2, a_spot(), False),
        (7, Spot(-7.569192, 110.829658, 8), False),  # six decimals: chance, in a crowd
        (8, Spot(-7.569192, 110.829658, 8), True),
        (300, a_spot(accuracy_m=25), False),
    ],
)
def test_the_same_coordinates_of_several_people_are_found_for_each(people, spot, odd):
    found = found_in(*(a_capture(f"{n}", f"p{n}", spot=spot) for n in range(people)))

    assert kinds(found) == (["shared_coordinates"] * people if odd else [])
    if odd:
        assert {finding.facts["people"] for finding in found} == {people}
        assert all(len(finding.check_ins) == 1 for finding in found)


@pytest.mark.parametrize(("accuracy_m", "odd"), [(0, True), (0.9, True), (1, False), (3.5, False)])
def test_an_accuracy_that_no_phone_has_is_found(accuracy_m, odd):
    found = found_in(a_capture(spot=a_spot(accuracy_m=accuracy_m)))

    assert kinds(found) == (["accuracy_too_good"] if odd else [])


def test_a_code_used_elsewhere_is_found_and_one_used_here_is_not():
    elsewhere = a_capture("1", spot=a_spot(4_000), by_kiosk=True, elsewhere=True)

    assert kinds(found_in(elsewhere)) == ["kiosk_elsewhere"]
    assert found_in(a_capture("1", spot=a_spot(), by_kiosk=True)) == []


@pytest.mark.parametrize(
    ("days", "with_position", "odd"),
    [((1, 2, 3, 4), (), True), ((1, 2, 3), (), False), ((1, 2, 3, 4), (2,), False)],
)
def test_nothing_but_codes_for_five_days_is_a_hint(days, with_position, odd):
    earlier = [
        *on_days(*days, by_kiosk=True),
        *((day, a_capture(f"p{day}", spot=a_spot(day))) for day in with_position),
    ]

    found = found_in(a_capture(by_kiosk=True), earlier=earlier)

    assert kinds(found) == (["kiosk_without_position"] if odd else [])


@pytest.mark.parametrize(("days", "odd"), [((1, 2, 3, 4), True), ((1, 2, 3), False)])
@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("many_offline_days", {"offline": True, "age": 2 * HOUR}),
        ("habitual_delay", {"age": 3 * MINUTE}),
    ],
)
def test_what_happens_on_five_days_is_a_habit(kind, more, days, odd):
    found = found_in(a_capture(**more), earlier=on_days(*days, **more))

    assert kinds(found) == ([kind] if odd else [])


SPOTS = st.builds(
    a_spot, st.sampled_from([0.0, 11.3, 4_000.7]), st.sampled_from([0.0, 8.0, 60.0]),
    mocked=st.booleans(),
)  # fmt: skip
CAPTURES = st.lists(
    st.builds(
        a_capture,
        st.sampled_from(["a", "b", "c", "d", "e"]),
        st.sampled_from(["siti", "budi", "cici"]),
        at=st.sampled_from([MORNING + n * MINUTE for n in (0, 1, 200)]),
        spot=st.none() | SPOTS,
        by_kiosk=st.booleans(),
    ),
    max_size=8,
    unique_by=lambda one: (one.check_in, one.at),
)


@given(CAPTURES, st.randoms(use_true_random=False))
def test_the_order_in_which_captures_are_read_does_not_matter(captures, rng):
    shuffled = list(captures)
    rng.shuffle(shuffled)

    def as_set(found):
        return {(one.kind, one.employee, one.score, frozenset(one.check_ins)) for one in found}

    assert as_set(found_in(*captures)) == as_set(found_in(*shuffled))
    for finding in found_in(*captures):
        assert 0 <= finding.score <= 100
        assert finding.check_ins


# the review that holds the findings of a month


def a_finding(score=72, people=3):
    return Finding("shared_coordinates", "siti", score, ("c1",), {"people": people})


def a_review(*days, score=72):
    review = None
    for day in days:
        on = date(2026, 11, day)
        review = raised(review, "r", a_finding(score), AGENCY, on, at=MORNING).state
    return review


OUTCOME = Outcome("kepala.bkpsdm", None, MORNING, "Ponsel lama.")


def test_the_findings_of_a_month_gather_in_one_review_whatever_their_order():
    assert a_review(3, 10, 5) == a_review(5, 3, 10)
    assert [each.date.day for each in a_review(3, 10, 5).occurrences] == [3, 5, 10]


def test_a_day_that_is_looked_at_again_changes_nothing():
    again = raised(a_review(3), "r", a_finding(), AGENCY, date(2026, 11, 3), at=MORNING + HOUR)

    assert (again.state, again.events) == (a_review(3), ())


def test_the_strongest_day_is_the_score():
    review = raised(a_review(3), "r", a_finding(100, 90), AGENCY, TODAY, at=MORNING)

    assert review.state.score == 100
    assert [event.type for event in review.events] == ["attendance.review.raised.v1"]
    assert (review.events[0].score, review.events[0].occurrences) == (100, 2)


def test_a_reviewer_decides_once_and_says_why_nothing_is_wrong():
    review = a_review(3)
    unexplained = Outcome("kepala.bkpsdm", None, MORNING, None)

    with pytest.raises(Refusal, match="reason_required"):
        review.decide("dismiss", unexplained)
    dismissed = review.decide("dismiss", OUTCOME)
    assert dismissed.state.state == "dismissed"
    assert dismissed.state.decide("dismiss", OUTCOME).events == ()
    with pytest.raises(Refusal, match="already_decided"):
        dismissed.state.decide("confirm", OUTCOME)
    assert review.decide("confirm", unexplained).state.state == "confirmed"


def test_what_was_decided_stays_decided_when_more_is_found():
    dismissed = a_review(3).decide("dismiss", OUTCOME).state

    later = raised(dismissed, "r", a_finding(), AGENCY, TODAY, at=MORNING).state

    assert (later.state, len(later.occurrences)) == ("dismissed", 2)


def test_events_of_reviews_tell_neither_evidence_nor_words():
    said = [
        *raised(None, "r", a_finding(), AGENCY, TODAY, at=MORNING).events,
        *a_review(3).decide("dismiss", OUTCOME).events,
    ]

    for event in said:
        text = event.model_dump_json()
        assert "Ponsel" not in text
        assert "people" not in text
        assert "7.5691" not in text
