"""What is watched of a running clock: which step was taken last, and when the next one comes.

Steps are taken in order and once each: the warning, the breach, then one per level above. A clock
that stopped late is still written down as breached; it neither warns nor goes up any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from contracts.envelope import AgencyCode
from rules.working_time import Schedule
from services.tasks.service_levels.clock import Clock, crossing

ClockName = Literal["response", "completion"]

WARNING, BREACH = 0, 1
"""Places of the first two steps; those after them are the levels above, nearest first."""


@dataclass(frozen=True, slots=True)
class Watch:
    """A clock under watch.

    ``agency`` holds the ball (None: an open call nobody has taken). ``taken`` counts the steps
    behind it; ``due`` is when the target is used up, None while a pause makes that unknowable.
    """

    clock: ClockName
    agency: AgencyCode | None
    since: datetime
    target: int
    due: datetime | None
    taken: int = 0
    step: int | None = None
    next_at: datetime | None = None
    stopped: bool = False

    def is_of(self, other: "Watch") -> bool:
        """Whether both watch the same clock."""
        mine = (self.clock, self.agency, self.since)
        return mine == (other.clock, other.agency, other.since)

    @property
    def is_breached(self) -> bool:
        """Whether the breach was written down."""
        return self.taken > BREACH


def watched(
    name: ClockName,
    agency: AgencyCode | None,
    clock: Clock,
    steps: Sequence[int],
    schedule: Schedule,
    *,
    taken: int = 0,
) -> Watch:
    """The watch of a clock as it stands: its due moment and the next step not yet taken."""
    due = crossing(clock, clock.target_minutes, schedule)
    stopped = clock.stopped_at is not None
    left = [step for step in range(taken, len(steps)) if step == BREACH or not stopped]
    step = left[0] if left else None
    next_at = None if step is None else crossing(clock, steps[step], schedule)
    return Watch(
        clock=name,
        agency=agency,
        since=clock.since,
        target=clock.target_minutes,
        due=due,
        taken=taken,
        step=None if next_at is None else step,
        next_at=next_at,
        stopped=stopped,
    )
