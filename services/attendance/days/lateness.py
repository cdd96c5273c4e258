"""The one place that decides lateness: whole minutes after the start, before the end, their band.

Default by *Peraturan ANRI* 18/2016: late only after 07:30:59 where duty begins at 07:30, so
07:31:00 is one minute. Bands by the regulation a city follows (``rules/presets.py``).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from rules.patterns import Band, SecondsRule

_MINUTE = timedelta(minutes=1)


def late_minutes(at: datetime, start: datetime, seconds_rule: SecondsRule = "whole_minutes") -> int:
    """Minutes an arrival is late; 0 in time."""
    return _minutes(at - start, seconds_rule)


def early_minutes(at: datetime, end: datetime, seconds_rule: SecondsRule = "whole_minutes") -> int:
    """Minutes a departure is too early; 0 at or after the end."""
    return _minutes(end - at, seconds_rule)


def is_made_up(late: int, *, last_out: datetime, end: datetime, at_most: int) -> bool:
    """Whether lateness is made up for by staying longer the same day, minute for minute.

    *PermenPANRB* 6/2018 offers it for up to 30 minutes; ``at_most`` is the policy's limit, 0 where
    it offers nothing. More than that is not made up, nor is a part of it.
    """
    return 0 < late <= at_most and last_out - end >= late * _MINUTE


def band_of(minutes: int, bands: Sequence[Band]) -> Band | None:
    """The step that so many minutes fall into; None for none."""
    for band in bands:
        if band.from_minutes <= minutes and (band.below is None or minutes < band.below):
            return band
    return None


def _minutes(gap: timedelta, seconds_rule: SecondsRule) -> int:
    if gap <= timedelta():
        return 0
    return gap // _MINUTE if seconds_rule == "whole_minutes" else -(-gap // _MINUTE)
