"""When colleagues see where somebody is: today, in the hours they are expected (api.md). Pure."""

from datetime import datetime
from typing import Protocol


class Expected(Protocol):
    """Anything that knows the hours of a day; None where nobody has to come."""

    @property
    def expected_start(self) -> datetime | None:
        """When the day begins."""

    @property
    def expected_end(self) -> datetime | None:
        """When the day ends."""


def in_working_hours(day: Expected, at: datetime) -> bool:
    """Whether a moment lies in the hours of the day, both ends included."""
    start, end = day.expected_start, day.expected_end
    return start is not None and end is not None and start <= at <= end
