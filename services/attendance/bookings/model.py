"""What of a person's time is spoken for: pending or approved absences and work elsewhere.

One document per person, so that two requests at once cannot both have the same hours.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from contracts.outcome import Decision, Refusal
from rules.working_time import zone

BookedFor = Literal["absence", "work_elsewhere"]


@dataclass(frozen=True, slots=True)
class Booking:
    """A stretch of a person's time (UTC, the end not included), and the request it is for."""

    id: str
    what: BookedFor
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Bookings:
    """Everything booked of one person."""

    employee: str
    items: tuple[Booking, ...] = ()

    def overlapping(self, one: Booking) -> Booking | None:
        """The booking whose time this one would take, if any."""
        return next(
            (
                each
                for each in self.items
                if each.id != one.id and each.start < one.end and one.start < each.end
            ),
            None,
        )

    def between(self, what: BookedFor, start: datetime, end: datetime) -> Booking | None:
        """A booking of this sort that takes some of the time between two moments, if any."""
        return next(
            (
                each
                for each in self.items
                if each.what == what and each.start < end and start < each.end
            ),
            None,
        )

    def in_week_of(self, one: Booking, zone_name: str) -> int:
        """How many other bookings of the same sort begin in the same week, Monday to Sunday."""
        monday = _monday(one, zone_name)
        same = (each for each in self.items if each.id != one.id and each.what == one.what)
        return sum(_monday(each, zone_name) == monday for each in same)

    def book(
        self, one: Booking, *, most_a_week: int | None = None, zone_name: str = "Asia/Jakarta"
    ) -> "Decision[Bookings]":
        """Take the time; refused with ``overlaps`` or, beyond the week's quota, its code."""
        if (other := self.overlapping(one)) is not None:
            raise Refusal("overlaps", with_=other.id, what=other.what)
        if most_a_week is not None and self.in_week_of(one, zone_name) >= most_a_week:
            raise Refusal("quota_exceeded", quota="person_and_week", limit=most_a_week)
        kept = tuple(each for each in self.items if each.id != one.id)
        return Decision(replace(self, items=(*kept, one)))

    def free(self, id_: str) -> "Decision[Bookings]":
        """Give the time of a request back."""
        return Decision(replace(self, items=tuple(each for each in self.items if each.id != id_)))


def _monday(one: Booking, zone_name: str) -> date:
    on = one.start.astimezone(zone(zone_name)).date()
    return on - timedelta(days=on.weekday())
