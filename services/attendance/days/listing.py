"""Check-ins as a list: the recorded ones of a span of days, filtered and paged."""

from collections.abc import Iterable
from datetime import datetime

from contracts.attendance import ListCheckIns
from contracts.attendance_views import CheckInRow, PunchView
from contracts.outcome import Refusal
from contracts.paging import Page
from kit.storage import pages
from kit.storage.aggregates import Stored
from services.attendance.days.model import Day
from services.attendance.days.views import day_view

_SORTS = ("at", "-at")


def page_of(days: Iterable[Stored[Day]], body: ListCheckIns) -> Page[CheckInRow]:
    """One page of the check-ins of these days, oldest first unless asked otherwise."""
    sort = body.paging.sort or "at"
    if sort not in _SORTS:
        raise Refusal.invalid("/sort", "at, or -at for the newest first")
    rows = [
        _row(stored.state.employee, punch)
        for stored in days
        for punch in day_view(stored).punches
        if _wanted(punch, body)
    ]
    rows.sort(key=_key, reverse=sort == "-at")
    if body.paging.cursor is not None:
        seen = _last_of(body.paging.cursor)
        rows = [row for row in rows if (_key(row) < seen if sort == "-at" else _key(row) > seen)]
    shown = rows[: body.paging.limit]
    more = len(rows) > len(shown)
    return Page(
        items=tuple(shown), next_cursor=pages.encode(shown[-1].at, shown[-1].id) if more else None
    )


def _wanted(punch: PunchView, body: ListCheckIns) -> bool:
    """Filters equal field names; of several values any will do."""
    return (
        (not body.direction or punch.direction in body.direction)
        and (not body.method or punch.method in body.method)
        and (not body.office or punch.office in body.office)
        and (not body.standing or punch.standing in body.standing)
        and (not body.flags or not set(body.flags).isdisjoint(punch.flags))
    )


def _row(employee: str, punch: PunchView) -> CheckInRow:
    return CheckInRow(
        id=punch.id,
        employee_id=employee,
        at=punch.at,
        received_at=punch.received_at,
        direction=punch.direction,
        office=punch.office,
        method=punch.method,
        offline=punch.offline,
        move=punch.move,
        flags=punch.flags,
        standing=punch.standing,
        note=punch.note,
        clock_drift_s=punch.clock_drift_s,
    )


def _key(row: CheckInRow) -> tuple[datetime, str]:
    return row.at, row.id


def _last_of(cursor: str) -> tuple[datetime, str]:
    at, id_ = pages.decode(cursor)
    if not isinstance(at, datetime) or at.tzinfo is None:
        raise Refusal.invalid("/cursor", "must be the next_cursor of the page before")
    return at, id_
