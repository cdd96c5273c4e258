"""Insights: rows that take events in any order, percentiles, before and after a start."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.envelope import Event
from contracts.help_clocks import HelpBreached
from contracts.tasks import HelpAccepted, HelpConfirmed, HelpDelivered, HelpRequested
from services.tasks.insights.model import InsightDay, Row, day_of
from services.tasks.insights.times import Asked, funnel, grouped, percentile, times, waiting

AT = datetime(2026, 11, 24, 2, tzinfo=UTC)


def an_event(type_, sequence, **changes):
    data = type_.example().model_copy(update=changes)
    return Event(
        id=f"e{sequence}",
        source="tasks.help_requests",
        type=data.type,
        subject=data.help_request,
        time=AT,
        sequence=sequence,
        correlationid="c",
        causationid="c",
        data=data,
    )


LIFE = (
    an_event(HelpRequested, 1),
    an_event(HelpBreached, 2),
    an_event(HelpAccepted, 3),
    an_event(HelpDelivered, 4, completion_minutes=300, completion_target_minutes=480),
    an_event(HelpConfirmed, 5, completion_minutes=300, completion_target_minutes=480),
)


def a_row(asking="A", responding="B", **other):
    known = {
        "sequence": 1,
        "asking": asking,
        "responding": responding,
        "state": "confirmed",
        "accepted": True,
        "delivered": True,
        "waiting_for": (),
        "since": AT,
        "response": 60,
        "response_target": 240,
        "completion": 300,
        "completion_target": 480,
    }
    return Row(**(known | other))


@given(order=st.permutations((*LIFE, *LIFE[:3])))
def test_events_may_come_in_any_order_and_twice(order):
    day = InsightDay.blank("2026-11-24")

    for event in order:
        day = day.taking([event]).state

    (row,) = day.rows.values()
    assert row == next(iter(InsightDay.blank("x").taking(LIFE).state.rows.values()))
    assert (row.state, row.breached, row.completion) == ("confirmed", ("response",), 300)
    assert day.under_way == 0


def test_a_day_counts_what_has_not_ended():
    day = InsightDay.blank("2026-11-24").taking(LIFE[:3]).state

    assert day.under_way == 1


def test_a_request_of_the_evening_belongs_to_the_day_of_the_city():
    late = LIFE[0].data.model_copy(update={"requested_at": datetime(2026, 11, 24, 17, tzinfo=UTC)})

    assert day_of(late) == "2026-11-25"


@pytest.mark.parametrize(
    ("values", "median", "ninetieth"),
    [
        ([7], 7, 7),
        ([1, 2], 1, 2),
        ([1, 2, 3], 2, 3),
        (list(range(1, 11)), 5, 9),
        (list(range(1, 101)), 50, 90),
    ],
)
def test_percentiles_are_times_that_were_measured(values, median, ninetieth):
    assert (percentile(values, 50), percentile(values, 90)) == (median, ninetieth)


@given(values=st.lists(st.integers(0, 10_000), min_size=1), percent=st.integers(1, 100))
def test_so_many_percent_do_not_exceed_a_percentile(values, percent):
    found = percentile(sorted(values), percent)

    assert found in values
    assert sum(value <= found for value in values) * 100 >= percent * len(values)


def test_what_was_not_measured_does_not_count():
    view = times([(60, 240), (None, 240), (300, 240), (10, None)])

    assert (view.count, view.median_minutes, view.p90_minutes) == (3, 60, 300)
    assert (view.within_target, view.with_target) == (1, 2)
    assert times([(None, 240)]) is None


def test_before_and_after_is_when_both_agencies_had_started():
    starts = {"A": date(2026, 11, 1), "B": date(2026, 11, 10)}
    asked = [
        Asked(date(2026, 11, 5), a_row(response=100)),
        Asked(date(2026, 11, 9), a_row(response=200)),
        Asked(date(2026, 11, 10), a_row(response=30)),
    ]

    (pair,) = grouped(asked, "pair", starts)
    (agency,) = grouped(asked, "agency", starts)
    (planned,) = grouped(asked, "pair", {"A": date(2026, 11, 1)})

    assert pair.active_from == date(2026, 11, 10)
    assert (pair.before.requests, pair.before.response.median_minutes) == (2, 100)
    assert (pair.after.requests, pair.after.response.median_minutes) == (1, 30)
    assert (agency.asking_agency, agency.responding_agency) == (None, "B")
    assert (planned.active_from, planned.after.requests) == (None, 0)


def test_groups_come_with_the_most_first():
    asked = [
        Asked(date(2026, 11, 5), row) for row in (a_row(), a_row("C"), a_row("C"), a_row("C", None))
    ]

    pairs = [(one.asking_agency, one.responding_agency) for one in grouped(asked, "pair", {})]

    assert pairs == [("C", "B"), ("A", "B"), ("C", None)]
    assert [one.total.requests for one in grouped(asked, "city", {})] == [4]


def test_the_funnel_counts_what_reached_each_step():
    rows = [
        a_row(),
        a_row(state="in_progress", delivered=False, completion=None),
        a_row(state="declined", accepted=False, delivered=False, completion=None),
        a_row(state="requested", accepted=False, delivered=False, response=None),
        a_row(state="expired", accepted=False, delivered=False, response=None, breached=("r",)),
    ]

    view = funnel(rows)

    assert (view.requested, view.answered, view.accepted, view.delivered) == (5, 3, 2, 1)
    assert (view.confirmed, view.declined, view.expired, view.withdrawn) == (1, 1, 1, 0)
    assert (view.under_way, view.breached) == (2, 1)


def test_what_waits_is_counted_for_whoever_has_to_move():
    rows = [
        a_row(state="requested", waiting_for=("B", "C"), breached=("response",)),
        a_row(state="in_progress", waiting_for=("B",), breached=("response",)),
        a_row(state="clarifying", waiting_for=("A",)),
        a_row(state="requested", waiting_for=(), responding=None),
        a_row(state="confirmed"),
    ]

    by_agency = {view.agency: view for view in waiting(rows, None)}

    assert set(by_agency) == {"A", "B", "C", None}
    b = by_agency["B"]
    assert (b.to_answer, b.to_deliver, b.to_confirm, b.overdue) == (1, 1, 0, 1)
    assert by_agency["A"].to_clarify == 1
    assert {view.agency for view in waiting(rows, {"A"})} == {"A", None}
