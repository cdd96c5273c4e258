"""The clock of a service level: working minutes of the party that holds the ball.

A clock counts from a moment until it is stopped, leaving out pauses (the other side owes an
answer) and everything outside working hours. It is a function of values: the same clock read at
the same moment by the same schedule gives the same figures, with the stretches they came from.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from contracts.help_views import ClockState
from rules.working_time import (
    Schedule,
    is_working_moment,
    moment_after,
    next_change,
    working_minutes_between,
    zone,
)


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch that does not count; without an end it still lasts."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """When counting began, what it may come to, when it was stopped and what is left out."""

    since: datetime
    target_minutes: int
    stopped_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a clock says at a moment; ``remaining_minutes`` is negative once it is breached."""

    state: ClockState
    target_minutes: int
    elapsed_minutes: int
    due: datetime | None
    as_of: datetime
    changes_at: datetime | None

    @property
    def remaining_minutes(self) -> int:
        """What is left of the target."""
        return self.target_minutes - self.elapsed_minutes


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of how a number came about."""

    rule: str
    facts: tuple[str, ...]
    result: str


def running(clock: Clock, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The stretches up to a moment in which the clock was not paused, oldest first."""
    end = at if clock.stopped_at is None else min(at, clock.stopped_at)
    reached = clock.since
    for pause in sorted(clock.pauses, key=lambda each: each.start):
        if reached < min(pause.start, end):
            yield reached, min(pause.start, end)
        reached = max(reached, end if pause.end is None else pause.end)
    if reached < end:
        yield reached, end


def elapsed_minutes(clock: Clock, at: datetime, schedule: Schedule) -> int:
    """Working minutes that count up to a moment."""
    return sum(working_minutes_between(start, end, schedule) for start, end in running(clock, at))


def due_moment(clock: Clock, at: datetime, schedule: Schedule) -> datetime | None:
    """When the target is (or was) used up; None while a pause makes that unknowable."""
    left = clock.target_minutes
    for start, end in running(clock, at):
        spent = working_minutes_between(start, end, schedule)
        if spent >= left:
            return moment_after(start, left, schedule)
        left -= spent
    if _is_paused(clock, at):
        return None
    return moment_after(min(at, clock.stopped_at or at), left, schedule)


def crossing(clock: Clock, minutes: int, schedule: Schedule) -> datetime | None:
    """The first moment by which so many minutes have counted, as things stand.

    None where the clock was stopped before, or rests in a pause that has no end yet.
    """
    left = minutes
    for start, end in _stretches(clock):
        if end is None:
            return moment_after(start, left, schedule)
        spent = working_minutes_between(start, end, schedule)
        if spent >= left:
            return moment_after(start, left, schedule)
        left -= spent
    return None


def read(clock: Clock, at: datetime, schedule: Schedule) -> Reading:
    """What the clock says at a moment, and when it will say something else by itself."""
    elapsed = elapsed_minutes(clock, at, schedule)
    state = _state(clock, at, elapsed, schedule)
    return Reading(
        state=state,
        target_minutes=clock.target_minutes,
        elapsed_minutes=elapsed,
        due=due_moment(clock, at, schedule),
        as_of=at,
        changes_at=_changes_at(state, at, clock.target_minutes - elapsed, schedule),
    )


def explain(clock: Clock, at: datetime, schedule: Schedule, *, rule: str) -> tuple[Reason, ...]:
    """How :func:`elapsed_minutes` came about: each stretch, each pause, the sum."""
    here = zone(schedule.zone)

    def stretch(start: datetime, end: datetime | None) -> str:
        ends = end.astimezone(here).isoformat(timespec="minutes") if end else ""
        return f"{start.astimezone(here).isoformat(timespec='minutes')}/{ends}"

    counted = tuple(
        Reason(
            "working_minutes",
            (*_pattern(start, schedule), stretch(start, end)),
            str(working_minutes_between(start, end, schedule)),
        )
        for start, end in running(clock, at)
    )
    left_out = tuple(
        Reason("paused", (stretch(pause.start, pause.end),), "0")
        for pause in clock.pauses
        if clock.since <= pause.start < at
    )
    total = str(elapsed_minutes(clock, at, schedule))
    return (*counted, *left_out, Reason(rule, (f"target {clock.target_minutes}",), total))


def _stretches(clock: Clock) -> Iterator[tuple[datetime, datetime | None]]:
    """All stretches in which the clock counts, the last one open where nothing ends it."""
    pauses = sorted(clock.pauses, key=lambda each: each.start)
    if clock.stopped_at is not None:
        yield from running(clock, clock.stopped_at)
        return
    ends = [pause.end for pause in pauses]
    lasting = next((pause.start for pause in pauses if pause.end is None), None)
    last = max([clock.since, *(end for end in ends if end is not None)])
    yield from running(clock, last if lasting is None else max(lasting, clock.since))
    if lasting is None:
        yield last, None


def _pattern(start: datetime, schedule: Schedule) -> tuple[str, ...]:
    pattern = schedule.pattern_on(start.astimezone(zone(schedule.zone)).date())
    return (pattern.id,) if pattern else ()


def _is_paused(clock: Clock, at: datetime) -> bool:
    return clock.stopped_at is None and any(
        pause.start <= at and (pause.end is None or at < pause.end) for pause in clock.pauses
    )


def _state(clock: Clock, at: datetime, elapsed: int, schedule: Schedule) -> ClockState:
    if elapsed > clock.target_minutes:
        return "breached"
    if clock.stopped_at is not None and clock.stopped_at <= at:
        return "met"
    if _is_paused(clock, at):
        return "paused"
    return "running" if is_working_moment(at, schedule) else "outside_hours"


def _changes_at(
    state: ClockState, at: datetime, remaining: int, schedule: Schedule
) -> datetime | None:
    if state == "outside_hours":
        return next_change(at, schedule)
    if state != "running":
        return None
    moments = (next_change(at, schedule), moment_after(at, remaining + 1, schedule))
    return min((moment for moment in moments if moment is not None), default=None)
