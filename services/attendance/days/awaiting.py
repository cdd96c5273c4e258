"""What is still awaited of a day, and when its person is to be asked for it. Pure."""

from datetime import datetime

from services.attendance.days.judgement import Judgement
from services.attendance.patterns.model import DayRules


def reminder_of(found: Judgement, rules: DayRules) -> datetime | None:
    """When to ask for a missing arrival or departure: some time after the end, while it is awaited.

    Nobody is asked about a day on which nothing was recorded: that may be an absence.
    """
    awaited = found.first_in is not None or found.last_out is not None or found.reading.recorded
    missing = found.arrival_missing or found.departure_missing
    if found.closed or found.expected_end is None or not (awaited and missing):
        return None
    return min(found.expected_end + rules.reminds_after, rules.closes_at)
