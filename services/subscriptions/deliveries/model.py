"""How far a delivery has come, and how long it rests after a refusal. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

FIRST_REST = timedelta(seconds=2)
LONGEST_REST = timedelta(seconds=60)


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


def held_again(before: Standstill | None, reason: str, moment: datetime) -> Standstill:
    """The next rest: twice as long each time, up to a minute."""
    times = before.times + 1 if before else 1
    rest = min(FIRST_REST * 2 ** min(times - 1, 10), LONGEST_REST)
    return Standstill(reason, before.since if before else moment, moment + rest, times)
