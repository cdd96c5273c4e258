"""Refused check-ins: evidence, listed beside the recorded ones."""

from datetime import UTC, date, datetime, time, timedelta

from contracts.attendance import ImportPunch, RecordCheckIn
from contracts.attendance_views import CheckInRow
from contracts.paging import Page, Paging
from kit.storage import pages
from kit.storage.refusals import Refusals

_NAMES = [RecordCheckIn.name, ImportPunch.name]


class RefusedCheckIns:
    """Refusals of check-in commands, by the person who asked."""

    def __init__(self, refusals: Refusals) -> None:
        self._refusals = refusals

    async def page(
        self, employee: str, first: date, last: date, paging: Paging
    ) -> Page[CheckInRow]:
        """The refused check-ins received between two dates, newest first."""
        beginning = datetime.combine(first - timedelta(days=1), time(12), UTC)
        end = datetime.combine(last + timedelta(days=1), time(12), UTC)
        query = {
            "employee": employee,
            "name": {"$in": _NAMES},
            "received_at": {"$gte": beginning, "$lt": end},
        }
        found, cursor = await pages.page(
            self._refusals.collection,
            query,
            sort="-received_at",
            limit=paging.limit,
            cursor=paging.cursor,
        )
        rows = tuple(
            CheckInRow(
                id=one["_id"],
                employee_id=employee,
                at=one["received_at"],
                refused=True,
                code=one["code"],
            )
            for one in found
        )
        return Page(items=rows, next_cursor=cursor)
