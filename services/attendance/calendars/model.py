"""A calendar that the city enters: its days, and named spans that policies refer to."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from contracts.calendars import CalendarChanged, CalendarDay, CalendarRequest, CalendarSpan
from contracts.envelope import AgencyCode
from contracts.outcome import Decision, FieldError, Refusal
from rules.calendars import Calendar, Holiday, Span, national_calendar

NATIONAL = "national"
"""The code of the calendar that applies to everybody."""

_SAME_SEASON = dt.timedelta(days=180)
"""Spans of one name that begin this close to each other are one span, announced anew."""


@dataclass(frozen=True, slots=True)
class EnteredCalendar:
    """What has been entered of a calendar; ``days`` is None while those of the release stand."""

    code: str
    days: tuple[CalendarDay, ...] | None
    spans: tuple[CalendarSpan, ...]
    decree: str | None
    recorded_at: dt.datetime | None
    revision: int
    written_at: dt.datetime

    @classmethod
    def blank(cls, code: str, at: dt.datetime) -> "EnteredCalendar":
        """A calendar of which nothing has been entered."""
        return cls(code, None, (), None, None, 0, at)

    @property
    def shipped(self) -> bool:
        """Whether the days are those that came with the release."""
        return self.days is None and self.code == NATIONAL

    @property
    def all_days(self) -> tuple[CalendarDay, ...]:
        """The days in order, those of the release where nobody entered others."""
        return _shipped_days() if self.shipped else self.days or ()

    @property
    def all_spans(self) -> tuple[CalendarSpan, ...]:
        """The spans in order; one that was entered goes before one of the release it touches."""
        shipped = _shipped_spans() if self.code == NATIONAL else ()
        standing = [each for each in shipped if not any(_touch(each, one) for one in self.spans)]
        return tuple(sorted((*standing, *self.spans), key=lambda span: (span.first, span.name)))

    def ruling(self) -> Calendar:
        """The calendar by which days are judged."""
        if self.code == NATIONAL and not self.revision:
            return national_calendar()
        return Calendar(
            id=f"{self.code}/{self.revision}",
            effective_from=dt.date.min,
            recorded_at=self.recorded_at or self.written_at,
            days=tuple(
                Holiday(day.date, day.kind, day.name_id, day.name_en) for day in self.all_days
            ),
            spans=tuple(Span(span.name, span.first, span.last) for span in self.all_spans),
            decree=self.decree,
        )

    def put(
        self, request: CalendarRequest, *, recorded_at: dt.datetime, written_at: dt.datetime
    ) -> "Decision[EnteredCalendar]":
        """Enter all days; the same again says nothing new."""
        if twice := _twice(day.date for day in request.days):
            errors = tuple(
                FieldError(pointer=f"/days/{place}/date", detail="this day is listed already")
                for place in twice
            )
            raise Refusal("validation_failed", errors=errors)
        days = tuple(sorted(request.days, key=lambda day: day.date))
        if (days, request.decree) == (self.days, self.decree):
            return Decision(self)
        changed = {day.date for day in set(days) ^ set(self.all_days)}
        calendar = self._next(recorded_at, written_at)
        return _decided(replace(calendar, days=days, decree=request.decree), changed)

    def put_span(
        self,
        span: CalendarSpan,
        *,
        today: dt.date,
        recorded_at: dt.datetime,
        written_at: dt.datetime,
    ) -> "Decision[EnteredCalendar]":
        """Say when a span begins and ends; one that has begun stays as it is."""
        if span in self.all_spans:
            return Decision(self)
        if span.last < span.first:
            raise Refusal.invalid("/last", f"not before {span.first}")
        replaced = [each for each in self.all_spans if _touch(each, span)]
        for each in replaced:
            if each.first <= today:
                raise Refusal(
                    "wrong_state",
                    state="begun",
                    action="put_span",
                    allowed=["announced"],
                    first=each.first.isoformat(),
                    last=each.last.isoformat(),
                )
        if span.first <= today:
            raise Refusal.invalid(
                "/first", f"after {today}: a span may be set until the evening before it begins"
            )
        kept = (each for each in self.spans if each not in replaced)
        calendar = self._next(recorded_at, written_at)
        changed = {edge for each in (*replaced, span) for edge in (each.first, each.last)}
        return _decided(replace(calendar, spans=(*kept, span)), changed)

    def _next(self, recorded_at: dt.datetime, written_at: dt.datetime) -> "EnteredCalendar":
        return replace(
            self, revision=self.revision + 1, recorded_at=recorded_at, written_at=written_at
        )


def _decided(calendar: EnteredCalendar, changed: set[dt.date]) -> Decision[EnteredCalendar]:
    """The calendar, and the event that states it if a day is another one now."""
    if not changed:
        return Decision(calendar)
    event = CalendarChanged(
        code=calendar.code,
        agency=None if calendar.code == NATIONAL else AgencyCode(calendar.code),
        days=calendar.all_days,
        spans=calendar.all_spans,
        decree=calendar.decree,
        recorded_at=calendar.recorded_at or calendar.written_at,
        first=min(changed),
        last=max(changed),
    )
    return Decision(calendar, (event,))


def _touch(one: CalendarSpan, other: CalendarSpan) -> bool:
    """Whether these are the same span, announced twice."""
    if one.name != other.name:
        return False
    overlap = one.first <= other.last and other.first <= one.last
    return overlap or abs(one.first - other.first) < _SAME_SEASON


def _twice(days: Iterable[dt.date]) -> list[int]:
    seen: set[dt.date] = set()
    places = []
    for place, day in enumerate(days):
        if day in seen:
            places.append(place)
        seen.add(day)
    return places


def _shipped_days() -> tuple[CalendarDay, ...]:
    return tuple(
        CalendarDay(date=day.on, kind=day.kind, name_id=day.name_id, name_en=day.name_en)
        for day in national_calendar().days
    )


def _shipped_spans() -> tuple[CalendarSpan, ...]:
    return tuple(
        CalendarSpan(name=span.name, first=span.first, last=span.last)
        for span in national_calendar().spans
    )
