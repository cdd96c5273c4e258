"""What ``PUT`` demands before it writes (api.md, *Conventions*).

Where nothing is, ``PUT`` creates, with or without ``If-None-Match: *``. What exists is changed by
those who saw it: without ``If-Match`` that is ``version_required``, and ``If-None-Match: *`` is a
``version_conflict``.
"""

from contracts.outcome import Refusal
from contracts.places import Precondition


def must_hold(precondition: Precondition, *, version: int | None) -> None:
    """Refuse unless the caller knows what it writes over; ``version`` is None where nothing is."""
    if version is None:
        return  # a stale If-Match is found by the write itself
    if precondition.absent:
        raise Refusal("version_conflict", version=version)
    if precondition.if_match is None:
        raise Refusal("version_required")
