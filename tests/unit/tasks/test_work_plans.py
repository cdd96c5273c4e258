"""Recurrence rules that are taken, the days they name, and how a recurrence comes round."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.envelope import AgencyCode
from contracts.outcome import Refusal
from contracts.work_plans import RecurrenceWanted
from rules.presets import city_schedule
from rules.working_time import WIB, zone
from services.tasks import task_access
from services.tasks.work_plans import model
from services.tasks.work_plans.rule import check_rule, next_on
from tests.unit.tasks.builders import CITY, TUESDAY, an_actor
from tests.unit.tasks.task_builders import a_deed

START = date(2026, 12, 4)  # a Friday
ID = "recurrence-1"


def days(rule, count, start=START):
    found, day = [], start
    for _ in range(count):
        day = next_on(rule, start, day)
        if day is None:
            break
        found.append(day.isoformat())
        day += timedelta(days=1)
    return found


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=DAILY;INTERVAL=10", ["2026-12-04", "2026-12-14", "2026-12-24"]),
        ("FREQ=WEEKLY;BYDAY=MO,FR", ["2026-12-04", "2026-12-07", "2026-12-11"]),
        ("FREQ=WEEKLY;INTERVAL=2", ["2026-12-04", "2026-12-18", "2027-01-01"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", ["2026-12-31", "2027-01-31", "2027-02-28"]),
        ("FREQ=MONTHLY;BYDAY=1MO", ["2026-12-07", "2027-01-04", "2027-02-01"]),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            ["2026-12-31", "2027-01-29", "2027-02-26"],
        ),
        ("FREQ=MONTHLY;BYMONTHDAY=31", ["2026-12-31", "2027-01-31", "2027-03-31"]),
        ("FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=17", ["2027-08-17", "2028-08-17", "2029-08-17"]),
        ("FREQ=WEEKLY;COUNT=2", ["2026-12-04", "2026-12-11"]),
        ("FREQ=DAILY;UNTIL=20261205", ["2026-12-04", "2026-12-05"]),
    ],
)
def test_a_rule_names_its_days(rule, expected):
    check_rule(rule, START)

    assert days(rule, 3) == expected


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "WEEKLY",
        "FREQ=HOURLY",
        "FREQ=DAILY;FREQ=WEEKLY",
        "FREQ=DAILY;BYDAY=MO",
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;INTERVAL=0",
        "FREQ=WEEKLY;COUNT=2;UNTIL=20270101",
        "FREQ=WEEKLY;BYHOUR=1",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=MONTHLY;BYDAY=6MO",
        "FREQ=MONTHLY;BYMONTHDAY=1;BYDAY=5MO",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=13;BYMONTHDAY=1",
        "FREQ=DAILY;UNTIL=20200101",
        "FREQ=DAILY;UNTIL=20261399",
        "FREQ=WEEKLY\nDTSTART=20200101",
    ],
)
def test_what_is_no_rule_or_never_comes_round_is_refused(rule):
    with pytest.raises(Refusal) as refused:
        check_rule(rule, START)

    assert refused.value.problem.errors[0].pointer == "/rule"


def wanted(**more):
    told = {
        "name": "Rekap mingguan",
        "task": {"title": "Susun rekap"},
        "rule": "FREQ=WEEKLY;BYDAY=FR",
        "starts_on": "2026-11-27",
        "ahead_days": 2,
        **more,
    }
    return RecurrenceWanted.model_validate(told)


def a_recurrence(known=None, *, at=TUESDAY, **more):
    deed = replace(a_deed(), at=at)
    return model.recurrence_of(
        known, ID, wanted(**more), AgencyCode("HELPER"), deed, zone_name=WIB
    ).state


def round_of(plan, *, task="task-1", at=TUESDAY):
    return model.came_round(plan, ID, plan.next_on, task, at=at, zone_name=WIB)


def test_a_task_is_made_so_many_days_ahead_and_then_the_next_one_waits():
    plan = a_recurrence()

    assert plan.next_on == date(2026, 11, 27)
    assert plan.make_at == datetime(2026, 11, 25, tzinfo=zone(WIB))
    assert plan.due_on(plan.next_on, WIB) == datetime(2026, 11, 27, 16, tzinfo=zone(WIB))
    after = round_of(plan)
    assert (after.state.next_on, after.state.made) == (date(2026, 12, 4), 1)
    assert (after.events[0].date, after.events[0].task) == (date(2026, 11, 27), "task-1")


def test_a_day_comes_round_once():
    plan = a_recurrence()
    after = round_of(plan).state

    again = model.came_round(after, ID, plan.next_on, "task-1", at=TUESDAY, zone_name=WIB)

    assert (again.state, again.events) == (after, ())


def test_a_rule_that_has_ended_waits_for_nothing():
    plan = round_of(a_recurrence(rule="FREQ=WEEKLY;COUNT=1")).state

    assert (plan.next_on, plan.make_at) == (None, None)


def test_a_day_long_past_is_missed_and_counted():
    today = date(2026, 11, 24)

    assert model.is_too_late(today - timedelta(days=8), today)
    assert not model.is_too_late(today - timedelta(days=7), today)
    assert round_of(a_recurrence(), task=None).state.missed == 1


def test_written_anew_no_day_that_was_made_is_made_again():
    made = round_of(a_recurrence()).state

    anew = a_recurrence(made, rule="FREQ=DAILY", ahead_days=20)

    assert anew.next_on == date(2026, 12, 4)
    assert anew.made == 1


def test_a_start_in_the_past_begins_today():
    assert a_recurrence(starts_on="2020-01-03").next_on == date(2026, 11, 27)


@given(
    st.sampled_from(["FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=DAILY"]),
    st.integers(0, 60),
    st.integers(1, 30),
)
def test_every_day_of_the_rule_comes_round_in_order_and_once(rule, ahead, times):
    plan, seen = a_recurrence(rule=rule, ahead_days=ahead), []
    for _ in range(times):
        seen.append(plan.next_on.isoformat())
        plan = round_of(plan).state

    assert seen == days(rule, times, date(2026, 11, 27))[:times]


def test_a_template_gives_so_many_working_days():
    friday = datetime(2026, 11, 27, 3, tzinfo=zone("UTC"))

    assert model.due_after(friday, None, city_schedule()) is None
    due = model.due_after(friday, 1, city_schedule())
    assert due is not None
    assert due.date() == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("who", "open_", "private"),
    [
        (an_actor(("employee", "HELPER"), employee="ani"), "change", "change"),
        (an_actor(("employee", "HELPER"), employee="cici"), "see", None),
        (an_actor(("head", "HELPER"), employee="kepala"), "change", None),
        (an_actor(("head", "OTHER"), employee="eko"), None, None),
        (an_actor(("admin", "*")), "see", None),
        (an_actor(("operator", "*")), None, None),
    ],
)
def test_plans_are_the_agencys_unless_they_are_private(who, open_, private):
    for task, may in (({"title": "x"}, open_), ({"title": "x", "private": True}, private)):
        plan = a_recurrence(task=task)

        assert task_access.may_see_plan(who, plan, CITY.tree) == (may is not None)
        assert task_access.may_change_plan(who, plan, CITY.tree) == (may == "change")
