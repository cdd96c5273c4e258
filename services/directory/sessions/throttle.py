"""How long to wait after failed sign-ins.

Failures are counted per account and per address in windows of a quarter of an hour. An account's
sixth try waits a second, each further one twice as long, at most a minute. An address may be that
of six hundred honest people, so it is slowed much later, and never for an account that has come in
from it before.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

WINDOW = timedelta(minutes=15)
_LONGEST_S = 60.0


@dataclass(frozen=True, slots=True)
class Failures:
    """The failed tries of a window."""

    count: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Patience:
    """How many failures cost nothing."""

    free: int


ACCOUNT = Patience(free=5)
ADDRESS = Patience(free=60)


def window_of(moment: datetime) -> datetime:
    """The beginning of the window a moment lies in."""
    size = WINDOW.total_seconds()
    return datetime.fromtimestamp(moment.timestamp() // size * size, moment.tzinfo)


def wait_s(failures: Failures | None, patience: Patience, at: datetime) -> int:
    """Whole seconds until the next try counts; 0 if it counts now."""
    if failures is None or failures.count < patience.free:
        return 0
    pause = min(_LONGEST_S, 2.0 ** min(failures.count - patience.free, 10))
    left = pause - (at - failures.last_at).total_seconds()
    return max(0, ceil(left))
