"""Flexible hours: how far the arrival moves the hours that are expected of a person.

One may begin earlier or later by as much as the policy allows, and the end moves alike (*PMK*
221/2021: 90 minutes either way). The core time is never given up for it: nobody has to come after
it has begun, or may leave before it is over.
"""

from datetime import datetime, timedelta

from services.attendance.patterns.model import DayRules

_ZERO = timedelta()


def shift_of(first_in: datetime, rules: DayRules) -> timedelta:
    """How far the hours of the day move with this arrival; nothing where they are fixed.

    What is beyond the band is late (or early, and gains nothing).
    """
    start, end = rules.start, rules.end
    if start is None or end is None or not rules.flexible_minutes:
        return _ZERO
    latest = timedelta(minutes=rules.flexible_minutes)
    earliest = -latest
    if rules.core is not None:
        latest = min(latest, max(_ZERO, rules.core.start - start))
        earliest = max(earliest, min(_ZERO, rules.core.end - end))
    arrived = first_in.replace(second=0, microsecond=0) - start
    return max(earliest, min(latest, arrived))
