"""The clock of a service level: hard cases by table, and what must hold for every clock."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from rules.calendars import Span, national_calendar
from rules.presets import SURAKARTA_ORDINARY
from rules.working_time import Schedule, is_working_moment
from services.tasks.service_levels.clock import (
    Clock,
    Pause,
    due_moment,
    elapsed_minutes,
    explain,
    read,
    running,
)
from tests.unit.tasks.builders import SCHEDULE

WIB = ZoneInfo("Asia/Jakarta")
RAMADAN = Schedule(
    patterns=SURAKARTA_ORDINARY,
    calendars=(
        national_calendar().with_span(Span("ramadan", date(2026, 2, 19), date(2026, 3, 20))),
    ),
)


def local(text: str) -> datetime:
    """A moment in Surakarta; without a month it is November 2026, without a day the 24th."""
    if not text.startswith("2026"):
        text = f"2026-11-{'24' if text.startswith('T') else ''}{text}"
    return datetime.fromisoformat(text).replace(tzinfo=WIB).astimezone(UTC)


def a_clock(since: str, *pauses: tuple[str, str | None], target=240, stopped=None) -> Clock:
    return Clock(
        local(since),
        target,
        local(stopped) if stopped else None,
        tuple(Pause(local(start), local(end) if end else None) for start, end in pauses),
    )


@pytest.mark.parametrize(
    ("case", "clock", "at", "schedule", "minutes"),
    [
        ("within a morning", a_clock("2026-11-24T08:20"), "2026-11-24T09:05", SCHEDULE, 45),
        (
            "the lunch hour is not work",
            a_clock("2026-11-24T11:30"),
            "2026-11-24T13:30",
            SCHEDULE,
            60,
        ),
        ("asked on Friday 14:20", a_clock("2026-11-20T14:20"), "2026-11-23T08:00", SCHEDULE, 40),
        ("asked at night", a_clock("2026-11-23T21:00"), "2026-11-24T08:00", SCHEDULE, 30),
        ("over a weekend", a_clock("2026-11-21T09:00"), "2026-11-22T20:00", SCHEDULE, 0),
        (
            "over Lebaran and its joint leave",
            a_clock("2026-03-18T09:00"),
            "2026-03-24T23:00",
            SCHEDULE,
            0,
        ),
        ("a Ramadan day is shorter", a_clock("2026-02-24T07:30"), "2026-02-24T16:30", RAMADAN, 420),
        ("an ordinary day", a_clock("2026-11-24T07:30"), "2026-11-24T16:30", SCHEDULE, 480),
        (
            "paused across a weekend",
            a_clock("2026-11-20T10:00", ("2026-11-20T11:00", "2026-11-23T08:30")),
            "2026-11-23T09:00",
            SCHEDULE,
            90,
        ),
        (
            "still paused",
            a_clock("2026-11-24T08:00", ("2026-11-24T09:00", None)),
            "2026-11-26T09:00",
            SCHEDULE,
            60,
        ),
        (
            "stopped",
            a_clock("2026-11-24T08:00", stopped="2026-11-24T09:00"),
            "2026-11-26T09:00",
            SCHEDULE,
            60,
        ),
        (
            "a pause before it began does not matter",
            a_clock("2026-11-24T10:00", ("2026-11-24T08:00", "2026-11-24T10:30")),
            "2026-11-24T11:00",
            SCHEDULE,
            30,
        ),
    ],
)
def test_hard_cases(case, clock, at, schedule, minutes):
    assert elapsed_minutes(clock, local(at), schedule) == minutes, case


@pytest.mark.parametrize(
    ("clock", "at", "state", "due", "changes"),
    [
        (a_clock("T08:00"), "T09:00", "running", "T12:00", "T12:00"),
        (a_clock("T08:30"), "T12:10", "outside_hours", "T13:30", "T13:00"),
        (a_clock("20T14:20"), "20T15:00", "outside_hours", "23T11:20", "23T07:30"),
        (a_clock("T08:30"), "T13:20", "running", "T13:30", "T13:31"),
        (a_clock("T08:30"), "T13:31", "breached", "T13:30", None),
        (a_clock("T08:30", ("T09:00", None)), "T10:00", "paused", None, None),
        (a_clock("T08:30", stopped="T09:00"), "25T10:00", "met", "T13:30", None),
        (a_clock("T08:30", stopped="T16:00"), "25T10:00", "breached", "T13:30", None),
    ],
)
def test_readings(clock, at, state, due, changes):
    reading = read(clock, local(at), SCHEDULE)

    assert reading.state == state
    assert reading.due == (local(due) if due else None)
    assert reading.changes_at == (local(changes) if changes else None)
    assert reading.remaining_minutes == reading.target_minutes - reading.elapsed_minutes


def test_an_answer_in_the_last_minute_is_in_time():
    in_time = a_clock("2026-11-24T08:30", stopped="2026-11-24T13:30")
    late = a_clock("2026-11-24T08:30", stopped="2026-11-24T13:31")

    assert read(in_time, local("2026-11-25T08:00"), SCHEDULE).state == "met"
    assert read(late, local("2026-11-25T08:00"), SCHEDULE).state == "breached"


MOMENTS = st.integers(0, 350 * 24 * 60).map(
    lambda count: datetime(2026, 1, 5, tzinfo=UTC) + timedelta(minutes=count)
)
SPANS = st.integers(0, 12 * 24 * 60).map(lambda count: timedelta(minutes=count))
_many_do_not_apply = settings(suppress_health_check=[HealthCheck.filter_too_much])


@st.composite
def clocks(draw):
    since = draw(MOMENTS)
    pauses, reached = [], since
    for _ in range(draw(st.integers(0, 3))):
        start = reached + draw(SPANS)
        end = start + draw(SPANS)
        pauses.append(Pause(start, end))
        reached = end
    if pauses and draw(st.booleans()):
        pauses[-1] = replace(pauses[-1], end=None)
    return Clock(since, draw(st.integers(1, 2_000)), None, tuple(pauses))


@given(clocks(), SPANS, SPANS)
def test_time_never_runs_backwards(clock, first, second):
    earlier = elapsed_minutes(clock, clock.since + first, SCHEDULE)
    later = elapsed_minutes(clock, clock.since + first + second, SCHEDULE)

    assert 0 <= earlier <= later


@given(clocks(), SPANS, SPANS)
def test_minutes_add_up_however_a_stretch_is_split(clock, first, second):
    assume(not clock.pauses)
    middle = clock.since + first
    end = middle + second

    whole = elapsed_minutes(clock, end, SCHEDULE)
    parts = elapsed_minutes(clock, middle, SCHEDULE) + elapsed_minutes(
        replace(clock, since=middle), end, SCHEDULE
    )

    assert whole == parts


@given(clocks(), SPANS)
def test_a_pause_takes_exactly_its_own_working_minutes(clock, span):
    at = clock.since + span
    without = replace(clock, pauses=())

    paused = sum(
        elapsed_minutes(Clock(pause.start, 1), min(at, pause.end or at), SCHEDULE)
        for pause in clock.pauses
        if pause.start < at
    )

    assert elapsed_minutes(clock, at, SCHEDULE) == elapsed_minutes(without, at, SCHEDULE) - paused


@_many_do_not_apply
@given(MOMENTS, st.integers(0, 59))
def test_nothing_counts_outside_hours(moment, minutes):
    end = moment + timedelta(minutes=minutes)
    steps = (moment + timedelta(minutes=step) for step in range(minutes + 1))
    assume(not any(is_working_moment(step, SCHEDULE) for step in steps))

    assert elapsed_minutes(Clock(moment, 10), end, SCHEDULE) == 0


@_many_do_not_apply
@given(clocks(), SPANS)
def test_the_target_is_used_up_exactly_at_the_due_moment(clock, span):
    at = clock.since + span
    due = due_moment(clock, at, SCHEDULE)
    assume(due is not None and due <= at)

    assert elapsed_minutes(clock, due, SCHEDULE) == clock.target_minutes
    assert elapsed_minutes(clock, due - timedelta(minutes=1), SCHEDULE) < clock.target_minutes


@_many_do_not_apply
@given(clocks(), SPANS)
def test_the_state_changes_when_it_is_said_to_and_not_before(clock, span):
    at = clock.since + span
    reading = read(clock, at, SCHEDULE)
    assume(reading.changes_at is not None)
    unpaused = all(pause.end is not None and pause.end <= at for pause in clock.pauses)
    assume(unpaused)

    before = read(clock, reading.changes_at - timedelta(minutes=1), SCHEDULE)
    then = read(clock, reading.changes_at, SCHEDULE)

    assert reading.changes_at > at
    assert before.state == reading.state
    assert then.state != reading.state


@given(clocks(), SPANS)
def test_the_explanation_adds_up_to_the_figure(clock, span):
    at = clock.since + span
    lines = explain(clock, at, SCHEDULE, rule="response_minutes")

    counted = sum(int(line.result) for line in lines if line.rule == "working_minutes")

    assert counted == int(lines[-1].result) == elapsed_minutes(clock, at, SCHEDULE)
    assert len([line for line in lines if line.rule == "working_minutes"]) == len(
        list(running(clock, at))
    )
