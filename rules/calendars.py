"""Days on which nobody has to come, and named spans such as Ramadan; entered, never computed.

National holidays and collective leave follow the yearly joint decree of three ministers (for 2026:
*SKB 3 Menteri* 1497/2025, 2/2025 and 5/2025); collective leave for civil servants is confirmed by
*Keppres* 42/2025 and does not reduce annual leave. The span of Ramadan is announced by the
government session (1 Ramadan 1447 = 19 February 2026).
"""

import csv
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Literal, cast

DayKind = Literal["national_holiday", "collective_leave", "local_day", "working_day"]
"""``working_day`` takes back what a calendar above says of the day."""


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day without duty, by its name in both languages."""

    on: date
    kind: DayKind
    name_id: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Span:
    """A named stretch of days that patterns refer to, both ends included."""

    name: str
    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"the span {self.name} ends before it begins")

    def __contains__(self, on: object) -> bool:
        return isinstance(on, date) and self.first <= on <= self.last


@dataclass(frozen=True, slots=True)
class Calendar:
    """One version of the days without duty and the named spans; days are in order, once each.

    Several calendars apply together: the nation's and, beside it, the city's local days.
    """

    id: str
    effective_from: date
    recorded_at: datetime
    days: tuple[Holiday, ...] = ()
    spans: tuple[Span, ...] = ()
    decree: str | None = None

    def __post_init__(self) -> None:
        moments = [day.on for day in self.days]
        if any(later <= earlier for earlier, later in pairwise(moments)):
            raise ValueError(f"the days of calendar {self.id} must be in order, once each")

    def holiday_on(self, on: date) -> Holiday | None:
        """The holiday of that day, if it is one."""
        place = bisect_left(self.days, on, key=lambda day: day.on)
        found = self.days[place] if place < len(self.days) else None
        return found if found is not None and found.on == on else None

    def spans_on(self, on: date) -> frozenset[str]:
        """The names of the spans that hold on that day."""
        return frozenset(span.name for span in self.spans if on in span)

    def with_days(self, *days: Holiday) -> "Calendar":
        """The same calendar with further days; one already there is replaced."""
        merged = {day.on: day for day in (*self.days, *days)}
        return replace(self, days=tuple(merged[on] for on in sorted(merged)))

    def with_span(self, span: Span) -> "Calendar":
        """The same calendar with this span instead of any it touches of the same name."""
        others = (
            each
            for each in self.spans
            if each.name != span.name or each.last < span.first or span.last < each.first
        )
        return replace(self, spans=tuple(sorted((*others, span), key=lambda each: each.first)))


@cache
def national_calendar() -> Calendar:
    """The national calendar as far as its decrees are known to this release."""
    return Calendar(
        id="id-national/2026",
        effective_from=date(2026, 1, 1),
        recorded_at=datetime(2025, 12, 31, tzinfo=UTC),
        days=tuple(_holidays(_rows("holidays-id-2026.csv"))),
        spans=tuple(_spans(_rows("spans-id-2026.csv"))),
        decree="SKB 3 Menteri 1497/2025, 2/2025, 5/2025",
    )


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("rules") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _holidays(rows: Iterable[dict[str, str]]) -> Iterator[Holiday]:
    for row in rows:
        yield Holiday(
            on=date.fromisoformat(row["date"]),
            kind=cast(DayKind, row["kind"]),
            name_id=row["name_id"],
            name_en=row["name_en"],
        )


def _spans(rows: Iterable[dict[str, str]]) -> Iterator[Span]:
    for row in rows:
        yield Span(row["name"], date.fromisoformat(row["first"]), date.fromisoformat(row["last"]))
