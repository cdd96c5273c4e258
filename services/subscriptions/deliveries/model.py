"""How far a delivery has come, and how long it rests after a refusal. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

FIRST_REST = timedelta(seconds=2)
LONGEST_REST = timedelta(seconds=60)
WEBHOOK_RESTS = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=1),
)


@dataclass(frozen=True, slots=True)
class Standstill:
    """A delivery that its queue does not take now."""

    reason: str
    since: datetime
    retry_at: datetime
    times: int


@dataclass(frozen=True, slots=True)
class Progress:
    """Everything up to ``position`` is delivered, in the generation of the subscription.

    ``begun`` is False until the first delivery of the generation.
    """

    generation: int
    position: int
    delivered: int = 0
    held: Standstill | None = None
    begun: bool = False

    def rests_at(self, moment: datetime) -> bool:
        """Whether the delivery waits before its next attempt."""
        return self.held is not None and moment < self.held.retry_at


def queue_rest(times: int) -> timedelta:
    """How long a queue rests after so many refusals: twice as long each time, up to a minute."""
    return min(FIRST_REST * (1 << min(times - 1, 10)), LONGEST_REST)


def webhook_rest(times: int) -> timedelta:
    """How long a webhook rests after so many failures: from seconds to an hour."""
    return WEBHOOK_RESTS[min(times, len(WEBHOOK_RESTS)) - 1]


def is_hopeless(standstill: Standstill, moment: datetime, patience: timedelta) -> bool:
    """Whether a delivery has stood still for so long that its owner must look at it."""
    return moment - standstill.since >= patience


def held_again(
    before: Standstill | None,
    reason: str,
    moment: datetime,
    *,
    rest: Callable[[int], timedelta] = queue_rest,
    at_least: timedelta = timedelta(0),
) -> Standstill:
    """The next rest, longer each time; where the other side says how long, at least that."""
    times = before.times + 1 if before else 1
    pause = max(rest(times), at_least)
    return Standstill(reason, before.since if before else moment, moment + pause, times)
