"""What the lists of this service share: their order, and the day they are about."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from contracts.outcome import Refusal
from contracts.paging import Paging

CITY_ZONE = ZoneInfo("Asia/Jakarta")


def order(paging: Paging, fields: Mapping[str, str], default: str) -> str:
    """The stored field to sort by, with its minus; ``fields`` maps what callers may name."""
    if paging.sort is None:
        return default
    way, name = ("-", paging.sort[1:]) if paging.sort.startswith("-") else ("", paging.sort)
    if name not in fields:
        raise Refusal.invalid("/sort", f"may be one of {', '.join(sorted(fields))}")
    return way + fields[name]


def day_of(on: date | None, asked_at: datetime) -> date:
    """The day a view is about: the one asked for, or the city's today."""
    return on or asked_at.astimezone(CITY_ZONE).date()
