"""When a digest goes out, and what becomes of one. Pure.

``sending`` → ``sent``, or back to ``waiting`` (tried again), or ``refused`` (the address is no
good), or ``uncertain``: the server took the text and was not heard of again, or the process died
meanwhile. An uncertain one is not sent again; what it told goes into the next day's.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from rules.working_time import zone

State = Literal["sending", "sent", "waiting", "refused", "uncertain"]

CLAIMED_FOR = timedelta(minutes=10)
"""How long whoever claimed a digest may take; a message takes seconds."""
_RESTS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=30),
    timedelta(hours=1),
)


@dataclass(frozen=True, slots=True)
class Digest:
    """The digest of a person and day; ``ids`` are the notifications it tells of."""

    id: str
    state: State
    ids: tuple[str, ...]
    claimed_at: datetime
    attempts: int


def digest_id(person: str, on: date) -> str:
    """One per person and day."""
    return f"{person}:{on.isoformat()}"


def next_digest_at(moment: datetime, time_zone: str, hour: int) -> datetime:
    """The first moment after this one at which it is that hour where the person works."""
    here = moment.astimezone(zone(time_zone))
    today = here.replace(hour=hour, minute=0, second=0, microsecond=0)
    return today if here < today else today + timedelta(days=1)


def rest_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts failed."""
    return _RESTS[min(attempts, len(_RESTS)) - 1]
