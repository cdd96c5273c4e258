"""When a clock comes to so many minutes: consistent with what it has counted, whatever rests it."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.tasks.service_levels.clock import Clock, Pause, crossing, elapsed_minutes
from tests.unit.tasks.builders import SCHEDULE, TUESDAY

minutes = st.integers(0, 60 * 24 * 12)


@st.composite
def clocks(draw):
    edges = sorted(draw(st.lists(minutes, max_size=8)))
    moments = [TUESDAY + timedelta(minutes=edge) for edge in edges]
    pauses = [
        Pause(*pair) for pair in zip(moments[::2], moments[1::2], strict=False) if pair[0] < pair[1]
    ]
    if len(moments) % 2 and draw(st.booleans()):
        pauses.append(Pause(moments[-1]))
    stopped = draw(st.none() | minutes.map(lambda edge: TUESDAY + timedelta(minutes=edge)))
    return Clock(TUESDAY, 240, stopped, tuple(pauses))


@given(clock=clocks(), target=st.integers(1, 3_000))
@settings(deadline=None)
def test_a_clock_has_counted_as_much_when_it_comes_to_it_and_not_a_minute_before(clock, target):
    at = crossing(clock, target, SCHEDULE)

    far = TUESDAY + timedelta(days=60)
    if at is None:
        assert elapsed_minutes(clock, far, SCHEDULE) < target
    else:
        assert elapsed_minutes(clock, at, SCHEDULE) == target
        assert elapsed_minutes(clock, at - timedelta(minutes=1), SCHEDULE) == target - 1


@given(clock=clocks(), one=st.integers(1, 2_000), more=st.integers(0, 500))
@settings(deadline=None)
def test_more_minutes_are_never_reached_earlier(clock, one, more):
    first, second = crossing(clock, one, SCHEDULE), crossing(clock, one + more, SCHEDULE)

    assert second is None or (first is not None and first <= second)
