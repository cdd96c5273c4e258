"""Objections: by the deadline, once per day, with an effect that the day explains."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.outcome import Refusal
from services.attendance.objections.model import (
    Finding,
    Objection,
    Remedy,
    check_in_time,
    deadline_of,
)
from services.attendance.requests.model import Deed
from tests.unit.attendance.builders import TUESDAY, a_day, a_punch, at, the_rules

RULES = the_rules()
ASKED = Deed(at("2026-11-25T08:00:00"), "siti", "siti")
ANSWERED = Deed(at("2026-11-26T08:00:00"), "kepala", "kepala", note="Benar.")


def an_objection(remedy=Remedy(excuse="lateness")):  # noqa: B008  # frozen
    return Objection(
        id="obj",
        employee="siti",
        agency="BKPSDM",
        agencies=("BKPSDM",),
        requested_at=ASKED.at,
        date=TUESDAY,
        time_zone="Asia/Jakarta",
        reason="Jalan ditutup.",
        finding=Finding("late", 30, "TL1", 0, None, 3),
        remedy=remedy,
        deadline=deadline_of(TUESDAY, 14),
    )


def closed(*punches):
    return a_day(*punches).close(RULES).state


LATE = closed(a_punch("in", "08:00:00"), a_punch("out", "16:00:00"))


def judged(remedy, day=None):
    approved = an_objection(remedy).after("approve", ANSWERED)
    return (day or LATE).attach(approved.input(), RULES).state


@pytest.mark.parametrize(
    ("remedy", "expected"),
    [
        (Remedy(excuse="lateness"), ("left_early", 0, 30)),
        (Remedy(excuse="early_leaving"), ("late", 30, 0)),
        (Remedy(excuse="absence"), ("present", 0, 0)),
        (Remedy(first_in=at("07:20:00")), ("left_early", 0, 30)),
        (Remedy(last_out=at("16:40:00")), ("late", 30, 0)),
    ],
)
def test_what_is_granted_changes_the_day_and_is_explained(remedy, expected):
    day = judged(remedy)

    assert (day.status, day.late_minutes, day.early_minutes) == expected
    rule = "objection" if remedy.excuse else "correction"
    assert ("obj",) in [reason.facts for reason in day.explanation if reason.rule == rule]
    assert day.detach("obj", RULES).state == LATE


@pytest.mark.parametrize(
    ("excuse", "punches", "status"),
    [
        ("absence", (), "leave"),
        ("lateness", (a_punch("out", "16:40:00"),), "present"),
        ("early_leaving", (a_punch("in", "07:10:00"),), "present"),
        ("lateness", (a_punch("in", "07:10:00"),), "incomplete"),
        ("lateness", (), "absent"),
    ],
)
def test_a_scan_that_is_missing_there_is_forgiven_and_nothing_else(excuse, punches, status):
    assert judged(Remedy(excuse=excuse), closed(*punches)).status == status


@given(st.permutations([Remedy(excuse="lateness"), Remedy(last_out=at("16:40:00"))]))
def test_with_something_else_attached_the_order_does_not_matter(remedies):
    day = LATE
    for remedy in remedies:
        objection = replace(an_objection(remedy), id=f"obj-{remedy.excuse}")
        day = day.attach(objection.after("approve", ANSWERED).input(), RULES).state

    assert (day.status, day.late_minutes, day.early_minutes) == ("present", 0, 0)


@given(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(1, 90), st.integers(-5, 100))
def test_the_deadline_is_a_whole_day(on, days, later):
    today = on + timedelta(days=later)
    if later <= days:
        check_in_time(deadline_of(on, days), today)
        return
    with pytest.raises(Refusal, match="validation_failed"):
        check_in_time(deadline_of(on, days), today)


def test_one_objection_per_day_until_it_is_taken_back():
    first = an_objection().raised_over(None, ASKED)
    assert [event.type for event in first.events] == ["attendance.objection.raised.v1"]

    with pytest.raises(Refusal, match="overlaps"):
        an_objection().raised_over(first.state, ASKED)
    rejected = first.state.after("reject", ANSWERED)
    with pytest.raises(Refusal, match="already_decided"):
        an_objection().raised_over(rejected, ASKED)
    withdrawn = first.state.after("withdraw", ANSWERED)
    again = an_objection().raised_over(withdrawn, ASKED).state

    assert [step.action for step in again.history] == ["request", "withdraw", "request"]
    assert again.state == "pending"
    assert again.history[-1].deed.at >= withdrawn.changed_at


def test_what_is_granted_instead_is_what_counts_and_no_event_tells_why():
    raised = an_objection().raised_over(None, ASKED).state
    granted = raised.with_remedy(Remedy(excuse="absence")).after("approve", ANSWERED)

    assert granted.input().excuse == "absence"
    assert raised.with_remedy(None) == raised
    assert "Jalan" not in granted.decided().model_dump_json()
    assert "Benar" not in granted.decided().model_dump_json()
