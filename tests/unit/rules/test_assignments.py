"""Which assignment counts on a day: transfers, acting heads, decrees signed late."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.directory import Assignment
from rules.assignments import (
    agencies_on,
    in_force,
    main_on,
    supervisors_on,
    works_for_one_of,
)


def an_assignment(
    number: str = "a1",
    agency: str = "BKPSDM",
    *,
    since: date = date(2026, 1, 1),
    until: date | None = None,
    recorded: date = date(2026, 1, 1),
    kind: str = "definitive",
    main: bool = True,
    supervisor: str | None = "boss",
) -> Assignment:
    return Assignment(
        id=number,
        agency=agency,
        position="Analis",
        supervisor=supervisor,
        kind=kind,
        main=main,
        from_=since,
        until=until,
        recorded_at=datetime(recorded.year, recorded.month, recorded.day, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("on", "holds"),
    [
        (date(2026, 2, 28), False),
        (date(2026, 3, 1), True),
        (date(2026, 3, 31), True),
        (date(2026, 4, 1), False),
    ],
)
def test_first_and_last_day_belong_to_an_assignment(on, holds):
    post = an_assignment(since=date(2026, 3, 1), until=date(2026, 3, 31))

    assert bool(in_force([post], on)) is holds


def test_a_transfer_in_mid_month_changes_the_agency_on_its_day():
    old = an_assignment("a1", "BKPSDM", until=date(2026, 11, 15))
    new = an_assignment("a2", "DINKES", since=date(2026, 11, 16), recorded=date(2026, 11, 10))

    assert main_on([old, new], date(2026, 11, 15)) == old
    assert main_on([old, new], date(2026, 11, 16)) == new


def test_a_decree_recorded_later_rules_the_days_it_reaches_back_to():
    open_ended = an_assignment("a1", "BKPSDM")
    late = an_assignment("a2", "DINKES", since=date(2026, 11, 2), recorded=date(2026, 11, 20))

    assert main_on([open_ended, late], date(2026, 11, 10)) == late
    assert main_on([open_ended, late], date(2026, 11, 1)) == open_ended


def test_as_known_before_the_decree_the_old_assignment_still_held():
    open_ended = an_assignment("a1", "BKPSDM")
    late = an_assignment("a2", "DINKES", since=date(2026, 11, 2), recorded=date(2026, 11, 20))
    before = datetime(2026, 11, 19, tzinfo=UTC)

    assert main_on([open_ended, late], date(2026, 11, 10), known_at=before) == open_ended


def test_an_assignment_recorded_again_replaces_its_earlier_record():
    first = an_assignment("a1", "BKPSDM")
    ended = an_assignment("a1", "BKPSDM", until=date(2026, 5, 31), recorded=date(2026, 6, 1))

    assert in_force([ended, first], date(2026, 6, 1)) == ()
    assert in_force([first, ended], date(2026, 5, 31)) == (ended,)


def test_an_acting_head_of_two_agencies_belongs_to_the_main_one_and_works_for_both():
    own = an_assignment("a1", "DISHUB", supervisor="secretary")
    acting = an_assignment("a2", "DISDAG", kind="plt", main=False, supervisor="assistant")
    today = date(2026, 11, 24)

    assert main_on([acting, own], today) == own
    assert agencies_on([acting, own], today) == ("DISHUB", "DISDAG")
    assert supervisors_on([acting, own], today) == {"secretary", "assistant"}


def test_whoever_has_no_main_assignment_belongs_to_the_one_there_is():
    lent = an_assignment("a1", "DINKES", kind="secondment", main=False)

    assert main_on([lent], date(2026, 11, 24)) == lent
    assert main_on([], date(2026, 11, 24)) is None


def test_a_definitive_post_goes_before_an_acting_one_recorded_with_it():
    acting = an_assignment("a1", "DISDAG", kind="plt")
    own = an_assignment("a2", "DISHUB")

    assert main_on([acting, own], date(2026, 11, 24)) == own


days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
posts = st.builds(
    an_assignment,
    st.sampled_from(["a1", "a2", "a3"]),
    st.sampled_from(["A", "B"]),
    since=days,
    until=st.none() | days,
    recorded=days,
    kind=st.sampled_from(["definitive", "plt", "secondment"]),
    main=st.booleans(),
)


@given(st.lists(posts, max_size=5, unique_by=lambda post: (post.id, post.recorded_at)), days)
def test_the_order_in_which_assignments_are_listed_does_not_matter(listed, on):
    assert in_force(listed, on) == in_force(listed[::-1], on)


DAYS_OF_NOVEMBER = st.integers(1, 30).map(lambda day: date(2026, 11, day))


@given(
    st.lists(
        st.tuples(st.sampled_from("ABC"), DAYS_OF_NOVEMBER, st.none() | DAYS_OF_NOVEMBER),
        max_size=4,
    ),
    DAYS_OF_NOVEMBER,
    DAYS_OF_NOVEMBER,
)
def test_working_for_an_agency_in_a_range_is_doing_so_on_some_day_of_it(posts, first, last):
    assignments = [
        an_assignment(f"a{place}", agency, since=since, until=until, recorded=since)
        for place, (agency, since, until) in enumerate(posts)
    ]
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    mains = [main_on(assignments, day) for day in days]
    wanted = frozenset({"A", "B"})

    found = works_for_one_of(assignments, wanted, first, last)

    assert found == any(main is not None and main.agency in wanted for main in mains)
